"""A tiny plugin adds a requirement and findings: they are asked for, shown, hold back, and stay until cleared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType

import pytest
from sqlalchemy import select, update

from core.catalogue.models import ListingRow
from core.compliance import plugged, reading
from core.hooks import runtime
from core.hooks.compliance import (
    ComplianceSubject,
    Finding,
    MerchantSnapshot,
    Requirement,
    Severity,
)
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.registry import Registry
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.merchants import requirements
from core.merchants.directory import row_of
from tests.core.catalogue.shelf import category, listing, shop


@hookimpl
def merchant_requirements(tenant: Tenant, merchant: MerchantSnapshot) -> Sequence[Requirement]:
    """Ask for a cellar book."""
    return [Requirement("wine.cellar", "Cellar book", "document", frozenset({"sell"}))]


@hookimpl
def compliance_findings(tenant: Tenant, subject: ComplianceSubject) -> Sequence[Finding]:
    """Object to wine."""
    if subject.kind == "listing" and "wine" in subject.facts["text"].lower():
        return [Finding("wine.minors", Severity.BLOCK, "Wine needs a check of age")]
    return []


@pytest.fixture
def wine(tenant: Tenant) -> Iterator[Tenant]:
    """The marketplace with the plugin alone, enabled."""
    module = ModuleType("wine")
    module.MANIFEST = Manifest(name="wine", version="1.0.0", title="Wine", summary="Wine")  # type: ignore[attr-defined]
    module.merchant_requirements = merchant_requirements  # type: ignore[attr-defined]
    module.compliance_findings = compliance_findings  # type: ignore[attr-defined]
    before = runtime.plugins()
    runtime.install(Registry({"wine": module}))
    with bind(replace(tenant, enabled=frozenset({"wine"}))) as bound:
        assert bound is not None
        yield bound
    runtime.install(before)


def test_requirement_of_a_plugin_is_asked_for(wine: Tenant) -> None:
    with transaction():
        row = row_of(shop().merchant_id)
        assert "wine.cellar" in [need.code for need in requirements.required_of(row)]


def test_finding_of_a_plugin_holds_back_until_cleared(wine: Tenant) -> None:
    with transaction():
        key = listing("Red wine", shop(), category("drinks"))
        plugged.findings("listing", [key])
        plugged.findings("listing", [key])
    with read_only():
        (found,) = reading.findings()
        assert (found.rule, found.is_blocking, found.law) == ("wine.minors", True, None)
        assert session().scalar(select(ListingRow.state).where(ListingRow.id == key)) == "blocked"
    with pytest.raises(Invalid), transaction():
        plugged.clear(found.id, "")
    with read_only():
        assert reading.finding(found.id).state == "open"
    with transaction():
        session().execute(update(ListingRow).where(ListingRow.id == key).values(title="Red juice"))
        plugged.findings("listing", [key])
    with read_only():
        assert reading.finding(found.id).state == "open"
    with transaction():
        plugged.clear(found.id, "It is juice")
    with pytest.raises(Conflict), transaction():
        plugged.clear(found.id, "again")
    with read_only():
        assert session().scalar(select(ListingRow.state).where(ListingRow.id == key)) == "hidden"
