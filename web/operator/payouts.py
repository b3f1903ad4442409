"""The operator's payouts: who is due, what is on its way, what needs a hand, and each one explained."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.billing.payouts import banking, claiming, deciding, reading, sending, standing
from core.billing.payouts.standing import Due
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.listing import BulkAction, Column, Listing
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.ids import token
from core.kernel.money import Money, total
from core.kernel.tenancy import current
from core.merchants import directory
from core.payments import bank_files, bank_transfer
from core.payments.adapters import SentState
from web import payout_lists
from web import payouts as words
from web.api.settlement import file_answer
from web.operator.surface import blueprint, menu
from web.order_forms import refusal
from web.schemas.payouts import WithdrawalIn
from web.submitting import amount, load

menu.add("Money", 5, "Payouts", "operator.payouts", "hand-coins", "ledger.view")


@blueprint.get("/payouts")
@edge(Realm.OPERATOR, "ledger.view")
def payouts(error: AppError | None = None) -> Answer:
    """Show who is due, what waits for a hand, and every payout."""
    rows = standing.due()
    currency = current().currency
    owing = total((-row.amount for row in rows if row.amount.minor < 0), currency)
    listing = payout_lists.listing(payout_lists.wanted(), "operator.payouts", "operator.payout")
    return page(
        "operator/payouts.html", payouts=listing, due=_due(rows), said=refusal(error), words=words,
        due_total=total((row.amount for row in rows if row.amount.minor > 0), currency), owing=owing,
        attention=reading.attention(), purses=banking.purses(), to_do=bank_transfer.to_do(), files=bank_files.files(5),
        may_manage=principal().may("payouts.manage"), typed=request.form, key=token(), currency=currency,
        to_approve=reading.counts()["to_approve"],
    )  # fmt: skip


def _due(rows: list[Due]) -> Listing:
    names = {key: found.name for key, found in directory.found({row.merchant_id for row in rows[:100]}).items()}
    columns = (
        Column("merchant", gettext("Merchant")),
        Column("schedule", gettext("Schedule"), card="sub"),
        Column("next_day", gettext("Next payout"), kind="date", card="st"),
        Column("amount", gettext("To be paid out"), kind="money", card="amt"),
    )
    cells = [
        {
            "id": str(row.merchant_id), "href": url_for("operator.merchant_payouts", merchant_id=row.merchant_id),
            "merchant": names.get(row.merchant_id, ""), "schedule": words.schedule(row.terms), "amount": row.amount,
            "next_day": row.next_day if row.amount.minor > 0 else None,
        }
        for row in rows[:100]
    ]  # fmt: skip
    may_pay = principal().may("payouts.manage")
    bulk = [BulkAction("pay", gettext("Pay now"), "primary")] if may_pay else []
    return Listing("due", columns, cells, gettext("Who is due"), bulk=bulk, bulk_href=url_for("operator.pay_out"))


@blueprint.post("/payouts/run")
@edge(Realm.OPERATOR, "payouts.manage", again=payouts)
def pay_out() -> Answer:
    """Pay the ticked merchants what is ready."""
    keys = [UUID(text) for text in request.form.getlist("id")[:100]]
    made = [claiming.claim(key, by=principal().user_id) for key in sorted(keys)]
    done = sum(one is not None for one in made)
    said = ngettext("%(num)s payout made", "%(num)s payouts made", done)
    if done < len(made):
        left = len(made) - done
        passed = ngettext(
            "%(num)s merchant was passed over: its page says why",
            "%(num)s merchants were passed over: their pages say why", left,
        )  # fmt: skip
        said = f"{said}. {passed}"
    if len(made) == 1 and made[0] is not None:
        return see(url_for("operator.payout", payout_id=made[0]), said)
    return see(url_for("operator.payouts"), said)


@blueprint.get("/payouts/<uuid:payout_id>")
@edge(Realm.OPERATOR, "ledger.view")
def payout(payout_id: UUID, error: AppError | None = None, **_more: Any) -> Answer:
    """Show why a payout is this amount, why the rest is not paid, and what may be done."""
    found, who = reading.find(payout_id), principal()
    transfer = bank_transfer.of_payouts([payout_id]).get(payout_id)
    return page(
        "console/payout.html", merchant=directory.find(found.merchant_id), transfer=transfer, said=refusal(error),
        may_manage=who.may("payouts.manage"), is_mine=found.approved_once == who.user_id,
        **payout_lists.page_values(found, "operator."),
    )  # fmt: skip


def _back(payout_id: UUID, toast: str) -> Answer:
    return see(url_for("operator.payout", payout_id=payout_id), toast)


@blueprint.post("/payouts/<uuid:payout_id>/approve")
@edge(Realm.OPERATOR, "payouts.manage", again=payout)
def approve_payout(payout_id: UUID) -> Answer:
    """Agree to a payout above the limit."""
    goes = deciding.approve(payout_id, by=words.person())
    return _back(payout_id, gettext("Approved; it is sent") if goes else gettext("Noted; a second person approves it"))


@blueprint.post("/payouts/<uuid:payout_id>/cancel")
@edge(Realm.OPERATOR, "payouts.manage", again=payout)
def cancel_payout(payout_id: UUID) -> Answer:
    """Call a payout off."""
    deciding.cancel(payout_id, request.form.get("reason", ""))
    return _back(payout_id, gettext("Called off; its rows are open again"))


@blueprint.post("/payouts/<uuid:payout_id>/report/<any(paid, failed, returned):outcome>")
@edge(Realm.OPERATOR, "payouts.manage", again=payout)
def report_payout(payout_id: UUID, outcome: str) -> Answer:
    """Say what came of a transfer by hand."""
    form = request.form
    deciding.report(
        payout_id, SentState(outcome), bank_ref=form.get("bank_ref", ""), failure=form.get("reason", "")
    )  # fmt: skip
    done = {
        "paid": gettext("Noted as paid; the merchant has been told"),
        "failed": gettext("Noted; its rows are open again"),
        "returned": gettext("Noted; its rows are open again"),
    }
    return _back(payout_id, done[outcome])


@blueprint.post("/payouts/<uuid:payout_id>/ask-again")
@edge(Realm.OPERATOR, "payouts.manage", again=payout)
def ask_payout_again(payout_id: UUID) -> Answer:
    """Ask the provider once more."""
    sending.ask_again(payout_id)
    return _back(payout_id, gettext("The provider is asked again; nothing is sent twice"))


@blueprint.post("/payouts/<uuid:payout_id>/trouble-seen")
@edge(Realm.OPERATOR, "payouts.manage", again=payout)
def payout_trouble_seen(payout_id: UUID) -> Answer:
    """Note that a person has looked."""
    deciding.settle_trouble(payout_id)
    return _back(payout_id, gettext("Noted"))


@blueprint.post("/payouts/files")
@edge(Realm.OPERATOR, "payouts.manage", again=payouts)
def make_bank_file() -> Answer:
    """Put every transfer that waits into a file for the bank."""
    made = bank_files.make()
    said = gettext("%(number)s is ready: download it and hand it to your bank", number=made.number)
    return see(f"{url_for('operator.payouts')}#desk", said)


@blueprint.get("/payouts/files/<uuid:file_id>")
@edge(Realm.OPERATOR, "payouts.manage")
def bank_file(file_id: UUID) -> Answer:
    """Send a payment file."""
    return file_answer(file_id)


@blueprint.post("/payouts/withdrawals")
@edge(Realm.OPERATOR, "payouts.manage", again=payouts)
def withdraw() -> Answer:
    """Note that a provider has paid money to the bank account."""
    given = load(WithdrawalIn())
    moved: Money = amount(given["amount"], "amount")
    banking.withdraw(given["provider"], moved, key=f"form:{request.form.get('key', '')[:64]}")
    return see(url_for("operator.payouts"), gettext("Noted"))
