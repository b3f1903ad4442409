"""Invoices and their items: drafted, finalised, then paid, voided or given up."""

from web.sandbox.stripe import invoicing, payments
from web.sandbox.stripe.errors import StripeError, invalid
from web.sandbox.stripe.params import (
    EXPAND,
    Reader,
    array,
    boolean,
    choice,
    currency,
    group,
    integer,
    list_fields,
    merged_metadata,
    metadata,
    text,
)
from web.sandbox.stripe.resources import payment_intents
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_DAY = 86_400
_TAXES: Document = {"enabled": False, "disabled_reason": None, "liability": None, "provider": None, "status": None}
_CREATE: dict[str, Reader] = {
    **EXPAND,
    "auto_advance": boolean,
    "collection_method": choice("charge_automatically", "send_invoice"),
    "currency": currency,
    "customer": text,
    "days_until_due": integer,
    "default_payment_method": text,
    "description": text,
    "footer": text,
    "metadata": metadata,
    "number": text,
    "payment_settings": group({"payment_method_types": array(text)}),
    "pending_invoice_items_behavior": choice("exclude", "include"),
}
_ITEM: dict[str, Reader] = {
    **EXPAND,
    "amount": integer,
    "currency": currency,
    "customer": text,
    "description": text,
    "invoice": text,
    "metadata": metadata,
}
_NOTHING = ("amount_due", "amount_overpaid", "amount_paid", "amount_paid_off_stripe", "amount_remaining",
           "amount_shipping", "attempt_count", "post_payment_credit_notes_amount",
           "pre_payment_credit_notes_amount", "starting_balance", "subtotal", "subtotal_excluding_tax", "total",
           "total_excluding_tax")  # fmt: skip
_UNSAID = ("account_country", "account_name", "account_tax_ids", "application", "automatically_finalizes_at",
          "custom_fields", "customer_phone", "customer_shipping", "default_source", "effective_at",
          "ending_balance", "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error",
          "latest_revision", "next_payment_attempt", "on_behalf_of", "parent", "receipt_number", "rendering",
          "shipping_cost", "shipping_details", "statement_descriptor", "test_clock")  # fmt: skip


def create(call: Call) -> Document:
    """Create a draft."""
    params, session = call.params, call.session
    customer = session.get("customer", params["customer"], "customer")
    sends = params.get("collection_method") == "send_invoice"
    if sends != ("days_until_due" in params):
        raise invalid("`days_until_due` goes with `collection_method=send_invoice`, and with nothing else.",
                      param="days_until_due")  # fmt: skip
    number = params.get("number")
    if number and _with_number(session, number):
        raise invalid(f"An invoice with the number {number} exists already.", param="number")
    invoice = _document(session, customer, params)
    session.emit("invoice.created", session.insert(invoice))
    return invoice


def _with_number(session: Session, number: str) -> bool:
    rows, _more = session.page("invoice", {"limit": 1}, {"number": number})
    return bool(rows)


def _document(session: Session, customer: Document, params: Document) -> Document:
    now, id_ = session.now(), new_id("in")
    sends = params.get("collection_method") == "send_invoice"
    return {
        "id": id_,
        "object": "invoice",
        **dict.fromkeys(_NOTHING, 0),
        **dict.fromkeys(_UNSAID),
        "attempted": False,
        "auto_advance": params.get("auto_advance", False),
        "automatic_tax": _TAXES,
        "billing_reason": "manual",
        "collection_method": params.get("collection_method", "charge_automatically"),
        "created": now,
        "currency": params["currency"],
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "default_payment_method": params.get("default_payment_method"),
        "default_tax_rates": [],
        "description": params.get("description"),
        "discounts": [],
        "due_date": now + params["days_until_due"] * _DAY if sends else None,
        "footer": params.get("footer"),
        "issuer": {"type": "self"},
        "lines": as_list(f"/v1/invoices/{id_}/lines", [], has_more=False),
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "number": params.get("number"),
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None}
        | params.get("payment_settings", {}),
        "period_end": now,
        "period_start": now,
        "status": "draft",
        "status_transitions": dict.fromkeys(
            ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        ),
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
        "_intent": None,
    }  # fmt: skip


def add_item(call: Call) -> Document:
    """Add a line to a draft."""
    params, session = call.params, call.session
    session.get("customer", params["customer"], "customer")
    if "invoice" not in params:
        raise invalid("This stand-in adds items to a given invoice only.", param="invoice")
    invoice = session.get("invoice", params["invoice"], "invoice")
    if invoice["status"] != "draft":
        raise invalid("You can only add invoice items to a draft invoice.", param="invoice")
    if params["currency"] != invoice["currency"]:
        raise invalid("The currency of an invoice item must match that of its invoice.", param="currency")
    now = session.now()
    item = _item(session, params, now)
    session.emit("invoiceitem.created", session.insert(item))
    lines = [*invoice["lines"]["data"], _line(invoice, item)]
    total = sum(line["amount"] for line in lines)
    sums = ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
    due = max(total, 0)
    session.update({**invoice, **dict.fromkeys(sums, total), "amount_due": due, "amount_remaining": due,
                    "lines": {**invoice["lines"], "data": lines}})  # fmt: skip
    return item


def _item(session: Session, params: Document, now: int) -> Document:
    return {
        "id": new_id("ii"),
        "object": "invoiceitem",
        "amount": params["amount"],
        "currency": params["currency"],
        "customer": params["customer"],
        "date": now,
        "description": params.get("description"),
        "discountable": False,
        "discounts": [],
        "invoice": params["invoice"],
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "net_amount": params["amount"],
        "parent": None,
        "period": {"start": now, "end": now},
        "pricing": None,
        "proration": False,
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
        "test_clock": None,
    }


def _line(invoice: Document, item: Document) -> Document:
    copied = ("amount", "currency", "description", "discountable", "discounts", "livemode", "metadata", "period",
              "pricing", "quantity", "quantity_decimal")  # fmt: skip
    return {
        "id": new_id("il"),
        "object": "line_item",
        **{name: item[name] for name in copied},
        "discount_amounts": [],
        "invoice": invoice["id"],
        "parent": None,
        "pretax_credit_amounts": [],
        "subscription": None,
        "subtotal": item["amount"],
        "taxes": [],
    }


def finalize(call: Call) -> Document:
    """Finalise a draft: from now on it may be paid."""
    invoice = call.session.get("invoice", call.id, "invoice")
    if invoice["status"] != "draft":
        raise _wrong_state(invoice, "This invoice is already finalized.")
    return _finalised(call.session, invoice)


def _finalised(session: Session, invoice: Document) -> Document:
    invoice |= {
        "status": "open",
        "number": invoice["number"] or f"STANDIN-{new_id('n', 8)[2:].upper()}",
        "effective_at": session.now(),
        "ending_balance": 0,
        "status_transitions": {**invoice["status_transitions"], "finalized_at": session.now()},
    }
    if invoice["amount_due"]:
        intent = _intent(session, invoice)
        secret = intent["client_secret"]
        invoice |= {
            "_intent": intent["id"],
            "hosted_invoice_url": f"{session.base_url}/_hosted/pay/{intent['id']}?client_secret={secret}",
        }
    session.emit("invoice.finalized", session.update(invoice))
    return invoice if invoice["amount_due"] else invoicing.paid(session, invoice, out_of_band=False)


def _intent(session: Session, invoice: Document) -> Document:
    types = invoice["payment_settings"]["payment_method_types"] or ["card"]
    params = {"amount": invoice["amount_due"], "currency": invoice["currency"], "customer": invoice["customer"],
              "payment_method_types": types, "description": f"Invoice {invoice['number']}"}  # fmt: skip
    intent = payment_intents.create(Call(session, params))
    return session.update({**intent, "_invoice": invoice["id"]})


def pay(call: Call) -> Document:
    """Charge an open invoice, or note that it was paid elsewhere."""
    session, invoice = call.session, call.session.get("invoice", call.id, "invoice")
    if invoice["status"] == "draft":
        invoice = _finalised(session, invoice)
    if invoice["status"] == "paid":
        raise _wrong_state(invoice, "Invoice is already paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise _wrong_state(invoice, f"A {invoice['status']} invoice cannot be paid.")
    if call.params.get("paid_out_of_band"):
        _drop_intent(session, invoice)
        return invoicing.paid(session, invoice, out_of_band=True)
    customer = session.get("customer", invoice["customer"])
    method = (call.params.get("payment_method") or invoice["default_payment_method"]
              or customer["invoice_settings"]["default_payment_method"])  # fmt: skip
    if method is None:
        message = (
            "There is no `default_payment_method` set on this Customer or Invoice. Please set an appropriate "
            "default_payment_method."
        )
        raise StripeError(400, "invalid_request_error", message, code="missing")
    params = {"payment_method": method, "off_session": call.params.get("off_session", True)}
    payment_intents.confirm(Call(session, params, invoice["_intent"]))
    return session.get("invoice", call.id)


def _drop_intent(session: Session, invoice: Document) -> None:
    if id_ := invoice["_intent"]:
        intent = session.get("payment_intent", id_)
        if intent["status"] in payments.CANCELLABLE:
            payments.cancel(session, {**intent, "_invoice": None}, "void_invoice")


def void(call: Call) -> Document:
    """Undo a finalised invoice."""
    return _ended(call, "void", "voided_at", "invoice.voided", ("open", "uncollectible"))


def mark_uncollectible(call: Call) -> Document:
    """Give an invoice up; it can still be paid."""
    return _ended(call, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible", ("open",))


def _ended(call: Call, status: str, moment: str, event: str, sources: tuple[str, ...]) -> Document:
    session, invoice = call.session, call.session.get("invoice", call.id, "invoice")
    if invoice["status"] not in sources:
        raise _wrong_state(invoice, f"You can only do this to an invoice that is {' or '.join(sources)}.")
    if status == "void":
        _drop_intent(session, invoice)
    transitions = {**invoice["status_transitions"], moment: session.now()}
    invoice |= {"status": status, "auto_advance": False, "status_transitions": transitions}
    session.emit(event, session.update(invoice))
    return invoice


def send(call: Call) -> Document:
    """Mail an invoice to its customer; a draft is finalised first."""
    session, invoice = call.session, call.session.get("invoice", call.id, "invoice")
    if invoice["collection_method"] != "send_invoice":
        raise _wrong_state(invoice, "You can only send an invoice whose collection_method is send_invoice.")
    if invoice["status"] == "draft":
        invoice = _finalised(session, invoice)
    session.emit("invoice.sent", invoice)
    return invoice


def _wrong_state(invoice: Document, message: str) -> StripeError:
    code = "invoice_not_editable" if invoice["status"] != "draft" else None
    return StripeError(400, "invalid_request_error", message, code=code)


def retrieve(call: Call) -> Document:
    """Read an invoice."""
    return call.session.get("invoice", call.id)


def list_all(call: Call) -> Document:
    """List invoices, newest first."""
    matches: dict[str, str] = {name: call.params[name] for name in ("customer", "status") if name in call.params}
    return as_list("/v1/invoices", *call.session.page("invoice", call.params, matches))


_PAY: dict[str, Reader] = {**EXPAND, "off_session": boolean, "paid_out_of_band": boolean, "payment_method": text}
ROUTES = (
    Route("POST", "/v1/invoiceitems", _ITEM, add_item, required=("customer", "amount", "currency")),
    Route("POST", "/v1/invoices", _CREATE, create, required=("customer", "currency")),
    Route("GET", "/v1/invoices", list_fields(customer=text, status=text), list_all),
    Route("GET", "/v1/invoices/{invoice}", EXPAND, retrieve),
    Route("POST", "/v1/invoices/{invoice}/finalize", {**EXPAND, "auto_advance": boolean}, finalize),
    Route("POST", "/v1/invoices/{invoice}/pay", _PAY, pay),
    Route("POST", "/v1/invoices/{invoice}/send", EXPAND, send),
    Route("POST", "/v1/invoices/{invoice}/void", EXPAND, void),
    Route("POST", "/v1/invoices/{invoice}/mark_uncollectible", EXPAND, mark_uncollectible),
)
