"""Paper, pens and other things for the desk."""

from web.demo.shapes.base import WOOD, Shapes, block, face, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import Gradient, ellipse, line, path, rect


def notebook(a: str, b: str) -> Shapes:
    """A closed notebook with an elastic and a ribbon."""
    return [
        *shadow(208, 344, 104),
        path("M222 330L230 372L242 362L250 372L244 330Z", b),
        rect(120, 66, 184, 276, "#F6F0E2", r=10),
        *[line(f"M302 {y}H306", "#D8CDB6", 1.5) for y in range(80, 334, 10)],
        rect(104, 58, 192, 280, Gradient((light(a, 14), a, dark(a, 10))), r=12),
        rect(104, 58, 26, 280, dark(a, 20), r=10, opacity=0.55),
        rect(262, 58, 9, 280, b),
        rect(150, 110, 92, 50, "#FFFDF7", r=4),
        rect(162, 124, 68, 5, dark(a, 10), r=2),
        rect(162, 138, 46, 4, dark(a, 10), r=2, opacity=0.5),
        shine("M136 66H170L150 330H136Z", 0.1),
    ]


def pen(a: str, b: str) -> Shapes:
    """A fountain pen with its cap off."""
    return [
        *shadow(200, 322, 130, 9),
        line("M70 310C120 290 140 318 190 302", "#2D3A55", 4, 0.6),
        path("M84 300L104 262L126 284Z", "#D9B45E"),
        line("M86 298L112 274", "#7A5C20", 2),
        line("M118 270L150 240", dark(b, 10), 26),
        line("M160 230L296 100", dark(a, 24), 38),
        line("M158 228L292 98", a, 32),
        line("M158 218L282 98", light(a, 40), 6, 0.6),
        line("M150 240L160 230", "#D9B45E", 36),
        line("M300 96L314 82", b, 30),
        line("M252 300L334 246", dark(a, 24), 38),
        line("M252 297L332 244", a, 32),
        line("M256 288L326 242", light(a, 40), 5, 0.6),
        line("M262 306L306 278", "#D9B45E", 6),
        line("M340 240L346 236", b, 26),
    ]


def book(a: str, b: str) -> Shapes:
    """A stack of two books with one standing."""
    return [
        *shadow(200, 338, 134),
        block(78, 290, 244, 46, b, 6),
        rect(92, 298, 224, 30, "#F8F3E6", r=3),
        block(78, 290, 30, 46, dark(b, 12), 6),
        block(94, 246, 216, 44, light(a, 40), 6),
        rect(100, 254, 200, 28, "#FBF7EC", r=3),
        block(284, 246, 26, 44, light(a, 24), 6),
        face("M138 60H268C276 60 280 64 280 72V246H138Z", a),
        rect(130, 60, 18, 186, dark(a, 18), r=4),
        rect(166, 92, 92, 64, "#FFFDF6", r=3, opacity=0.94),
        rect(180, 106, 64, 7, b, r=2),
        rect(188, 122, 48, 5, b, r=2, opacity=0.6),
        ellipse(212, 142, 5, 5, b),
        line("M166 206H258M166 216H258", light(a, 50), 3, 0.8),
        shine("M152 66H176V240H152Z", 0.12),
    ]


def poster(a: str, b: str) -> Shapes:
    """A framed print of hills and sun."""
    return [
        rect(96, 54, 220, 300, "#1F1A17", r=4, opacity=0.1),
        block(88, 44, 224, 300, WOOD, 4),
        rect(98, 54, 204, 280, "#FFFDF8"),
        rect(118, 78, 164, 218, Gradient((light(b, 62), light(a, 52)))),
        ellipse(232, 136, 28, 28, b),
        path("M118 214C150 174 172 178 196 210C220 178 250 180 282 206V296H118Z", light(a, 20)),
        path("M118 244C158 216 190 226 214 246C238 228 262 230 282 240V296H118Z", a),
        path("M118 270C166 252 220 262 282 268V296H118Z", dark(a, 26)),
        rect(168, 308, 64, 6, "#B8AC98", r=2),
        shine("M98 54H150L98 190Z", 0.25),
    ]


def brush(a: str, b: str) -> Shapes:
    """Writing brushes on an ink stone."""
    return [
        *shadow(200, 330, 140),
        block(70, 268, 260, 60, "#3B3A3F", 18),
        ellipse(160, 276, 70, 13, "#26252A"),
        ellipse(150, 274, 40, 6, "#4A4B55"),
        line("M216 256L288 64", dark(a, 20), 17),
        line("M214 255L286 64", a, 12),
        line("M220 246L224 236", b, 17),
        path("M208 246L228 253C222 276 206 286 192 292C196 276 198 262 208 246Z", "#F2E9DA"),
        path("M198 272L212 280C206 288 200 290 192 292Z", "#26252A"),
        line("M282 270L326 128", dark(b, 18), 13),
        line("M281 268L324 128", b, 8),
        path("M276 262L290 266C286 282 280 290 270 296C270 284 270 274 276 262Z", "#F2E9DA"),
        line("M286 66C294 50 306 54 298 66", b, 4),
        shine("M84 276C90 272 96 274 100 274V322H88C82 318 82 284 84 276Z", 0.12),
    ]


def ink(a: str, b: str) -> Shapes:
    """A square bottle of ink with a label."""
    return [
        *shadow(200, 330, 104),
        tube(152, 96, 96, 62, b, 10),
        rect(146, 150, 108, 14, dark(b, 26), r=4),
        path(
            "M110 184C110 170 120 162 136 162H264C280 162 290 170 290 184V308C290 322 282 330 268 330H132C118 330 110 322 110 308Z",
            light(a, 62),
            0.9,
        ),
        face("M122 206H278V306C278 314 272 318 264 318H136C128 318 122 314 122 306Z", a),
        rect(150, 222, 100, 70, "#FFFDF6", r=4),
        rect(166, 238, 68, 7, a, r=2),
        rect(176, 256, 48, 5, a, r=2, opacity=0.6),
        ellipse(200, 276, 5, 5, b),
        shine("M122 178H138V316H132C124 314 122 308 122 302Z", 0.4),
        shine("M162 104H172V148H162Z", 0.3),
    ]


def cards(a: str, b: str) -> Shapes:
    """Greeting cards with an envelope."""
    return [
        *shadow(200, 330, 132),
        block(84, 172, 232, 156, light(b, 34), 6),
        path("M84 176L200 262L316 176V186L200 274L84 186Z", dark(b, 10), 0.4),
        rect(112, 66, 156, 206, "#1F1A17", r=4, opacity=0.08),
        rect(106, 60, 156, 206, "#FFFDF7", r=4),
        rect(118, 72, 132, 182, Gradient((light(a, 60), light(a, 40)))),
        line("M184 240C184 200 184 160 184 122", "#55785C", 5),
        path("M184 206C160 204 150 188 148 172C168 174 182 186 184 206Z", "#6B9873"),
        path("M184 190C206 186 216 172 218 156C200 158 186 168 184 190Z", "#55785C"),
        *[ellipse(x, y, 15, 15, a) for x, y in ((184, 98), (166, 112), (202, 112), (172, 132), (196, 132))],
        ellipse(184, 116, 11, 11, b),
        path("M84 328V200L190 270C196 274 204 274 210 270L316 200V322C316 326 314 328 310 328Z", light(b, 44)),
        line("M88 324L172 262M312 324L228 262", dark(b, 6), 2, 0.4),
        ellipse(200, 282, 15, 15, a),
        ellipse(197, 279, 5, 4, "#FFFFFF", 0.4),
    ]


def scissors(a: str, b: str) -> Shapes:
    """Paper scissors and a roll of tape."""
    return [
        *shadow(200, 330, 120),
        line("M132 282C96 256 84 306 112 318C140 326 152 300 132 282L246 84", dark(a, 6), 16),
        line("M196 282C232 256 252 300 228 316C202 328 180 306 196 282L118 84", a, 16),
        path("M106 64L128 60L176 190L160 202Z", "#C6CDD2"),
        path("M258 64L236 60L152 200L168 212Z", "#E4E9EC"),
        ellipse(165, 200, 8, 8, dark(b, 10)),
        ellipse(296, 276, 50, 50, b),
        ellipse(292, 272, 48, 48, light(b, 20)),
        ellipse(294, 274, 26, 26, "#F3EEE2"),
        ellipse(296, 276, 20, 20, dark(b, 30), 0.35),
        line("M296 226H344L350 236", light(b, 40), 9),
    ]


KINDS = {
    "notebook": notebook,
    "pen": pen,
    "book": book,
    "poster": poster,
    "brush": brush,
    "ink": ink,
    "cards": cards,
    "scissors": scissors,
}
