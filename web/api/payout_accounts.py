"""Merchants' accounts at the payment provider in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields

from core.http.answers import Answer
from core.http.edge import Tx, principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.payments import provider_accounts
from core.payments.provider_accounts import ProviderAccount
from web.api.surface import Strict, api_edge, resource

blueprint = resource("payout_accounts", "/payout-accounts", "Merchants' accounts at the payment provider")
LIMIT = 50


class PayoutAccountOut(Strict):
    """An account: `needs` are kinds of things to supply at the provider."""

    id = fields.UUID()
    merchant_id = fields.UUID()
    provider = fields.String()
    reference = fields.String()
    state = fields.String()
    needs = fields.List(fields.String())
    can_be_paid = fields.Boolean()
    created_at = fields.AwareDateTime()
    checked_at = fields.AwareDateTime(allow_none=True)


class PayoutAccountsOut(Strict):
    """A page of accounts."""

    data = fields.List(fields.Nested(PayoutAccountOut))
    next = fields.UUID(allow_none=True)


class LinkIn(Strict):
    """Where the provider sends the merchant back to: when done, and when the link is used up."""

    return_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})
    refresh_url = fields.Url(required=True, require_tld=False, schemes={"http", "https"})


class LinkOut(Strict):
    """An address at the provider, good once and for minutes."""

    url = fields.String()


@blueprint.get("/")
@blueprint.response(200, PayoutAccountsOut)
@api_edge(Realm.OPERATOR, "ledger.view")
def listed() -> Answer:
    """List accounts, newest first: `state`, `limit` up to 100, `cursor`."""
    limit = min(request.args.get("limit", LIMIT, type=int), 100)
    before = request.args.get("cursor", type=UUID)
    found = provider_accounts.search(state=request.args.get("state", ""), before=before, limit=limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return {"data": [_shown(account) for account in found[:limit]], "next": following}


@blueprint.get("/me")
@blueprint.response(200, PayoutAccountOut)
@api_edge(Realm.MERCHANT, "money.view")
def mine() -> Answer:
    """Return the merchant's own account."""
    merchant_id = principal().merchant_id
    account = provider_accounts.of_merchant(merchant_id) if merchant_id else None
    if account is None:
        raise Missing("payments.no_account", _("This merchant has no account at the payment provider yet"))
    return _shown(account)


@blueprint.put("/me")
@blueprint.response(200, PayoutAccountOut)
@api_edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN)
def opened() -> Answer:
    """Open the merchant's account at the provider, unless it has one."""
    return _shown(provider_accounts.open_for(principal().merchant_id))


@blueprint.post("/me/link")
@blueprint.arguments(LinkIn)
@blueprint.response(200, LinkOut)
@api_edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN)
def linked(body: dict[str, str]) -> Answer:
    """Make a link at which the merchant supplies what is needed."""
    return {"url": provider_accounts.onboarding_link(principal().merchant_id, **body)}


@blueprint.post("/me/refresh")
@blueprint.response(200, PayoutAccountOut)
@api_edge(Realm.MERCHANT, "shop.manage", tx=Tx.OWN)
def refreshed() -> Answer:
    """Ask the provider how the account stands now."""
    return _shown(provider_accounts.refresh(principal().merchant_id))


def _shown(account: ProviderAccount) -> Mapping[str, Any]:
    return {
        "id": account.id, "merchant_id": account.merchant_id, "provider": account.provider, "reference": account.ref,
        "state": account.state, "needs": list(account.needs), "can_be_paid": account.can_be_paid,
        "created_at": account.created_at, "checked_at": account.checked_at,
    }  # fmt: skip
