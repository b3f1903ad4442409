"""Bags and things to carry."""

from web.demo.shapes.base import Shapes, block, body, face, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import ellipse, line, path, rect

BRASS = "#DDB668"


def bag(a: str, b: str) -> Shapes:
    """A rucksack with a front pocket."""
    return [
        *shadow(200, 340, 108),
        line("M158 104C158 46 242 46 242 104", dark(b, 10), 13),
        body(
            "M106 160C106 112 146 90 200 90C254 90 294 112 294 160V296C294 324 280 340 252 340H148C120 340 106 324 106 296Z",
            a,
        ),
        line("M112 160C150 184 250 184 288 160", dark(a, 26), 4, 0.6),
        shine(
            "M120 170C122 128 140 112 164 104L166 116C146 124 138 140 138 172V316C124 310 120 300 120 290Z",
            0.16,
        ),
        block(138, 222, 124, 88, b, 16),
        line("M138 250H262", light(b, 44), 4, 0.6),
        rect(188, 240, 24, 22, BRASS, r=5),
        line("M112 186V262M288 186V262", dark(a, 30), 7, 0.5),
    ]


def tote(a: str, b: str) -> Shapes:
    """A canvas tote."""
    return [
        *shadow(200, 342, 110),
        line("M154 168C150 58 250 58 246 168", b, 12),
        face("M100 150H300L312 326C312 336 306 342 296 342H104C94 342 88 336 88 326Z", a),
        path("M88 318L90 286H310L312 318V326C312 336 306 342 296 342H104C94 342 88 336 88 326Z", b, 0.9),
        line("M102 162H298", dark(a, 20), 3, 0.5),
        line("M154 152V206M246 152V206", b, 12),
        shine("M112 172L102 280H134L140 172Z", 0.16),
        ellipse(200, 228, 24, 24, b, 0.85),
        path("M200 212C212 222 212 236 200 246C188 236 188 222 200 212Z", light(a, 20)),
    ]


def satchel(a: str, b: str) -> Shapes:
    """A leather satchel with two straps."""
    return [
        *shadow(200, 330, 128),
        line("M88 190C60 30 340 30 312 190", dark(b, 6), 9),
        face("M78 168H322V304C322 322 312 330 294 330H106C88 330 78 322 78 304Z", dark(a, 12)),
        face(
            "M72 156C72 142 82 134 96 134H304C318 134 328 142 328 156V226C328 256 300 268 270 268H130C100 268 72 256 72 226Z",
            a,
        ),
        line("M84 228C88 248 108 256 134 256H266C292 256 312 248 316 228", light(a, 36), 3, 0.6),
        block(122, 216, 26, 84, b, 6),
        block(252, 216, 26, 84, b, 6),
        rect(118, 262, 34, 22, BRASS, r=4),
        rect(248, 262, 34, 22, BRASS, r=4),
        shine("M84 152C90 144 98 144 108 144H150L140 208H84Z", 0.14),
    ]


def wallet(a: str, b: str) -> Shapes:
    """A folded wallet with cards."""
    return [
        *shadow(200, 312, 128),
        block(104, 118, 176, 100, "#E9E1D2", 10),
        block(96, 134, 192, 100, b, 10),
        rect(112, 148, 60, 8, "#FFFFFF", r=3, opacity=0.6),
        face(
            "M74 168C74 158 82 152 92 152H308C318 152 326 158 326 168V292C326 304 318 312 306 312H94C82 312 74 304 74 292Z",
            a,
        ),
        line("M88 168H312V298H88Z", light(a, 40), 2.5, 0.5),
        face("M326 206H266C244 206 240 258 266 258H326Z", dark(a, 14)),
        ellipse(272, 232, 10, 10, BRASS),
        ellipse(270, 229, 4, 3, "#FFFFFF", 0.6),
        shine("M84 164H150L126 304H94C88 304 84 298 84 292Z", 0.12),
    ]


def umbrella(a: str, b: str) -> Shapes:
    """An open umbrella with a crook handle."""
    return [
        *shadow(196, 350, 60, 9),
        line("M200 60V316C200 350 154 350 154 320", b, 10),
        line("M200 56V40", dark(b, 20), 7),
        face(
            "M48 208C52 112 120 60 200 60C280 60 348 112 352 208C334 186 292 186 276 208C256 186 222 186 200 208C178 186 144 186 124 208C108 186 66 186 48 208Z",
            a,
        ),
        path("M200 60C160 84 128 130 124 208C144 186 178 186 200 208Z", dark(a, 14), 0.6),
        path("M200 60C240 84 272 130 276 208C256 186 222 186 200 208Z", light(a, 30), 0.35),
        path("M200 60C280 60 348 112 352 208C334 186 292 186 276 208C272 130 240 84 200 60Z", dark(a, 30), 0.45),
        shine("M66 186C74 138 104 104 138 86L128 104C104 126 92 152 88 184Z", 0.25),
    ]


def bottle(a: str, b: str) -> Shapes:
    """A flask with a screw cap."""
    return [
        *shadow(200, 346, 68),
        tube(168, 46, 64, 52, b, 10),
        rect(164, 92, 72, 10, dark(b, 26), r=4),
        body(
            "M168 102H232C232 134 262 138 262 178V318C262 336 252 346 234 346H166C148 346 138 336 138 318V178C138 138 168 134 168 102Z",
            a,
        ),
        shine(
            "M154 180C154 158 166 148 176 138L180 148C172 158 168 168 168 184V332C158 328 154 322 154 314Z",
            0.3,
        ),
        rect(138, 296, 124, 7, b, opacity=0.6),
        ellipse(204, 224, 22, 22, "#FFFFFF", 0.85),
        path("M188 232L198 214L206 226L211 219L220 232Z", dark(a, 10)),
    ]


def suitcase(a: str, b: str) -> Shapes:
    """A small trunk with corners and a handle."""
    return [
        *shadow(200, 330, 134),
        line("M160 136V108C160 96 240 96 240 108V136", dark(b, 10), 12),
        block(66, 132, 268, 198, a, 22),
        rect(66, 226, 268, 7, dark(a, 30), opacity=0.5),
        block(102, 132, 24, 198, b, 2),
        block(274, 132, 24, 198, b, 2),
        rect(98, 214, 32, 28, BRASS, r=4),
        rect(270, 214, 32, 28, BRASS, r=4),
        shine("M78 150C80 142 86 142 92 142H98V320H90C82 320 78 314 78 306Z", 0.2),
    ]


KINDS = {
    "bag": bag,
    "tote": tote,
    "satchel": satchel,
    "wallet": wallet,
    "umbrella": umbrella,
    "bottle": bottle,
    "suitcase": suitcase,
}
