"""Prepared statements straight on the driver's connection, several in one message where they follow each other.

A transaction of a page is: bind the tenant, read, end. Through a cursor that is three messages, each of which costs
both sides more than the reading. The protocol takes several statements before it is asked to synchronise, and those
are one transaction: here they go out together and come back together.
"""

from __future__ import annotations

import re
import select
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer

_PLACE = re.compile(r"%(?:\((\w+)\)s|%)")
_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
_BINARY = 1
_numbers = count(1)


class Statement(NamedTuple):
    """A statement as the server prepares it; `order` names the values of $1, $2 and so on."""

    name: bytes
    text: bytes
    order: tuple[str, ...]


class Call(NamedTuple):
    """A statement with its values, as letters."""

    statement: Statement
    values: Sequence[Any]


@lru_cache(maxsize=8192)
def statement(text: str) -> Statement:
    """Return a statement that is written with the driver's place-holders, `%(name)s`."""
    order: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return f"${order.setdefault(name, len(order) + 1)}" if name else "%"

    numbered = _PLACE.sub(place, text)
    return Statement(b"w%d" % next(_numbers), numbered.encode(), tuple(order))


def call(text: str, values: Mapping[str, Any]) -> Call:
    """Return a statement with its values. Raise TypeError for a value that has no letters."""
    wanted = statement(text)
    return Call(wanted, [_letters(values[name]) for name in wanted.order])


def _letters(value: Any) -> bytes | None:
    """Write a value as PostgreSQL reads it; its type comes from where it stands."""
    if isinstance(value, str):
        return value.encode()
    if value is None:
        return None
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, UUID | int | Decimal | date):  # a datetime is a date
        return str(value).encode()
    if isinstance(value, list | tuple):
        return b"{%s}" % b",".join(_in_array(each) for each in value)
    raise TypeError(f"cannot send {type(value).__name__} to the database")


def _in_array(value: Any) -> bytes:
    letters = _letters(value)
    return b"NULL" if letters is None else b'"%s"' % letters.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def send(connection: psycopg.Connection[Any], command: bytes) -> None:
    """Run a command as it is. Raise the driver's own error, such as a reference that fails at the commit."""
    _checked(connection, connection.pgconn.exec_(command))


def _checked(connection: psycopg.Connection[Any], result: Any) -> Any:
    """Return a good result. Raise the driver's error of another."""
    if result.status in _GOOD:
        return result
    if connection.closed:
        raise psycopg.OperationalError("the server ended the connection")
    raise errors.error_from_result(result)


class Wire:
    """One connection of the driver, and what has been prepared on it."""

    __slots__ = ("_connection", "_known", "_poll")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work on a connection that is between transactions, or in one that it shares with its cursors."""
        self._connection = connection
        self._known: set[bytes] = set()
        self._poll = select.poll()
        self._poll.register(connection.pgconn.socket, select.POLLIN)

    @property
    def is_between(self) -> bool:
        """Whether no transaction is open on it."""
        return bool(self._connection.pgconn.transaction_status == pq.TransactionStatus.IDLE)

    def commit(self) -> None:
        """End the transaction that is open on it. Raise the driver's error of a reference that fails now."""
        send(self._connection, b"commit")

    def rows(self, result: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a result as plain tuples of Python's values."""
        if not result.ntuples:
            return []
        loader = Transformer(self._connection)
        loader.set_pgresult(result)
        return loader.load_rows(0, result.ntuples, tuple)

    def run(self, wanted: Sequence[Call], before: Sequence[Call] = (), after: Sequence[Call] = ()) -> Sequence[Any]:
        """Run statements among others in one message; return the driver's results of them. Raise the driver's errors."""
        try:
            return self._ran(wanted, before, after)
        except errors.InvalidSqlStatementName:
            self._known.clear()  # somebody has told the server to forget
            if not before:
                raise
            if not self.is_between:
                send(self._connection, b"rollback")
            return self._ran(wanted, before, after)

    def _ran(self, wanted: Sequence[Call], before: Sequence[Call], after: Sequence[Call]) -> Sequence[Any]:
        if before or after or len(wanted) != 1 or wanted[0].statement.name not in self._known:
            return self._together([*before, *wanted, *after])[len(before) : len(before) + len(wanted)]
        (only,) = wanted
        server = self._connection.pgconn
        result = server.exec_prepared(only.statement.name, only.values, result_format=_BINARY)
        return [_checked(self._connection, result)]

    def _together(self, calls: Sequence[Call]) -> list[Any]:
        """Send all in one message; return each one's result once the server has done them all."""
        new = {each.statement.name: each.statement for each in calls if each.statement.name not in self._known}
        results: list[Any] | None = None
        try:
            results = self._exchanged(new.values(), calls)
        finally:
            if results is None:
                self._connection.close()  # nobody knows what it is doing; its pool makes another
        made = zip(new, results, strict=False)
        self._known.update(name for name, result in made if result.status in _GOOD)  # they outlive what fails after
        for result in results:
            _checked(self._connection, result)
        return results[len(new) :]

    def _exchanged(self, new: Iterable[Statement], calls: Sequence[Call]) -> list[Any]:
        server = self._connection.pgconn
        server.enter_pipeline_mode()
        for each_new in new:
            server.send_prepare(each_new.name, each_new.text)
        for each in calls:
            server.send_query_prepared(each.statement.name, each.values, result_format=_BINARY)
        server.pipeline_sync()
        results = self._answers()
        server.exit_pipeline_mode()
        return results

    def _answers(self) -> list[Any]:
        """Wait without holding up other threads; return all results up to the synchronisation."""
        server = self._connection.pgconn
        found: list[Any] = []
        while server.flush():
            select.select([], [server.socket], [])
        while True:
            while server.is_busy():
                self._poll.poll()
                server.consume_input()
            result = server.get_result()
            if server.status != pq.ConnStatus.OK:
                raise psycopg.OperationalError("the server ended the connection")
            if result is None:  # stands between the results of two statements
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            found.append(result)
