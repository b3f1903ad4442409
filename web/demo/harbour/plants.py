"""Product lines of Harbour & Hill: plants."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="monstera",
        kind="plant",
        shop="greenyard",
        category="plants",
        price_minor=3_400,
        weight_g=3800,
        material="plant",
        option="Height",
        sizes=(
            Size("30 cm", 0),
            Size("60 cm", 2600),
            Size("90 cm", 5900),
        ),
        title="Swiss cheese plant in {} pot",
        intro=(
            "A young monstera with its first split leaves, raised without peat in our glasshouse in Kildare."
        ),
        care=(
            "Bright shade, water when the top inch is dry. We replace any plant that sulks within "
            "thirty days."
        ),
        versions=(
            Version("clay", "a terracotta", "The unglazed clay drinks the surplus when you water too often."),
            Version("white", "a chalk white", "White keeps the eye on the leaves."),
            Version("charcoal", "a graphite", "Graphite suits an office floor and hides the drips."),
            Version("teal", "a sea-green", "The glaze was mixed for us by the potter next door."),
        ),
    ),
    Line(
        slug="trailing-ivy",
        kind="fern",
        shop="greenyard",
        category="plants",
        price_minor=2_400,
        weight_g=1500,
        material="plant",
        option="Pot",
        sizes=(
            Size("14 cm", 0),
            Size("18 cm", 1000),
        ),
        title="Trailing pothos in {} hanger",
        intro="A forgiving trailer that copes with a north window, a holiday and a beginner.",
        care="Comes hung and ready, with a hook that takes ten kilos.",
        versions=(
            Version("rust", "a brick-red", "The red pot warms the cold corner beside a fridge."),
            Version("cream", "an oatmeal", "A pale pot and pale rope, for a white-tiled bathroom."),
            Version("navy", "a midnight", "Against dark blue the leaves look twice as green."),
            Version("ochre", "a mustard", "Mustard brings a little summer to a stairwell."),
        ),
    ),
    Line(
        slug="desert-cactus",
        kind="cactus",
        shop="greenyard",
        category="plants",
        price_minor=1_600,
        weight_g=900,
        material="plant",
        option="Height",
        sizes=(
            Size("12 cm", 0),
            Size("20 cm", 900),
        ),
        title="Flowering cactus in {} pot",
        intro="Slow, upright and generous with one flower a year, if you forget it properly in winter.",
        care="Full sun, gritty soil, a small drink every third week.",
        versions=(
            Version("coral", "a coral", "A coral pot in case the flower is late."),
            Version("sky", "a pale blue", "The blue is that of a door in Cadaqués."),
            Version("sand", "a sandstone", "Sandstone glaze, so that it feels at home."),
            Version("plum", "a plum", "The plum pot looks fine in a row of three."),
            Version("olive", "an olive", "Olive on green: quiet, and better for it."),
        ),
    ),
    Line(
        slug="herb-trough",
        kind="planter",
        shop="greenyard",
        category="plants",
        price_minor=5_600,
        weight_g=5200,
        material="zinc",
        option="Length",
        sizes=(
            Size("60 cm", 0),
            Size("90 cm", 2400),
        ),
        title="{} herb trough",
        intro="A trough on legs with drainage holes, planted with thyme, sage, chives and marigold.",
        care="Stands outdoors all year. Cut little and often.",
        versions=(
            Version("sage", "Potting-shed Green", "Painted the green of every good shed."),
            Version("charcoal", "Gunmetal", "Dark metal warms early in the spring sun."),
            Version("sky", "Coastguard Blue", "A cheerful blue for balconies that look at other balconies."),
            Version("clay", "Rusted Steel", "The rust is real and stops by itself."),
        ),
    ),
)
