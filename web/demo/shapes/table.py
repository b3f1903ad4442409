"""Cups, bowls and pots for the table."""

from web.demo.shapes.base import Shapes, body, face, shadow, shine
from web.demo.tone import dark, light
from web.demo.vector import ellipse, line, path, rect


def mug(a: str, b: str) -> Shapes:
    """A mug of coffee with steam."""
    return [
        *shadow(204, 322, 108),
        line("M284 196C346 184 350 276 276 268", dark(a, 18), 20),
        body("M112 160H288V262C288 300 262 324 228 324H172C138 324 112 300 112 262Z", a),
        path("M112 276H288C284 306 258 324 228 324H172C142 324 116 306 112 276Z", b, 0.55),
        shine("M130 182C128 220 128 250 140 290L152 294C142 250 142 214 146 184Z", 0.28),
        ellipse(200, 160, 88, 19, light(a, 26)),
        ellipse(200, 162, 76, 14, "#3B2416"),
        ellipse(184, 160, 36, 6, "#6B4630", 0.7),
        line("M170 122C158 104 184 96 170 76", "#FFFFFF", 6, 0.7),
        line("M206 116C194 98 220 90 206 70", "#FFFFFF", 6, 0.7),
        line("M240 122C228 104 254 96 240 76", "#FFFFFF", 6, 0.7),
    ]


def cup(a: str, b: str) -> Shapes:
    """A small handleless cup on a saucer."""
    return [
        *shadow(200, 322, 124),
        ellipse(200, 312, 122, 18, dark(b, 10)),
        ellipse(200, 306, 122, 17, light(b, 12)),
        ellipse(200, 306, 70, 9, dark(b, 14), 0.6),
        body("M128 190H272C272 252 250 304 226 306H174C150 304 128 252 128 190Z", a),
        shine("M144 206C146 246 156 276 170 292L180 292C166 268 158 240 158 206Z", 0.3),
        ellipse(200, 190, 72, 15, light(a, 30)),
        ellipse(200, 192, 62, 11, "#A86B2C"),
        ellipse(188, 190, 30, 4, "#D69A54", 0.8),
    ]


def bowl(a: str, b: str) -> Shapes:
    """A wide bowl with a glazed inside."""
    return [
        *shadow(200, 324, 100),
        path("M160 304H240L234 324H166Z", dark(a, 24)),
        body("M72 196H328C326 262 276 310 224 312H176C124 310 74 262 72 196Z", a),
        line("M80 232C136 250 264 250 320 232", b, 6, 0.75),
        line("M86 248C140 266 260 266 314 248", b, 3, 0.6),
        shine("M90 214C96 254 118 284 150 300L162 300C126 276 108 244 104 214Z", 0.26),
        ellipse(200, 196, 128, 30, light(a, 30)),
        ellipse(200, 199, 116, 24, b),
        ellipse(200, 206, 92, 15, light(b, 18), 0.6),
    ]


def plate(a: str, b: str) -> Shapes:
    """A dinner plate seen from above, propped up, with a smaller one in front."""
    return [
        *shadow(200, 334, 132),
        ellipse(200, 196, 138, 138, dark(a, 20)),
        ellipse(198, 193, 138, 138, light(a, 12)),
        ellipse(198, 193, 122, 122, b, 0.8),
        ellipse(198, 193, 116, 116, light(a, 20)),
        ellipse(198, 193, 92, 92, dark(a, 10)),
        ellipse(200, 195, 90, 90, a),
        shine("M100 160C112 120 144 96 176 90L180 102C150 110 124 132 114 166Z", 0.4),
    ]


def teapot(a: str, b: str) -> Shapes:
    """A round teapot with a lid."""
    return [
        *shadow(200, 322, 110),
        line("M286 192C358 168 356 288 278 276", dark(a, 18), 17),
        body("M122 232C96 226 88 190 60 180L76 166C112 172 116 198 140 204Z", a),
        body(
            "M112 236C112 184 150 164 200 164C250 164 288 184 288 236C288 292 256 322 226 322H174C144 322 112 292 112 236Z",
            a,
        ),
        shine(
            "M128 236C128 206 144 188 164 180L170 190C150 200 144 216 144 240C144 262 150 280 160 296L148 292C134 276 128 258 128 236Z",
            0.28,
        ),
        path("M112 246C160 260 240 260 288 246L286 262C240 276 160 276 114 262Z", b, 0.7),
        face("M146 172C146 144 174 134 200 134C226 134 254 144 254 172C230 180 170 180 146 172Z", light(a, 8)),
        ellipse(200, 126, 14, 13, b),
        ellipse(196, 122, 5, 4, "#FFFFFF", 0.5),
    ]


def gaiwan(a: str, b: str) -> Shapes:
    """A lidded bowl on its saucer, with a painted sprig."""
    return [
        *shadow(200, 330, 112),
        body("M92 292H308C302 316 264 328 224 328H176C136 328 98 316 92 292Z", dark(a, 6)),
        ellipse(200, 292, 108, 15, light(a, 26)),
        ellipse(200, 292, 62, 8, dark(a, 22), 0.6),
        body("M106 178H294C290 236 258 288 226 292H174C142 288 110 236 106 178Z", a),
        line("M176 268C182 238 206 226 232 208", b, 5),
        path("M196 240C180 232 176 218 180 206C194 212 200 224 196 240Z", b),
        path("M214 226C212 210 222 198 236 194C238 208 230 222 214 226Z", b),
        path("M208 234C222 236 234 246 238 256C224 258 212 248 208 234Z", b, 0.8),
        shine("M122 196C126 232 142 260 162 276L170 276C148 254 138 228 136 196Z", 0.4),
        ellipse(200, 178, 94, 16, light(a, 30)),
        body("M116 172C124 140 164 126 200 126C236 126 276 140 284 172C250 188 150 188 116 172Z", light(a, 6)),
        line("M148 156C170 142 230 142 252 156", b, 4, 0.8),
        body("M182 130L176 106H224L218 130Z", a),
        ellipse(200, 106, 24, 6, light(a, 34)),
    ]


def jug(a: str, b: str) -> Shapes:
    """A jug with a lip and a generous handle."""
    return [
        *shadow(196, 336, 92),
        line("M262 150C338 138 334 264 266 262", dark(a, 16), 18),
        body(
            "M130 98L108 108C126 118 134 134 132 156C124 182 112 206 112 250C112 304 140 336 168 336H228C256 336 284 304 284 250C284 206 266 182 262 150L266 98Z",
            a,
        ),
        path("M112 246C112 304 140 336 168 336H228C256 336 284 304 284 246C240 266 156 266 112 246Z", b, 0.8),
        shine(
            "M140 180C130 210 128 230 130 256C132 290 142 308 156 322L164 318C150 296 146 270 146 246C146 222 150 200 154 184Z",
            0.26,
        ),
        ellipse(200, 98, 68, 12, light(a, 26)),
        ellipse(202, 100, 58, 8, dark(a, 40)),
        path("M134 96L106 108C118 110 130 108 142 104Z", light(a, 26)),
    ]


def vase(a: str, b: str) -> Shapes:
    """A bellied vase with dried stems."""
    return [
        *shadow(200, 340, 80),
        line("M198 150C190 108 168 84 150 54", "#8A7A4E", 4),
        line("M202 150C206 102 214 74 210 34", "#8A7A4E", 4),
        line("M204 150C218 112 242 94 258 70", "#8A7A4E", 4),
        *[ellipse(x, y, r, r * 1.3, c) for x, y, r, c in _BUDS],
        body(
            "M172 142H228C226 172 232 184 252 202C276 224 284 244 280 270C274 312 252 340 222 340H178C148 340 126 312 120 270C116 244 124 224 148 202C168 184 174 172 172 142Z",
            a,
        ),
        path(
            "M120 262C118 244 126 222 148 202C186 222 232 220 260 208C278 226 284 246 280 266C230 290 160 286 120 262Z",
            b,
            0.7,
        ),
        shine("M140 236C132 256 136 290 152 314L164 316C148 286 146 258 154 232Z", 0.3),
        ellipse(200, 142, 28, 6, dark(a, 34)),
    ]


_BUDS = [
    (150, 50, 11, "#E3B27A"),
    (164, 82, 8, "#D99A5E"),
    (144, 78, 8, "#EBC796"),
    (210, 32, 11, "#D88C6A"),
    (222, 62, 8, "#E9B08F"),
    (198, 66, 8, "#D88C6A"),
    (260, 66, 11, "#C9B070"),
    (240, 82, 8, "#DCC890"),
    (262, 96, 7, "#C9B070"),
]


def carafe(a: str, b: str) -> Shapes:
    """A glass carafe half full, with a cork."""
    return [
        *shadow(200, 338, 82),
        face("M176 66H224L220 96H180Z", "#C79B6B"),
        path(
            "M174 92H226V150C226 176 276 208 276 268C276 312 258 338 232 338H168C142 338 124 312 124 268C124 208 174 176 174 150Z",
            light(a, 55),
            0.75,
        ),
        path("M126 250C124 302 142 332 168 332H232C258 332 276 302 274 250Z", b, 0.75),
        ellipse(200, 250, 74, 11, light(b, 34)),
        shine(
            "M188 104H198V152C192 186 150 214 142 262C138 288 146 310 158 322L148 318C132 300 130 270 138 244C150 212 188 184 188 150Z",
            0.6,
        ),
        rect(172, 138, 56, 20, a, r=5, opacity=0.85),
    ]


KINDS = {
    "mug": mug,
    "cup": cup,
    "bowl": bowl,
    "plate": plate,
    "teapot": teapot,
    "gaiwan": gaiwan,
    "jug": jug,
    "vase": vase,
    "carafe": carafe,
}
