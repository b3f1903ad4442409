"""Product lines of Harbour & Hill: textiles."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="wool-blanket",
        kind="blanket",
        shop="weavers",
        category="textiles",
        price_minor=12_900,
        weight_g=1250,
        material="wool",
        option="Size",
        sizes=(
            Size("130 × 170 cm", 0),
            Size("150 × 200 cm", 4500),
        ),
        title="{} wool blanket",
        intro="Spun and woven within ten miles of Ardara, brushed once and washed soft in river water.",
        care="Air it rather than wash it. When you must, cool water and patience.",
        versions=(
            Version(
                "sage",
                "Glenveagh Green",
                "Three greens and a thread of cream, taken from one photograph of a wet valley.",
            ),
            Version("navy", "Atlantic", "Deep blue crossed by white caps, for people who like weather."),
            Version("rust", "Bracken", "The rust stripe is the hill in November, and warms a grey sofa."),
            Version("ochre", "Furze", "Mustard and oat in a wide herringbone, bright without shouting."),
            Version(
                "lilac",
                "Heather Mix",
                "From across the room it is grey; close up there are six purples in it.",
            ),
        ),
    ),
    Line(
        slug="linen-cushion",
        kind="cushion",
        shop="weavers",
        category="textiles",
        price_minor=4_400,
        weight_g=520,
        material="linen",
        option="Size",
        sizes=(
            Size("45 cm square", 0),
            Size("60 cm square", 1600),
        ),
        title="{} linen cushion",
        intro="Heavy stonewashed linen with piped edges and a feather pad that can be plumped.",
        care="The cover unbuttons and washes at forty. Iron it damp, or not at all.",
        versions=(
            Version("coral", "Sunrise", "A coral stripe on undyed linen gives a plain bed some morning."),
            Version(
                "indigo", "Indigo Ticking", "Mattress ticking grown up, in the blue of old work jackets."
            ),
            Version("olive", "Olive Grove", "The dusty green settles down with leather and wood."),
            Version("cream", "Undyed", "Straight from the loom, the colour of a dry field."),
            Version("plum", "Damson", "Damson is dark enough for a dog to sleep on."),
        ),
    ),
    Line(
        slug="bath-towel",
        kind="towel",
        shop="weavers",
        category="textiles",
        price_minor=3_600,
        weight_g=600,
        material="cotton",
        option="Size",
        sizes=(
            Size("Hand", 0),
            Size("Bath", 2000),
            Size("Sheet", 3800),
        ),
        title="{} waffle towel",
        intro="A deep waffle of long-staple cotton that dries you fast and itself faster.",
        care="Softens with every wash; leave out the fabric conditioner.",
        versions=(
            Version("teal", "Seaweed", "A dark green-blue that forgives make-up and muddy knees."),
            Version("sand", "Shore", "Pale sand with a stripe at the hem, at ease with any tile."),
            Version("rose", "Dog Rose", "The faded pink of the lane behind the mill."),
            Version("white", "Salt", "Plain white, the way good hotels have it."),
            Version("charcoal", "Wet Slate", "Slate grey for the household that shares one rail."),
        ),
    ),
    Line(
        slug="lambswool-scarf",
        kind="scarf",
        shop="weavers",
        category="textiles",
        price_minor=5_900,
        weight_g=210,
        material="wool",
        option="Width",
        sizes=(
            Size("Slim", 0),
            Size("Wide", 1200),
        ),
        title="{} lambswool scarf",
        intro="Two-ply lambswool, milled until it is soft at the neck, with knotted fringes.",
        care="Hand wash cool, roll in a towel, dry flat.",
        versions=(
            Version(
                "forest", "Pinewood", "Dark green with a fine copper line that only the wearer knows about."
            ),
            Version("rust", "Fox", "Fox red, for the one day in winter when the sun comes out."),
            Version("sky", "Skylark", "Pale blue and cream in a small check."),
            Version("charcoal", "Mackerel Sky", "Greys in nine shades, laid like clouds over the bay."),
        ),
    ),
)
