"""What a rule reads: a frozen tree of plain values with typed reading, and a clear answer where a value is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

Plain = str | int | float | bool | None | Decimal | date | datetime
Tree = Plain | Mapping[str, "Tree"] | Sequence["Tree"]


class Lacking(Exception):
    """A value that the rule cannot do without is missing or cannot be read; `path` says which."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Facts:
    """A mapping read by dotted paths. Amounts are major units of the currency; dates are ISO 8601.

    Moments without an offset count as UTC; a builder writes them with the tenant's offset, so that their day is local.
    """

    __slots__ = ("_path", "_values")

    def __init__(self, values: Mapping[str, Tree] | None = None, path: str = "") -> None:
        self._values = values or {}
        self._path = path

    def _get(self, path: str) -> Tree:
        found: Tree = self._values
        for name in path.split("."):
            if not isinstance(found, Mapping):
                return None
            found = found.get(name)
        return found

    def _lacking(self, path: str) -> Lacking:
        return Lacking(f"{self._path}{path}")

    def is_given(self, path: str) -> bool:
        """Whether the key is there at all, even empty."""
        parent, _dot, name = path.rpartition(".")
        owner = self._get(parent) if parent else self._values
        return isinstance(owner, Mapping) and name in owner

    def has(self, path: str) -> bool:
        """Whether there is something: not empty, not false, not zero."""
        return bool(self._get(path))

    def is_true(self, path: str) -> bool:
        """Whether it is exactly true."""
        return self._get(path) is True

    def is_false(self, path: str) -> bool:
        """Whether it is exactly false; unknown is not false."""
        return self._get(path) is False

    def is_none(self, path: str) -> bool:
        """Whether it is missing or empty of meaning (null)."""
        return self._get(path) is None

    def text(self, path: str) -> str:
        """Return a text; "" where there is none."""
        found = self._get(path)
        return found if isinstance(found, str) else "" if found is None else str(found)

    def need_text(self, path: str) -> str:
        """Return a text. Raise Lacking if there is none; "" is a text."""
        found = self._get(path)
        if not isinstance(found, str):
            raise self._lacking(path)
        return found

    def moment(self, path: str) -> datetime | None:
        """Return a moment; the beginning of the day for a date. Raise Lacking if it cannot be read as one."""
        found = self._get(path)
        if found is None or found == "":
            return None
        try:
            value = datetime.fromisoformat(found) if isinstance(found, str) else found
        except ValueError as error:
            raise self._lacking(path) from error
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
        raise self._lacking(path)

    def need_moment(self, path: str) -> datetime:
        """Return a moment. Raise Lacking if there is none."""
        found = self.moment(path)
        if found is None:
            raise self._lacking(path)
        return found

    def day(self, path: str) -> date | None:
        """Return a date, of a moment the day of its own offset."""
        found = self.moment(path)
        return found.date() if found else None

    def need_day(self, path: str) -> date:
        """Return a date. Raise Lacking if there is none."""
        return self.need_moment(path).date()

    def number(self, path: str) -> Decimal | None:
        """Return a number. Raise Lacking if what is there is none."""
        found = self._get(path)
        if found is None or found == "":
            return None
        try:
            if isinstance(found, bool) or not isinstance(found, (int, float, str, Decimal)):
                raise self._lacking(path)
            number = Decimal(str(found))
        except InvalidOperation as error:
            raise self._lacking(path) from error
        if not number.is_finite():
            raise self._lacking(path)
        return number

    def need_number(self, path: str) -> Decimal:
        """Return a number. Raise Lacking if there is none."""
        found = self.number(path)
        if found is None:
            raise self._lacking(path)
        return found

    def part(self, path: str) -> Facts:
        """Return a part as facts of its own; empty where there is none."""
        found = self._get(path)
        return Facts(found if isinstance(found, Mapping) else {}, f"{self._path}{path}.")

    def need_part(self, path: str) -> Facts:
        """Return a part as facts of its own. Raise Lacking if there is none."""
        if not isinstance(self._get(path), Mapping):
            raise self._lacking(path)
        return self.part(path)

    def rows(self, path: str) -> tuple[Facts, ...]:
        """Return a list of parts; empty where there is none."""
        found = self._get(path)
        if not isinstance(found, Sequence) or isinstance(found, str):
            return ()
        return tuple(
            Facts(row, f"{self._path}{path}.{place}.") for place, row in enumerate(found) if isinstance(row, Mapping)
        )

    def need_rows(self, path: str) -> tuple[Facts, ...]:
        """Return a list of parts. Raise Lacking if there is no list; an empty one is a list."""
        found = self._get(path)
        if not isinstance(found, Sequence) or isinstance(found, str):
            raise self._lacking(path)
        return self.rows(path)

    def words(self, path: str) -> tuple[str, ...]:
        """Return a list of texts; of a mapping its keys; empty where there is none."""
        found = self._get(path)
        if isinstance(found, (Mapping, Sequence)) and not isinstance(found, str):
            return tuple(str(word) for word in found)
        return ()

    def need_words(self, path: str) -> tuple[str, ...]:
        """Return a list of texts. Raise Lacking if there is no list; an empty one is a list."""
        found = self._get(path)
        if isinstance(found, str) or not isinstance(found, (Mapping, Sequence)):
            raise self._lacking(path)
        return self.words(path)

    def days(self, path: str) -> tuple[date, ...]:
        """Return a list of dates. Raise Lacking if there is none or one cannot be read."""
        return tuple(
            Facts({"day": word}, f"{self._path}{path}.{place}.").need_day("day")
            for place, word in enumerate(self.need_words(path))
        )

    def lists(self, path: str) -> list[tuple[str, ...]]:
        """Return a list of lists of texts; empty where there is none."""
        found = self._get(path)
        if not isinstance(found, Sequence) or isinstance(found, str):
            return []
        return [tuple(map(str, row)) for row in found if isinstance(row, Sequence) and not isinstance(row, str)]
