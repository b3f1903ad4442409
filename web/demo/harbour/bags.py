"""Product lines of Harbour & Hill: bags."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="canvas-rucksack",
        kind="bag",
        shop="saddle",
        category="bags",
        price_minor=14_500,
        weight_g=1100,
        material="canvas",
        option="Volume",
        sizes=(
            Size("16 litres", 0),
            Size("22 litres", 2500),
        ),
        title="{} canvas rucksack",
        intro="Waxed cotton, bridle leather and brass, stitched by two people whose names are inside.",
        care="Re-wax once a year. Repairs are free for ten.",
        versions=(
            Version("cocoa", "Peat", "Dark brown that only improves with rain."),
            Version("forest", "Forester", "Green canvas with tan straps, ready for Saturday."),
            Version("navy", "Ferry Blue", "Fits below the seat of the Aran ferry; we checked."),
            Version("ochre", "Field Tan", "The tan shows its scratches and wears them well."),
            Version("charcoal", "Night Bus", "Charcoal throughout, with a reflector on the strap."),
        ),
    ),
    Line(
        slug="market-tote",
        kind="tote",
        shop="saddle",
        category="bags",
        price_minor=4_200,
        weight_g=420,
        material="canvas",
        option="Size",
        sizes=(
            Size("Medium", 0),
            Size("Large", 800),
        ),
        title="{} market tote",
        intro="An eighteen-ounce canvas bag with handles long enough for a shoulder in a winter coat.",
        care="Machine wash at thirty, hang by the handles.",
        versions=(
            Version("cream", "Natural", "Undyed, with the weaver's red line left in the seam."),
            Version("rust", "Paprika", "Paprika below and canvas above, so that it forgives muddy leeks."),
            Version("sage", "Leek Green", "The greengrocer ordered five for herself."),
            Version(
                "indigo",
                "Dyer's Blue",
                "Dipped four times in indigo, and it may blush on pale jeans at first.",
            ),
            Version("rose", "Rhubarb", "Pink at the handles and pale at the hem, like the real thing."),
        ),
    ),
    Line(
        slug="leather-satchel",
        kind="satchel",
        shop="saddle",
        category="bags",
        price_minor=22_500,
        weight_g=1500,
        material="leather",
        option="Size",
        sizes=(
            Size("13 inch", 0),
            Size("15 inch", 3000),
        ),
        title="{} leather satchel",
        intro="Cut from a single oak-bark hide, with two straps and a back pocket for a newspaper.",
        care="Feed it with the balm supplied, twice in the first year.",
        versions=(
            Version(
                "cocoa",
                "Conker",
                "It starts the colour of a fresh conker and ends up the colour of a good story.",
            ),
            Version("charcoal", "Barrister Black", "Upright and dry, with no wish to be noticed."),
            Version("rust", "Chestnut", "Chestnut leather takes a shine from the sleeve that rubs it."),
            Version("olive", "Moss", "The green dye goes all the way through the hide."),
        ),
    ),
    Line(
        slug="card-wallet",
        kind="wallet",
        shop="saddle",
        category="bags",
        price_minor=5_900,
        weight_g=90,
        material="leather",
        option="Slots",
        sizes=(
            Size("Four", 0),
            Size("Eight", 1400),
        ),
        title="{} fold wallet",
        intro="Two pieces of leather, one thread and nothing to go wrong.",
        care="Initials are stamped free of charge; write them in the order note.",
        versions=(
            Version(
                "cocoa", "Saddle Brown", "Made from the offcuts of our satchels, and better for the thrift."
            ),
            Version("navy", "Naval", "Blue outside, tan within, so that notes are easy to see."),
            Version("forest", "Bottle Green", "A dark green that passes for black at the office."),
            Version("plum", "Oxblood", "Oxblood is the shade that our bench keeps for itself."),
        ),
    ),
)
