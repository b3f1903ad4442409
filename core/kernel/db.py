"""The database: one declarative base, one engine for each role, and the guards that keep tenants apart.

Every transaction of the application's role binds its tenant by a signed call (`app.bind`) or fails; an ORM query
of a tenant-owned table carries the tenant as well; a write of another tenant's row is refused before it is sent.
"""

from __future__ import annotations

import hashlib
import select
from collections.abc import Mapping, Sequence
from contextlib import closing
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg import errors, pq
from sqlalchemy import Connection, DateTime, Engine, MetaData, TextClause, Uuid, bindparam, event, inspect, text
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.types import UserDefinedType

from core.kernel.config import Config
from core.kernel.tenancy import TenantOwned, current, current_id

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


class Unit:
    """What one transaction works with: a connection that begins with its first statement, and a session on it.

    Hot reads take the connection; the session, which costs as much as a statement, is made for who asks for it.
    """

    __slots__ = ("_connection", "_engine", "_info", "_session")

    def __init__(self, engine: Engine, info: dict[str, object] | None = None) -> None:
        """Work on an engine; `info` marks the session. Nothing is opened yet."""
        self._engine, self._info = engine, info
        self._connection: Connection | None = None
        self._session: Session | None = None

    def connection(self) -> Connection:
        """Return the connection; the transaction has begun at the server and has its tenant."""
        if self._connection is None:
            connection = self._engine.connect()
            try:
                connection.begin()
                self._connection = connection
            finally:
                if self._connection is None:
                    connection.close()
        return self._connection

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

    def rollback(self) -> None:
        """Undo everything."""
        if self._session is not None:
            self._session.rollback()
        if self._connection is not None:
            self._connection.rollback()

    def close(self) -> None:
        """Let go of the rows and give the connection back."""
        if self._session is not None:
            self._session.close()
        if self._connection is not None:
            self._connection.close()


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
    """Run a written statement on the driver's cursor and return plain tuples: half the cost of the toolkit's way.

    `statement` has the driver's own place-holders, `%(name)s`. Raise the driver's errors, which core.http.errors knows.
    """
    with closing(connection().connection.cursor()) as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def written(statement: str, params: Mapping[str, Any]) -> int:
    """Run a written statement that changes rows, as `fetched` does; return how many rows it touched."""
    with closing(connection().connection.cursor()) as cursor:
        cursor.execute(statement, params)
        touched: int = cursor.rowcount
    return touched


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
    return {
        "pool_size": config.pool_size,
        "max_overflow": 5,
        "pool_timeout": 2,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "pool_use_lifo": True,  # the connection that was used last has the most statements prepared
        "pool_events": [(_leave_out_the_dead, "checkout"), (_keep_prepared, "connect")],
        "connect_args": {"prepare_threshold": 0, "options": timeouts, "connect_timeout": 3},
    }


@lru_cache(100_000)
def signature(key: bytes, tenant: UUID) -> bytes:
    """Return what `app.bind` wants to see before it binds a tenant."""
    return hashlib.sha256(key + hashlib.sha256(key + tenant.bytes).digest()).digest()


reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
"""Whether the transactions that begin in this context are read-only."""


def guard_engine(engine: Engine, key: bytes) -> None:
    """Bind the current tenant at the start of each transaction of the engine, or refuse to start it.

    Beginning and binding are one message to the server, and so is the end: a third of what three calls through the
    driver's cursor cost, on every request.
    """

    @event.listens_for(engine, "begin")
    def bind_tenant(connection: Any) -> None:
        mode = "read only" if reads_only.get() else "read write"
        tenant = current().id
        call = f"select app.bind('{tenant}', {_KEY_ID}, '\\x{signature(key, tenant).hex()}')"
        try:
            _send(connection.connection.dbapi_connection, f"begin {mode}; {call}".encode())
        except psycopg.OperationalError as error:  # SQLAlchemy does not wrap what its listeners raise.
            raise OperationalError("begin", None, error) from error

    def commit(connection: Any) -> None:
        _send(connection, b"commit")

    def rollback(connection: Any) -> None:
        if connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:  # a pool undoes what nobody began, too
            connection.rollback()

    engine.dialect.do_commit = commit  # type: ignore[method-assign, assignment]
    engine.dialect.do_rollback = rollback  # type: ignore[method-assign, assignment]


def _send(connection: Any, command: bytes) -> None:
    """Run a command as it is. Raise the driver's own error, such as a reference that fails at the commit."""
    answer = connection.pgconn.exec_(command)
    if connection.closed:
        raise psycopg.OperationalError("the server ended the connection")
    if answer.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise errors.error_from_result(answer)


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
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(_CRITERIA)


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
