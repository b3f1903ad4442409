"""Light and furniture."""

from web.demo.shapes.base import Shapes, block, body, label, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import Gradient, ellipse, line, path, rect

GLOW = "#FFE9A8"


def lamp(a: str, b: str) -> Shapes:
    """A table lamp with a cone shade, lit."""
    return [
        *shadow(200, 338, 88),
        path("M126 196L88 334H312L274 196Z", Gradient((GLOW, "#FFF8E0")), 0.28),
        tube(193, 190, 14, 128, b, 6),
        body("M136 338C136 316 164 306 200 306C236 306 264 316 264 338Z", b),
        body("M118 190L158 80H242L282 190Z", a),
        shine("M134 184L168 88H184L156 186Z", 0.24),
        ellipse(200, 190, 82, 12, "#FFF3C9"),
        ellipse(200, 80, 42, 6, dark(a, 30)),
    ]


def pendant(a: str, b: str) -> Shapes:
    """A pendant lamp on its cord."""
    return [
        line("M200 0V104", dark(b, 30), 5),
        tube(186, 98, 28, 34, b, 6),
        path("M102 256L60 400H340L298 256Z", Gradient((GLOW, "#FFF8E0")), 0.3),
        body("M92 252C92 176 140 128 200 128C260 128 308 176 308 252Z", a),
        shine("M112 240C116 190 142 156 172 144L178 152C154 170 136 200 132 240Z", 0.28),
        ellipse(200, 252, 108, 17, light(a, 40)),
        ellipse(200, 254, 96, 12, "#FFF6D6"),
        ellipse(200, 262, 26, 20, "#FFFBEA"),
    ]


def lantern(a: str, b: str) -> Shapes:
    """A paper lantern with ribs, standing on three feet."""
    ribs = [
        line(f"M{200 - w} {y}C{200 - w // 2} {y + 9} {200 + w // 2} {y + 9} {200 + w} {y}", b, 2.5, 0.4)
        for y, w in _RIBS
    ]
    return [
        *shadow(200, 338, 82),
        line("M160 296L146 336M240 296L254 336M200 300V338", dark(b, 10), 8),
        ellipse(200, 184, 132, 132, GLOW, 0.18),
        path(
            "M156 66H244C296 92 312 138 312 184C312 236 290 280 244 304H156C110 280 88 236 88 184C88 138 104 92 156 66Z",
            Gradient((light(a, 40), "#FFF3CC", a, dark(a, 8))),
        ),
        *ribs,
        ellipse(200, 176, 58, 66, "#FFFBE6", 0.5),
        rect(150, 58, 100, 14, b, r=6),
        rect(150, 294, 100, 14, b, r=6),
    ]


_RIBS = ((92, 76), (120, 98), (150, 108), (182, 112), (214, 109), (244, 98), (272, 78))


def desklamp(a: str, b: str) -> Shapes:
    """A jointed desk lamp."""
    return [
        *shadow(176, 334, 92),
        path("M236 168L178 326H360L316 140Z", Gradient((GLOW, "#FFF8E0")), 0.3),
        line("M150 318L112 206L214 110", b, 11),
        ellipse(112, 206, 12, 12, dark(b, 20)),
        body("M86 334C86 316 114 308 150 308C186 308 214 316 214 334Z", a),
        body("M196 92C216 70 248 70 262 84L326 136L226 182C212 150 190 118 196 92Z", a),
        ellipse(276, 158, 54, 14, "#FFF3C9"),
        shine("M208 100C218 86 236 82 246 88L240 100C228 98 218 104 214 116Z", 0.35),
        ellipse(212, 108, 9, 9, dark(b, 20)),
    ]


def candle(a: str, b: str) -> Shapes:
    """A candle in a glass."""
    return [
        *shadow(200, 334, 92),
        ellipse(200, 112, 56, 62, GLOW, 0.25),
        path("M200 66C232 102 222 130 200 134C176 130 168 104 200 66Z", "#F3A646"),
        path("M200 94C216 112 210 126 200 128C188 126 184 112 200 94Z", "#FFF0B8"),
        line("M200 128V158", "#4A3B30", 5),
        tube(118, 156, 164, 178, a, 20),
        ellipse(200, 160, 78, 12, light(a, 36)),
        ellipse(200, 163, 66, 8, light(a, 58)),
        shine("M132 180H146V318C136 314 132 306 132 296Z", 0.35),
        *label(146, 208, 108, 84, b),
    ]


def chair(a: str, b: str) -> Shapes:
    """An upholstered chair on wooden legs."""
    return [
        *shadow(200, 346, 108),
        line("M156 236L150 330M244 236L250 330", dark(b, 22), 11),
        line("M130 232L112 342M270 232L288 342", b, 12),
        body("M118 94C120 62 280 62 282 94L268 204H132Z", a),
        shine("M134 96C138 84 164 78 184 78L180 198H148Z", 0.14),
        rect(106, 194, 188, 46, Gradient((light(a, 20), a, dark(a, 12))), r=22),
        shine("M124 204H276C280 204 282 210 276 212H124C118 210 120 204 124 204Z", 0.26),
    ]


def stool(a: str, b: str) -> Shapes:
    """A three-legged stool."""
    return [
        *shadow(200, 340, 92),
        line("M200 190V322", dark(a, 26), 14),
        line("M148 186L116 336M252 186L284 336", a, 15),
        line("M132 274H268", dark(a, 12), 9),
        path("M96 160V176C96 196 142 208 200 208C258 208 304 196 304 176V160Z", dark(b, 18)),
        ellipse(200, 160, 104, 30, b),
        ellipse(194, 156, 84, 21, light(b, 18), 0.6),
    ]


def shelf(a: str, b: str) -> Shapes:
    """A wall shelf with a few things on it."""
    return [
        rect(92, 320, 216, 16, "#1F1A17", r=8, opacity=0.07),
        block(70, 166, 260, 16, a, 4),
        block(70, 302, 260, 16, a, 4),
        block(78, 60, 12, 258, dark(a, 14), 4),
        block(310, 60, 12, 258, dark(a, 14), 4),
        tube(108, 84, 24, 82, b, 3),
        tube(134, 74, 20, 92, "#D9B26A", 3),
        tube(156, 92, 26, 74, "#7C8FA6", 3),
        body("M228 166L220 132H274L266 166Z", "#D9A78B"),
        path("M246 132C230 112 226 94 232 78C248 90 252 112 246 132Z", "#4E8B63"),
        path("M248 132C252 110 264 96 280 90C280 110 268 124 248 132Z", "#67A578"),
        body("M108 302C104 258 120 244 132 238V222H156V238C168 244 184 258 180 302Z", "#E7DCCB"),
        block(206, 282, 88, 20, "#6E8B7B", 3),
        block(214, 264, 76, 18, b, 3),
        block(210, 248, 70, 16, "#E3D4BC", 3),
        rect(70, 182, 260, 6, "#1F1A17", opacity=0.12),
    ]


def mirror(a: str, b: str) -> Shapes:
    """A round mirror hung by a strap."""
    return [
        ellipse(206, 226, 120, 120, "#1F1A17", 0.08),
        line("M124 140L200 52L276 140", b, 8),
        ellipse(200, 52, 9, 9, dark(b, 30)),
        ellipse(200, 216, 122, 122, dark(a, 14)),
        ellipse(198, 214, 121, 121, a),
        ellipse(200, 216, 104, 104, Gradient(("#F4F8FA", "#D3E0E6", "#BDCFD8"))),
        shine("M130 236L206 128C222 130 234 134 244 140L152 284C140 270 132 254 130 236Z", 0.45),
        shine("M166 296L262 152C270 160 278 168 284 178L192 312C182 308 174 304 166 296Z", 0.3),
    ]


def clock(a: str, b: str) -> Shapes:
    """A wall clock."""
    ticks = "M200 110V124M200 290V276M110 200H124M290 200H276M155 122L160 130M245 122L240 130M155 278L160 270M245 278L240 270M122 155L130 160M122 245L130 240M278 155L270 160M278 245L270 240"
    return [
        ellipse(208, 212, 122, 122, "#1F1A17", 0.09),
        ellipse(200, 200, 122, 122, dark(a, 16)),
        ellipse(198, 198, 121, 121, a),
        ellipse(200, 200, 104, 104, "#FBF8F1"),
        line(ticks, dark(b, 10), 5),
        line("M200 200L164 150", "#2B2724", 9),
        line("M200 200L262 172", "#2B2724", 6),
        line("M200 214L206 268", b, 3),
        ellipse(200, 200, 9, 9, b),
        shine("M106 168C120 128 150 108 182 100L184 108C156 118 132 138 118 172Z", 0.5),
    ]


def basket(a: str, b: str) -> Shapes:
    """A woven basket with two handles."""
    rows = [line(f"M{104 + i * 4} {196 + i * 24}H{296 - i * 4}", dark(a, 22), 3, 0.5) for i in range(1, 6)]
    posts = [line(f"M{x} 190L{200 + (x - 200) * 0.82:g} 330", dark(a, 14), 3, 0.4) for x in range(116, 290, 24)]
    return [
        *shadow(200, 336, 98),
        line("M128 186C116 120 172 118 168 184", b, 11),
        line("M232 184C228 118 284 120 272 186", b, 11),
        body("M92 182H308L284 318C282 330 274 336 262 336H138C126 336 118 330 116 318Z", a),
        *rows,
        *posts,
        rect(86, 174, 228, 20, light(a, 16), r=10),
        shine("M110 200L130 318H144L126 200Z", 0.2),
    ]


KINDS = {
    "lamp": lamp,
    "pendant": pendant,
    "lantern": lantern,
    "desklamp": desklamp,
    "candle": candle,
    "chair": chair,
    "stool": stool,
    "shelf": shelf,
    "mirror": mirror,
    "clock": clock,
    "basket": basket,
}
