"""The typeface of documents: Noto Sans SC from its package, cut to the characters of one document.

The variable font of the package has Latin, Greek, Cyrillic and Chinese in one design. Cutting it first and setting its
weight then takes under a second, where a ready-made pair of whole fonts would take a minute to make.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_LATIN = frozenset(map(chr, range(0x20, 0x180))) | frozenset("–—‘’“”•…€¥£−×·→\N{NO-BREAK SPACE}")
_WEIGHTS = (400, 700)
_DROPPED = ("vhea", "vmtx", "VVAR", "STAT", "GSUB", "GPOS", "GDEF", "BASE", "HVAR")


def cut(text: str) -> tuple[bytes, bytes]:
    """Return a regular and a bold TrueType font with the characters of a text. Slow: never in a transaction."""
    return _cut(frozenset(text) - _LATIN)


@lru_cache(64)
def _cut(more: frozenset[str]) -> tuple[bytes, bytes]:
    package = files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    with package.open("rb") as source:
        font = TTFont(source, lazy=True)
        options = Options(layout_features=[], notdef_outline=True, hinting=False)
        options.drop_tables = [*options.drop_tables, *_DROPPED]
        cutter = Subsetter(options)
        cutter.populate(text="".join(sorted(_LATIN | more)))
        cutter.subset(font)
        small = _bytes(font)
    regular, bold = (
        _bytes(instantiateVariableFont(TTFont(io.BytesIO(small)), {"wght": weight})) for weight in _WEIGHTS
    )
    return regular, bold


def _bytes(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
