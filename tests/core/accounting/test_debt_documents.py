"""Requests for payment: a paper with a gapless number for each debt that is invoiced, frozen, of its merchant alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from core.accounting import debt_documents, documents
from core.billing.payouts import debts
from core.kernel.errors import Conflict, Missing
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from tests.core.billing.settling import earn, merchant, unpaid
from web.papers.sheets import document_sheet


def test_a_debt_is_asked_for_by_a_paper_without_tax(tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        debt = debt_documents.ask(key)
        paper = documents.paper(debt_documents.papers_of([debt.id])[debt.id], merchant_id=key)
        assert (paper.kind, paper.number, paper.net.minor, paper.tax.minor) == ("payment_request", "PR-10001", 400, 0)
        assert (debt.state, debt.amount, paper.gross) == ("invoiced", paper.gross, debt.amount)
        assert unpaid(key) == 0


def test_numbers_have_no_gap_and_nothing_owed_uses_none(tenant: Tenant) -> None:
    with transaction():
        first, second = merchant(), merchant()
        earn(first, -100)
        earn(second, -200)
        debt_documents.ask(first)
        with pytest.raises(Conflict):
            debt_documents.ask(first)
        debt_documents.ask(second)
        found, _following = documents.listed(kinds=["payment_request"])
        assert [(one.number, one.gross.minor) for one in found] == [("PR-10002", 200), ("PR-10001", 100)]


def test_the_sheet_says_how_to_pay_and_names_the_debt(app: Flask, tenant: Tenant) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        debt = debt_documents.ask(key)
        paper = documents.paper(debt_documents.papers_of([debt.id])[debt.id])
    with app.test_request_context("/"):
        sheet = document_sheet(paper)
    assert sheet.title == "Request for payment"
    assert debt.number in sheet.notes[0]
    assert [label for label, _amount in sheet.totals] == ["Net", "Tax", "Total"]


def test_a_debt_that_is_written_off_has_no_paper_and_another_marketplace_sees_none(
    tenant: Tenant, make_tenant: Callable[..., Tenant]
) -> None:
    with transaction():
        key = merchant()
        earn(key, -400)
        paper_id = debt_documents.papers_of([(debt := debt_documents.ask(key)).id])[debt.id]
        assert [one.id for one in debts.of_merchants(key)] == [debt.id]
    with bind(make_tenant()), read_only():
        assert debt_documents.papers_of([debt.id]) == {}
        with pytest.raises(Missing):
            documents.paper(paper_id)
