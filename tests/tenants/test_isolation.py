"""Two tenants share every table and see nothing of each other."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from core.kernel.db import db, session
from core.kernel.tenancy import Tenant, TenantNotBound, bind
from core.kernel.tx import read_only, transaction
from core.merchants.models import MerchantRow


def test_query_of_one_tenant_never_returns_rows_of_another(tenant: Tenant, make_tenant) -> None:
    other = make_tenant()
    with read_only():
        mine = session().scalars(select(MerchantRow.tenant_id)).all()
    assert set(mine) == {tenant.id}
    with bind(other), read_only():
        assert set(session().scalars(select(MerchantRow.tenant_id)).all()) == {other.id}


def test_raw_sql_without_a_bound_tenant_reads_no_row(config, app) -> None:
    engine = create_engine(config.role_url("galleria_app"))
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("select count(*) from merchants"))


def test_a_transaction_without_a_tenant_does_not_start(app) -> None:
    with pytest.raises(TenantNotBound), transaction():
        pass


def test_injected_set_config_cannot_rebind(tenant: Tenant, make_tenant) -> None:
    other = make_tenant()
    with pytest.raises(DBAPIError), read_only():
        session().execute(text("select set_config('app.tenant_id', :t, true)"), {"t": str(other.id)})


def test_engine_binds_by_signature_only(tenant: Tenant) -> None:
    with pytest.raises(DBAPIError), db.engines[None].begin() as connection:
        connection.execute(text("select app.bind(:t, 1, 'x'::bytea)"), {"t": tenant.id})
