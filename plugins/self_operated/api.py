"""Own goods over HTTP: items with their movements, receipts, counts, margins and settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.self_operated import counts, items, margins, receipts
from plugins.self_operated.receipts import LineDraft, ReceiptDraft
from plugins.self_operated.schemas import (
    CountedIn,
    CountIn,
    CountOut,
    CountsPage,
    MarginOut,
    MarginQuery,
    OwnGoodsQuery,
    OwnGoodsSettingsSchema,
    OwnItemsPage,
    OwnItemWithMovementsOut,
    ReceiptIn,
    ReceiptOut,
    ReceiptsPage,
)
from tenants.plugins import change_settings, load_settings

blueprint = Blueprint("api_self_operated", __name__, description="Goods that the marketplace itself sells")


@blueprint.get("/items")
@blueprint.arguments(OwnGoodsQuery, location="query")
@blueprint.response(200, OwnItemsPage)
@edge(Realm.OPERATOR, "self_operated.view")
def own_items(query: dict[str, Any]) -> Any:
    """List own offers with units, average cost, value, price and margin, newest first."""
    found, more = items.listed(before=query["cursor"], limit=query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.get("/items/<uuid:offer_id>")
@blueprint.response(200, OwnItemWithMovementsOut)
@edge(Realm.OPERATOR, "self_operated.view")
def own_item(offer_id: UUID) -> Any:
    """Read an own offer with its newest movements."""
    item = items.find(offer_id)
    names = ("offer", "on_hand", "on_shelf", "value", "average", "net", "margin_bps", "cover_days", "reorder_at",
             "is_low", "is_high", "is_below_cost", "uncosted")  # fmt: skip
    return {**{name: getattr(item, name) for name in names}, "movements": items.movements(offer_id)}


@blueprint.get("/receipts")
@blueprint.arguments(OwnGoodsQuery, location="query")
@blueprint.response(200, ReceiptsPage)
@edge(Realm.OPERATOR, "self_operated.view")
def list_receipts(query: dict[str, Any]) -> Any:
    """List receipts, newest first."""
    found, more = receipts.listed(before=query["cursor"], limit=query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.post("/receipts")
@blueprint.arguments(ReceiptIn)
@blueprint.response(201, ReceiptOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def create_receipt(body: dict[str, Any]) -> Any:
    """Write down goods that came in, as a draft; the same external key again returns the first."""
    return receipts.find(receipts.create(_draft(body), by=principal().person_id))


@blueprint.get("/receipts/<uuid:receipt_id>")
@blueprint.response(200, ReceiptOut)
@edge(Realm.OPERATOR, "self_operated.view")
def read_receipt(receipt_id: UUID) -> Any:
    """Read a receipt with its lines."""
    return receipts.find(receipt_id)


@blueprint.delete("/receipts/<uuid:receipt_id>")
@blueprint.response(204)
@edge(Realm.OPERATOR, "self_operated.manage")
def discard_receipt(receipt_id: UUID) -> Any:
    """Throw a draft away."""
    receipts.discard(receipt_id)
    return "", 204


@blueprint.post("/receipts/<uuid:receipt_id>/post")
@blueprint.response(200, ReceiptOut)
@edge(Realm.OPERATOR, "self_operated.post_receipt")
def post_receipt(receipt_id: UUID) -> Any:
    """Book a draft into stock and value; above the limit its author only asks, and it stays a draft that waits."""
    receipts.post(receipt_id, by=principal().person_id)
    return receipts.find(receipt_id)


@blueprint.post("/receipts/<uuid:receipt_id>/reverse")
@blueprint.response(200, ReceiptOut)
@edge(Realm.OPERATOR, "self_operated.post_receipt")
def reverse_receipt(receipt_id: UUID) -> Any:
    """Take a posted receipt back while its goods are there."""
    receipts.reverse(receipt_id)
    return receipts.find(receipt_id)


@blueprint.post("/receipts/<uuid:receipt_id>/forget-supplier")
@blueprint.response(200, ReceiptOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def forget_supplier(receipt_id: UUID) -> Any:
    """Take the name of a supplier who is a person off all their receipts."""
    receipts.forget_supplier(receipt_id)
    return receipts.find(receipt_id)


@blueprint.get("/counts")
@blueprint.arguments(OwnGoodsQuery, location="query")
@blueprint.response(200, CountsPage)
@edge(Realm.OPERATOR, "self_operated.view")
def list_counts(query: dict[str, Any]) -> Any:
    """List counts, newest first."""
    found, more = counts.listed(before=query["cursor"], limit=query["limit"])
    return {"data": found, "next": str(more) if more else None}


@blueprint.post("/counts")
@blueprint.arguments(CountIn)
@blueprint.response(201, CountOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def start_count(body: dict[str, Any]) -> Any:
    """Begin to count own offers, or all of them."""
    return counts.find(counts.start(body["offer_ids"], by=principal().person_id))


@blueprint.get("/counts/<uuid:count_id>")
@blueprint.response(200, CountOut)
@edge(Realm.OPERATOR, "self_operated.view")
def read_count(count_id: UUID) -> Any:
    """Read a count with its lines."""
    return counts.find(count_id)


@blueprint.put("/counts/<uuid:count_id>/lines")
@blueprint.arguments(CountedIn)
@blueprint.response(200, CountOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def fill_count(body: dict[str, Any], count_id: UUID) -> Any:
    """Write down what was counted."""
    counts.fill(count_id, body["counted"])
    return counts.find(count_id)


@blueprint.post("/counts/<uuid:count_id>/submit")
@blueprint.response(200, CountOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def submit_count(count_id: UUID) -> Any:
    """Hold what was counted against the books."""
    counts.submit(count_id)
    return counts.find(count_id)


@blueprint.post("/counts/<uuid:count_id>/reopen")
@blueprint.response(200, CountOut)
@edge(Realm.OPERATOR, "self_operated.manage")
def reopen_count(count_id: UUID) -> Any:
    """Send a submitted count back to be counted again."""
    counts.reopen(count_id)
    return counts.find(count_id)


@blueprint.post("/counts/<uuid:count_id>/approve")
@blueprint.response(200, CountOut)
@edge(Realm.OPERATOR, "self_operated.approve_count")
def approve_count(count_id: UUID) -> Any:
    """Book the differences; beyond the tolerance who began the count only asks, and it waits."""
    counts.approve(count_id, by=principal().person_id)
    return counts.find(count_id)


@blueprint.get("/margin")
@blueprint.arguments(MarginQuery, location="query")
@blueprint.response(200, MarginOut)
@edge(Realm.OPERATOR, "self_operated.report")
def margin(query: dict[str, Any]) -> Any:
    """Report what own goods brought in a period and what they cost."""
    return margins.report(query["start"], query["last"])


@blueprint.get("/settings")
@blueprint.response(200, OwnGoodsSettingsSchema)
@edge(Realm.OPERATOR, "self_operated.view")
def settings() -> Any:
    """Read the settings of own goods."""
    return load_settings("self_operated", current().settings.get("self_operated", {}))


@blueprint.put("/settings")
@blueprint.arguments(OwnGoodsSettingsSchema)
@blueprint.response(200, OwnGoodsSettingsSchema)
@edge(Realm.OPERATOR, "self_operated.manage")
def set_settings(body: dict[str, Any]) -> Any:
    """Change the settings of own goods."""
    change_settings("self_operated", body)
    return body


def _draft(body: dict[str, Any]) -> ReceiptDraft:
    currency = current().currency
    lines = tuple(
        LineDraft(line["offer_id"], line["quantity"], Money(line["unit_cost_minor"], currency))
        for line in body["lines"]
    )
    return ReceiptDraft(
        body["supplier_name"], body["received_on"] or clock.today(current().timezone), lines,
        Money(body["freight_minor"], currency), body["supplier_ref"], body["is_person"], body["is_on_shelf"],
        body["external_key"],
    )  # fmt: skip
