"""Mixing of hex colours for the drawings."""

BLACK = "#1F1A17"
WHITE = "#FFFFFF"


def channels(colour: str) -> tuple[int, int, int]:
    """Split "#RRGGBB" into its red, green and blue parts, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(one: str, other: str, share: int) -> str:
    """Blend two colours; `share` is the percentage of the other colour, 0 to 100."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - share) + b * share) // 100:02X}" for a, b in pairs)


def light(colour: str, share: int = 20) -> str:
    """Blend towards white by a percentage."""
    return mix(colour, WHITE, share)


def dark(colour: str, share: int = 20) -> str:
    """Blend towards a warm black by a percentage."""
    return mix(colour, BLACK, share)
