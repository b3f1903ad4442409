"""Audio and small electronics."""

from web.demo.shapes.base import Shapes, block, body, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import Gradient, Shape, ellipse, line, path, rect


def cone(cx: float, cy: float, r: float, ring: str) -> list[Shape]:
    """Draw the driver of a loudspeaker."""
    return [
        ellipse(cx, cy, r, r, ring),
        ellipse(cx, cy, r * 0.88, r * 0.88, "#26272B"),
        ellipse(cx, cy, r * 0.7, r * 0.7, Gradient(("#3A3C42", "#55585F"))),
        ellipse(cx, cy, r * 0.3, r * 0.3, Gradient(("#74777E", "#2B2D31"))),
        ellipse(cx - r * 0.1, cy - r * 0.12, r * 0.08, r * 0.06, "#FFFFFF", 0.5),
    ]


def headphones(a: str, b: str) -> Shapes:
    """Over-ear headphones."""
    return [
        *shadow(200, 340, 120),
        line("M100 240C92 60 308 60 300 240", b, 24),
        line("M116 190C128 120 168 92 206 92", light(b, 50), 6, 0.6),
        tube(126, 214, 30, 104, dark(b, 16), 14),
        tube(244, 214, 30, 104, dark(b, 16), 14),
        tube(72, 200, 66, 130, a, 30),
        tube(262, 200, 66, 130, a, 30),
        shine("M84 226C84 216 88 212 94 212C98 216 98 300 94 316C88 312 84 306 84 298Z", 0.28),
        ellipse(300, 266, 15, 15, light(a, 24), 0.6),
        line("M92 330C96 350 140 352 160 348", dark(b, 30), 4, 0.6),
    ]


def speaker(a: str, b: str) -> Shapes:
    """A bookshelf speaker with two drivers."""
    return [
        *shadow(200, 344, 96),
        block(112, 54, 176, 288, a, 16),
        rect(124, 66, 152, 264, dark(a, 14), r=10, opacity=0.5),
        *cone(200, 126, 36, b),
        *cone(200, 240, 64, b),
        shine("M118 70C118 62 122 60 128 60H140L132 330C122 330 118 326 118 318Z", 0.22),
        rect(188, 318, 24, 6, light(b, 20), r=2),
    ]


def radio(a: str, b: str) -> Shapes:
    """A table radio with a dial and an aerial."""
    grille = [line(f"M96 {y}H206", dark(a, 34), 5, 0.5) for y in range(204, 300, 15)]
    return [
        *shadow(200, 326, 134),
        line("M288 150L348 54", "#9AA2A9", 5),
        ellipse(348, 54, 6, 6, "#7C858C"),
        line("M132 146C132 110 268 110 268 146", b, 12),
        block(68, 144, 264, 180, a, 26),
        rect(84, 188, 134, 122, light(a, 30), r=12),
        *grille,
        rect(84, 158, 232, 20, "#FBF4DF", r=6),
        *[line(f"M{x} 162V174", "#8A7B5A", 2) for x in range(100, 310, 18)],
        line("M226 160V176", "#C8553D", 4),
        ellipse(272, 232, 34, 34, dark(b, 10)),
        ellipse(270, 229, 32, 32, b),
        line("M270 229L286 208", "#FFFDF6", 5),
        ellipse(252, 292, 11, 11, b),
        ellipse(290, 292, 11, 11, b),
        shine("M76 168C78 154 86 152 94 152H108L96 316H90C80 314 76 306 76 298Z", 0.16),
    ]


def turntable(a: str, b: str) -> Shapes:
    """A record player seen at an angle."""
    return [
        *shadow(200, 322, 146),
        path("M52 262H348V300C348 312 340 320 328 320H72C60 320 52 312 52 300Z", dark(a, 24)),
        path("M86 130H314L348 268H52Z", Gradient((light(a, 18), a))),
        ellipse(178, 202, 104, 58, "#1E1E22"),
        ellipse(178, 200, 92, 50, "#303036"),
        ellipse(178, 200, 72, 38, "#222226"),
        ellipse(178, 200, 54, 28, "#34343A"),
        ellipse(178, 200, 34, 18, b),
        ellipse(178, 200, 5, 3, "#FFFFFF"),
        path("M178 200L96 176C102 168 112 160 124 154Z", "#FFFFFF", 0.14),
        path("M178 200L262 226C254 236 244 242 230 248Z", "#FFFFFF", 0.1),
        ellipse(296, 154, 18, 11, "#C9CED2"),
        line("M296 152L300 214L246 234", "#DCE1E4", 7),
        line("M248 234L236 238", b, 12),
        ellipse(310, 250, 11, 7, "#C9CED2"),
        rect(84, 296, 40, 8, light(a, 30), r=4),
    ]


def earbuds(a: str, b: str) -> Shapes:
    """Earbuds over their open case."""
    return [
        *shadow(200, 330, 110),
        body("M100 208C100 168 140 156 200 156C260 156 300 168 300 208Z", light(a, 16)),
        rect(108, 202, 184, 12, dark(a, 40), r=4),
        line("M150 174C148 142 150 128 152 106", dark(b, 10), 17),
        line("M250 174C252 142 250 128 248 106", dark(b, 10), 17),
        ellipse(148, 92, 29, 29, b),
        ellipse(252, 92, 29, 29, b),
        ellipse(138, 84, 10, 10, "#FFFFFF", 0.4),
        ellipse(242, 84, 10, 10, "#FFFFFF", 0.4),
        rect(170, 84, 16, 22, dark(b, 40), r=7),
        rect(214, 84, 16, 22, dark(b, 40), r=7),
        body("M96 214H304V266C304 308 270 330 236 330H164C130 330 96 308 96 266Z", a),
        ellipse(200, 254, 5, 5, "#8FE3B0"),
        shine("M110 226H124C122 262 128 290 150 312C124 304 110 284 110 258Z", 0.26),
    ]


def watch(a: str, b: str) -> Shapes:
    """A wristwatch on a strap."""
    return [
        body("M160 40C160 32 240 32 240 40L248 140H152Z", a),
        body("M152 260H248L240 362C240 370 160 370 160 362Z", a),
        line("M200 296V346", dark(a, 40), 4, 0.4),
        line("M168 50L164 128M232 50L236 128", light(a, 40), 2.5, 0.6),
        rect(288, 190, 20, 22, dark(b, 16), r=5),
        ellipse(204, 206, 94, 94, "#1F1A17", 0.12),
        ellipse(200, 200, 93, 93, Gradient((light(b, 36), b, dark(b, 22)))),
        ellipse(200, 200, 77, 77, "#FBFAF5"),
        line("M200 134V146M200 254V266M134 200H146M254 200H266", "#6D675E", 5),
        line(
            "M233 143L228 151M167 143L172 151M233 257L228 249M167 257L172 249M143 167L151 172M143 233L151 228M257 167L249 172M257 233L249 228",
            "#A39C90",
            3,
        ),
        line("M200 200L172 160", "#26231F", 8),
        line("M200 200L248 184", "#26231F", 6),
        line("M200 212L208 246", "#C8553D", 3),
        ellipse(200, 200, 7, 7, "#C8553D"),
        shine(
            "M136 174C146 150 164 136 186 130L214 132C180 150 158 180 150 216L138 212C134 200 132 188 136 174Z",
            0.4,
        ),
    ]


def camera(a: str, b: str) -> Shapes:
    """A rangefinder camera."""
    return [
        *shadow(200, 314, 134),
        rect(96, 100, 44, 20, dark(b, 30), r=5),
        body("M152 116L166 86H234L248 116Z", b),
        tube(70, 114, 260, 194, b, 26),
        block(70, 164, 260, 96, a, 2),
        rect(274, 130, 34, 20, "#2A2F36", r=5),
        rect(278, 133, 14, 7, "#FFFFFF", r=2, opacity=0.5),
        ellipse(98, 136, 9, 9, "#C8553D"),
        ellipse(200, 210, 78, 78, dark(b, 30)),
        ellipse(200, 208, 72, 72, "#1D1F24"),
        ellipse(200, 208, 52, 52, Gradient(("#3E5873", "#1B2736"))),
        ellipse(200, 208, 28, 28, "#0F141B"),
        ellipse(180, 188, 13, 11, "#FFFFFF", 0.7),
        ellipse(216, 224, 6, 6, "#8FC1E8", 0.5),
    ]


def soundbar(a: str, b: str) -> Shapes:
    """A portable speaker with a strap."""
    dots = [
        ellipse(x, y, 3, 3, light(a, 40), 0.55) for y in range(186, 300, 17) for x in range(92 + (y % 2) * 8, 312, 17)
    ]
    return [
        *shadow(200, 322, 140),
        line("M312 190C366 150 352 110 322 124", b, 10),
        block(66, 162, 268, 158, a, 54),
        *dots,
        rect(120, 150, 160, 22, dark(a, 24), r=10),
        ellipse(158, 161, 6, 4, light(b, 30)),
        ellipse(200, 161, 6, 4, light(b, 30)),
        ellipse(242, 161, 6, 4, light(b, 30)),
        rect(174, 282, 52, 20, b, r=6),
        shine("M84 214C86 188 104 178 124 176H180C130 182 104 198 98 236Z", 0.3),
    ]


KINDS = {
    "headphones": headphones,
    "speaker": speaker,
    "radio": radio,
    "turntable": turntable,
    "earbuds": earbuds,
    "watch": watch,
    "camera": camera,
    "soundbar": soundbar,
}
