"""Product lines of Harbour & Hill: audio."""

from web.demo.lines import Line, Size, Version

LINES = (
    Line(
        slug="walnut-radio",
        kind="radio",
        shop="lowtide",
        category="audio",
        price_minor=17_900,
        weight_g=2300,
        material="walnut",
        option="Tuner",
        sizes=(
            Size("FM", 0),
            Size("FM and DAB+", 4000),
        ),
        title="{} table radio",
        intro="One speaker, one dial, eight presets and a sound as warm as toast.",
        care="Runs from the mains or for twenty hours from its battery. Two-year guarantee.",
        versions=(
            Version("rust", "Signal Red", "The red was matched to a buoy off Howth."),
            Version("teal", "Wavecrest", "Teal enamel with cream knobs, for the shelf above the sink."),
            Version("cream", "Milk", "Milk-coloured and friendly at six in the morning."),
            Version("cocoa", "Walnut", "In real veneer, with the grain running round the corners."),
        ),
    ),
    Line(
        slug="shelf-speakers",
        kind="speaker",
        shop="lowtide",
        category="audio",
        price_minor=34_900,
        weight_g=7400,
        material="birch",
        option="Sold as",
        sizes=(
            Size("Single", 0),
            Size("Pair", 31000),
        ),
        title="{} bookshelf speaker",
        intro=("A paper cone in a cabinet of Baltic birch, tuned in a living room and not in a laboratory."),
        care="Stands well within a hand of the wall. Spare parts are kept for fifteen years.",
        versions=(
            Version("charcoal", "Ebonised", "Black stain over birch, with the layers showing at the edge."),
            Version("sand", "Pale Birch", "Clear lacquer only, so that it disappears among books."),
            Version("navy", "Lighthouse", "Dark blue front, because someone asked and then everybody did."),
            Version("sage", "Verdigris", "A soft copper green that sits easily beside plants."),
        ),
    ),
    Line(
        slug="studio-headphones",
        kind="headphones",
        shop="lowtide",
        category="audio",
        price_minor=19_900,
        weight_g=280,
        material="aluminium",
        option="Link",
        sizes=(
            Size("Cable", 0),
            Size("Wireless", 6000),
        ),
        title="{} headphones",
        intro="Closed, light and kind to ears that wear glasses; every part unscrews.",
        care=(
            "Pads, cable and band can be bought singly. Thirty-six hours between charges on the wireless one."
        ),
        versions=(
            Version("charcoal", "Graphite", "For trains, libraries and concentrating."),
            Version("cream", "Bone", "A pale shell with tan pads that age to honey."),
            Version("forest", "Deep Fern", "Green cups and copper yokes, a little vain and proud of it."),
            Version("coral", "Anemone", "Bright enough to find under a duvet."),
            Version("indigo", "Midnight", "Blue-black, and the one reviewers photograph."),
        ),
    ),
    Line(
        slug="record-player",
        kind="turntable",
        shop="lowtide",
        category="audio",
        price_minor=42_900,
        weight_g=6100,
        material="birch",
        option="Cartridge",
        sizes=(
            Size("Standard", 0),
            Size("Fine line", 9000),
        ),
        title="{} record player",
        intro="Belt drive, a heavy platter and an arm that sets itself down as gently as a heron.",
        care="Arrives balanced; put on the belt and play. The lid is included.",
        versions=(
            Version(
                "cocoa",
                "Walnut Plinth",
                "The walnut plinth weighs four kilos and keeps the dancers out of the groove.",
            ),
            Version("white", "Snow Plinth", "White lacquer, seven coats, for small flats and tall plants."),
            Version("teal", "Petrol Plinth", "The blue-green looks grey by day and glows by lamp."),
            Version("rust", "Cherry Plinth", "Cherry red in the manner of 1968."),
        ),
    ),
)
