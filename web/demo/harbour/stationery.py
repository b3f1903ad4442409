"""Product lines of Harbour & Hill: stationery."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="cloth-notebook",
        kind="notebook",
        shop="folio",
        category="stationery",
        price_minor=1_900,
        weight_g=310,
        material="paper",
        option="Ruling",
        sizes=(
            Size("Plain", 0),
            Size("Lined", 0),
            Size("Dotted", 0),
        ),
        title="{} cloth notebook",
        intro="Sewn in sections so that it lies flat on any page, and bound in book cloth.",
        care="192 pages of 100 g paper that takes a fountain pen without a shadow.",
        versions=(
            Version("navy", "Logbook Blue", "Modelled on a harbour master's ledger that we found in a skip."),
            Version("rust", "Brick", "Brick-red cloth that darkens agreeably along the spine."),
            Version("sage", "Garden Green", "Kept by several gardeners we know, soil and all."),
            Version("ochre", "Mustard", "You will not lose this one on a desk."),
            Version("plum", "Sloe", "A deep purple for plans that are not public yet."),
        ),
    ),
    Line(
        slug="fountain-pen",
        kind="pen",
        shop="folio",
        category="stationery",
        price_minor=7_400,
        weight_g=28,
        material="brass",
        option="Nib",
        sizes=(
            Size("Fine", 0),
            Size("Medium", 0),
            Size("Broad", 0),
        ),
        title="{} fountain pen",
        intro="Turned from a solid rod, with a steel nib that we set and test ourselves.",
        care="Takes standard cartridges; a converter is in the box.",
        versions=(
            Version(
                "forest", "Racing Green", "Marbled green with a thread of gold when it turns in the light."
            ),
            Version("cocoa", "Tortoise", "Warm brown acrylic, the pen of an uncle who wrote letters."),
            Version("navy", "Ultramarine", "The blue of the ink we like best, bottle and barrel alike."),
            Version(
                "coral",
                "Coral Reef",
                "Cheerful in a shirt pocket, and impossible to mistake for anyone else's.",
            ),
        ),
    ),
    Line(
        slug="art-print",
        kind="poster",
        shop="folio",
        category="stationery",
        price_minor=3_200,
        weight_g=260,
        material="paper",
        option="Size",
        sizes=(
            Size("A4", 0),
            Size("A3", 1400),
            Size("A2", 3200),
        ),
        title="{} art print",
        intro="Four inks, pulled by hand through silk on heavy cotton paper, and signed in pencil.",
        care="Sent flat between boards. The frame in the picture is not included.",
        versions=(
            Version("teal", "Clew Bay", "Islands counted from a kitchen window, all three hundred and some."),
            Version(
                "rust",
                "Errigal at Dusk",
                "The mountain goes orange for four minutes, and this is the second.",
            ),
            Version("navy", "Skellig Night", "A small boat, a large rock and the first stars."),
            Version("ochre", "Barley Field", "Late August in Carlow, with rain an hour away."),
            Version("sage", "The Burren", "Stone and gentian, drawn on a windy Tuesday."),
        ),
    ),
    Line(
        slug="greeting-cards",
        kind="cards",
        shop="folio",
        category="stationery",
        price_minor=1_400,
        weight_g=120,
        material="paper",
        option="Pack",
        sizes=(
            Size("Six", 0),
            Size("Twelve", 1000),
        ),
        title="{} greeting cards",
        intro="Letterpress flowers on soft cotton card, each with an envelope that tears nicely.",
        care="Blank inside, because you know better than we do what to say.",
        versions=(
            Version("coral", "Poppy", "A red poppy for thank-yous and apologies alike."),
            Version(
                "ochre",
                "Sunflower",
                "The sunflower has been our birthday best-seller since the first market.",
            ),
            Version(
                "lilac", "Scabious", "A wild blue button from the roadside, pressed and drawn from life."
            ),
            Version("rose", "Peony", "The peony is for weddings, and for Tuesdays."),
        ),
    ),
)
