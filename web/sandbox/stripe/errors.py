"""Refusals in the shapes that Stripe gives them."""

from web.sandbox.stripe.wire import Document, Response, as_json


class StripeError(Exception):
    """A refusal to send to the caller. `keeps_effects` says that what happened before it is stored all the
    same."""

    def __init__(self, status: int, type_: str, message: str, *, keeps_effects: bool = False, **facts: object) -> None:
        super().__init__(message)
        self.status = status
        self.keeps_effects = keeps_effects
        self.error: Document = {
            "type": type_,
            "message": message,
            **{name: fact for name, fact in facts.items() if fact is not None},
        }
        if code := self.error.get("code"):
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"

    def response(self) -> Response:
        """Give the HTTP answer."""
        return as_json(self.status, {"error": self.error})


class DroppedError(ConnectionAbortedError):
    """The connection was cut on purpose; the caller gets no answer."""


def invalid(
    message: str, *, code: str | None = None, param: str | None = None, payment_intent: Document | None = None
) -> StripeError:
    """Refuse a request that makes no sense (400)."""
    facts = {"code": code, "param": param, "payment_intent": payment_intent}
    return StripeError(400, "invalid_request_error", message, keeps_effects=False, **facts)


def unknown_parameter(param: str) -> StripeError:
    """Refuse a parameter that the endpoint does not have (400)."""
    return invalid(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def missing_parameter(param: str) -> StripeError:
    """Refuse a request without a parameter that it must have (400)."""
    return invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)


def no_such(kind: str, id_: str, *, param: str | None = "id") -> StripeError:
    """Refuse an id that the account does not have: 404 for the object of the path, 400 for one in a
    parameter."""
    name = {"payment_method": "PaymentMethod"}.get(kind, kind)
    status = 404 if param in {"id", "intent"} else 400
    message = f"No such {name}: '{id_}'"
    return StripeError(status, "invalid_request_error", message, code="resource_missing", param=param)


def unexpected_state(message: str, intent: Document) -> StripeError:
    """Refuse an action that a payment intent's status does not allow (400)."""
    return invalid(message, code="payment_intent_unexpected_state", payment_intent=intent)
