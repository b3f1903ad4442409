"""Where a merchant's money goes: its account at the payment provider, opened here and completed there."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.merchants import directory
from core.payments import provider_accounts
from web.merchant.surface import blueprint, menu
from web.payout_words import TONES, needed, standing
from web.submitting import refused

menu.add("Money", 30, "Payout account", "merchant.payout_account", "landmark", "money.view")


@blueprint.get("/payout-account")
@edge(Realm.MERCHANT, "money.view")
def payout_account() -> Answer:
    """Show how the account stands, what is missing, and where to supply it."""
    return _shown()


def _shown(error: AppError | None = None) -> Answer:
    merchant = directory.find(principal().merchant_id)
    account = provider_accounts.of_merchant(merchant.id)
    return page(
        "merchant/payout_account.html", merchant=merchant, account=account, said=refused(error),
        needs=needed(account.needs) if account else [], standing=standing(account.state) if account else "",
        tone=TONES[account.state] if account else "", may_manage=principal().may("shop.manage"),
    )  # fmt: skip


@blueprint.post("/payout-account")
@edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN, again=_shown)
def open_payout_account() -> Answer:
    """Open the account at the provider; a second time nothing happens."""
    provider_accounts.open_for(principal().merchant_id)
    return see(url_for("merchant.payout_account"), gettext("Your account is open; now tell the provider who you are"))


@blueprint.get("/payout-account/continue")
@edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN)
def continue_onboarding() -> Answer:
    """Go to the provider's page; a link that is used up leads here again and gets a new one."""
    here = url_for("merchant.payout_account")
    try:
        address = provider_accounts.onboarding_link(
            principal().merchant_id, return_url=url_for("merchant.after_onboarding", _external=True),
            refresh_url=url_for("merchant.continue_onboarding", _external=True),
        )  # fmt: skip
    except AppError as error:
        return see(here, message(error))
    return see(address)


@blueprint.get("/payout-account/return")
@edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN)
def after_onboarding() -> Answer:
    """Look how the account stands after the merchant has been at the provider."""
    try:
        account = provider_accounts.refresh(principal().merchant_id)
    except AppError as error:
        return see(url_for("merchant.payout_account"), message(error))
    return see(url_for("merchant.payout_account"), standing(account.state))
