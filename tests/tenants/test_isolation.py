"""Two tenants share every table and see nothing of each other: each layer attacked alone, as the serving role."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, delete, func, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from core.identity.models import RoleRow, UserRow
from core.kernel.config import Config
from core.kernel.db import CrossTenantWrite, db, guard_engine, session, signature
from core.kernel.tenancy import Tenant, TenantNotBound, TenantOwned, bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.merchants.models import MerchantRow
from core.orders.models import CounterRow
from tests.tenants.planting import plant, tables_of

Make = Callable[..., Tenant]
BINDING = "tenant binding"


def _connect(config: Config, role: str) -> psycopg.Connection:
    return psycopg.connect(config.role_url(role).replace("+psycopg", ""), autocommit=False)


@pytest.fixture
def serving(config: Config, tenant: Tenant) -> Iterator[psycopg.Connection]:
    """A connection of the serving role, bound to the test's tenant as a request is."""
    with _connect(config, "galleria_app") as connection:
        _bind(connection, config, tenant.id)
        yield connection
        connection.rollback()


def _bind(connection: psycopg.Connection, config: Config, tenant_id: UUID) -> None:
    mark = signature(config.derived(BINDING), tenant_id)
    connection.execute("select app.bind(%s, 1, %s)", (tenant_id, mark))


# The ORM guard.


def test_query_of_one_tenant_never_returns_rows_of_another(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with read_only():
        mine = session().scalars(select(MerchantRow.tenant_id)).all()
    assert set(mine) == {tenant.id}
    with bind(other), read_only():
        assert set(session().scalars(select(MerchantRow.tenant_id)).all()) == {other.id}


def test_a_transaction_without_a_tenant_does_not_start(app) -> None:
    with pytest.raises(TenantNotBound), transaction():
        pass


def test_an_orm_query_without_a_tenant_raises_before_it_is_sent(app) -> None:
    with Session(db.engines[None]) as unbound, pytest.raises(TenantNotBound):
        unbound.scalars(select(MerchantRow)).all()


@pytest.fixture
def bare(config: Config) -> Iterator[Session]:
    """A session of a role that row-level security does not hold: what is left is the ORM guard alone."""
    engine = create_engine(config.database_url)
    with Session(engine) as open_session:
        yield open_session
        open_session.rollback()
    engine.dispose()


def test_the_orm_guard_alone_confines_every_shape_of_query(tenant: Tenant, make_tenant: Make, bare: Session) -> None:
    make_tenant()
    other, counter = aliased(MerchantRow), aliased(CounterRow)
    shapes = [
        select(MerchantRow.tenant_id),
        select(other.tenant_id),
        select(counter.tenant_id).join(other, other.tenant_id == counter.tenant_id),
        select(MerchantRow.tenant_id).where(MerchantRow.id.in_(select(other.id))),
        select(MerchantRow.tenant_id).union_all(select(CounterRow.tenant_id)),
    ]
    for shape in shapes:
        assert set(bare.scalars(shape)) == {tenant.id}


def test_control_without_the_guard_the_same_role_sees_every_tenant(tenant: Tenant, make_tenant: Make, bare) -> None:
    other = make_tenant()
    seen = set(bare.connection().execute(text("select tenant_id from merchants")).scalars())
    assert {tenant.id, other.id} <= seen


def test_the_orm_guard_alone_confines_updates_and_deletes(tenant: Tenant, make_tenant: Make, bare: Session) -> None:
    make_tenant()
    found = select(func.count()).select_from(CounterRow).scalar_subquery()
    held = bare.scalar(select(func.count()).select_from(CounterRow))

    def changed() -> list[tuple[UUID, str]]:
        rows = bare.connection().execute(text("select tenant_id, note from merchants where note like 'changed%'"))
        return [tuple(row) for row in rows]

    bare.execute(update(MerchantRow).values(note="changed"))
    assert changed() == [(tenant.id, "changed")]
    bare.execute(update(MerchantRow).values(note=func.concat("changed ", found)))
    assert changed() == [(tenant.id, f"changed {held}")]
    kept = bare.connection().execute(text("select count(*) from counters where tenant_id <> :own"), {"own": tenant.id})
    bare.execute(delete(CounterRow))
    left = bare.connection().execute(text("select count(*) from counters"))
    assert left.scalar_one() == kept.scalar_one()


def test_writing_a_row_of_another_tenant_is_refused_before_it_is_sent(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    row = RoleRow(tenant_id=other.id, realm="operator", name="x", merchant_id=None)
    with pytest.raises(CrossTenantWrite), transaction():
        session().add(row)


def test_moving_a_row_to_another_tenant_is_refused(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with pytest.raises(CrossTenantWrite), transaction():
        session().scalars(select(MerchantRow)).first().tenant_id = other.id  # type: ignore[union-attr]


# Row-level security, by SQL that no ORM has seen.


def test_raw_sql_without_a_bound_tenant_reads_no_row(config: Config, app) -> None:
    with _connect(config, "galleria_app") as connection, pytest.raises(psycopg.Error):
        connection.execute("select count(*) from merchants")


def test_the_next_transaction_of_a_connection_is_not_bound(config: Config, serving: psycopg.Connection) -> None:
    assert serving.execute("select count(*) from merchants").fetchone() == (1,)
    serving.commit()
    with pytest.raises(psycopg.Error):
        serving.execute("select count(*) from merchants")


ATTACKS = {
    "without where": "select tenant_id from merchants",
    "or 1=1": "select tenant_id from merchants where id = '{row}' or 1=1",
    "union": "select tenant_id from merchants union all select tenant_id from counters",
    "set_config in a select": "with x as materialized (select set_config('app.tenant_id','{b}',true)) "
                              "select p.tenant_id from x, lateral (select * from merchants) p",
    "query_to_xml rebinding": "select query_to_xml('select set_config(''app.tenant_id'',''{b}'',true)',true,true,'')",
    "query_to_xml": "select query_to_xml('select tenant_id from merchants where tenant_id=''{b}''',true,true,'')::text",
    "pg_settings": "update pg_settings set setting='{b}' where name='app.tenant_id' returning setting",
    "signature of a for b": "select app.bind('{b}',1,decode('{mark}','hex'))",
    "unknown key": "select app.bind('{b}',99,decode('{mark}','hex'))",
    "the key": "select key from app.bind_key",
    "set role": "set role galleria_owner",
    "set session authorization": "set session authorization galleria_platform",
    "disable security": "alter table merchants disable row level security",
    "create policy": "create policy x on merchants using (true)",
    "move to b": "update merchants set tenant_id='{b}' returning tenant_id",
    "insert for b": "insert into counters (tenant_id,id,series,last) values ('{b}','{fresh}','x',1) "
                    "returning tenant_id",
    "conflict on b's key": "insert into counters (tenant_id,id,series,last) values ('{b}','{fresh}','purchase',1) "
                           "on conflict (tenant_id,series) do update set last=0 returning tenant_id",
    "truncate": "truncate counters",
    "error based": "select tenant_id from merchants where 1/(case when tenant_id='{b}' then 0 else 1 end)=1",
    "statistics": "select most_common_vals::text from pg_stats where tablename='merchants' and attname='tenant_id'",
    "ctid": "select tenant_id from merchants where ctid >= '(0,0)'",
    "do block": "do $$ begin perform set_config('app.tenant_id','{b}',true); end $$",
    "file": "select pg_read_file('/etc/passwd')",
    "program": "copy merchants from program 'id'",
    "extension": "create extension dblink",
    "stacked": "select 1; set local app.tenant_id='{b}'; select tenant_id from merchants",
    "maintenance": "select tenant_id from merchants where (select app.tenant_of_host('x','y')) is null",
    "other tenants' rows": "select id from tenants where id='{b}'",
    "own plan": "update tenants set plan_code='unlimited' returning '{b}'",
    "own state": "update tenants set state='active' returning '{b}'",
    "own proof": "update tenant_domains set verified_at=now() returning '{b}'",
    "proved domain": "insert into tenant_domains (tenant_id,id,host,challenge,verified_at) "
                     "values ('{a}','{fresh}','x.example','',now()) returning '{b}'",
    "plans": "update plans set limits='{{}}' returning '{b}'",
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_injected_statement_shows_or_changes_another_tenant(
    config: Config, tenant: Tenant, make_tenant: Make, serving: psycopg.Connection, attack: str
) -> None:
    other = make_tenant()
    mark = signature(config.derived(BINDING), tenant.id).hex()
    statement = ATTACKS[attack].format(a=tenant.id, b=other.id, row=uuid4(), fresh=uuid4(), mark=mark)
    try:
        cursor = serving.execute(statement, prepare=True)
        rows = cursor.fetchall() if cursor.description else []
    except psycopg.Error:
        return
    assert str(other.id) not in str([[str(value) for value in row] for row in rows])


def test_control_a_role_past_row_level_security_sees_both(config: Config, tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with _connect(config, "galleria_platform") as connection:
        seen = {row[0] for row in connection.execute(ATTACKS["without where"])}
    assert {tenant.id, other.id} <= seen


def test_a_reference_to_another_tenants_row_cannot_be_written(
    config: Config, tenant: Tenant, make_tenant: Make
) -> None:
    other = make_tenant()
    with bind(other), transaction():
        user = UserRow(realm="operator", email="b@b.example", email_key="b@b.example")
        session().add(user)
        session().flush()
        theirs = user.id
    with pytest.raises(DBAPIError, match="fk_"), transaction():
        session().execute(
            text("insert into memberships (tenant_id, id, user_id) values (:t, :i, :u)"),
            {"t": tenant.id, "i": uuid4(), "u": theirs},
        )


def test_a_unique_value_of_another_tenant_is_free_here(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    for place in (other, tenant):
        with bind(place), transaction():
            session().add(UserRow(realm="operator", email="same@x.example", email_key="same@x.example"))


# Every table, with rows of every table.


@pytest.fixture
def planted(config: Config, make_tenant: Make, app) -> Tenant:
    """Another tenant with a row of every table."""
    other = make_tenant()
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as admin:
        plant(admin, other.id)
    return other


def _reach(connection: psycopg.Connection, table: str, other: UUID) -> dict[str, int]:
    """Return how many of another tenant's rows each kind of statement reaches."""
    name, reached = sql.Identifier(table), {}
    statements = {
        "select": sql.SQL("select 1 from {t} where tenant_id = %s"),
        "update": sql.SQL("update {t} set id = id where tenant_id = %s"),
        "delete": sql.SQL("delete from {t} where tenant_id = %s"),
    }
    for verb, statement in statements.items():
        try:
            with connection.transaction():
                reached[verb] = connection.execute(statement.format(t=name), (other,)).rowcount
                raise psycopg.Rollback
        except psycopg.errors.InsufficientPrivilege:
            reached[verb] = 0
    try:
        with connection.transaction():
            copied = sql.SQL("insert into {t} (tenant_id, id) values (%s, %s)").format(t=name)
            reached["insert"] = connection.execute(copied, (other, uuid4())).rowcount
            raise psycopg.Rollback
    except psycopg.errors.InsufficientPrivilege:
        reached["insert"] = 0
    except psycopg.errors.NotNullViolation:
        reached["insert"] = -1  # the row's own form is checked first only where the policy let it pass
    return reached


def test_no_statement_reaches_a_row_of_another_tenant_in_any_table(
    planted: Tenant, serving: psycopg.Connection, tenant: Tenant
) -> None:
    other = planted
    for table in tables_of():
        assert _reach(serving, table, other.id) in (
            {"select": 0, "update": 0, "delete": 0, "insert": 0},
            {"select": 0, "update": 0, "delete": 0, "insert": -1},
        ), table


def test_control_the_administrator_reaches_every_planted_row(config: Config, planted: Tenant) -> None:
    other = planted
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as admin:
        for table in tables_of():
            counted = sql.SQL("select count(*) from {t} where tenant_id = %s").format(t=sql.Identifier(table))
            assert admin.execute(counted, (other.id,)).fetchone() != (0,), table


# A pool that many tenants share.


def _alternate(engine: Engine, tenants: list[Tenant], times: int) -> int:
    """Run transactions of tenants in turn, a third rolled back, and count those that saw a foreign row."""
    dice, strange = random.Random(7), 0
    for _time in range(times):
        tenant = dice.choice(tenants)
        with bind(tenant), engine.connect() as connection:
            seen = set(connection.execute(text("select tenant_id from merchants")).scalars())
            strange += seen != {tenant.id}
            connection.rollback() if dice.random() < 0.3 else connection.commit()
    return strange


def test_a_pool_shared_by_twenty_tenants_never_mixes_them(config: Config, make_tenant: Make) -> None:
    tenants = [make_tenant(preset="bare") for _number in range(20)]
    engine = create_engine(config.role_url("galleria_app"), pool_size=2, max_overflow=0)
    guard_engine(engine, config.derived(BINDING))
    assert _alternate(engine, tenants, 1000) == 0
    engine.dispose()


def test_control_a_binding_that_outlives_its_transaction_mixes_them(config: Config, make_tenant: Make) -> None:
    tenants = [make_tenant(preset="bare") for _number in range(3)]
    engine = create_engine(config.role_url("galleria_platform"), pool_size=2, max_overflow=0)
    assert _alternate(engine, tenants, 10) == 10
    engine.dispose()


def test_every_model_with_a_tenant_is_under_the_orm_guard() -> None:
    for mapper in db.Model.registry.mappers:
        if "tenant_id" in mapper.local_table.columns:
            assert issubclass(mapper.class_, TenantOwned), mapper


def test_the_platforms_session_is_the_only_one_past_the_guard(tenant: Tenant, make_tenant: Make) -> None:
    other = make_tenant()
    with platform_transaction():
        assert {tenant.id, other.id} <= set(session().scalars(select(MerchantRow.tenant_id)))
