"""Rows written in one statement: whole, with their defaults, of the bound tenant alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy import select

from core.catalogue.models import CategoryRow
from core.kernel.db import CrossTenantWrite, fetched_together, session
from core.kernel.ids import new_id
from core.kernel.locks import naming
from core.kernel.outbox import OutboxRow
from core.kernel.rows import store
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction

MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
ODD = "“quoted”, 100% \\ {a} 'b' \n 普洱"


class Word(StrEnum):
    ODD = ODD


def _categories(*slugs: str) -> list[dict[str, object]]:
    return [{"slug": slug, "path": slug, "names": {"en": ODD}, "position": n} for n, slug in enumerate(slugs)]


def _slugs() -> list[str]:
    return list(session().scalars(select(CategoryRow.slug).order_by(CategoryRow.position)))


def test_values_arrive_as_they_were_given_and_defaults_fill_the_rest(tenant: Tenant) -> None:
    key = new_id()
    with transaction():
        store(
            OutboxRow, [{"id": key, "handler": Word.ODD, "payload": {"n": 1, "of": [key, MOMENT]}, "next_at": MOMENT}]
        )
    with read_only():
        row = session().scalars(select(OutboxRow).where(OutboxRow.id == key)).one()
        assert (row.tenant_id, row.handler, row.next_at, row.attempts) == (tenant.id, ODD, MOMENT, 0)
        assert row.payload == {"n": 1, "of": [str(key), MOMENT.isoformat()]}
        assert (row.subject, row.done_at) == (None, None)


def test_many_rows_are_one_statement_and_none_is_none(tenant: Tenant) -> None:
    with transaction():
        store(CategoryRow, [])
        store(CategoryRow, _categories("a", "b", "c"))
        assert _slugs() == ["a", "b", "c"]


def test_a_row_that_no_session_holds_can_be_given(tenant: Tenant) -> None:
    row = CategoryRow(id=new_id(), slug="a", path="a", names={"en": "A"}, position=0, is_active=True)
    with transaction():
        store(CategoryRow, [vars(row)])
    with read_only():
        assert session().scalars(select(CategoryRow.id)).all() == [row.id]


def test_what_the_session_holds_is_written_first(tenant: Tenant) -> None:
    parent = CategoryRow(id=new_id(), slug="top", path="top", names={}, position=0, is_active=True)
    with transaction():
        session().add(parent)
        store(CategoryRow, [{**row, "parent_id": parent.id} for row in _categories("below")])
        assert sorted(_slugs()) == ["below", "top"]


def test_another_tenants_row_is_refused_and_nothing_is_written(
    tenant: Tenant, make_tenant: Callable[..., Tenant]
) -> None:
    other = make_tenant()
    with transaction():
        ours, theirs = _categories("ours", "theirs")
        with pytest.raises(CrossTenantWrite):
            store(CategoryRow, [ours, {**theirs, "tenant_id": other.id}])
        assert _slugs() == []
    with bind(other), read_only():
        assert _slugs() == []


def test_what_has_no_letters_is_refused_before_anything_is_sent(tenant: Tenant) -> None:
    with transaction():
        with pytest.raises(TypeError, match="cannot send object"):
            store(CategoryRow, [{**_categories("a")[0], "names": {"en": object()}}])
        assert _slugs() == []


def test_statements_of_one_message_see_each_other_in_their_order(tenant: Tenant) -> None:
    insert = """
        insert into categories (tenant_id, id, slug, path, names, position, is_active)
        values (%(tenant)s, %(id)s, 'a', 'a', '{}', 0, true) returning id"""
    key = new_id()
    with transaction():
        _lock, made, seen = fetched_together(
            naming("categories"), (insert, {"tenant": tenant.id, "id": key}), ("select id from categories", {})
        )
        assert (made, seen) == ([(UUID(str(key)),)], [(key,)])
