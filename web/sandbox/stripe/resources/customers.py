"""Customers."""

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.params import (
    ADDRESS,
    EXPAND,
    SHIPPING,
    Reader,
    array,
    choice,
    group,
    list_fields,
    merged_metadata,
    metadata,
    text,
    unset_or,
)
from web.sandbox.stripe.session import Call, Route, as_list, new_id
from web.sandbox.stripe.wire import Document

_FIELDS: dict[str, Reader] = {
    **EXPAND,
    "address": unset_or(ADDRESS),
    "description": text,
    "email": unset_or(text),
    "invoice_settings": group({"default_payment_method": unset_or(text)}),
    "metadata": metadata,
    "name": unset_or(text),
    "phone": unset_or(text),
    "preferred_locales": array(text),
    "shipping": unset_or(SHIPPING),
    "tax_exempt": choice("none", "exempt", "reverse"),
}


def create(call: Call) -> Document:
    """Create a customer."""
    params, session = call.params, call.session
    customer: Document = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": params.get("address"),
        "balance": 0,
        "created": session.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "discount": None,
        "email": params.get("email"),
        "invoice_prefix": new_id("x", 8)[2:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "name": params.get("name"),
        "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales", []),
        "shipping": params.get("shipping"),
        "tax_exempt": params.get("tax_exempt", "none"),
        "test_clock": None,
    }
    session.emit("customer.created", session.insert(customer))
    return customer


def retrieve(call: Call) -> Document:
    """Read a customer."""
    return call.session.get("customer", call.id)


def update(call: Call) -> Document:
    """Change a customer."""
    customer = call.session.get("customer", call.id)
    changes = {name: value for name, value in call.params.items() if name not in {"expand", "metadata"}}
    if "invoice_settings" in changes:
        _require_own(call, changes["invoice_settings"].get("default_payment_method"))
        changes["invoice_settings"] = {**customer["invoice_settings"], **changes["invoice_settings"]}
    if "metadata" in call.params:
        changes["metadata"] = merged_metadata(customer["metadata"], call.params["metadata"])
    previous = {name: customer[name] for name, value in changes.items() if customer[name] != value}
    changed = call.session.update({**customer, **changes})
    call.session.emit("customer.updated", changed, previous)
    return changed


def _require_own(call: Call, method_id: str | None) -> None:
    """Refuse a default payment method that is not the customer's."""
    if method_id and call.session.get("payment_method", method_id, "payment_method")["customer"] != call.id:
        raise invalid("The payment method must be attached to the customer.", param="invoice_settings")


def list_all(call: Call) -> Document:
    """List customers, newest first."""
    return as_list("/v1/customers", *call.session.page("customer", call.params))


ROUTES = (
    Route("POST", "/v1/customers", _FIELDS, create),
    Route("GET", "/v1/customers", list_fields(), list_all),
    Route("GET", "/v1/customers/{customer}", EXPAND, retrieve),
    Route("POST", "/v1/customers/{customer}", _FIELDS, update),
)
