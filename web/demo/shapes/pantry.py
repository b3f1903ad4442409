"""Tea, snacks, soap and plants."""

from web.demo.shapes.base import LEAF, Shapes, block, body, face, label, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import Gradient, ellipse, line, path, rect


def teacake(a: str, b: str) -> Shapes:
    """A pressed tea cake half unwrapped."""
    flakes = [
        line(f"M{150 + (i * 37) % 104} {130 + (i * 53) % 132}l{6 + i % 5} {(i % 3) * 4 - 4}", c, 4, 0.7)
        for i, c in zip(range(30), [light(a, 26), dark(a, 30), "#8C6A3E"] * 10, strict=True)
    ]
    return [
        *shadow(200, 334, 130),
        path("M70 120L150 62H262L336 128L330 280L258 338H140L66 276Z", "#F1E8D3"),
        path("M70 120L150 62L164 110L110 150ZM336 128L262 62L246 110L294 152Z", "#E2D5B8"),
        ellipse(202, 204, 112, 112, dark(a, 26)),
        ellipse(200, 200, 110, 110, Gradient((light(a, 14), a, dark(a, 16)))),
        *flakes,
        ellipse(200, 200, 17, 17, dark(a, 40)),
        path("M66 276L140 338H258L330 280L300 268C260 300 140 300 96 262Z", "#EADFC4"),
        rect(164, 264, 72, 50, b, r=4),
        line("M182 278H218M182 290H218M182 302H206", "#FFFDF6", 4, 0.85),
    ]


def snackbox(a: str, b: str) -> Shapes:
    """A gift box of pastries, lid leaning behind."""
    cake = [
        shape
        for x, y in ((124, 232), (200, 232), (276, 232), (124, 276), (200, 276), (276, 276))
        for shape in (
            ellipse(x, y + 4, 31, 18, dark("#D9A25B", 24)),
            ellipse(x, y, 31, 18, "#E6B76E"),
            ellipse(x, y - 2, 14, 7, dark(b, 4), 0.75),
        )
    ]
    return [
        *shadow(200, 334, 148),
        block(92, 70, 216, 140, a, 8),
        rect(104, 82, 192, 116, light(a, 16), r=5, opacity=0.5),
        ellipse(200, 138, 36, 36, light(b, 60)),
        path("M176 150C184 122 192 122 200 138C208 122 216 122 224 150Z", b),
        path("M74 200H326L346 296H54Z", dark(a, 36)),
        *cake,
        face("M54 294H346V320C346 330 340 334 332 334H68C60 334 54 330 54 320Z", a),
        rect(54, 306, 292, 6, b, opacity=0.8),
    ]


def pouch(a: str, b: str) -> Shapes:
    """A stand-up pouch with a tear strip."""
    return [
        *shadow(200, 338, 98),
        body("M112 66H288L296 300C296 328 280 338 250 338H150C120 338 104 328 104 300Z", a),
        rect(108, 62, 184, 24, dark(a, 16), r=3),
        line("M112 94H288", light(a, 40), 2.5, 0.6),
        *[line(f"M{x} 64V84", light(a, 30), 2, 0.4) for x in range(118, 288, 9)],
        *label(142, 126, 116, 108, b),
        ellipse(200, 284, 38, 26, light(b, 60)),
        *[ellipse(x, y, 11, 9, b) for x, y in ((184, 284), (204, 278), (216, 290), (196, 294))],
        shine("M124 104H140L134 320C124 314 118 306 118 296Z", 0.22),
    ]


def soap(a: str, b: str) -> Shapes:
    """Bars of soap in a paper band."""
    return [
        *shadow(200, 328, 128),
        block(92, 250, 224, 76, b, 18),
        rect(160, 250, 86, 76, "#FFFDF6", opacity=0.92),
        rect(178, 276, 50, 6, dark(b, 20), r=2),
        rect(188, 292, 30, 5, dark(b, 20), r=2, opacity=0.6),
        rect(92, 318, 224, 8, dark(b, 30), r=4, opacity=0.25),
        path(
            "M96 182C96 160 106 150 126 150L276 138C296 138 304 148 304 168V222C304 240 296 250 276 250H126C106 250 96 240 96 220Z",
            Gradient((light(a, 30), a, dark(a, 10))),
        ),
        path(
            "M120 172C160 158 244 152 284 158C284 168 282 172 272 172L140 184C128 184 120 182 120 172Z",
            "#FFFFFF",
            0.25,
        ),
        *[
            ellipse(x, y, 5, 4, dark(a, 30), 0.4)
            for x, y in ((130, 214), (168, 226), (206, 208), (244, 222), (270, 200), (150, 200))
        ],
        *[
            ellipse(x, y, r, r, "#FFFFFF", 0.55)
            for x, y, r in ((300, 112, 17), (272, 92, 10), (322, 84, 8), (118, 128, 11))
        ],
        ellipse(295, 107, 5, 5, "#FFFFFF", 0.8),
    ]


def honey(a: str, b: str) -> Shapes:
    """A jar with a dipper."""
    return [
        *shadow(200, 336, 96),
        line("M246 122L298 36", "#B98A5E", 9),
        tube(132, 88, 136, 34, b, 8),
        path(
            "M126 122H274C292 142 298 176 296 214C294 276 280 336 244 336H156C120 336 106 276 104 214C102 176 108 142 126 122Z",
            light(a, 48),
            0.85,
        ),
        path(
            "M112 178C146 190 252 168 288 178C294 268 274 328 242 328H158C126 328 106 268 112 178Z",
            Gradient((light(a, 20), a, dark(a, 14))),
        ),
        *label(150, 206, 100, 84, b),
        shine("M122 146H136C126 206 130 270 150 318C124 304 110 206 122 146Z", 0.4),
    ]


def plant(a: str, b: str) -> Shapes:
    """A broad-leaved plant in a pot."""
    return [
        *shadow(200, 344, 88),
        path("M200 240C180 150 110 140 92 88C156 88 206 134 200 240Z", LEAF),
        path("M200 240C214 140 282 120 314 76C246 70 190 126 200 240Z", "#67A578"),
        path("M200 240C188 140 196 90 204 38C238 84 236 170 200 240Z", "#3F7853"),
        path("M200 240C170 196 120 200 84 184C112 158 180 170 200 240Z", "#5C9A70"),
        path("M200 240C232 196 280 204 318 190C290 160 222 170 200 240Z", "#4A8660"),
        line(
            "M200 236C184 170 142 124 106 98M202 236C216 164 262 112 298 86M202 232C206 160 206 110 206 62",
            "#FFFFFF",
            2,
            0.35,
        ),
        body("M130 236H270L254 330C252 340 246 344 236 344H164C154 344 148 340 146 330Z", a),
        rect(122, 222, 156, 28, Gradient((light(b, 14), b, dark(b, 16)), across=True), r=9),
        shine("M144 254L156 332H168L160 254Z", 0.22),
    ]


def fern(a: str, b: str) -> Shapes:
    """A trailing fern in a hanging pot."""
    fronds = [
        line(f"M200 176C{200 + x // 2} {110 - abs(x) // 4} {200 + x} {140} {200 + x * 1.2:g} {y}", c, 13)
        for x, y, c in _FRONDS
    ]
    return [
        line("M200 20L132 190M200 20L268 190M200 20V0", "#B99E78", 4),
        *fronds,
        body("M122 182H278C276 246 246 280 222 284H178C154 280 124 246 122 182Z", a),
        rect(116, 172, 168, 22, b, r=9),
        shine("M138 200C140 236 152 258 168 270L178 270C160 248 154 226 152 200Z", 0.22),
        *[ellipse(x, y, 11, 7, c) for x, y, c in _LEAVES],
    ]


_FRONDS = (
    (-104, 232, "#4E8B63"),
    (104, 232, "#5C9A70"),
    (-72, 286, "#67A578"),
    (72, 292, "#3F7853"),
    (-44, 168, "#3F7853"),
    (46, 160, "#67A578"),
    (0, 120, "#4E8B63"),
)
_LEAVES = (
    (120, 296, "#67A578"),
    (104, 278, "#5C9A70"),
    (284, 300, "#3F7853"),
    (296, 280, "#4E8B63"),
    (84, 246, "#4E8B63"),
    (316, 244, "#5C9A70"),
    (150, 210, "#67A578"),
    (244, 214, "#5C9A70"),
    (196, 206, "#4E8B63"),
)


def cactus(a: str, b: str) -> Shapes:
    """A cactus with one flower."""
    return [
        *shadow(200, 344, 84),
        line("M144 204C112 204 112 176 112 150", "#5A9468", 34),
        line("M256 184C290 184 290 156 290 128", "#4C8459", 32),
        tube(152, 70, 96, 190, "#6BA877", 46),
        line("M176 92V240M200 80V240M224 92V240", "#3F7853", 3, 0.55),
        *[line(f"M{x} {y}l5 -5M{x} {y}l-5 -5", "#F4EFD8", 2, 0.8) for x in (188, 212) for y in (110, 146, 182, 216)],
        *[ellipse(x, y, 12, 12, "#E58A8A") for x, y in ((200, 50), (186, 62), (214, 62))],
        ellipse(200, 62, 9, 9, "#F6CF6B"),
        body("M126 240H274L258 330C256 340 250 344 240 344H160C150 344 144 340 142 330Z", a),
        rect(118, 228, 164, 26, b, r=8),
        shine("M140 258L152 332H166L158 258Z", 0.22),
    ]


def planter(a: str, b: str) -> Shapes:
    """A long trough of herbs on legs."""
    herbs = [
        ellipse(
            84 + i * 33,
            176 - (i * 29) % 44,
            26,
            32 + (i * 7) % 13,
            ("#4E8B63", "#67A578", "#3F7853", "#7DB189")[i % 4],
        )
        for i in range(8)
    ]
    return [
        *shadow(200, 338, 142),
        line("M102 300L90 336M298 300L310 336", b, 12),
        *[line(f"M{84 + i * 33} 176V216", "#3F7853", 5) for i in range(8)],
        *herbs,
        *[
            ellipse(x, y, 7, 7, c)
            for x, y, c in (
                (96, 128, "#F3C55C"),
                (164, 116, "#E58A8A"),
                (236, 122, "#F3C55C"),
                (296, 138, "#B89AD6"),
            )
        ],
        body("M54 204H346L332 300C330 308 326 312 318 312H82C74 312 70 308 68 300Z", a),
        rect(48, 196, 304, 20, b, r=8),
        shine("M72 222L84 302H104L96 222Z", 0.2),
    ]


def wateringcan(a: str, b: str) -> Shapes:
    """A watering can with a long spout."""
    return [
        *shadow(210, 332, 112),
        line("M170 280L72 168", dark(a, 14), 20),
        path("M42 178L84 136L94 146L60 190Z", light(a, 20)),
        line("M270 190C356 170 356 306 284 300", b, 14),
        line("M170 172C170 96 272 96 272 172", b, 12),
        tube(140, 170, 160, 160, a, 16),
        ellipse(220, 172, 80, 14, dark(a, 36)),
        path("M140 172C140 164 176 158 220 158V186C176 186 140 180 140 172Z", light(a, 14)),
        shine("M156 196H170V316H162C158 312 156 308 156 302Z", 0.26),
        *[ellipse(x, y, 4, 7, "#8FB8D8", 0.85) for x, y in ((44, 206), (58, 216), (38, 228), (66, 236))],
        rect(140, 236, 160, 6, b, opacity=0.5),
    ]


KINDS = {
    "teacake": teacake,
    "snackbox": snackbox,
    "pouch": pouch,
    "soap": soap,
    "honey": honey,
    "plant": plant,
    "fern": fern,
    "cactus": cactus,
    "planter": planter,
    "wateringcan": wateringcan,
}
