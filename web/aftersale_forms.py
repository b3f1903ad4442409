"""Reads the forms of case pages: what is asked for, amounts, photographs."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from core.aftersales.asking import Ask
from core.billing.views import OrderView
from core.fulfilment.shipping import Shipment
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.kernel.money import Money
from core.media import pictures
from core.media.pictures import CleanPicture
from web import files
from web.files import Paper

MOST_AT_ONCE = 6


def ask(order: OrderView, given: MultiDict[str, str]) -> Ask:
    """Read what a buyer wants from an address or a form. Raise Invalid for numbers that are none."""
    currency = order.total.currency
    units = {line.id: whole(given.get(f"units-{line.id}", ""), f"units-{line.id}") for line in order.lines}
    kind = given.get("kind", "")
    return Ask(
        order.id, kind, given.get("reason", ""), {key: number for key, number in units.items() if number},
        given.get("text", "")[:2000], amount(given.get("amount", ""), currency) if kind == "claim" else None,
        _key(given.get("variant_id", "")) if kind == "exchange" else None, "is_sealed" in given,
        f"form:{given['key'][:64]}" if given.get("key") else None,
    )  # fmt: skip


def whole(text: str, path: str) -> int:
    """Read a whole number; nothing is 0. Raise Invalid for other text."""
    if not text.strip():
        return 0
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        fault = FieldError(path, _("Type a whole number"))
        raise Invalid("orders.not_a_number", _("A number of units is not a whole number"), fields=(fault,))
    return int(text)


def amount(text: str, currency: str) -> Money | None:
    """Read an amount in major units, with a point or a comma; None for nothing. Raise Invalid for other text."""
    return Money.parse(text.replace(",", "."), currency) if text.strip() else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def photos() -> list[tuple[CleanPicture, str]]:
    """Read the pictures that a form sent. Slow: before the transaction. Raise Invalid for too many, or no pictures."""
    sent = [file for file in request.files.getlist("photos") if file.filename]
    if len(sent) > MOST_AT_ONCE:
        fault = FieldError("photos", _("Add at most {most} photographs at once"))
        raise Invalid("aftersales.too_many_photos", fault.message, fields=(fault,), most=MOST_AT_ONCE)
    try:
        return [(pictures.clean(file.read()), file.filename or "") for file in sent]
    except Invalid as wrong:
        fault = FieldError("photos", wrong.message)
        raise Invalid(wrong.code, wrong.message, fields=(fault,), **wrong.facts) from None


def label() -> Paper | None:
    """Read the label for the way back that a form sent; None if there is none. Slow: before the transaction."""
    sent = request.files.get("label")
    return files.paper("label") if sent is not None and sent.filename else None


def shipment() -> Shipment:
    """Read with whom something is sent."""
    form = request.form
    return Shipment(form.get("carrier", "")[:80], form.get("tracking", "")[:120], form.get("tracking_url", "")[:500])


def kept(given: Mapping[str, str]) -> dict[str, str]:
    """Return what a step carries to the next one."""
    wanted = ("reason", "kind", "text", "amount", "variant_id", "is_sealed", "key")
    return {name: value for name, value in given.items() if name in wanted or name.startswith("units-")}


def photos_refused(error: AppError) -> bool:
    """Tell whether a refusal is about the photographs alone."""
    return any(fault.path == "photos" for fault in getattr(error, "fields", ()))
