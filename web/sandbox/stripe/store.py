"""Everything that the stand-in remembers, in one SQLite file that survives kill -9."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from web.sandbox.stripe.wire import Document

IDEMPOTENCY_SECONDS = 24 * 3600
_FILTERS = {
    "balance_transaction": ("source", "type", "currency"),
    "charge": ("payment_intent", "customer", "transfer_group"),
    "event": ("type",),
    "payment_intent": ("customer",),
    "dispute": ("charge", "payment_intent"),
    "payout": ("status", "destination"),
    "refund": ("charge", "payment_intent"),
    "transfer": ("destination", "transfer_group"),
    "transfer_reversal": ("transfer",),
}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (account, kind, seq);
CREATE TABLE IF NOT EXISTS answers (
  account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
  body BLOB NOT NULL, request_id TEXT NOT NULL, stored_at INTEGER NOT NULL, PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL,
  attempts INTEGER NOT NULL, due_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due_at);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer to an idempotent request."""

    fingerprint: str
    status: int
    body: bytes
    request_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that an endpoint has not yet acknowledged; `due_at` is in Unix seconds of the real clock."""

    id: int
    event_id: str
    endpoint_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list to give: newest first, between two places, `limit` rows at most."""

    limit: int
    after: int | None
    before: int | None


class Store:
    """One connection and one lock: each transaction has the file to itself, which a local process can
    afford."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        # Committed pages are with the operating system, so they outlive the process, though not a power cut.
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)
        for kind, name in ((kind, name) for kind, names in _FILTERS.items() for name in names):
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS {kind}_by_{name} ON objects "
                f"(account, json_extract(body, '$.{name}'), seq) WHERE kind = '{kind}'"
            )
        self._connection.execute("DELETE FROM answers WHERE stored_at < ?", (time.time() - IDEMPOTENCY_SECONDS,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all or nothing of what the block writes."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote if it raises, and leave the transaction usable."""
        self._connection.execute("SAVEPOINT work")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO work")
            raise
        finally:
            self._connection.execute("RELEASE work")

    def now(self) -> int:
        """Give the stand-in's time in Unix seconds: the real one, plus what tests have advanced."""
        return int(time.time()) + self._setting("advanced_seconds")

    def advance(self, seconds: int) -> None:
        """Move the stand-in's clock forward."""
        total = self._setting("advanced_seconds") + seconds
        self._connection.execute("REPLACE INTO settings VALUES ('advanced_seconds', ?)", (total,))

    def _setting(self, name: str) -> int:
        with self._lock:
            row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def insert(self, account: str, document: Document) -> None:
        """Store a new object of an account."""
        row = (
            account,
            document["object"],
            document["id"],
            document.get("created", self.now()),
            _dump(document),
        )
        self._connection.execute("INSERT INTO objects (account, kind, id, created, body) VALUES (?, ?, ?, ?, ?)", row)

    def update(self, document: Document) -> None:
        """Store an object's new state."""
        self._connection.execute("UPDATE objects SET body = ? WHERE id = ?", (_dump(document), document["id"]))

    def delete(self, id_: str) -> None:
        """Forget an object, and what was still to be delivered to it."""
        self._connection.execute("DELETE FROM objects WHERE id = ?", (id_,))
        self._connection.execute("DELETE FROM deliveries WHERE endpoint_id = ?", (id_,))

    def find(self, account: str, kind: str, id_: str) -> Document | None:
        """Read an object of an account."""
        query = "SELECT body FROM objects WHERE id = ? AND account = ? AND kind = ?"
        with self._lock:
            row = self._connection.execute(query, (id_, account, kind)).fetchone()
        return json.loads(row[0]) if row else None

    def account_of(self, id_: str) -> str | None:
        """Say which account an object belongs to."""
        with self._lock:
            row = self._connection.execute("SELECT account FROM objects WHERE id = ?", (id_,)).fetchone()
        return row[0] if row else None

    def place_of(self, account: str, kind: str, id_: str) -> int | None:
        """Give an object's place in its list."""
        query = "SELECT seq FROM objects WHERE id = ? AND account = ? AND kind = ?"
        row = self._connection.execute(query, (id_, account, kind)).fetchone()
        return row[0] if row else None

    def select(
        self, account: str, kind: str, matches: Mapping[str, str], created: Mapping[str, int], page: Page
    ) -> list[Document]:
        """Read a part of a list, newest first; `created` holds bounds named gt, gte, lt and lte."""
        signs = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
        where, values = ["account = ?", f"kind = '{kind}'"], [account]
        where += [f"json_extract(body, '$.{name}') = ?" for name in matches]
        where += [f"created {signs[bound]} ?" for bound in created]
        numbers: list[int] = list(created.values())
        for sign, place in (("<", page.after), (">", page.before)):
            if place is not None:
                where.append(f"seq {sign} ?")
                numbers.append(place)
        order = "DESC" if page.before is None else "ASC"
        # Only names from this program are in the text: kinds and filters are declared by the routes.
        # A kind has to be there, not a parameter, for SQLite to use the index of that kind alone.
        query = f"SELECT body FROM objects WHERE {' AND '.join(where)} ORDER BY seq {order} LIMIT ?"  # noqa: S608
        with self._lock:
            rows = self._connection.execute(query, (*values, *matches.values(), *numbers, page.limit)).fetchall()
        return [json.loads(body) for (body,) in (rows if order == "DESC" else reversed(rows))]

    def everywhere(self, kind: str, status: str) -> list[tuple[str, Document]]:
        """Read the objects of a kind and status of every account, with the account, oldest first."""
        query = "SELECT account, body FROM objects WHERE kind = ? AND json_extract(body, '$.status') = ? ORDER BY seq"
        with self._lock:
            rows = self._connection.execute(query, (kind, status)).fetchall()
        return [(account, json.loads(body)) for account, body in rows]

    def balances(self, account: str, at: int) -> list[tuple[str, bool, int]]:
        """Sum net balance transactions into (currency, whether available at that moment, minor units)."""
        query = """
            SELECT json_extract(body, '$.currency'), json_extract(body, '$.available_on') <= ?,
                   sum(json_extract(body, '$.net'))
            FROM objects WHERE account = ? AND kind = 'balance_transaction' GROUP BY 1, 2 ORDER BY 1"""
        with self._lock:
            rows = self._connection.execute(query, (at, account)).fetchall()
        return [(code, bool(available), net) for code, available, net in rows]

    def answer_to(self, account: str, key: str) -> Answer | None:
        """Read the answer that an idempotency key already has."""
        query = (
            "SELECT fingerprint, status, body, request_id FROM answers WHERE account = ? AND key = ? AND stored_at > ?"
        )
        row = self._connection.execute(query, (account, key, time.time() - IDEMPOTENCY_SECONDS)).fetchone()
        return Answer(*row) if row else None

    def keep_answer(self, account: str, key: str, answer: Answer) -> None:
        """Store the answer to an idempotent request."""
        row = (
            account,
            key,
            answer.fingerprint,
            answer.status,
            answer.body,
            answer.request_id,
            int(time.time()),
        )
        self._connection.execute("REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def queue(self, event_id: str, endpoint_id: str, due_at: float) -> None:
        """Note that an endpoint is to get an event."""
        row = (event_id, endpoint_id, due_at)
        self._connection.execute(
            "INSERT INTO deliveries (event_id, endpoint_id, attempts, due_at) VALUES (?, ?, 0, ?)", row
        )

    def due(self, at: float, limit: int) -> list[Delivery]:
        """Read the deliveries that are due, the longest waiting first."""
        query = "SELECT id, event_id, endpoint_id, attempts FROM deliveries WHERE due_at <= ? ORDER BY due_at LIMIT ?"
        with self._lock:
            return [Delivery(*row) for row in self._connection.execute(query, (at, limit)).fetchall()]

    def next_due(self) -> float | None:
        """Say when the next delivery is due."""
        with self._lock:
            row = self._connection.execute("SELECT min(due_at) FROM deliveries").fetchone()
        return None if row[0] is None else float(row[0])

    def delivered(self, id_: int) -> None:
        """Forget a delivery that was acknowledged."""
        with self._lock:
            self._connection.execute("DELETE FROM deliveries WHERE id = ?", (id_,))

    def put_off(self, id_: int, until: float) -> None:
        """Count a failed attempt and try again later."""
        with self._lock:
            change = "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE id = ?"
            self._connection.execute(change, (until, id_))

    def pending(self, event_id: str | None = None) -> int:
        """Count what is still to be delivered, of one event or of all."""
        query = "SELECT count(*) FROM deliveries WHERE ? IS NULL OR event_id = ?"
        with self._lock:
            return int(self._connection.execute(query, (event_id, event_id)).fetchone()[0])


def _dump(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
