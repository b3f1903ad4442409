"""The database: one declarative base, one engine for each role, and the guards that keep tenants apart.

Every transaction of the application's role binds its tenant by a signed call (`app.bind`) or fails; an ORM query
of a tenant-owned table carries the tenant as well; a write of another tenant's row is refused before it is sent.
"""

from __future__ import annotations

import hashlib
import select
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg import pq
from sqlalchemy import Connection, DateTime, Engine, MetaData, TextClause, Uuid, bindparam, event, inspect, text
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.expression import SelectBase
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import UserDefinedType

from core.kernel.config import Config
from core.kernel.tenancy import TenantOwned, current, current_id
from core.kernel.wire import Call, Wire, call, send

APP, PLATFORM, OWNER = "galleria_app", "galleria_platform", "galleria_owner"
_KEY_ID = 1


class CrossTenantWrite(RuntimeError):
    """A session of one tenant was about to write a row of another."""


class NoTransaction(RuntimeError):
    """A service was called outside of a transaction; only edges open them."""


class _Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


db = SQLAlchemy(model_class=_Base, disable_autonaming=True, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(_Base):
        """The base of every mapped class."""

        __abstract__ = True

else:
    Model = db.Model

Timestamp = DateTime(timezone=True)


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8: the transaction that wrote a row, by which seals and snapshots know what is finished."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Return the type's name in DDL."""
        return "xid8"


def this_transaction() -> TextClause:
    """Return the server default of a TransactionId column."""
    return text("pg_current_xact_id()")


reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
"""Whether the transactions that begin in this context are read-only."""


class Unit:
    """What one transaction works with: a pooled connection, and what is made on it for who asks.

    Hot reads and writes run on the wire. The toolkit's connection and the ORM's session on it, each of which costs
    more than a statement, are made when they are asked for. A unit that only reads does not begin at the server as
    long as it only fetches: each of its statements is bound, run and ended in one message.
    """

    __slots__ = ("_connection", "_engine", "_info", "_pooled", "_reads", "_session")

    def __init__(self, engine: Engine, info: dict[str, object] | None = None) -> None:
        """Work on an engine; `info` marks the session. Nothing is opened yet."""
        self._engine, self._info, self._reads = engine, info, reads_only.get()
        self._pooled: PoolProxiedConnection | None = None
        self._connection: Connection | None = None
        self._session: Session | None = None

    def wire(self) -> Wire:
        """Return the wire of the connection, taken from the pool at the first call."""
        if self._pooled is None:
            self._pooled = self._engine.raw_connection()
        found: Wire | None = self._pooled.info.get("wire")
        if found is None:
            found = self._pooled.info["wire"] = Wire(self._pooled.dbapi_connection)  # type: ignore[arg-type]
        return found

    def run(self, *wanted: Call) -> Sequence[Any]:
        """Run statements in one message, in the unit's transaction, as its tenant, after what the session holds unwritten.

        Return the driver's result of each.
        """
        if self._session is not None:
            self._session.flush()
            self._begin_savepoint()
        wire = self.wire()
        before, after = _around(self._engine, reads=self._reads) if wire.is_between else ((), ())
        return wire.run(wanted, before, after)

    def connection(self) -> Connection:
        """Return the toolkit's connection; the transaction has begun at the server and has its tenant."""
        if self._connection is None:
            self.wire()
            connection = Connection(self._engine, self._pooled)
            connection.begin()
            self._connection = connection
        self._begin_savepoint()
        return self._connection

    def _begin_savepoint(self) -> None:
        """Set the session's savepoint at the server, which it puts off until it sends a statement of its own."""
        if self._session is not None and self._session.in_nested_transaction():
            self._session.connection()

    def session(self) -> Session:
        """Return the session on this connection."""
        if self._session is None:
            self._session = Session(self.connection(), expire_on_commit=False, info=self._info)
        return self._session

    def commit(self) -> None:
        """Write what the session holds and commit; nothing is sent where nothing was asked."""
        if self._session is not None:
            self._session.commit()  # flushes: the transaction is the connection's own
        if self._connection is not None:
            self._connection.commit()
        elif self._pooled is not None and not self.wire().is_between:
            self.wire().commit()

    def rollback(self) -> None:
        """Undo everything; what only the wire has begun is undone as the connection goes back to its pool."""
        if self._session is not None:
            self._session.rollback()
        if self._connection is not None:
            self._connection.rollback()

    def close(self) -> None:
        """Let go of the rows and give the connection back, be it a dead one that the session cannot close on."""
        try:
            if self._session is not None:
                self._session.close()
        finally:
            if self._connection is not None:
                self._connection.close()
            elif self._pooled is not None:
                self._pooled.close()


_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


def _open_unit() -> Unit:
    unit = _unit.get()
    if unit is None:
        raise NoTransaction("open a transaction at the edge first")
    return unit


def session() -> Session:
    """Return the session of the open transaction. Raise NoTransaction outside of one."""
    return _open_unit().session()


def connection() -> Connection:
    """Return the connection of the open transaction, for statements without rows of ours. Raise NoTransaction."""
    return _open_unit().connection()


def fetched(statement: str, params: Mapping[str, Any]) -> Sequence[Any]:
    """Run a written statement on the wire and return plain tuples: a tenth of the cost of the toolkit's way.

    `statement` has the driver's own place-holders, `%(name)s`; a value's type comes from where it stands, so write
    a cast where it stands alone. Raise the driver's errors, which core.http.errors knows.
    """
    unit = _open_unit()
    (result,) = unit.run(call(statement, params))
    return unit.wire().rows(result)


def fetched_together(*asked: tuple[str, Mapping[str, Any]]) -> list[Sequence[Any]]:
    """Run several statements as `fetched` does, in their order and in one message; return the rows of each.

    Each sees what those before it did, and what others committed while it waited for a lock of one before it.
    """
    unit = _open_unit()
    results = unit.run(*(call(statement, params) for statement, params in asked))
    return [unit.wire().rows(result) for result in results]


def written(statement: str, params: Mapping[str, Any]) -> int:
    """Run a written statement that changes rows, as `fetched` does; return how many rows it touched."""
    (result,) = _open_unit().run(call(statement, params))
    return int(result.command_tuples or 0)


def _leave_out_the_dead(connection: Any, _record: object, _fairy: object) -> None:
    """Replace a pooled connection that the server has ended, and all as old as it, before anybody uses it.

    A server never speaks first: something to read on an idle connection is its farewell. This costs no round trip.
    """
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError


_PREPARED_MOST: Final = 500
"""How many statements a connection keeps prepared; the driver's 100 are fewer than an hour's work asks for."""


def _keep_prepared(connection: Any, _record: object) -> None:
    """Let a new connection keep its prepared statements, or each is planned anew for want of room."""
    connection.prepared_max = _PREPARED_MOST


def engine_options(config: Config) -> dict[str, Any]:
    """Return options of every engine: extended protocol only, bounded waits, a small pool without dead ends."""
    timeouts = "-c lock_timeout=3000 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=15000"
    likeness = "-c plan_cache_mode=force_generic_plan -c pg_trgm.word_similarity_threshold=0.45"  # from where on a title looks like what was searched
    return {
        "pool_size": config.pool_size,
        "max_overflow": 5,
        "pool_timeout": 2,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "pool_use_lifo": True,  # the connection that was used last has the most statements prepared
        "pool_events": [(_leave_out_the_dead, "checkout"), (_keep_prepared, "connect")],
        "connect_args": {"prepare_threshold": 0, "options": f"{timeouts} {likeness}", "connect_timeout": 3},
    }


@lru_cache(100_000)
def signature(key: bytes, tenant: UUID) -> bytes:
    """Return what `app.bind` wants to see before it binds a tenant."""
    return hashlib.sha256(key + hashlib.sha256(key + tenant.bytes).digest()).digest()


_keys: WeakKeyDictionary[Engine, bytes] = WeakKeyDictionary()
_BIND = "select app.bind(%(tenant)s, %(key)s, %(signature)s)"


@lru_cache(100_000)
def _binding(key: bytes, tenant: UUID) -> Call:
    return call(_BIND, {"tenant": tenant, "key": _KEY_ID, "signature": f"\\x{signature(key, tenant).hex()}"})


_BEGIN, _BEGIN_READING, _END = call("begin read write", {}), call("begin read only", {}), (call("commit", {}),)


def _around(engine: Engine, *, reads: bool) -> tuple[Sequence[Call], Sequence[Call]]:
    """Return what goes with a statement outside of a transaction: what begins one, and what ends it if it reads.

    The platform's role binds nobody.
    """
    key, begin = _keys.get(engine), _BEGIN_READING if reads else _BEGIN
    return (begin,) if key is None else (begin, _binding(key, current().id)), _END if reads else ()


def guard_engine(engine: Engine, key: bytes) -> None:
    """Bind the current tenant at the start of each transaction of the engine, or refuse to start it.

    Beginning and binding are one message to the server, and so is the end: a third of what three calls through the
    driver's cursor cost. What the wire has begun already is joined.
    """
    _keys[engine] = key

    @event.listens_for(engine, "begin")
    def bind_tenant(connection: Any) -> None:
        tenant, driver = current().id, connection.connection.dbapi_connection
        if driver.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
            return
        mode = "read only" if reads_only.get() else "read write"
        sign = f"select app.bind('{tenant}', {_KEY_ID}, '\\x{signature(key, tenant).hex()}')"
        try:
            send(driver, f"begin {mode}; {sign}".encode())
        except psycopg.OperationalError as error:  # SQLAlchemy does not wrap what its listeners raise.
            raise OperationalError("begin", None, error) from error

    plain_ends(engine)


def plain_ends(engine: Engine) -> None:
    """End transactions and work savepoints of an engine in plain commands.

    The driver forgets all prepared statements at a rollback.
    """

    def commit(connection: Any) -> None:
        if connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            send(connection, b"commit")

    def rollback(connection: Any) -> None:
        if connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:  # a pool undoes what nobody began, too
            send(connection, b"rollback")

    def at_savepoint(command: str) -> Callable[[Connection, str], None]:
        def run(connection: Connection, name: str) -> None:
            send(connection.connection.dbapi_connection, f"{command} {name}".encode())  # type: ignore[arg-type]

        return run

    engine.dialect.do_commit = commit  # type: ignore[method-assign, assignment]
    engine.dialect.do_rollback = rollback  # type: ignore[method-assign, assignment]
    # The toolkit compiles a savepoint's statements anew each time; every plugin that writes has one around its call.
    for command in ("savepoint", "rollback to savepoint", "release savepoint"):
        setattr(engine.dialect, f"do_{command.replace(' ', '_')}", at_savepoint(command))


# Built once: a fresh option for each statement costs ten times as much.
_TENANT = bindparam("_tenant", callable_=current_id, type_=Uuid())
_CRITERIA = with_loader_criteria(
    TenantOwned,
    lambda cls: cls.tenant_id == _TENANT,
    include_aliases=True,
    track_closure_variables=False,
)


def is_platform(open_session: Session) -> bool:
    """Tell whether the session is the platform's own, which may see every tenant."""
    return bool(open_session.info.get("platform"))


@event.listens_for(Session, "do_orm_execute")
def _add_tenant(state: ORMExecuteState) -> None:
    if is_platform(state.session):
        return
    current_id()
    if (state.is_update or state.is_delete) and not isinstance(state.parameters, list):
        target = state.bind_mapper.class_ if state.bind_mapper else None
        if target is not None and issubclass(target, TenantOwned) and not _has_query(state.statement):
            # The option would have the toolkit look through all mappers to find out what its session holds of the rows.
            state.statement = state.statement.where(target.tenant_id == _TENANT)  # type: ignore[attr-defined]
            return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(_CRITERIA)


def _has_query(statement: Any) -> bool:
    """Tell whether a change reads other rows, which carry the tenant as well."""
    return any(isinstance(part, SelectBase) for part in iterate(statement))


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(open_session: Session, _context: object, _instances: object) -> None:
    if is_platform(open_session):
        return
    tenant = current_id()
    for row in [*open_session.new, *open_session.dirty, *open_session.deleted]:
        if not isinstance(row, TenantOwned):
            continue
        if row.tenant_id is None:
            row.tenant_id = tenant
        if row.tenant_id != tenant or inspect(row).attrs.tenant_id.history.deleted:
            raise CrossTenantWrite(type(row).__name__)
