"""Named colours of goods and grounds, with the colour family that shoppers filter by."""

GROUNDS = (
    "#E5D3C1",
    "#C9DBD1",
    "#CBD2EA",
    "#EBCBC5",
    "#DDD5B5",
    "#C7DDE6",
    "#DBC9E0",
    "#D6D6D2",
    "#E9DCC6",
    "#CFDDC8",
)

COLOURS: dict[str, tuple[tuple[str, str], str]] = {
    "rust": (("#C8553D", "#7E3426"), "red"),
    "coral": (("#E07F6A", "#F3D9B8"), "red"),
    "rose": (("#D99AA0", "#8C4F5C"), "pink"),
    "plum": (("#714A68", "#C99BB0"), "purple"),
    "lilac": (("#9A8AB5", "#EADFCB"), "purple"),
    "navy": (("#2F4A68", "#C9A36B"), "blue"),
    "indigo": (("#3D5488", "#E9E2D0"), "blue"),
    "sky": (("#86AFC9", "#F1E6D0"), "blue"),
    "teal": (("#2F7278", "#E2B48C"), "green"),
    "sage": (("#7F9A80", "#E6D3A3"), "green"),
    "forest": (("#2F5D4A", "#B98A5E"), "green"),
    "olive": (("#7C7F45", "#E2D6AE"), "green"),
    "celadon": (("#A9C6B4", "#4F7F74"), "green"),
    "ochre": (("#D9A03F", "#6B4A2B"), "yellow"),
    "clay": (("#C58360", "#6E4331"), "brown"),
    "cocoa": (("#7A5238", "#D8B483"), "brown"),
    "natural": (("#C79B6B", "#6B4A32"), "brown"),
    "sand": (("#D4BE9A", "#7F6647"), "beige"),
    "cream": (("#EBDFC8", "#A9805A"), "beige"),
    "white": (("#F2EFE8", "#8FA3AD"), "white"),
    "charcoal": (("#494C54", "#B9A58A"), "black"),
}
