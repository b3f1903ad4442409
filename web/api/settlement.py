"""The rest of settlement in the API: terms, bank details, holds, payment files, clawbacks, debts, withdrawals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, validate

from core.accounting import debt_documents
from core.billing import payees
from core.billing.payouts import banking, clawbacks, debts, holds, terms
from core.billing.payouts.clawbacks import Clawback
from core.billing.payouts.debts import Debt
from core.billing.payouts.terms import EVERY, Terms
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import directory
from core.payments import bank_accounts, bank_files
from core.payments.bank_accounts import BankAccount, Details
from core.payments.bank_files import BankFile
from web import payouts as words
from web.api.surface import Strict, api_edge, resource

blueprint = resource("settlement", "/settlement", "How merchants are paid: terms, accounts, holds, files, debts")
Json = Mapping[str, object]


class TermsIn(Strict):
    """When and how merchants are paid. `weekday` 0 is Monday; the reserve in hundredths of a per cent."""

    every = fields.String(required=True, validate=validate.OneOf(EVERY))
    weekday = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 6))
    month_day = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 28))
    minimum_minor = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))
    reserve_bps = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 10_000))
    reserve_days = fields.Integer(strict=True, load_default=30, validate=validate.Range(0, 365))
    adapter = fields.String(load_default="bank", validate=validate.Length(max=40))
    approval_above_minor = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0))
    takes_back = fields.Boolean(load_default=False)


class BankAccountIn(Strict):
    """A bank account: an IBAN, or a local number with the bank's code."""

    holder = fields.String(required=True, validate=validate.Length(1, 70))
    number = fields.String(required=True, validate=validate.Length(4, 60))
    bank_code = fields.String(load_default="", validate=validate.Length(max=20))
    bank_name = fields.String(load_default="", validate=validate.Length(max=70))
    country = fields.String(required=True, validate=validate.Length(equal=2))


class HoldIn(Strict):
    """Why money is kept back; without an amount all of it, without a moment until it is lifted."""

    merchant_id = fields.UUID(required=True)
    message = fields.String(required=True, validate=validate.Length(1, 500))
    amount_minor = fields.Integer(strict=True, load_default=None, allow_none=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)


class MerchantIn(Strict):
    """Whose."""

    merchant_id = fields.UUID(required=True)


class DebtIn(Strict):
    """What to do about what a merchant owes: ask for it, or have it written off, which needs a reason."""

    merchant_id = fields.UUID(required=True)
    do = fields.String(required=True, validate=validate.OneOf(["invoice", "write_off"]))
    reason = fields.String(load_default="", validate=validate.Length(max=300))


class WithdrawalIn(Strict):
    """Money that a provider has paid to the marketplace's bank account."""

    provider = fields.String(required=True, validate=validate.Length(1, 40))
    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(1))


def _terms(found: Terms) -> Json:
    return asdict(found)


def _account(found: BankAccount | None) -> Json:
    if found is None:
        raise Missing("bank_account.none", _("There are no bank details"))
    return {
        "id": str(found.id), "holder": found.holder, "number": found.masked, "bank_code": found.bank_code,
        "bank_name": found.bank_name, "country": found.country, "usable_from": found.usable_from.isoformat(),
    }  # fmt: skip


def _file(found: BankFile) -> Json:
    return {
        "id": str(found.id), "number": found.number, "kind": found.kind, "count": found.count,
        "total_minor": found.total.minor, "currency": found.total.currency, "made_at": found.made_at.isoformat(),
    }  # fmt: skip


def _clawback(one: Clawback) -> Json:
    return {
        "id": str(one.id), "merchant_id": str(one.merchant_id), "state": one.state, "amount_minor": one.amount.minor,
        "taken_minor": one.taken.minor, "currency": one.amount.currency, "failure": one.failure,
    }  # fmt: skip


def _debt(one: Debt, papers: Mapping[UUID, UUID]) -> Json:
    paper_id = papers.get(one.id)
    return {
        "document_id": str(paper_id) if paper_id else None, "id": str(one.id), "merchant_id": str(one.merchant_id), "number": one.number, "state": one.state,
        "amount_minor": one.amount.minor, "currency": one.amount.currency, "reason": one.reason,
    }  # fmt: skip


@blueprint.get("/terms")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_terms() -> Json:
    """Return the marketplace's terms."""
    return _terms(terms.of_marketplace())


@blueprint.put("/terms")
@blueprint.arguments(TermsIn)
@api_edge(Realm.OPERATOR, "settings.manage")
def change_terms(body: dict[str, Any]) -> Json:
    """Set the marketplace's terms."""
    return _terms(terms.change(Terms(**body)))


@blueprint.get("/terms/<uuid:merchant_id>")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_merchant_terms(merchant_id: UUID) -> Json:
    """Return a merchant's terms; `is_own` says whether they differ from the marketplace's."""
    return _terms(terms.of_merchant(directory.find(merchant_id).id))


@blueprint.put("/terms/<uuid:merchant_id>")
@blueprint.arguments(TermsIn)
@api_edge(Realm.OPERATOR, "settings.manage")
def change_merchant_terms(body: dict[str, Any], merchant_id: UUID) -> Json:
    """Give a merchant terms of its own."""
    terms.change(Terms(**body), directory.find(merchant_id).id)
    return _terms(terms.of_merchant(merchant_id))


@blueprint.delete("/terms/<uuid:merchant_id>")
@api_edge(Realm.OPERATOR, "settings.manage")
def end_merchant_terms(merchant_id: UUID) -> Json:
    """Let a merchant have the marketplace's terms again."""
    terms.forget(directory.find(merchant_id).id)
    return _terms(terms.of_merchant(merchant_id))


@blueprint.get("/bank-account")
@api_edge(Realm.MERCHANT, "money.view")
def show_account() -> Json:
    """Return the merchant's bank account, by its last digits."""
    return _account(bank_accounts.of_merchant(_merchant_id()))


@blueprint.put("/bank-account")
@blueprint.arguments(BankAccountIn)
@api_edge(Realm.MERCHANT, "bank.manage")
def change_account(body: dict[str, Any]) -> Json:
    """Set the merchant's bank account; a changed one rests for three days before anything is paid to it."""
    return _account(payees.change_bank_account(_merchant_id(), Details(**body)))


def _merchant_id() -> UUID:
    key = principal().merchant_id
    if key is None:
        raise Missing("orders.no_merchant", _("There is no such merchant"))
    return key


@blueprint.get("/own-bank-account")
@api_edge(Realm.OPERATOR, "ledger.view")
def show_own_account() -> Json:
    """Return the marketplace's own bank account, by its last digits."""
    return _account(bank_accounts.of_merchant(None))


@blueprint.put("/own-bank-account")
@blueprint.arguments(BankAccountIn)
@api_edge(Realm.OPERATOR, "settings.manage")
def change_own_account(body: dict[str, Any]) -> Json:
    """Set the account that payment files are paid from."""
    return _account(bank_accounts.write(None, Details(**body)))


@blueprint.post("/bank-accounts/<uuid:merchant_id>/end-rest")
@api_edge(Realm.OPERATOR, "payouts.manage")
def end_rest(merchant_id: UUID) -> Json:
    """Pay to a merchant's changed account from now on."""
    return _account(bank_accounts.end_rest(directory.find(merchant_id).id))


@blueprint.post("/holds")
@blueprint.arguments(HoldIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def place_hold(body: dict[str, Any]) -> tuple[Json, int]:
    """Keep money of a merchant back."""
    amount = None if body["amount_minor"] is None else Money(body["amount_minor"], current().currency)
    return {"id": str(holds.place(body["merchant_id"], body["message"], amount=amount, until=body["until"]))}, 201


@blueprint.delete("/holds/<uuid:hold_id>")
@api_edge(Realm.OPERATOR, "payouts.manage")
def lift_hold(hold_id: UUID) -> tuple[str, int]:
    """End a hold."""
    holds.lift(hold_id)
    return "", 204


@blueprint.get("/files")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_files() -> Json:
    """Return the latest payment files."""
    return {"data": [_file(one) for one in bank_files.files()]}


@blueprint.post("/files")
@api_edge(Realm.OPERATOR, "payouts.manage")
def make_file() -> tuple[Json, int]:
    """Put every transfer that waits into a payment file for the bank."""
    return _file(bank_files.make()), 201


@blueprint.get("/files/<uuid:file_id>")
@api_edge(Realm.OPERATOR, "payouts.manage")
def bank_file(file_id: UUID) -> Response:
    """Send a payment file."""
    return file_answer(file_id)


def file_answer(file_id: UUID) -> Response:
    """Return a payment file as a download, which no cache keeps."""
    found, content = bank_files.written(file_id)
    kind = "application/xml" if found.kind == "pain001" else "text/csv"
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/clawbacks")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_clawbacks() -> Json:
    """Return the latest clawbacks."""
    return {"data": [_clawback(one) for one in clawbacks.of_merchants()]}


@blueprint.post("/clawbacks")
@blueprint.arguments(MerchantIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def plan_clawback(body: dict[str, Any]) -> Json:
    """Fetch what a merchant owes from its paid payouts, or carry it where that cannot be; null if it owes nothing."""
    made = clawbacks.plan(directory.find(body["merchant_id"]).id)
    return {"id": str(made) if made else None}


@blueprint.post("/clawbacks/<uuid:clawback_id>/<any(again, carry):act>")
@api_edge(Realm.OPERATOR, "payouts.manage")
def decide_clawback(clawback_id: UUID, act: str) -> Json:
    """Try again to fetch what is left, or leave it to be netted against later sales."""
    (clawbacks.again if act == "again" else clawbacks.carry)(clawback_id)
    return {"id": str(clawback_id)}


@blueprint.get("/debts")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_debts() -> Json:
    """Return the latest debts that were invoiced or written off."""
    found = debts.of_merchants()
    papers = debt_documents.papers_of(one.id for one in found)
    return {"data": [_debt(one, papers) for one in found]}


def _shown_debt(debt_id: UUID) -> Json:
    return _debt(debts.find(debt_id), debt_documents.papers_of([debt_id]))


@blueprint.post("/debts")
@blueprint.arguments(DebtIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def make_debt(body: dict[str, Any]) -> tuple[Json, int]:
    """Ask a merchant for what it owes, or ask a second person to write it off."""
    merchant_id = directory.find(body["merchant_id"]).id
    if body["do"] == "invoice":
        return _shown_debt(debt_documents.ask(merchant_id).id), 201
    return _shown_debt(debts.ask_write_off(merchant_id, body["reason"], by=words.person())), 201


@blueprint.post("/debts/<uuid:debt_id>/<any(paid, write_off, reject):act>")
@api_edge(Realm.OPERATOR, "payouts.manage")
def decide_debt(debt_id: UUID, act: str) -> Json:
    """Note that an invoiced debt was paid; or agree to writing one off, or refuse it, as the second person."""
    if act == "paid":
        debts.receive(debt_id)
    elif act == "write_off":
        debts.write_off(debt_id, by=words.person())
    else:
        debts.reject(debt_id, by=words.person())
    return _shown_debt(debt_id)


@blueprint.get("/purses")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_purses() -> Json:
    """Return what lies at the bank and at each provider."""
    return {
        "data": [
            {"provider": name, "amount_minor": amount.minor, "currency": amount.currency}
            for name, amount in banking.purses()
        ]
    }  # fmt: skip


@blueprint.post("/withdrawals")
@blueprint.arguments(WithdrawalIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def withdraw(body: dict[str, Any]) -> Json:
    """Note that a provider has paid money to the marketplace's bank account, once under an Idempotency-Key."""
    key = request.headers.get("Idempotency-Key", "").strip()
    amount = Money(body["amount_minor"], current().currency)
    return {"is_new": banking.withdraw(body["provider"], amount, key=f"api:{key}" if key else "")}
