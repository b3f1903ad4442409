"""Textiles for the house and to wear."""

from web.demo.shapes.base import WOOD, Shapes, block, body, face, flat_fill, shadow, shine
from web.demo.tone import dark, light
from web.demo.vector import Gradient, ellipse, line, path, rect


def blanket(a: str, b: str) -> Shapes:
    """Folded blankets with a fringe."""
    fringe = [line(f"M{x} 250V276", light(a, 26), 4) for x in range(96, 308, 13)]
    return [
        *shadow(200, 336, 132),
        rect(74, 272, 252, 62, flat_fill(dark(b, 6)), r=24),
        line("M96 304H304", dark(b, 26), 3, 0.5),
        rect(80, 226, 240, 56, flat_fill(light(b, 30)), r=22),
        *fringe,
        rect(78, 152, 244, 100, Gradient((light(a, 18), a, dark(a, 10))), r=26),
        rect(78, 172, 244, 10, b, opacity=0.8),
        rect(78, 190, 244, 4, b, opacity=0.8),
        rect(78, 214, 244, 10, light(a, 50), opacity=0.7),
        shine("M96 164H140V244H104C92 240 86 228 88 200C88 180 90 168 96 164Z", 0.12),
    ]


def cushion(a: str, b: str) -> Shapes:
    """A square cushion with piping and a button."""
    edge = "M92 104C128 122 272 122 308 104C318 98 328 108 322 118C304 156 304 252 322 298C328 310 318 320 308 314C270 296 130 296 92 314C82 320 72 310 78 298C96 252 96 156 78 118C72 108 82 98 92 104Z"
    return [
        *shadow(200, 326, 122),
        face(edge, a),
        line(edge, b, 5),
        line("M112 140C150 156 250 156 288 140M112 278C150 262 250 262 288 278", light(a, 40), 5, 0.55),
        line("M104 208C150 200 250 200 296 208", b, 14, 0.55),
        line("M104 234C150 228 250 228 296 234M104 182C150 174 250 174 296 182", b, 5, 0.55),
        shine("M100 130C112 170 112 240 102 284L140 274C146 230 146 176 136 142Z", 0.12),
    ]


def towel(a: str, b: str) -> Shapes:
    """A towel hanging from a rail."""
    return [
        block(70, 74, 260, 14, WOOD, 7),
        ellipse(70, 81, 13, 13, dark(WOOD, 20)),
        ellipse(330, 81, 13, 13, dark(WOOD, 20)),
        path("M196 82H282V300H196Z", dark(a, 20)),
        path(
            "M112 78C112 66 252 66 252 78V336C206 342 158 342 112 336Z",
            Gradient((a, light(a, 16), a, light(a, 10), dark(a, 10)), across=True),
        ),
        path("M112 274C158 280 206 280 252 274V300C206 306 158 306 112 300Z", b, 0.85),
        path("M112 258C158 264 206 264 252 258V264C206 270 158 270 112 264Z", b, 0.85),
        *[line(f"M{x} 338V350", light(a, 20), 4) for x in range(118, 250, 12)],
        path("M112 84H252V96C206 102 158 102 112 96Z", "#1F1A17", 0.08),
    ]


def rug(a: str, b: str) -> Shapes:
    """A rolled rug with its pattern showing."""
    return [
        *shadow(206, 318, 150),
        path("M74 232L330 190V300L122 320Z", a),
        path("M330 190V300L122 320L112 292Z", dark(a, 10), 0.5),
        line("M130 266L330 226", b, 9),
        line("M134 286L330 250", light(b, 40), 5),
        line("M136 306L330 276", b, 9),
        *[line(f"M331 {y}H346", light(a, 40), 3) for y in range(196, 300, 9)],
        face("M70 186C70 154 92 140 112 140L344 118C358 126 362 166 346 186L116 240C88 240 70 218 70 186Z", a),
        line(
            "M150 140C166 160 166 212 148 232M190 136C206 156 206 204 190 222M300 124C314 142 314 178 302 196",
            b,
            8,
            0.9,
        ),
        ellipse(108, 190, 38, 50, light(a, 16)),
        ellipse(106, 191, 27, 36, b),
        ellipse(104, 192, 17, 23, light(a, 30)),
        ellipse(103, 192, 8, 11, dark(a, 30)),
    ]


def bedding(a: str, b: str) -> Shapes:
    """A made bed seen from the foot, with two pillows."""
    return [
        *shadow(200, 338, 146),
        block(66, 96, 268, 120, WOOD, 18),
        rect(82, 138, 112, 76, Gradient(("#FFFFFF", light(a, 62))), r=24),
        rect(206, 138, 112, 76, Gradient(("#FFFFFF", light(a, 62))), r=24),
        rect(110, 162, 96, 60, flat_fill(b), r=20),
        rect(196, 162, 96, 60, flat_fill(light(b, 16)), r=20),
        face("M58 214C100 200 300 200 342 214L352 326C352 334 346 338 338 338H62C54 338 48 334 48 326Z", a),
        path("M58 214C100 200 300 200 342 214L345 246C300 232 100 232 55 246Z", light(a, 44)),
        line(
            "M120 246C112 276 108 306 106 334M200 240V336M280 246C288 276 292 306 294 334",
            dark(a, 14),
            4,
            0.4,
        ),
        shine("M66 250L58 330H92L104 244Z", 0.16),
    ]


def curtain(a: str, b: str) -> Shapes:
    """A pair of curtains before a bright window."""
    folds = Gradient((a, light(a, 22), dark(a, 8), light(a, 18), dark(a, 12), light(a, 10)), across=True)
    return [
        rect(120, 70, 160, 230, Gradient(("#EAF4FA", "#FFFBEF")), r=4),
        line("M200 70V300M120 180H280", "#FFFFFF", 7),
        block(52, 46, 296, 12, b, 6),
        ellipse(52, 52, 11, 11, dark(b, 20)),
        ellipse(348, 52, 11, 11, dark(b, 20)),
        path("M70 56H176C172 140 150 200 112 232C124 280 130 310 134 346H70Z", folds),
        path("M330 56H224C228 140 250 200 288 232C276 280 270 310 266 346H330Z", folds),
        line("M72 232H114M328 232H286", b, 9),
    ]


def tee(a: str, b: str) -> Shapes:
    """A T-shirt with a small print."""
    return [
        rect(128, 338, 144, 12, "#1F1A17", r=6, opacity=0.08),
        face(
            "M140 80C164 106 236 106 260 80L332 118L306 186L268 170V326C268 336 262 342 254 342H146C138 342 132 336 132 326V170L94 186L68 118Z",
            a,
        ),
        path("M140 80C164 106 236 106 260 80L248 74C228 90 172 90 152 74Z", b),
        line("M268 170L262 138M132 170L138 138", dark(a, 24), 3, 0.5),
        shine("M140 176V326C140 332 144 336 150 336H168V120C154 114 146 106 140 96Z", 0.14),
        ellipse(200, 196, 30, 30, b),
        path("M176 206L192 182L204 198L212 188L226 206Z", light(a, 30)),
    ]


def scarf(a: str, b: str) -> Shapes:
    """A scarf looped over itself."""
    return [
        *shadow(200, 342, 96),
        body("M214 170L286 330H222L176 200Z", dark(a, 8)),
        body("M170 176L132 340H196L224 196Z", a),
        line("M150 268L208 272M146 288L206 292", b, 7, 0.8),
        line("M236 262L268 254M246 284L276 276", b, 7, 0.8),
        *[line(f"M{x} 342V358", light(a, 20), 4) for x in range(136, 198, 10)],
        *[line(f"M{x} 332V348", a, 4) for x in range(228, 286, 10)],
        body("M104 124C104 66 296 66 296 124C296 184 246 214 200 214C154 214 104 184 104 124Z", a),
        ellipse(200, 114, 70, 32, dark(a, 34)),
        ellipse(200, 108, 70, 30, dark(a, 48)),
        line("M118 152C150 190 250 190 282 152", b, 8, 0.8),
        line("M124 172C158 204 242 204 276 172", b, 4, 0.8),
    ]


def hat(a: str, b: str) -> Shapes:
    """A knitted hat with a turn-up and a bobble."""
    ribs = [line(f"M{x} 246V300", dark(a, 22), 4, 0.4) for x in range(116, 292, 16)]
    return [
        *shadow(200, 318, 116),
        ellipse(200, 92, 34, 34, b),
        ellipse(190, 84, 14, 13, light(b, 30), 0.6),
        body("M106 252C104 160 144 108 200 108C256 108 296 160 294 252Z", a),
        line(
            "M152 250C148 190 164 144 184 116M248 250C252 190 236 144 216 116M200 250V116",
            dark(a, 18),
            4,
            0.4,
        ),
        rect(94, 240, 212, 68, Gradient((light(a, 24), light(a, 6), dark(a, 8))), r=22),
        *ribs,
        rect(228, 262, 36, 24, "#FFFDF7", r=3),
        rect(234, 270, 24, 5, b, r=1),
    ]


KINDS = {
    "blanket": blanket,
    "cushion": cushion,
    "towel": towel,
    "rug": rug,
    "bedding": bedding,
    "curtain": curtain,
    "tee": tee,
    "scarf": scarf,
    "hat": hat,
}
