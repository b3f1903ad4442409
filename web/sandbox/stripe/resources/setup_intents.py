"""Setup intents: cards that are saved for later charges."""

from web.sandbox.stripe.cards import Behaviour, by_last4
from web.sandbox.stripe.errors import StripeError, invalid
from web.sandbox.stripe.params import EXPAND, Reader, array, choice, list_fields, merged_metadata, metadata, text
from web.sandbox.stripe.resources import payment_methods
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_CREATE: dict[str, Reader] = {
    **EXPAND,
    "customer": text,
    "description": text,
    "metadata": metadata,
    "payment_method_types": array(choice("card")),
    "usage": choice("off_session", "on_session"),
}
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(call: Call) -> Document:
    """Create an intent to save a card."""
    params, session = call.params, call.session
    if customer := params.get("customer"):
        session.get("customer", customer, "customer")
    id_ = new_id("seti")
    unsaid = ("application", "automatic_payment_methods", "cancellation_reason", "flow_directions",
              "last_setup_error", "latest_attempt", "mandate", "next_action", "on_behalf_of", "payment_method",
              "payment_method_configuration_details", "single_use_mandate")  # fmt: skip
    intent: Document = {
        "id": id_,
        "object": "setup_intent",
        **dict.fromkeys(unsaid),
        "client_secret": f"{id_}_{new_id('secret', 25)}",
        "created": session.now(),
        "customer": params.get("customer"),
        "description": params.get("description"),
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "payment_method_options": {},
        "payment_method_types": params.get("payment_method_types", ["card"]),
        "status": "requires_payment_method",
        "usage": params.get("usage", "off_session"),
    }
    session.emit("setup_intent.created", session.insert(intent))
    return intent


def confirm(call: Call) -> Document:
    """Save a card for the intent's customer."""
    intent = call.session.get("setup_intent", call.id, "intent")
    method = payment_methods.resolve(call.session, call.params["payment_method"])
    return save(call.session, intent, method)


def save(session: Session, intent: Document, method: Document) -> Document:
    """Save a card. Raise StripeError, keeping what happened, if its bank declines."""
    if intent["status"] not in _OPEN:
        raise invalid(f"You cannot confirm this SetupIntent because it has a status of {intent['status']}.",
                      code="setup_intent_unexpected_state")  # fmt: skip
    card = by_last4(method["card"]["last4"])
    if card.behaviour is Behaviour.DECLINES:
        refusal = StripeError(402, "card_error", card.message, keeps_effects=True, code=card.code,
                              decline_code=card.decline_code)  # fmt: skip
        session.emit("setup_intent.setup_failed", session.update({**intent, "last_setup_error": refusal.error}))
        raise refusal
    if intent["customer"]:
        payment_methods.attach(Call(session, {"customer": intent["customer"]}, method["id"]))
    intent |= {"status": "succeeded", "payment_method": method["id"], "last_setup_error": None}
    session.emit("setup_intent.succeeded", session.update(intent))
    return intent


def retrieve(call: Call) -> Document:
    """Read an intent."""
    return call.session.get("setup_intent", call.id, "intent")


def list_all(call: Call) -> Document:
    """List intents, newest first."""
    matches: dict[str, str] = {name: call.params[name] for name in ("customer",) if name in call.params}
    return as_list("/v1/setup_intents", *call.session.page("setup_intent", call.params, matches))


ROUTES = (
    Route("POST", "/v1/setup_intents", _CREATE, create),
    Route("GET", "/v1/setup_intents", list_fields(customer=text), list_all),
    Route("GET", "/v1/setup_intents/{intent}", EXPAND, retrieve),
    Route("POST", "/v1/setup_intents/{intent}/confirm", {**EXPAND, "payment_method": text}, confirm,
          required=("payment_method",)),
)  # fmt: skip
