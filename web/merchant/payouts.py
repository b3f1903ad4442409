"""A merchant's payouts: what comes next and why not more, what came and what it was for, and where it goes."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import gettext

from core.billing import payees
from core.billing.payouts import reading
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.merchants import directory
from core.payments import bank_accounts
from core.payments.bank_accounts import Details
from web import payout_lists
from web.merchant.surface import blueprint, menu
from web.schemas.merchants import countries
from web.schemas.payouts import BankAccountIn
from web.submitting import controls, load, refused

menu.add("Money", 5, "Payouts", "merchant.payouts", "hand-coins", "money.view")


def _merchant_id() -> UUID:
    key = principal().merchant_id
    if key is None:
        raise Missing("orders.no_merchant", _("There is no such merchant"))
    return key


@blueprint.get("/payouts")
@edge(Realm.MERCHANT, "money.view")
def payouts() -> Answer:
    """Show what is paid next and when, why the rest waits, and what was paid."""
    key = _merchant_id()
    listing = payout_lists.listing(payout_lists.wanted(key), "merchant.payouts", "merchant.payout")
    return page(
        "merchant/payouts.html", payouts=listing, account=bank_accounts.of_merchant(key), prefix="merchant.",
        last=reading.last_paid(key), **payout_lists.standing_values(key),
    )  # fmt: skip


@blueprint.get("/payouts/<uuid:payout_id>")
@edge(Realm.MERCHANT, "money.view")
def payout(payout_id: UUID) -> Answer:
    """Show why a payout is this amount, and why the rest is not paid yet."""
    found = reading.find(payout_id, merchant_id=_merchant_id())
    return page("console/payout.html", **payout_lists.page_values(found, "merchant."))


@blueprint.get("/payouts/account")
@edge(Realm.MERCHANT, "bank.manage")
def bank_details(error: AppError | None = None) -> Answer:
    """Show where payouts go, and the form that changes it."""
    key = _merchant_id()
    account = bank_accounts.of_merchant(key)
    merchant = directory.find(key)
    values = {"holder": account.holder if account else merchant.name,
              "country": account.country if account else merchant.country}  # fmt: skip
    items = controls(BankAccountIn(), values, error, {"country": countries()})
    return page("merchant/bank_details.html", account=account, items=items, said=refused(error))


@blueprint.post("/payouts/account")
@edge(Realm.MERCHANT, "bank.manage", again=bank_details)
def change_bank_details() -> Answer:
    """Take the bank details; changed ones rest first."""
    written = payees.change_bank_account(_merchant_id(), Details(**load(BankAccountIn())))
    said = gettext("Saved. Payouts to the new account begin in three days.") if written.rests else gettext("Saved")
    return see(url_for("merchant.payouts"), said)
