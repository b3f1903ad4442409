"""Tools for cooking and keeping."""

from web.demo.shapes.base import STEEL, WOOD, Shapes, block, body, face, label, shadow, shine, tube
from web.demo.tone import dark, light
from web.demo.vector import ellipse, line, path, rect


def kettle(a: str, b: str) -> Shapes:
    """A gooseneck kettle."""
    return [
        *shadow(204, 330, 104),
        line("M138 286C86 282 98 196 64 172", dark(a, 10), 15),
        line("M60 174L78 164", light(a, 14), 8),
        line("M270 170C350 150 350 276 290 284", b, 18),
        body("M146 156H262L292 306C294 322 286 330 272 330H136C122 330 114 322 116 306Z", a),
        shine("M162 172L136 306H152L176 172Z", 0.28),
        face("M144 158C148 134 176 124 204 124C232 124 260 134 264 158Z", light(a, 10)),
        rect(184, 110, 40, 16, b, r=8),
        rect(118, 306, 172, 6, dark(a, 30), opacity=0.4),
    ]


def knife(a: str, b: str) -> Shapes:
    """A kitchen knife leaning across the picture."""
    return [
        *shadow(204, 318, 140, 10),
        path("M64 296C104 190 190 116 292 66C296 112 240 210 172 262C140 286 104 296 64 296Z", "#8E979E"),
        path("M70 292C112 192 194 120 288 72C284 116 226 198 164 250C136 272 106 288 70 292Z", "#D5DBDF"),
        path("M70 292C140 250 236 170 288 72C270 82 246 96 226 110C160 158 104 214 70 292Z", "#F2F5F6", 0.8),
        line("M292 74L262 128", b, 14),
        line("M284 96L342 44", dark(a, 20), 34),
        line("M283 93L339 43", a, 28),
        line("M284 86L330 44", light(a, 30), 5, 0.6),
        *[ellipse(x, y, 4, 4, "#F4EFE6") for x, y in ((296, 84), (312, 69), (328, 55))],
    ]


def board(a: str, b: str) -> Shapes:
    """A chopping board with a leather loop."""
    return [
        *shadow(200, 342, 106),
        line("M200 70C168 40 176 18 200 20C224 18 232 40 200 70", b, 6),
        face(
            "M182 52H218C228 52 230 60 230 72V96H268C284 96 294 106 294 122V316C294 334 284 342 268 342H132C116 342 106 334 106 316V122C106 106 116 96 132 96H170V72C170 60 172 52 182 52Z",
            a,
        ),
        *[
            line(f"M{x} 112C{x + 8} 180 {x - 10} 250 {x + 2} 328", dark(a, 22), 2.5, 0.45)
            for x in (132, 158, 186, 214, 244, 270)
        ],
        ellipse(200, 74, 10, 10, dark(a, 40)),
        shine("M118 128C118 114 124 108 134 108H150V330H134C124 330 118 324 118 314Z", 0.16),
    ]


def pan(a: str, b: str) -> Shapes:
    """A frying pan seen at an angle."""
    return [
        *shadow(176, 296, 124),
        line("M284 226L372 176", dark(b, 14), 22),
        line("M286 222L370 173", b, 14),
        path("M52 226C52 268 104 300 172 300C240 300 292 268 292 226Z", dark(a, 30)),
        ellipse(172, 222, 122, 66, light(a, 14)),
        ellipse(172, 226, 110, 57, dark(a, 12)),
        ellipse(172, 232, 92, 44, a),
        shine("M78 224C84 196 118 178 156 174L158 184C126 190 102 204 94 228Z", 0.25),
        ellipse(160, 230, 40, 23, "#FFFDF4"),
        ellipse(186, 238, 26, 15, "#FFFDF4"),
        ellipse(164, 226, 15, 10, "#F2B63C"),
        ellipse(160, 223, 5, 3, "#FFFFFF", 0.7),
    ]


def pot(a: str, b: str) -> Shapes:
    """A casserole with lid."""
    return [
        *shadow(200, 324, 128),
        line("M92 214C60 206 60 250 94 244", dark(a, 20), 15),
        line("M308 214C340 206 340 250 306 244", dark(a, 20), 15),
        body("M88 188H312V284C312 310 298 324 272 324H128C102 324 88 310 88 284Z", a),
        shine("M104 206H122V306C110 302 104 292 104 280Z", 0.24),
        face("M80 188C84 148 140 130 200 130C260 130 316 148 320 188Z", light(a, 6)),
        shine("M108 172C124 152 160 142 190 140L190 148C160 150 134 160 120 176Z", 0.3),
        rect(76, 182, 248, 14, dark(a, 12), r=7),
        ellipse(200, 122, 20, 12, b),
        ellipse(195, 118, 7, 3, "#FFFFFF", 0.5),
    ]


def jar(a: str, b: str) -> Shapes:
    """A preserving jar with a cloth-tied lid and a label."""
    return [
        *shadow(200, 338, 90),
        path(
            "M126 138H274C288 150 290 160 290 178V306C290 328 278 338 258 338H142C122 338 110 328 110 306V178C110 160 112 150 126 138Z",
            light(a, 50),
            0.8,
        ),
        path("M118 184H282V304C282 322 272 330 256 330H144C128 330 118 322 118 304Z", a),
        path("M118 184H282V204C240 216 160 194 118 208Z", light(a, 24), 0.8),
        shine("M128 166H142V322C132 320 128 312 128 302Z", 0.35),
        face("M120 92C130 80 270 80 280 92L288 142H112Z", b),
        line("M114 138H286", light(b, 50), 6),
        shine("M132 94L124 132H146L150 90Z", 0.24),
        *label(148, 214, 104, 84, b),
    ]


def grinder(a: str, b: str) -> Shapes:
    """A hand mill with a crank."""
    return [
        *shadow(200, 338, 76),
        line("M200 92V70H278V58", STEEL, 9),
        ellipse(278, 48, 17, 17, b),
        ellipse(273, 43, 5, 5, "#FFFFFF", 0.45),
        tube(150, 180, 100, 158, a, 16),
        tube(158, 98, 84, 84, STEEL, 12),
        rect(146, 176, 108, 12, dark(STEEL, 24), r=5),
        face("M158 98C166 86 234 86 242 98Z", light(STEEL, 20)),
        shine("M162 196H174V326H166C162 322 162 318 162 312Z", 0.25),
        rect(150, 262, 100, 5, light(b, 30), opacity=0.8),
    ]


def spoon(a: str, b: str) -> Shapes:
    """Wooden spoons in a crock."""
    return [
        *shadow(200, 336, 84),
        line("M176 220L144 104", a, 12),
        ellipse(138, 84, 24, 36, a),
        ellipse(134, 80, 14, 25, light(a, 26), 0.8),
        line("M206 220L208 96", dark(a, 16), 12),
        face("M184 36H232C236 62 228 96 214 104H202C188 96 180 62 184 36Z", dark(a, 14)),
        line("M232 220L266 116", WOOD, 11),
        ellipse(274, 92, 21, 31, WOOD),
        ellipse(271, 89, 12, 21, light(WOOD, 26), 0.8),
        body("M122 196H278L266 318C264 330 256 336 246 336H154C144 336 136 330 134 318Z", b),
        ellipse(200, 196, 78, 13, dark(b, 36)),
        line("M128 240H272", light(b, 34), 4, 0.7),
        shine("M140 212L150 316H162L154 214Z", 0.24),
    ]


def tin(a: str, b: str) -> Shapes:
    """A round tea tin with a band and a leaf."""
    return [
        *shadow(200, 338, 90),
        tube(116, 132, 168, 206, a, 14),
        tube(110, 86, 180, 62, dark(a, 10), 12),
        ellipse(200, 90, 86, 9, light(a, 24)),
        rect(116, 148, 168, 6, dark(a, 40), opacity=0.35),
        *label(148, 186, 104, 112, b),
        shine("M128 100H140V326H132C128 322 128 318 128 312Z", 0.22),
    ]


def apron(a: str, b: str) -> Shapes:
    """A bib apron on a peg."""
    return [
        block(188, 40, 24, 14, WOOD, 6),
        line("M156 104C158 66 182 52 200 52C218 52 242 66 244 104", b, 8),
        line("M116 196C88 220 82 260 92 296M284 196C312 220 318 260 308 296", b, 7),
        face("M152 98H248L254 160C258 180 286 184 290 196L298 346H102L110 196C114 184 142 180 146 160Z", a),
        line("M152 112H248", light(a, 30), 3, 0.7),
        face("M146 232H254V284C254 296 246 302 236 302H164C154 302 146 296 146 284Z", dark(a, 10)),
        line("M146 238H254M200 234V300", light(a, 34), 3, 0.7),
        shine("M120 200L114 340H136L144 190Z", 0.14),
        rect(186, 140, 28, 12, b, r=3),
    ]


KINDS = {
    "kettle": kettle,
    "knife": knife,
    "board": board,
    "pan": pan,
    "pot": pot,
    "jar": jar,
    "grinder": grinder,
    "spoon": spoon,
    "tin": tin,
    "apron": apron,
}
