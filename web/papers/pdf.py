"""Draws a sheet on A4 pages: the issuer's name and colour, parties, aligned tables, totals, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode, XPos, YPos

from core.kernel import clock
from web.papers.fonts import cut
from web.papers.layout import Column, Line, Sheet, Table

_LEFT, _TOP, _WIDTH, _BOTTOM = 18.0, 16.0, 174.0, 20.0
_ROW, _GAP = 4.6, 1.6
_INK, _MUTED, _RULE, _SHADE = (28, 25, 23), (110, 104, 98), (214, 209, 203), (246, 244, 241)


def draw(*sheets: Sheet) -> bytes:
    """Return sheets as one PDF, each beginning a page. Slow: never in a transaction."""
    texts = "".join(text for sheet in sheets for text in sheet.texts())
    with TemporaryDirectory() as folder:
        paths = []
        for name, data in zip(("regular.ttf", "bold.ttf"), cut(texts), strict=True):
            paths.append(Path(folder) / name)
            paths[-1].write_bytes(data)
        page = _Page(sheets[0], *paths)
        for sheet in sheets:
            page.fill(sheet)
        return bytes(page.output())


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


class _Page(FPDF):
    """The pages of sheets, in millimetres; the first one names the file."""

    def __init__(self, sheet: Sheet, regular: Path, bold: Path) -> None:
        super().__init__(format="A4")
        self._sheet = self._next = sheet
        self.add_font("text", "", regular)
        self.add_font("text", "B", bold)
        self.set_margins(_LEFT, _TOP, _LEFT)
        self.set_auto_page_break(auto=False)
        self.alias_nb_pages("{pages}")
        self.set_title(f"{sheet.title} {sheet.number}".strip())
        self.set_author(sheet.brand[0])
        self.set_lang(sheet.language)
        self.set_creation_date(clock.now())

    def fill(self, sheet: Sheet) -> None:
        """Draw a whole sheet."""
        self._next = sheet
        self.add_page()
        self._heading()
        self._people()
        for table in self._sheet.tables:
            self._table(table)
        self._totals()
        self._notes()

    def header(self) -> None:
        """Draw the band of the issuer's colour, and on later pages of a sheet what the document is."""
        is_first, self._sheet = self._sheet is not self._next or self.page_no() == 1, self._next
        self.set_fill_color(*_rgb(self._sheet.brand[1]))
        self.rect(0, 0, self.w, 3, style="F")
        self.set_y(_TOP)
        if not is_first:
            self._write(8.5, _MUTED)
            self.cell(_WIDTH / 2, _ROW, self._sheet.brand[0])
            self.cell(_WIDTH / 2, _ROW, f"{self._sheet.title} {self._sheet.number}", align="R")
            self.set_xy(_LEFT, _TOP + 9)

    def footer(self) -> None:
        """Write whose document it is and which page of how many."""
        self.set_xy(_LEFT, self.h - 13)
        self._write(8, _MUTED)
        self.cell(_WIDTH / 2, _ROW, self._sheet.brand[0])
        label = self._sheet.page_of.replace("{page}", str(self.page_no()))
        # The number of pages is filled in at the end; until then its place is as wide as its name.
        self.set_x(_LEFT + _WIDTH - self.get_string_width(label.replace("{pages}", "0")) - 2)
        self.cell(0, _ROW, label)

    def _write(self, size: float, colour: tuple[int, int, int] = _INK, *, style: str = "") -> None:
        self.set_font("text", style, size)
        self.set_text_color(*colour)

    def _heading(self) -> None:
        name, colour = self._sheet.brand
        self.set_fill_color(*_rgb(colour))
        self.rect(_LEFT, _TOP, 9, 9, style="F", round_corners=True, corner_radius=2)
        self._write(13, (255, 255, 255), style="B")
        self.set_xy(_LEFT, _TOP)
        self.cell(9, 9, name[:1].upper(), align="C")
        self._write(14, style="B")
        self.set_xy(_LEFT + 12, _TOP)
        self.cell(80, 9, name)
        self._write(19, style="B")
        self.set_xy(_LEFT + 84, _TOP)
        self.cell(_WIDTH - 84, 9, self._sheet.title, align="R")
        self.set_xy(_LEFT, _TOP + 17)

    def _people(self) -> None:
        """Draw the parties side by side, and the document's facts at the end of the row."""
        top, columns = self.get_y(), [*self._sheet.parties]
        width, lowest = 58.0, top
        for place, (heading, lines) in enumerate(columns):
            self.set_xy(_LEFT + place * (width + 1), top)
            self._stack(heading, lines, width - 3)
            lowest = max(lowest, self.get_y())
        left = _LEFT + len(columns) * (width + 1)
        self.set_xy(left, top)
        for label, value in self._sheet.facts:
            self._write(8.5, _MUTED)
            self.set_x(left)
            self.cell((_LEFT + _WIDTH - left) * 0.46, _ROW, label)
            self._write(8.5, style="B")
            self.multi_cell(0, _ROW, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_xy(_LEFT, max(lowest, self.get_y()) + 7)

    def _stack(self, heading: str, lines: Sequence[str], width: float) -> None:
        left = self.get_x()
        self._write(8, _MUTED)
        self.cell(width, _ROW, heading, new_x=XPos.LEFT, new_y=YPos.NEXT)
        for number, line in enumerate(lines):
            self._write(9.5 if number == 0 else 8.5, style="B" if number == 0 else "")
            self.set_x(left)
            self.multi_cell(width, _ROW, line, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)

    def _room(self, height: float) -> bool:
        """Begin a new page if a height does not fit any more; tell whether it did."""
        if self.get_y() + height <= self.h - _BOTTOM:
            return False
        self.add_page()
        return True

    def _table(self, table: Table) -> None:
        self._room(28)
        if table.title:
            self._write(11, style="B")
            self.cell(_WIDTH, 7, table.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._head(table.columns)
        for line in table.lines:
            if self._room(self._height(table.columns, line)):
                self._head(table.columns)
            self._line(table.columns, line)
        self.set_y(self.get_y() + 6)

    def _widths(self, columns: Sequence[Column]) -> list[float]:
        whole = sum(column.share for column in columns)
        return [_WIDTH * column.share / whole for column in columns]

    def _head(self, columns: Sequence[Column]) -> None:
        self.set_fill_color(*_SHADE)
        self._write(8, _MUTED)
        self.set_x(_LEFT)
        for column, width in zip(columns, self._widths(columns), strict=True):
            self.cell(width, 6.4, column.label, align="R" if column.is_numeric else "L", fill=True)
        self.set_xy(_LEFT, self.get_y() + 6.4)

    def _height(self, columns: Sequence[Column], line: Line) -> float:
        self._write(8.8, style="B" if line.kind != "row" else "")
        heights = [
            self.multi_cell(width, _ROW, cell, dry_run=True, output=MethodReturnValue.HEIGHT, wrapmode=WrapMode.WORD)
            for cell, width in zip(line.cells, self._widths(columns), strict=True)
        ]
        return max(float(height) for height in heights if isinstance(height, int | float)) + 2 * _GAP

    def _line(self, columns: Sequence[Column], line: Line) -> None:
        height, top = self._height(columns, line), self.get_y()
        left = _LEFT
        for column, width, cell in zip(columns, self._widths(columns), line.cells, strict=True):
            self.set_xy(left, top + _GAP)
            self.multi_cell(width, _ROW, cell, align="R" if column.is_numeric else "L")
            left += width
        self.set_draw_color(*(_INK if line.kind == "sum" else _RULE))
        self.set_line_width(0.3 if line.kind == "sum" else 0.15)
        edge = top if line.kind == "sum" else top + height
        self.line(_LEFT, edge, _LEFT + _WIDTH, edge)
        self.set_xy(_LEFT, top + height)

    def _totals(self) -> None:
        """Draw the sums at the end of the page's width, the last one large."""
        totals = self._sheet.totals
        if not totals:
            return
        self._room(len(totals) * 6.0 + 8)
        for number, (label, value) in enumerate(totals):
            is_last = number == len(totals) - 1
            if is_last:
                self.set_draw_color(*_INK)
                self.set_line_width(0.3)
                self.line(_LEFT + 84, self.get_y(), _LEFT + _WIDTH, self.get_y())
            self._write(11.5 if is_last else 9, style="B" if is_last else "")
            self.set_x(_LEFT + 84)
            self.cell(50, 8 if is_last else 6, label)
            self.cell(40, 8 if is_last else 6, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(self.get_y() + 5)

    def _notes(self) -> None:
        for note in self._sheet.notes:
            self._write(8.3, _MUTED)
            height = self.multi_cell(_WIDTH, 4.2, note, dry_run=True, output=MethodReturnValue.HEIGHT)
            self._room(float(height) if isinstance(height, int | float) else 10)
            self.multi_cell(_WIDTH, 4.2, note, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.set_y(self.get_y() + 1.5)
