"""Product lines of Harbour & Hill: kitchen."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="stoneware-mug",
        kind="mug",
        shop="slip",
        category="kitchen",
        price_minor=2_600,
        weight_g=380,
        material="stoneware",
        option="Volume",
        sizes=(
            Size("250 ml", 0),
            Size("350 ml", 400),
        ),
        title="{} stoneware mug",
        intro="Thrown on the wheel, glazed twice, with a handle that takes three fingers.",
        care="Dishwasher and microwave are both fine; each one differs by a breath.",
        versions=(
            Version(
                "rust", "Ember", "The iron glaze breaks to brown on the rim, where the kiln was hottest."
            ),
            Version(
                "navy", "Deep Water", "Cobalt runs into black towards the foot, like a pier at low tide."
            ),
            Version("sage", "Hedgerow", "A matt green that makes milk look whiter."),
            Version("sand", "Dune", "Speckled sand over a pale body, the calmest mug on the shelf."),
            Version(
                "plum", "Bramble", "The purple came from a mistake in March that we have repeated ever since."
            ),
        ),
    ),
    Line(
        slug="serving-bowl",
        kind="bowl",
        shop="slip",
        category="kitchen",
        price_minor=4_800,
        weight_g=1150,
        material="stoneware",
        option="Diameter",
        sizes=(
            Size("22 cm", 0),
            Size("28 cm", 1800),
        ),
        title="{} serving bowl",
        intro=(
            "A wide bowl for salads, bread and the good pasta, with a foot that lifts it clear of the table."
        ),
        care="Oven-safe to 180 degrees. Let it cool before it meets water.",
        versions=(
            Version("teal", "Rockpool", "Teal pools in the bottom and thins out towards the lip."),
            Version("ochre", "Gorse", "The yellow glaze is the colour of a hillside in May."),
            Version(
                "clay",
                "Red Clay",
                "Left bare outside and glazed cream within, so that the hand finds the clay.",
            ),
            Version("white", "Chalk", "A clean chalk white that leaves the talking to the tomatoes."),
            Version("indigo", "Evening", "Brushed indigo bands, each turned on the wheel in one breath."),
        ),
    ),
    Line(
        slug="chef-knife",
        kind="knife",
        shop="forge",
        category="kitchen",
        price_minor=11_900,
        weight_g=240,
        material="steel",
        option="Blade",
        sizes=(
            Size("16 cm", 0),
            Size("20 cm", 2200),
        ),
        title="{} chef's knife",
        intro=("Forged from Swedish carbon steel, ground thin behind the edge and balanced at the bolster."),
        care="Wipe it dry and it will outlive your kitchen. We sharpen it free for life.",
        versions=(
            Version("cocoa", "Bog Oak", "The handle is oak that lay four thousand years in a Midlands bog."),
            Version("natural", "Olive Wood", "Olive wood with wild grain, so no two knives are twins."),
            Version(
                "navy", "Blue Linen", "Pressed linen in resin makes a handle that does not mind wet hands."
            ),
            Version("charcoal", "Black Ash", "A charred ash handle, waxed until it stopped marking fingers."),
        ),
    ),
    Line(
        slug="oak-board",
        kind="board",
        shop="forge",
        category="kitchen",
        price_minor=5_200,
        weight_g=1600,
        material="oak",
        option="Size",
        sizes=(
            Size("Bread", 0),
            Size("Roast", 2600),
        ),
        title="{} chopping board",
        intro="One plank, edge-planed and soaked in warm oil, with a leather loop to hang it by.",
        care="Oil it when it looks thirsty. Never leave it in the sink overnight.",
        versions=(
            Version(
                "natural", "Irish Oak", "Cut from storm-felled trees in Wicklow, and numbered on the back."
            ),
            Version("cocoa", "Black Walnut", "The dark grain flatters cheese, figs and photographs."),
            Version(
                "ochre",
                "Wild Cherry",
                "Cherry reddens with the years, so it looks better at its tenth party.",
            ),
            Version("sand", "Sycamore", "Sycamore leaves no taste behind, which is why dairies used it."),
        ),
    ),
    Line(
        slug="family-teapot",
        kind="teapot",
        shop="slip",
        category="kitchen",
        price_minor=6_400,
        weight_g=980,
        material="stoneware",
        option="Volume",
        sizes=(
            Size("0.8 litres", 0),
            Size("1.2 litres", 1200),
        ),
        title="{} stoneware teapot",
        intro="A round pot that pours without a dribble; we threw away eleven spouts to get there.",
        care="The strainer is built in. Rinse with water only.",
        versions=(
            Version("navy", "Trawler Blue", "Blue like a hull, with a white line where the water would be."),
            Version("ochre", "Marmalade", "The colour of breakfast, on the table until noon."),
            Version(
                "sage", "Kitchen Garden", "Green slip under a soft glaze, with the brush marks left visible."
            ),
            Version("rust", "Robin", "A red belly and a brown lid."),
            Version("cream", "Buttermilk", "Buttermilk glaze that shows the tea stains of a happy house."),
        ),
    ),
    Line(
        slug="skillet",
        kind="pan",
        shop="forge",
        category="kitchen",
        price_minor=8_900,
        weight_g=1900,
        material="steel",
        option="Diameter",
        sizes=(
            Size("24 cm", 0),
            Size("28 cm", 2000),
        ),
        title="{} skillet",
        intro="Spun steel, seasoned over a gas ring until an egg slides.",
        care="Wipe out with salt and a cloth; it gets better every week.",
        versions=(
            Version("charcoal", "Forge Black", "The classic: black, plain and quick to heat."),
            Version(
                "navy", "Blued Steel", "Blued in the fire, a colour that cooking slowly turns to bronze."
            ),
            Version(
                "forest", "Green Enamel", "Enamelled outside, bare within, for cooks with a visible hob."
            ),
            Version(
                "rust", "Red Enamel", "Goes from the oven to the middle of the table and looks meant for it."
            ),
        ),
    ),
)
