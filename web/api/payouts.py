"""Payouts in the API: the operator makes, approves and reports them; a merchant reads its own and why the rest waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from core.billing.payouts import claiming, deciding, reading, sending, standing
from core.billing.payouts.claiming import Outlook
from core.billing.payouts.reading import Item, Payout, Wanted
from core.billing.payouts.standing import Standing
from core.http.edge import principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, Unauthenticated, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.payments.adapters import SentState
from web import payouts as words
from web.api.surface import Strict, api_edge, resource

blueprint = resource("payouts", "/payouts", "What merchants are paid: made, approved, sent, and explained to the cent")
Json = Mapping[str, object]


class PayoutIn(Strict):
    """Whom to pay what is ready; nothing happens below the minimum, the terms' own unless given."""

    merchant_id = fields.UUID(required=True)
    minimum_minor = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0))


class ListQuery(Strict):
    """How a list is narrowed and paged."""

    tab = fields.String(load_default="all", validate=validate.OneOf(list(reading.TABS)))
    merchant_id = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    cursor = fields.UUID(load_default=None)


class ItemQuery(Strict):
    """Which page of a payout's rows."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    cursor = fields.UUID(load_default=None)


class WhyIn(Strict):
    """Why; the merchant reads it."""

    reason = fields.String(load_default="", validate=validate.Length(max=300))


class PaidIn(Strict):
    """What the bank calls the payment."""

    bank_ref = fields.String(load_default="", validate=validate.Length(max=80))


def scope(view: str) -> UUID | None:
    """Return the merchant whose money may be read; None for the operator's staff. Raise Denied for others."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    if who.realm is Realm.OPERATOR:
        who.require("ledger.view")
        return None
    if who.realm is Realm.MERCHANT and who.merchant_id is not None:
        who.require(view)
        return who.merchant_id
    raise Denied("payouts.not_staff", _("Only the merchant or the marketplace may see this"))


def dumped(payout: Payout) -> dict[str, object]:
    """Return a payout as the API shows it; amounts in minor units."""
    return {
        "id": str(payout.id), "number": payout.number, "merchant_id": str(payout.merchant_id), "state": payout.state,
        "amount_minor": payout.amount.minor, "currency": payout.amount.currency,
        "taken_back_minor": payout.taken_back.minor, "adapter": payout.adapter, "bank_ref": payout.bank_ref,
        "provider_ref": payout.provider_ref, "failure": payout.failure, "trouble": payout.trouble,
        "is_stuck": payout.is_stuck, "needs_hand": payout.needs_hand,
        "created_at": payout.created_at.isoformat(), "sent_at": payout.sent_at.isoformat() if payout.sent_at else None,
        "ended_at": payout.ended_at.isoformat() if payout.ended_at else None,
    }  # fmt: skip


def _item(item: Item) -> Json:
    return {
        "entry_id": str(item.entry_id), "kind": item.kind, "on": item.on.isoformat(),
        "order_id": str(item.order_id) if item.order_id else None, "amount_minor": item.amount.minor,
        "postings": [
            {"source": p.source, "destination": p.destination, "memo": p.memo, "adds_minor": adds.minor}
            for p, adds in item.postings
        ],
    }  # fmt: skip


def _full(payout_id: UUID) -> dict[str, object]:
    payout = reading.find(payout_id, merchant_id=scope("money.view"))
    rows, following = reading.items(payout)
    return {
        **dumped(payout), "items": [_item(row) for row in rows], "next": str(following) if following else None,
        "sums": [{"memo": memo, "amount_minor": amount.minor} for memo, amount, _count in reading.sums(payout)],
    }  # fmt: skip


@blueprint.post("")
@blueprint.arguments(PayoutIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def make_payout(body: dict[str, Any]) -> tuple[Json, int]:
    """Pay a merchant what is ready; amount 0 and no payout where that is nothing or below the minimum."""
    wished = body["minimum_minor"]
    minimum = None if wished is None else Money(wished, current().currency)
    made = claiming.claim(body["merchant_id"], minimum=minimum, by=principal().user_id)
    if made is None:
        return _nothing(body["merchant_id"], claiming.outlook(body["merchant_id"])), 200
    return _full(made), 201


def _nothing(merchant_id: UUID, found: Outlook) -> Json:
    return {
        "id": None, "number": None, "merchant_id": str(merchant_id), "state": None, "amount_minor": 0,
        "currency": found.amount.currency, "available_minor": found.available.minor,
        "payable_minor": found.amount.minor, "holds": [words.hold(hold) for hold in found.holds], "items": [],
    }  # fmt: skip


@blueprint.get("")
@blueprint.arguments(ListQuery, location="query")
@api_edge(Realm.OPERATOR, login=False)
def list_payouts(query: dict[str, Any]) -> Json:
    """List payouts, newest first: a merchant's own, or every one for the operator."""
    mine = scope("money.view") or query["merchant_id"]
    found, following = reading.payouts(Wanted(mine, query["tab"], query["cursor"], query["limit"]))
    return {"data": [dumped(one) for one in found], "next": str(following) if following else None}


@blueprint.get("/<uuid:payout_id>")
@api_edge(Realm.OPERATOR, login=False)
def show_payout(payout_id: UUID) -> Json:
    """Return a payout with its rows: why it is this amount."""
    return _full(payout_id)


@blueprint.get("/<uuid:payout_id>/items")
@blueprint.arguments(ItemQuery, location="query")
@api_edge(Realm.OPERATOR, login=False)
def list_items(query: dict[str, Any], payout_id: UUID) -> Json:
    """Return a page of what a payout pays, oldest first."""
    payout = reading.find(payout_id, merchant_id=scope("money.view"))
    rows, following = reading.items(payout, after=query["cursor"], limit=query["limit"])
    return {"data": [_item(row) for row in rows], "next": str(following) if following else None}


@blueprint.post("/<uuid:payout_id>/approve")
@api_edge(Realm.OPERATOR, "payouts.manage")
def approve_payout(payout_id: UUID) -> Json:
    """Agree to a payout above the limit; the second person's word sends it."""
    deciding.approve(payout_id, by=words.person())
    return _full(payout_id)


@blueprint.post("/<uuid:payout_id>/cancel")
@blueprint.arguments(WhyIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def cancel_payout(body: dict[str, Any], payout_id: UUID) -> Json:
    """Call a payout off that the provider was not asked for."""
    deciding.cancel(payout_id, body["reason"])
    return _full(payout_id)


@blueprint.post("/<uuid:payout_id>/ask-again")
@api_edge(Realm.OPERATOR, "payouts.manage")
def ask_again(payout_id: UUID) -> Json:
    """Ask the provider once more about a payout that is under way."""
    sending.ask_again(payout_id)
    return _full(payout_id)


@blueprint.post("/<uuid:payout_id>/paid")
@blueprint.arguments(PaidIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def payout_paid(body: dict[str, Any], payout_id: UUID) -> Json:
    """Say that a transfer by hand was made."""
    deciding.report(payout_id, SentState.PAID, bank_ref=body["bank_ref"])
    return _full(payout_id)


@blueprint.post("/<uuid:payout_id>/<any(failed, returned):outcome>")
@blueprint.arguments(WhyIn)
@api_edge(Realm.OPERATOR, "payouts.manage")
def payout_came_back(body: dict[str, Any], payout_id: UUID, outcome: str) -> Json:
    """Say that a transfer by hand was not made, or that the bank sent it back; its rows are open again."""
    deciding.report(payout_id, SentState(outcome), failure=body["reason"])
    return _full(payout_id)


@blueprint.get("/standing")
@api_edge(Realm.MERCHANT, "money.view")
def my_standing() -> Json:
    """Return where the merchant's own money lies, and why the rest is not paid yet."""
    return _standing(standing.of_merchant(principal().merchant_id or UUID(int=0)))


@blueprint.get("/standing/<uuid:merchant_id>")
@api_edge(Realm.OPERATOR, "ledger.view")
def merchant_standing(merchant_id: UUID) -> Json:
    """Return where a merchant's money lies, and why the rest is not paid yet."""
    return _standing(standing.of_merchant(merchant_id))


@blueprint.get("/due")
@api_edge(Realm.OPERATOR, "ledger.view")
def list_due() -> Json:
    """Return every merchant with an open balance, the largest first; a debt is negative."""
    return {
        "data": [
            {"merchant_id": str(one.merchant_id), "amount_minor": one.amount.minor, "currency": one.amount.currency,
             "next_day": words.as_day(one.next_day)}
            for one in standing.due()
        ]
    }  # fmt: skip


def _standing(found: Standing) -> Json:
    return {
        "currency": found.held.currency, "held_minor": found.held.minor, "reserve_minor": found.reserve.minor,
        "available_minor": found.outlook.available.minor, "debt_minor": found.debt.minor,
        "next_day": words.as_day(found.next_day), "next_amount_minor": found.next_amount.minor,
        "minimum_minor": found.terms.minimum_minor, "schedule": words.schedule(found.terms),
        "holds": [
            {"code": hold.code, "message": words.hold(hold), "amount_minor": words.minor(hold.amount),
             "until": hold.until.isoformat() if hold.until else None}
            for hold in found.outlook.holds
        ],
        "held_orders": [
            {"order_id": str(one.id), "number": one.number, "amount_minor": one.amount.minor,
             "free_on": one.free_on.isoformat() if one.free_on else None}
            for one in found.held_orders
        ],
        "reserves": [
            {"due_at": due.isoformat(), "amount_minor": amount.minor, "orders": count}
            for due, amount, count in found.reserves
        ],
        "under_way": [dumped(one) for one in found.under_way],
    }  # fmt: skip
