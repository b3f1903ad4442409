"""Merchants' accounts at the payment provider: who can be paid, and what keeps the others."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.listing import Column, Listing, View
from core.identity.principals import Realm
from core.merchants import directory
from core.payments import provider_accounts
from core.payments.provider_accounts import ProviderAccount
from web.badges import badge
from web.operator.surface import blueprint, menu
from web.payout_words import needed, standing

menu.add("Money", 46, "Payout accounts", "operator.payout_accounts", "landmark", "ledger.view")
PAGE = 50
VIEWS = (("", _l("All")), ("restricted", _l("Something is missing")), ("pending", _l("Being checked")),
         ("active", _l("Ready")), ("new", _l("Begun")), ("rejected", _l("Refused")))  # fmt: skip


@blueprint.get("/payout-accounts")
@edge(Realm.OPERATOR, "ledger.view")
def payout_accounts() -> Answer:
    """List accounts, newest first."""
    state = request.args.get("state", "")
    before = request.args.get("before", type=UUID)
    found = provider_accounts.search(state=state, before=before, limit=PAGE + 1)
    return page("operator/payout_accounts.html", accounts=_listing(found, state))


@blueprint.post("/payout-accounts/<uuid:merchant_id>/refresh")
@edge(Realm.OPERATOR, "ledger.view", tx=Tx.OWN)
def refresh_payout_account(merchant_id: UUID) -> Answer:
    """Ask the provider how an account stands now."""
    account = provider_accounts.refresh(merchant_id)
    return see(url_for("operator.merchant", merchant_id=merchant_id), standing(account.state))


def _listing(found: list[ProviderAccount], state: str) -> Listing:
    rows, counts = found[:PAGE], provider_accounts.counts()
    names = directory.found(account.merchant_id for account in rows)
    columns = (
        Column("name", gettext("Merchant"), card="lead"),
        Column("needs", gettext("What is missing"), card="sub"),
        Column("ref", gettext("Reference"), card="opt"),
        Column("checked", gettext("Last checked"), kind="ago", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )
    cells = [
        {
            "id": str(account.id), "href": url_for("operator.merchant", merchant_id=account.merchant_id),
            "name": names[account.merchant_id].name, "needs": ", ".join(needed(account.needs)) or "–",
            "ref": account.ref or "–", "checked": account.checked_at, "state": badge("provider_account", account.state),
        }
        for account in rows
    ]  # fmt: skip
    views = [
        View(str(label), url_for("operator.payout_accounts", state=name or None), counts.get(name) if name else None,
             name == state)
        for name, label in VIEWS
    ]  # fmt: skip
    following = (
        url_for("operator.payout_accounts", state=state or None, before=rows[-1].id) if len(found) > PAGE else ""
    )
    return Listing("payout-accounts", columns, cells, gettext("Payout accounts"), views=views, next_href=following,
                   clear_href=url_for("operator.payout_accounts"))  # fmt: skip
