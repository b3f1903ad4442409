"""The operator's pages of goods receipts: list, writing one, and one with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.errors import told
from core.http.listing import Column, Listing
from core.http.submitting import amount, refused
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.self_operated import offers, receipts, wording
from plugins.self_operated.receipts import LineDraft, Receipt, ReceiptDraft
from plugins.self_operated.surface import operator

_ROWS, _MORE, _MOST = 3, 5, 200


@operator.get("/receipts")
@edge(Realm.OPERATOR, "self_operated.view")
def list_receipts() -> Answer:
    """List receipts, newest first."""
    found, more = receipts.listed(before=request.args.get("after", type=UUID))
    columns = (
        Column("number", gettext("Receipt"), card="lead"),
        Column("supplier", gettext("Supplier"), card="sub"),
        Column("day", gettext("Received on"), kind="date", card="opt"),
        Column("total", gettext("Cost with freight"), kind="money", card="amt"),
        Column("state", gettext("State"), card="st"),
    )
    next_href = url_for("self_operated_operator.list_receipts", after=more) if more else ""
    listing = Listing("receipts", columns, [_row(one) for one in found], gettext("Receipts"), next_href=next_href)
    return page("self_operated/receipts.html", receipts=listing, may_manage=principal().may("self_operated.manage"))


def _row(one: Receipt) -> Mapping[str, object]:
    return {
        "id": str(one.id), "number": one.number or gettext("Draft"), "supplier": one.supplier_name,
        "day": one.received_on, "total": one.total, "state": wording.receipt_state(one.state),
        "href": url_for("self_operated_operator.receipt", receipt_id=one.id),
    }  # fmt: skip


@operator.get("/receipts/new")
@edge(Realm.OPERATOR, "self_operated.manage")
def new_receipt(error: AppError | None = None) -> Answer:
    """Show an empty receipt, or what was typed with why it was refused."""
    return _form(error)


def _form(error: AppError | None = None, more: int = 0) -> Answer:
    count = min(max(request.form.get("rows", _ROWS, type=int), 1) + more, _MOST)
    faults = {fault.path: told(fault.message) for fault in error.fields} if isinstance(error, Invalid) else {}
    typed = request.form.to_dict()
    chosen = request.args.get("offer", "")
    choices = [(str(offer.id), f"{offer.title} ({offer.sku})") for offer in offers.choices()]
    return page(
        "self_operated/new_receipt.html", refused=refused(error), faults=faults, typed=typed, rows=range(count),
        count=count, choices=[("", gettext("Choose")), *choices], chosen=chosen, has_goods=bool(choices),
        today=clock.today(current().timezone), currency=current().currency,
    )  # fmt: skip


@operator.post("/receipts/new")
@edge(Realm.OPERATOR, "self_operated.manage", again=new_receipt)
def create_receipt() -> Answer:
    """Write a draft; or show the form with more lines where that was asked for."""
    if "more" in request.form:
        return _form(more=_MORE)
    made = receipts.create(_typed(), by=principal().person_id)
    return see(url_for("self_operated_operator.receipt", receipt_id=made), gettext("The receipt is written down"))


def _typed() -> ReceiptDraft:
    form = request.form
    count = min(form.get("rows", _ROWS, type=int), _MOST)
    lines = [_line(place) for place in range(count) if _is_filled(place)]
    freight = form.get("freight", "").strip()
    return ReceiptDraft(
        form.get("supplier_name", ""), _day(form.get("received_on", "")), tuple(lines),
        amount(freight, "freight") if freight else Money.zero(current().currency), form.get("supplier_ref", "")[:80],
        "is_person" in form, "is_on_shelf" in form,
    )  # fmt: skip


def _is_filled(place: int) -> bool:
    return any(request.form.get(f"{name}-{place}", "").strip() for name in ("offer", "quantity", "cost"))


def _line(place: int) -> LineDraft:
    offer_id = request.form.get(f"offer-{place}", type=UUID)
    quantity = request.form.get(f"quantity-{place}", type=int)
    if offer_id is None:
        raise _wrong(f"offer-{place}", _("Choose what came in"))
    if quantity is None or not 0 < quantity <= 1_000_000:
        raise _wrong(f"quantity-{place}", _("Give a number of units from 1 to 1,000,000"))
    return LineDraft(offer_id, quantity, amount(request.form.get(f"cost-{place}", ""), f"cost-{place}"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _wrong("received_on", _("Enter a date that exists")) from None


def _wrong(path: str, message: str) -> Invalid:
    return Invalid("form.invalid", _("Some of this cannot be right."), fields=(FieldError(path, message),))


@operator.get("/receipts/<uuid:receipt_id>")
@edge(Realm.OPERATOR, "self_operated.view")
def receipt(receipt_id: UUID, error: AppError | None = None) -> Answer:
    """Show a receipt with its lines and what can be done about it."""
    who = principal()
    found = receipts.find(receipt_id)
    return page(
        "self_operated/receipt.html", receipt=found, refused=refused(error),
        state=wording.receipt_state(found.state, waits=found.waits is not None),
        may_manage=who.may("self_operated.manage"), may_post=who.may("self_operated.post_receipt"),
        is_mine=found.waits is not None and found.waits.asked_by == who.person_id,
    )  # fmt: skip


@operator.post("/receipts/<uuid:receipt_id>/post")
@edge(Realm.OPERATOR, "self_operated.post_receipt", again=receipt)
def post_receipt(receipt_id: UUID) -> Answer:
    """Book a draft, or ask a second person for it."""
    asked = receipts.post(receipt_id, by=principal().person_id)
    said = gettext("A second person is asked") if asked else gettext("The goods are in stock")
    return see(url_for("self_operated_operator.receipt", receipt_id=receipt_id), said)


@operator.post("/receipts/<uuid:receipt_id>/reverse")
@edge(Realm.OPERATOR, "self_operated.post_receipt", again=receipt)
def reverse_receipt(receipt_id: UUID) -> Answer:
    """Take a posted receipt back."""
    receipts.reverse(receipt_id)
    return see(url_for("self_operated_operator.receipt", receipt_id=receipt_id), gettext("The receipt is reversed"))


@operator.post("/receipts/<uuid:receipt_id>/discard")
@edge(Realm.OPERATOR, "self_operated.manage", again=receipt)
def discard_receipt(receipt_id: UUID) -> Answer:
    """Throw a draft away."""
    receipts.discard(receipt_id)
    return see(url_for("self_operated_operator.list_receipts"), gettext("The draft is gone"))


@operator.post("/receipts/<uuid:receipt_id>/forget-supplier")
@edge(Realm.OPERATOR, "self_operated.manage", again=receipt)
def forget_supplier(receipt_id: UUID) -> Answer:
    """Take a person's name off their receipts."""
    receipts.forget_supplier(receipt_id)
    return see(url_for("self_operated_operator.receipt", receipt_id=receipt_id), gettext("The name is taken away"))
