"""Cuts text into search tokens: Latin words with a plural fold, and single characters and pairs of Han text.

The same cut serves the stored vector and the query, so what is written the same is found. PostgreSQL sees only
finished lexemes of the "simple" kind: no dictionary of the server takes part, so every server finds alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from core.catalogue import pinyin

_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PIECES = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_LONGEST = 40
_MOST = 2_000  # lexemes of one listing; the rest of a very long description is not searched
_MOST_ASKED = 8
_RANKS = "ABCD"


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return text as it is compared: NFKC, lower case, accents dropped, blanks single, no control characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFD", plain)
        plain = unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def title_key(title: str) -> str:
    """Return what is stored beside a title, for finding it in spite of typing errors."""
    return fold(title)[:200]


def _singular(word: str) -> str:
    """Return an English noun without its plural ending; other words as they are."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def words(text: str) -> tuple[list[str], list[str]]:
    """Return the tokens of a text: those that name things (words and Han pairs), and single Han characters."""
    named: list[str] = []
    single: list[str] = []
    for han, word in _PIECES.findall(fold(text)):
        if han:
            named += _pairs(han)
            single += han
        elif len(word) > 1 or word.isdigit():
            named += dict.fromkeys((word[:_LONGEST], _singular(word[:_LONGEST])))
    return named, single


def document(
    title: str,
    brand: str = "",
    tags: Iterable[str] = (),
    categories: Iterable[str] = (),
    attributes: Iterable[str] = (),
    description: str = "",
) -> list[tuple[str, list[str]]]:
    """Return a listing's tokens by weight, A (title) to D (description; single Han characters of the title).

    A token stands under its best weight alone; at most 2,000 are kept.
    """
    fields = (("A", [title]), ("B", [brand, *tags]), ("C", [*categories, *attributes]), ("D", [description]))
    seen: set[str] = set()
    found: dict[str, list[str]] = {rank: [] for rank in _RANKS}
    loose: list[str] = []
    for rank, texts in fields:
        for text in texts:
            named, single = words(text)
            loose += single if rank != "D" else ()
            for token in named:
                if token not in seen and len(seen) < _MOST:
                    seen.add(token)
                    found[rank].append(token)
    found["D"] += [char for char in dict.fromkeys(loose) if char not in seen]
    return [(rank, tokens) for rank, tokens in found.items() if tokens]


def vector_sql(parts: Iterable[tuple[str, list[str]]]) -> str:
    """Return the text of a `tsvector`: bind it as `cast(:vector as tsvector)`."""
    return " ".join(f"'{token}':{1 + _RANKS.index(rank)}{rank}" for rank, tokens in parts for token in tokens)


@lru_cache(maxsize=4096)
def query(text: str) -> str:
    """Return the text of a `tsquery` that wants every word, the last Latin one as a beginning; "" finds nothing.

    Words that are all syllables of pinyin are also asked for as one.
    Bind it as `cast(:query as tsquery)`. Tokens hold letters and digits only, so nothing needs escaping.
    """
    asked: list[str] = []
    pieces = _PIECES.findall(fold(text))
    for at, (han, word) in enumerate(pieces):
        if han:
            asked += [f"'{pair}'" for pair in _pairs(han) or [han]]
        elif len(word) > 1 or word.isdigit():
            ending = ":*" if at == len(pieces) - 1 else ""
            asked.append(f"'{_singular(word[:_LONGEST])}'{ending}")
    every = " & ".join(dict.fromkeys(asked[:_MOST_ASKED]))
    spelt = pinyin.joined([word for _han, word in pieces[:_MOST_ASKED]])
    return f"({every}) | '{spelt[:_LONGEST]}':*" if every and spelt else every
