"""How Han text is written in pinyin, so that a title is found by its syllables ("kafei") and its initials ("kf")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_HANZI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_SYLLABLE = re.compile(
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    "(?:ang?|a[io]?|eng?|e[ir]?|iang?|iao|i[aeu]?|ing?|iong|ong|ou?|uang?|uai?|un|u[eio]?|ve?)"
)
_READ = 40  # Han characters of one text; the rest is found by its characters alone
_LONGEST = 40  # letters of one token, as many as of a word that is asked for


def _syllables(run: str) -> list[str]:
    """Return a reading of each character. The dictionary (60 MB) is loaded by processes that meet Han text alone."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(run, errors="ignore")


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """Return the pinyin of Han text from each of its characters on: joined syllables, and initials of two and more.

    Both are meant to be found by their beginnings. At most 40 characters are read; text without Han gives nothing.
    """
    found: list[str] = []
    left = _READ
    for run in _HANZI.findall(text):
        syllables = _syllables(run[:left])
        left -= len(syllables)
        for at in range(len(syllables)):
            found.append("".join(syllables[at:])[:_LONGEST])
            found.append("".join(syllable[0] for syllable in syllables[at:]))
    return tuple(dict.fromkeys(sound for sound in found if len(sound) > 1))


def joined(words: Sequence[str]) -> str:
    """Return several words as one when each is a syllable of pinyin ("ka", "fei"); else ""."""
    return "".join(words) if len(words) > 1 and all(map(_SYLLABLE.fullmatch, words)) else ""


def begins(text: str, key: str) -> bool:
    """Return whether folded Latin words of two letters or more begin the pinyin of Han text at any character."""
    plain = "".join(c for c in key if c not in " '")
    return len(plain) > 1 and plain.isascii() and any(sound.startswith(plain) for sound in sounds(text))
