"""Applications: what they lack, who may change them when, and what plugins add."""

from __future__ import annotations

import pytest

from core.hooks import runtime
from core.hooks.compliance import Requirement
from core.kernel.errors import Conflict, Denied, Invalid, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.merchants import applying, directory, documents, requirements
from tests.core.merchants import making


def test_submitting_says_what_is_missing_field_by_field(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.draft(kind="company")
    with pytest.raises(Invalid) as refused, transaction():
        applying.submit(merchant_id)
    assert [fault.path for fault in refused.value.fields] == [
        "phone", "address.line1", "address.city", "address.country", "registration_number",
        "documents.registration", "documents.representative", "documents.lawful_goods", "shop",
    ]  # fmt: skip
    with read_only():
        assert directory.find(merchant_id).state == "draft"


def test_a_chinese_company_needs_its_business_licence(tenant: Tenant) -> None:
    with transaction():
        merchant_id = applying.start(name="山海", email="a@b.test", country="CN", kind="company")
        codes = {need.code for need in applying.application(merchant_id).required}
    assert codes == {"business_licence", "representative", "lawful_goods"}


def test_a_plugins_requirement_must_be_met_before_handing_in(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Requirement("food", "Food licence", "document", frozenset({"sell"}))
    monkeypatch.setattr(runtime.plugins(), "collect", lambda spec, **facts: [asked] if "merchant" in facts else [])
    with transaction():
        merchant_id = making.filled_in()
        assert {d.requirement for d in documents.of_merchant(merchant_id)} == {"identity", "lawful_goods", "food"}
        documents.withdraw(merchant_id, "food")
    with pytest.raises(Invalid) as refused, transaction():
        applying.submit(merchant_id)
    assert [fault.path for fault in refused.value.fields] == ["documents.food"]


def test_an_application_under_review_cannot_be_changed(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.applied()
    with pytest.raises(Conflict), transaction():
        applying.edit(merchant_id, {"name": "Another"})
    with pytest.raises(Conflict), transaction():
        documents.withdraw(merchant_id, "identity")
    with read_only():
        assert directory.find(merchant_id).name == "Slip & Ember"
        assert len(documents.of_merchant(merchant_id)) == 2


def test_a_file_of_another_merchant_cannot_be_handed_in(tenant: Tenant) -> None:
    with transaction():
        mine, other = making.draft(), making.draft("Other")
        foreign = making.paper(other)
    with pytest.raises(Missing), transaction():
        documents.hand_in(mine, "identity", foreign)
    with read_only():
        assert documents.of_merchant(mine) == ()


def test_a_document_that_was_not_asked_for_is_refused(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.draft()
        media_id = making.paper(merchant_id)
    with pytest.raises(Invalid), transaction():
        documents.hand_in(merchant_id, "passport", media_id)


def test_documents_of_another_merchant_are_missing(tenant: Tenant) -> None:
    with transaction():
        mine, other = making.filled_in(), making.filled_in("Other")
        foreign = documents.of_merchant(other)[0].id
    with pytest.raises(Missing), read_only():
        documents.find(mine, foreign)


def test_no_application_begins_while_they_are_closed(make_tenant) -> None:
    closed = make_tenant(settings={"applications_open": False})
    with bind(closed):
        with pytest.raises(Denied), transaction():
            making.draft()
        with read_only():
            assert directory.search(state="draft") == ()


def test_kind_and_country_must_exist(tenant: Tenant) -> None:
    with transaction():
        merchant_id = making.draft()
    with pytest.raises(Invalid) as refused, transaction():
        applying.edit(merchant_id, {"kind": "club", "country": "QQ"})
    assert [fault.path for fault in refused.value.fields] == ["kind", "country"]


def test_plugins_see_the_merchant_without_its_rows(tenant: Tenant) -> None:
    with transaction():
        row = directory.row_of(making.draft())
        seen = requirements.snapshot(row)
    assert (seen.country, seen.kind, seen.models) == ("IE", "person", tenant.enabled)
