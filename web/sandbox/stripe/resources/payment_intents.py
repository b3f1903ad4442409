"""Payment intents: their endpoints; what happens to a payment is in `payments`."""

from web.sandbox.stripe import payments
from web.sandbox.stripe.errors import invalid, missing_parameter, unexpected_state
from web.sandbox.stripe.params import (
    EXPAND,
    SHIPPING,
    Reader,
    amount,
    array,
    boolean,
    boolean_or_text,
    choice,
    currency,
    group,
    list_fields,
    merged_metadata,
    metadata,
    text,
    unset_or,
)
from web.sandbox.stripe.resources import payment_methods
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document, public

# Stripe's smallest charges for currencies that it settles; for others it converts, and here 1 will do.
_SMALLEST = dict.fromkeys(("usd", "eur", "aud", "cad", "chf", "sgd", "jpy", "brl", "nzd"), 50) | {
    "gbp": 30,
    "hkd": 400,
}
_OPTIONS = group(
    {
        "alipay": group({"setup_future_usage": text}),
        "card": group({"capture_method": text, "request_three_d_secure": text, "setup_future_usage": text}),
        "wechat_pay": group({"app_id": text, "client": choice("web", "ios", "android"), "setup_future_usage": text}),
    }
)
_CHOICES: dict[str, Reader] = {
    **EXPAND,
    "capture_method": choice("automatic", "automatic_async", "manual"),
    "payment_method": unset_or(text),
    "payment_method_data": group(payment_methods.DATA_FIELDS),
    "payment_method_options": _OPTIONS,
    "payment_method_types": array(choice(*payment_methods.TYPES)),
    "receipt_email": unset_or(text),
    "setup_future_usage": unset_or(choice("off_session", "on_session")),
    "shipping": unset_or(SHIPPING),
}
_UPDATE: dict[str, Reader] = {
    **_CHOICES,
    "amount": amount,
    "currency": currency,
    "customer": text,
    "description": text,
    "metadata": metadata,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
_CONFIRM: dict[str, Reader] = {
    **_CHOICES,
    "error_on_requires_action": boolean,
    "off_session": boolean_or_text,
    "return_url": text,
    "use_stripe_sdk": boolean,
}
_CREATE: dict[str, Reader] = {
    **_CONFIRM,
    **_UPDATE,
    "automatic_payment_methods": group(
        {"enabled": boolean, "allow_redirects": choice("always", "never")}, required=("enabled",)
    ),
    "confirm": boolean,
    "confirmation_method": choice("automatic", "manual"),
}
_ONLY_TO_CONFIRM = ("off_session", "return_url", "error_on_requires_action")


def create(call: Call) -> Document:
    """Create an intent, and confirm it at once if asked to."""
    session, params = call.session, call.params
    _check_amount(params["amount"], params["currency"])
    confirming = params.get("confirm", False)
    for name in _ONLY_TO_CONFIRM:
        if name in params and not confirming:
            message = f"You cannot pass `{name}` unless you set `confirm` to true."
            raise invalid(message, code="parameter_invalid", param=name)
    intent = _with_choices(session, _document(session, params), params)
    session.emit("payment_intent.created", session.insert(intent))
    return _confirm(session, intent, params) if confirming else intent


def retrieve(call: Call) -> Document:
    """Read an intent."""
    intent = call.session.get("payment_intent", call.id, "intent")
    secret = call.params.get("client_secret")
    if secret is not None and secret != intent["client_secret"]:
        raise invalid("The client_secret provided does not match.", param="client_secret")
    return intent


def update(call: Call) -> Document:
    """Change an intent that has not been paid; its metadata, description and receipt address always."""
    session, params = call.session, call.params
    intent = session.get("payment_intent", call.id, "intent")
    always = {"expand", "metadata", "description", "receipt_email", "transfer_group"}
    fixed = sorted(set(params) - always)
    if fixed and intent["status"] not in payments.CONFIRMABLE:
        message = (
            f"This PaymentIntent's {fixed[0]} could not be updated because it has a status of "
            f"{intent['status']}. "
            "You may only update the amount of a PaymentIntent with one of the following statuses: "
            f"{', '.join(payments.CONFIRMABLE)}."
        )
        raise unexpected_state(message, public(intent))
    copied = _UPDATE.keys() - _CHOICES.keys() - {"metadata"} | {
        "receipt_email",
        "shipping",
        "setup_future_usage",
    }
    intent |= {name: params[name] for name in copied if name in params}
    _check_amount(intent["amount"], intent["currency"])
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    return session.update(_with_choices(session, intent, params))


def confirm(call: Call) -> Document:
    """Try to take the money."""
    intent = call.session.get("payment_intent", call.id, "intent")
    return _confirm(call.session, intent, call.params)


def _confirm(session: Session, intent: Document, params: Document) -> Document:
    if intent["status"] not in payments.CONFIRMABLE:
        message = (
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. "
            f"Only a PaymentIntent with one of the following statuses may be confirmed: "
            f"{', '.join(payments.CONFIRMABLE)}."
        )
        raise unexpected_state(message, public(intent))
    chosen = _with_choices(session, intent, params)
    if chosen["payment_method"] is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again "
            "directly with a "
            "payment method or ConfirmationToken."
        )
        raise unexpected_state(message, public(intent))
    method = session.get("payment_method", chosen["payment_method"], "payment_method")
    _check_method(chosen, method["type"], params)
    return payments.attempt(session, chosen, method, params)


def capture(call: Call) -> Document:
    """Take what was set aside, or a part of it."""
    intent = call.session.get("payment_intent", call.id, "intent")
    if "metadata" in call.params:
        intent["metadata"] = merged_metadata(intent["metadata"], call.params["metadata"])
    return payments.capture(call.session, intent, call.params.get("amount_to_capture"))


def cancel(call: Call) -> Document:
    """Cancel an intent that has not been paid."""
    intent = call.session.get("payment_intent", call.id, "intent")
    return payments.cancel(call.session, intent, call.params.get("cancellation_reason"))


def list_all(call: Call) -> Document:
    """List intents, newest first."""
    matches = {"customer": call.params["customer"]} if "customer" in call.params else {}
    return as_list("/v1/payment_intents", *call.session.page("payment_intent", call.params, matches))


def _check_amount(minor: int, code: str) -> None:
    smallest = _SMALLEST.get(code, 1)
    if minor < smallest:
        message = f"Amount must be at least {smallest} {code} in the smallest currency unit"
        raise invalid(message, code="amount_too_small", param="amount")


def _check_method(intent: Document, type_: str, params: Document) -> None:
    if type_ not in intent["payment_method_types"]:
        allowed = ", ".join(intent["payment_method_types"])
        message = f"The PaymentMethod provided ({type_}) is not allowed for this PaymentIntent. It allows: {allowed}."
        raise invalid(message, code="payment_intent_incompatible_payment_method", param="payment_method")
    returns = params.get("return_url") or intent["_return_url"]
    automatic = intent["automatic_payment_methods"] or {}
    may_redirect = automatic.get("allow_redirects") == "always"
    if not returns and not params.get("off_session") and (type_ == "alipay" or may_redirect):
        message = (
            "This PaymentIntent is configured to accept payment methods that might redirect your "
            "customer off of your "
            "page, so you must provide a `return_url`. If you don't want to accept redirect-based "
            "payment methods, "
            "set `automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to "
            "`never` when creating Payment Intents."
        )
        raise invalid(message, param="return_url")
    if type_ == "wechat_pay" and not (intent["payment_method_options"].get("wechat_pay") or {}).get("client"):
        raise missing_parameter("payment_method_options[wechat_pay][client]")


def _with_choices(session: Session, intent: Document, params: Document) -> Document:
    """Apply what create, update and confirm have in common: which method, and how it is to be used."""
    chosen: Document = {name: params[name] for name in ("capture_method", "shipping") if name in params}
    changed: Document = {**intent, **chosen}
    if "payment_method_types" in params:
        changed["payment_method_types"] = params["payment_method_types"]
        changed["automatic_payment_methods"] = None
    options = {**changed["payment_method_options"], **params.get("payment_method_options", {})}
    changed["payment_method_options"] = options
    wallets = [type_ for type_ in changed["payment_method_types"] if type_ != "card"]
    if changed["capture_method"] == "manual" and wallets:
        if changed["automatic_payment_methods"] is None:
            message = f"The payment method type {wallets[0]} does not support manual capture."
            raise invalid(message, param="payment_method_types")
        changed["payment_method_types"] = ["card"]
    if "payment_method_data" in params:
        method = payment_methods.make(session, params["payment_method_data"])
        return {**changed, "payment_method": method["id"], "status": "requires_confirmation"}
    if id_ := params.get("payment_method"):
        method = payment_methods.resolve(session, id_)
        return {**changed, "payment_method": method["id"], "status": "requires_confirmation"}
    if "payment_method" in params:
        return {**changed, "payment_method": None, "status": "requires_payment_method"}
    return changed


def _methods(params: Document) -> tuple[list[str], Document | None]:
    if "payment_method_types" in params:
        if params.get("automatic_payment_methods", {}).get("enabled"):
            message = "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
            raise invalid(message, param="automatic_payment_methods")
        return params["payment_method_types"], None
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    if not automatic["enabled"]:
        return ["card"], {"enabled": False}
    redirects = automatic.get("allow_redirects", "always")
    types = list(payment_methods.TYPES) if redirects == "always" else ["card"]
    return types, {"allow_redirects": redirects, "enabled": True}


def _document(session: Session, params: Document) -> Document:
    id_ = new_id("pi")
    types, automatic = _methods(params)
    if customer := params.get("customer"):
        session.get("customer", customer, "customer")
    copied = (
        "customer",
        "description",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    )
    return {
        "id": id_,
        "object": "payment_intent",
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": f"{id_}_{new_id('secret', 25)}",
        "confirmation_method": params.get("confirmation_method", "automatic"),
        "created": session.now(),
        "currency": params["currency"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": types,
        "processing": None,
        "review": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        **{name: params.get(name) for name in copied},
        "_return_url": params.get("return_url"),
    }


_CAPTURE: dict[str, Reader] = {
    **EXPAND,
    "amount_to_capture": amount,
    "metadata": metadata,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
}
_REASONS = choice("duplicate", "fraudulent", "requested_by_customer", "abandoned")
ROUTES = (
    Route("POST", "/v1/payment_intents", _CREATE, create, required=("amount", "currency")),
    Route("GET", "/v1/payment_intents", list_fields(customer=text), list_all),
    Route("GET", "/v1/payment_intents/{intent}", {**EXPAND, "client_secret": text}, retrieve),
    Route("POST", "/v1/payment_intents/{intent}", _UPDATE, update),
    Route("POST", "/v1/payment_intents/{intent}/confirm", {**_CONFIRM, "client_secret": text}, confirm),
    Route("POST", "/v1/payment_intents/{intent}/capture", _CAPTURE, capture),
    Route("POST", "/v1/payment_intents/{intent}/cancel", {**EXPAND, "cancellation_reason": _REASONS}, cancel),
)
