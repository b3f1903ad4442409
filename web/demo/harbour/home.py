"""Product lines of Harbour & Hill: home."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="table-lamp",
        kind="lamp",
        shop="own",
        category="home",
        price_minor=6_900,
        weight_g=1400,
        material="linen",
        option="Height",
        sizes=(
            Size("38 cm", 0),
            Size("52 cm", 2000),
        ),
        title="{} table lamp",
        intro="A turned base, a cone of linen and a warm bulb that flatters everybody in the room.",
        care="The shade lifts off for dusting, and the flex is two metres long.",
        versions=(
            Version("ochre", "Harvest Gold", "This one glows like late September and likes a dark corner."),
            Version(
                "sage", "Soft Sage", "The green is quiet enough for a bedroom and cheerful enough for a hall."
            ),
            Version(
                "rust",
                "Kiln Red",
                "It puts a little fire on a sideboard, even on the days when you light none.",
            ),
            Version("navy", "Night Harbour", "The navy shade keeps the light low, where a reader wants it."),
            Version(
                "cream",
                "Oatmeal",
                "Oatmeal linen over ash: the lamp that goes with the sofa you already have.",
            ),
        ),
    ),
    Line(
        slug="soy-candle",
        kind="candle",
        shop="tallow",
        category="home",
        price_minor=1_850,
        weight_g=420,
        material="wax",
        option="Burn time",
        sizes=(
            Size("30 hours", 0),
            Size("55 hours", 1100),
        ),
        title="{} soy candle",
        intro=(
            "Poured by hand in batches of forty, with a cotton wick and scent that stays on the polite side."
        ),
        care=(
            "Let the top melt to the edge the first time and it will burn evenly to the end. "
            "Return the glass for a refill."
        ),
        versions=(
            Version(
                "sage", "Bog Myrtle", "It smells of a wet walk in heather, with the coat still on the hook."
            ),
            Version("coral", "Fig & Salt", "Green fig and sea air, for a kitchen window in August."),
            Version(
                "lilac",
                "Wild Lavender",
                "Dry lavender rather than sweet: cut stems, warm stone and a little hay.",
            ),
            Version("cocoa", "Turf Fire", "Peat smoke and cedar bring the pub's best seat home."),
            Version("ochre", "Beeswax & Orange", "Honey, peel and clove, without a trace of tinsel."),
        ),
    ),
    Line(
        slug="oak-chair",
        kind="chair",
        shop="own",
        category="home",
        price_minor=18_900,
        weight_g=6200,
        material="oak",
        option="Seat",
        sizes=(
            Size("Wool", 0),
            Size("Leather", 4000),
        ),
        title="{} oak dining chair",
        intro="Steam-bent oak with a seat that follows you, made in a workshop of six outside Kinsale.",
        care="It arrives whole, so there is nothing to screw together. Two chairs share one carton.",
        versions=(
            Version("navy", "Deep Navy", "The dark wool hides the life of a busy table."),
            Version("forest", "Fern Green", "A forest-coloured chair or two wakes up a plain white kitchen."),
            Version(
                "clay",
                "Terracotta",
                "The warm clay cover was woven to match the floor tiles of our first café.",
            ),
            Version("charcoal", "Slate", "Slate cloth and pale legs look at home in an office as well."),
            Version("sand", "Barley", "Barley is the one that people order six of."),
        ),
    ),
    Line(
        slug="wall-mirror",
        kind="mirror",
        shop="own",
        category="home",
        price_minor=9_400,
        weight_g=3100,
        material="ash",
        option="Diameter",
        sizes=(
            Size("45 cm", 0),
            Size("60 cm", 3500),
            Size("80 cm", 8500),
        ),
        title="{} round mirror",
        intro="Silvered glass in a slim ash ring, hung from a strap of bridle leather.",
        care="The brass peg is included and needs one screw.",
        versions=(
            Version("natural", "Clear Ash", "Oiled and otherwise left alone, it brightens a narrow hall."),
            Version("charcoal", "Smoked Ash", "The smoked ring draws a firm line on a pale wall."),
            Version("cocoa", "Walnut Stain", "A walnut stain makes it a companion for older furniture."),
            Version("sage", "Lichen", "The thin green wash lets the grain come through."),
        ),
    ),
    Line(
        slug="hand-soap",
        kind="soap",
        shop="tallow",
        category="home",
        price_minor=850,
        weight_g=110,
        material="soap",
        option="Pack",
        sizes=(
            Size("One bar", 0),
            Size("Three bars", 1400),
        ),
        title="{} hand soap",
        intro="Cold-pressed from olive oil and rested for six weeks, so that it lasts.",
        care="Keep it on a dish that drains. Wrapped in paper only.",
        versions=(
            Version(
                "sage",
                "Nettle & Mint",
                "Fresh and a little green, with specks of nettle to scrub a gardener's hands.",
            ),
            Version("rose", "Rosehip", "Pink clay and rosehip oil, kind to winter knuckles."),
            Version("charcoal", "Turf Ash", "Black as a hearth and excellent on bicycle grease."),
            Version("ochre", "Honey & Oat", "Oat flour makes a creamy lather that children do not mind."),
            Version("sky", "Sea Kelp", "Harvested at Strangford, dried on racks and milled fine."),
        ),
    ),
    Line(
        slug="willow-basket",
        kind="basket",
        shop="own",
        category="home",
        price_minor=5_400,
        weight_g=1200,
        material="willow",
        option="Size",
        sizes=(
            Size("Small", 0),
            Size("Large", 2200),
        ),
        title="{} log basket",
        intro="Woven from willow grown, cut and soaked by one family in Loughgall.",
        care="For logs, laundry or a sleeping cat. Mist it once a year.",
        versions=(
            Version("natural", "Buff Willow", "Boiled and peeled, the willow turns the brown of good toast."),
            Version("olive", "Green Willow", "Bark left on, and it smells of a riverbank for a month."),
            Version("cocoa", "Steamed Willow", "A darker brown that the steam gives it, with no dye at all."),
            Version("cream", "White Willow", "Peeled in spring when the sap rises, and pale for years."),
        ),
    ),
)
