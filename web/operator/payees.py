"""One merchant as a payee: where its money lies, holds, terms of its own, bank details, debts. And the common terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import gettext

from core.accounting import debt_documents
from core.billing.payouts import claiming, clawbacks, debts, holds, reading, terms
from core.billing.payouts.reading import Wanted
from core.billing.payouts.terms import Terms
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import directory
from core.payments import bank_accounts
from core.payments.bank_accounts import Details
from web import payout_lists
from web import payouts as words
from web.operator.surface import blueprint, menu
from web.order_forms import refusal
from web.schemas.merchants import countries
from web.schemas.payouts import BankAccountIn, CommonTermsIn, HoldIn, TermsIn
from web.submitting import amount, controls, load, refused, text_of

menu.add("Settings", 74, "Payout settings", "operator.payout_settings", "landmark", "settings.manage")


@blueprint.get("/payouts/merchants/<uuid:merchant_id>")
@edge(Realm.OPERATOR, "ledger.view")
def merchant_payouts(merchant_id: UUID, error: AppError | None = None, **_more: Any) -> Answer:
    """Show why a merchant's money is not paid yet, and what may be done about it."""
    who = principal()
    latest, _following = reading.payouts(Wanted(merchant_id, limit=5))
    owed = debts.of_merchants(merchant_id, limit=10)
    return page(
        "operator/merchant_payouts.html", merchant=directory.find(merchant_id), prefix="operator.", latest=latest,
        account=bank_accounts.of_merchant(merchant_id), said=refusal(error), state_of=payout_lists.state_of,
        clawbacks=clawbacks.of_merchants(merchant_id, limit=10), debts=owed,
        debt_papers=debt_documents.papers_of(one.id for one in owed),
        hold_items=controls(HoldIn(), {}, error), may_manage=who.may("payouts.manage"),
        may_settle=who.may("settings.manage"), typed=request.form, **payout_lists.standing_values(merchant_id),
    )  # fmt: skip


def _back(merchant_id: UUID, toast: str) -> Answer:
    return see(url_for("operator.merchant_payouts", merchant_id=merchant_id), toast)


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/pay")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def pay_merchant(merchant_id: UUID) -> Answer:
    """Pay a merchant what is ready now, below its minimum too."""
    made = claiming.claim(merchant_id, minimum=Money.zero(current().currency), by=principal().user_id)
    if made is None:
        return _back(merchant_id, gettext("Nothing can be paid out now; the reasons are below"))
    return see(url_for("operator.payout", payout_id=made), gettext("The payout is made"))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/holds")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def hold_merchant(merchant_id: UUID) -> Answer:
    """Keep money of a merchant back."""
    given = load(HoldIn())
    kept = amount(given["amount"], "amount") if given["amount"].strip() else None
    day = given["until"]
    until = datetime.combine(day, time(), ZoneInfo(current().timezone)) if day else None
    holds.place(merchant_id, given["message"], amount=kept, until=until)
    return _back(merchant_id, gettext("Money is kept back; the merchant sees why"))


@blueprint.post("/payouts/holds/<uuid:hold_id>/lift")
@edge(Realm.OPERATOR, "payouts.manage")
def lift_hold(hold_id: UUID) -> Answer:
    """End a hold."""
    return _back(holds.lift(hold_id), gettext("The hold is lifted"))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/end-rest")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def end_account_rest(merchant_id: UUID) -> Answer:
    """Pay to a changed account from now on."""
    bank_accounts.end_rest(merchant_id)
    return _back(merchant_id, gettext("Payouts to the new account may begin"))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/debt/<any(fetch, invoice, write_off):act>")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def handle_debt(merchant_id: UUID, act: str) -> Answer:
    """Fetch what a merchant owes, ask it for it, or ask a second person to write it off."""
    if act == "fetch":
        clawbacks.plan(merchant_id)
        return _back(merchant_id, gettext("It is fetched where that is possible, and carried otherwise"))
    if act == "invoice":
        debt_documents.ask(merchant_id)
        return _back(merchant_id, gettext("Invoiced; later sales are paid out in full"))
    debts.ask_write_off(merchant_id, request.form.get("reason", ""), by=words.person())
    return _back(merchant_id, gettext("Asked; a second person decides"))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/debts/<uuid:debt_id>/<any(paid, agree, refuse):act>")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def decide_debt(merchant_id: UUID, debt_id: UUID, act: str) -> Answer:
    """Note that a debt was paid, or decide on writing one off."""
    if act == "paid":
        debts.receive(debt_id)
    elif act == "agree":
        debts.write_off(debt_id, by=words.person())
    else:
        debts.reject(debt_id, by=words.person())
    return _back(merchant_id, gettext("Noted"))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/clawbacks/<uuid:clawback_id>/<any(again, carry):act>")
@edge(Realm.OPERATOR, "payouts.manage", again=merchant_payouts)
def decide_clawback(merchant_id: UUID, clawback_id: UUID, act: str) -> Answer:
    """Try again to fetch what is left, or leave it to later sales."""
    (clawbacks.again if act == "again" else clawbacks.carry)(clawback_id)
    return _back(merchant_id, gettext("Noted"))


@blueprint.get("/payouts/merchants/<uuid:merchant_id>/terms")
@edge(Realm.OPERATOR, "settings.manage")
def merchant_terms(merchant_id: UUID, error: AppError | None = None) -> Answer:
    """Show the form of a merchant's own terms."""
    mine = terms.of_merchant(merchant_id)
    items = controls(TermsIn(), _typed(mine), error, {"adapter": words.ways()})
    merchant = directory.find(merchant_id)
    return page("operator/payout_terms.html", merchant=merchant, mine=mine, items=items, said=refused(error))


@blueprint.post("/payouts/merchants/<uuid:merchant_id>/terms")
@edge(Realm.OPERATOR, "settings.manage", again=merchant_terms)
def change_merchant_terms(merchant_id: UUID) -> Answer:
    """Give a merchant terms of its own, or the marketplace's again."""
    if request.form.get("action") == "forget":
        terms.forget(directory.find(merchant_id).id)
    else:
        terms.change(_read(load(TermsIn())), directory.find(merchant_id).id)
    return _back(merchant_id, gettext("Saved"))


@blueprint.get("/payouts/settings")
@edge(Realm.OPERATOR, "settings.manage")
def payout_settings(error: AppError | None = None) -> Answer:
    """Show the marketplace's terms and the bank account that it pays from."""
    own = bank_accounts.of_merchant(None)
    is_account = request.form.get("form") == "account"
    values = {"holder": own.holder if own else current().name, "country": own.country if own else current().country}
    items = controls(CommonTermsIn(), _typed(terms.of_marketplace()), None if is_account else error,
                     {"adapter": words.ways()})  # fmt: skip
    account_items = controls(BankAccountIn(), values, error if is_account else None, {"country": countries()})
    return page(
        "operator/payout_settings.html", items=items, account=own, account_items=account_items, said=refused(error),
        is_account=is_account,
    )  # fmt: skip


@blueprint.post("/payouts/settings")
@edge(Realm.OPERATOR, "settings.manage", again=payout_settings)
def change_payout_settings() -> Answer:
    """Store the marketplace's terms, or the account that it pays from."""
    if request.form.get("form") == "account":
        bank_accounts.write(None, Details(**load(BankAccountIn())))
    else:
        terms.change(_read(load(CommonTermsIn())))
    return see(url_for("operator.payout_settings"), gettext("Saved"))


def _typed(mine: Terms) -> Mapping[str, object]:
    limit = mine.approval_above_minor
    return {
        "every": mine.every, "weekday": mine.weekday, "month_day": mine.month_day, "minimum": text_of(mine.minimum),
        "reserve_percent": f"{Decimal(mine.reserve_bps).scaleb(-2).normalize():f}", "reserve_days": mine.reserve_days, "adapter": mine.adapter,
        "takes_back": mine.takes_back,
        "approval_above": "" if limit is None else text_of(Money(limit, current().currency)),
    }  # fmt: skip


def _read(given: Mapping[str, Any]) -> Terms:
    limit = given.get("approval_above", "").strip()
    return Terms(
        every=given["every"], weekday=given["weekday"], month_day=given["month_day"],
        minimum_minor=amount(given["minimum"] or "0", "minimum").minor,
        reserve_bps=int(given["reserve_percent"] * 100), reserve_days=given["reserve_days"],
        adapter=given["adapter"], takes_back=given["takes_back"],
        approval_above_minor=amount(limit, "approval_above").minor if limit else None,
    )  # fmt: skip
