"""What a document consists of, as values in the reader's language; web.papers.pdf draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `share` of the width, of all shares; numbers stand at the end of their cells."""

    label: str
    share: int
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a heading of a group, a plain row, or a sum in bold with a rule above it."""

    cells: tuple[str, ...]
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title; its head is repeated on every page that it runs over."""

    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of one kind: whose it is, what it is called, who it concerns, its tables and its small print.

    `brand` is the issuer's name and colour ("#rrggbb"); parties are (heading, lines); `page_of` is a template over
    "{page}" and "{pages}".
    """

    brand: tuple[str, str]
    title: str
    number: str
    facts: Sequence[tuple[str, str]]
    parties: Sequence[tuple[str, Sequence[str]]]
    tables: Sequence[Table]
    notes: Sequence[str]
    page_of: str
    language: str
    totals: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def texts(self) -> Iterator[str]:
        """Give every text on the sheet, so that a font can be cut for it."""
        yield from (self.brand[0], self.title, self.number, self.page_of, *self.notes)
        for pair in (*self.facts, *self.totals):
            yield from pair
        for heading, lines in self.parties:
            yield from (heading, *lines)
        for table in self.tables:
            yield table.title
            yield from (column.label for column in table.columns)
            for line in table.lines:
                yield from line.cells
