"""Camping, sport and walking."""

from web.demo.shapes.base import STEEL, Shapes, block, body, face, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import Gradient, ellipse, line, path, rect


def tent(a: str, b: str) -> Shapes:
    """A ridge tent, door open."""
    return [
        *shadow(200, 318, 166),
        line("M52 318L30 334M348 318L370 334", dark(b, 20), 4),
        path("M200 92L356 316H240Z", dark(a, 18)),
        face("M200 92L44 316H300Z", a),
        path("M200 92L150 316H236Z", dark(b, 45)),
        path("M200 92L150 316L118 316Z", light(a, 28)),
        path("M200 92L236 316L262 300Z", light(b, 20)),
        line("M200 92V70", "#7A6A55", 6),
        path("M200 70L226 78L200 86Z", b),
        line("M44 316H356", dark(a, 30), 5, 0.6),
        shine("M184 124L70 306H96L190 136Z", 0.14),
    ]


def shoe(a: str, b: str) -> Shapes:
    """A low running shoe."""
    return [
        *shadow(200, 304, 152),
        body(
            "M58 214C56 190 80 178 104 192C126 204 144 172 160 160C182 146 206 204 246 220C292 234 346 234 348 276V284H58Z",
            a,
        ),
        path("M58 214C56 190 80 178 104 192C112 196 120 196 126 190L142 284H58Z", dark(a, 22), 0.5),
        path("M262 226C306 236 346 240 348 276V284H290C290 262 280 242 262 226Z", dark(a, 18), 0.5),
        path("M158 284C180 240 224 240 272 262L276 272C226 256 196 258 178 284Z", b, 0.9),
        path("M50 272H350C356 272 358 278 354 284C348 294 340 298 326 298H76C56 298 46 290 50 272Z", "#FBF8F0"),
        path("M50 288H352C346 298 338 302 326 302H76C60 302 50 298 50 288Z", b),
        line("M168 178L198 164M188 200L218 186M212 218L240 206", "#FFFFFF", 7),
    ]


def boot(a: str, b: str) -> Shapes:
    """A walking boot."""
    return [
        *shadow(200, 330, 134),
        line("M140 82C136 60 164 60 160 82", b, 8),
        body("M122 84C150 74 190 74 216 84L222 190C246 214 312 214 324 262V304H112C110 230 126 170 122 84Z", a),
        face("M114 74C146 62 196 62 222 74L222 98C190 90 148 90 116 98Z", light(a, 26)),
        path("M112 304C112 270 116 240 120 214C150 226 160 262 158 304Z", dark(a, 24), 0.5),
        path("M262 224C300 230 322 244 324 268V304H274C282 276 280 248 262 224Z", dark(a, 24), 0.5),
        path(
            "M104 296H330C336 296 336 304 334 312V322C334 328 330 330 324 330H290L284 320H160L152 330H116C108 330 102 326 102 318V304C102 300 102 296 104 296Z",
            dark(b, 30),
        ),
        line(
            "M164 118L216 108M166 142L218 132M168 166L222 158M176 190L232 184M196 212L250 202",
            light(b, 46),
            6,
        ),
        shine("M132 110C138 170 128 220 124 286H138C140 220 148 170 146 106Z", 0.16),
    ]


def flask(a: str, b: str) -> Shapes:
    """A wide flask with a cup for a lid and a handle."""
    return [
        *shadow(196, 344, 84),
        line("M262 176C328 170 326 286 262 280", dark(b, 16), 15),
        tube(142, 48, 112, 62, b, 14),
        rect(134, 104, 128, 16, STEEL, r=6),
        tube(132, 118, 132, 226, a, 20),
        rect(132, 300, 132, 14, b, opacity=0.75),
        rect(132, 146, 132, 6, light(a, 40), opacity=0.7),
        shine("M146 136H160V332H154C148 328 146 324 146 316Z", 0.26),
        ellipse(200, 224, 24, 24, "#FFFFFF", 0.9),
        path("M184 232L195 212L203 224L208 217L217 232Z", dark(a, 10)),
    ]


def mat(a: str, b: str) -> Shapes:
    """A rolled exercise mat with a strap."""
    return [
        *shadow(206, 322, 150),
        path("M88 254C120 300 160 316 200 318H356V300H208Z", dark(a, 12)),
        body("M98 148H306C338 148 350 182 350 214C350 246 338 280 306 280H98Z", a),
        ellipse(98, 214, 46, 66, light(a, 18)),
        ellipse(98, 214, 36, 53, dark(a, 20)),
        ellipse(97, 214, 28, 42, light(a, 10)),
        ellipse(96, 214, 19, 29, dark(a, 24)),
        ellipse(96, 214, 10, 16, light(a, 6)),
        path("M184 148H206C222 180 222 248 206 280H184C200 248 200 180 184 148Z", b),
        path("M276 148H298C316 180 316 248 298 280H276C294 248 294 180 276 148Z", b),
        line("M196 148C200 96 288 96 288 148", b, 11),
    ]


def racket(a: str, b: str) -> Shapes:
    """A badminton racket and a shuttlecock."""
    strings = [line(f"M{x} 80V248", "#FFFFFF", 2, 0.8) for x in range(106, 226, 15)] + [
        line(f"M88 {y}H242", "#FFFFFF", 2, 0.8) for y in range(84, 244, 15)
    ]
    return [
        *shadow(216, 340, 124, 10),
        ellipse(165, 164, 84, 100, "#FFFFFF", 0.25),
        *strings,
        line(
            "M165 64C218 64 249 112 249 164C249 216 218 264 165 264C112 264 81 216 81 164C81 112 112 64 165 64Z",
            a,
            15,
        ),
        line("M112 92C96 118 92 140 92 164", light(a, 50), 4, 0.7),
        line("M204 254L246 288", dark(a, 10), 10),
        line("M248 290L318 338", b, 20),
        line("M262 294L314 330", light(b, 30), 4, 0.5),
        path("M276 118L334 104L348 178L316 186Z", "#FDFBF4"),
        line("M288 122L320 182M304 114L330 182M320 110L340 178M284 146L342 138", "#D8D2C4", 3),
        ellipse(334, 190, 20, 17, b),
        ellipse(330, 186, 7, 5, "#FFFFFF", 0.4),
    ]


def kettlebell(a: str, b: str) -> Shapes:
    """A kettlebell."""
    return [
        *shadow(200, 336, 104),
        line("M146 176C124 62 276 62 254 176", dark(a, 20), 28),
        line("M146 160C132 74 240 70 248 128", light(a, 26), 6, 0.6),
        body(
            "M200 142C264 142 304 190 304 244C304 292 276 336 236 336H164C124 336 96 292 96 244C96 190 136 142 200 142Z",
            a,
        ),
        ellipse(200, 246, 46, 46, b),
        ellipse(200, 246, 34, 34, light(b, 56)),
        path("M182 262L194 232L204 250L210 240L220 262Z", dark(a, 10)),
        shine(
            "M116 240C116 204 138 178 164 168L168 178C146 190 132 214 132 244C132 268 138 286 148 302L138 300C124 284 116 264 116 240Z",
            0.22,
        ),
    ]


def ball(a: str, b: str) -> Shapes:
    """A ball with panels."""
    return [
        *shadow(200, 336, 104),
        ellipse(200, 208, 128, 128, Gradient((light(a, 24), a, dark(a, 20)))),
        line(
            "M200 80C178 120 178 296 200 336M72 208C120 186 280 186 328 208M110 118C158 150 158 266 110 298M290 118C242 150 242 266 290 298",
            b,
            6,
        ),
        shine("M104 172C114 136 142 110 176 100L178 110C148 124 126 148 118 180Z", 0.45),
    ]


def hammock(a: str, b: str) -> Shapes:
    """A hammock between two posts."""
    return [
        *shadow(200, 338, 150),
        block(48, 76, 18, 262, "#8A6A4A", 6),
        block(334, 76, 18, 262, "#8A6A4A", 6),
        line("M58 110L106 176M58 110L112 196M342 110L294 176M342 110L288 196", "#CDBB9A", 4),
        body("M98 170C140 268 260 268 302 170C300 300 260 322 200 322C140 322 100 300 98 170Z", a),
        line("M106 214C150 292 250 292 294 214", b, 9),
        line("M114 246C156 310 244 310 286 246", light(b, 36), 5),
        path("M98 170C140 268 260 268 302 170C262 238 138 238 98 170Z", light(a, 34)),
        ellipse(140, 216, 24, 15, light(b, 50)),
    ]


KINDS = {
    "tent": tent,
    "shoe": shoe,
    "boot": boot,
    "flask": flask,
    "mat": mat,
    "racket": racket,
    "kettlebell": kettlebell,
    "ball": ball,
    "hammock": hammock,
}
