"""The control port of tests: faults, webhooks, the clock, and buyers and banks who act without a browser."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from web.sandbox.stripe import acting, payments
from web.sandbox.stripe.errors import StripeError, invalid
from web.sandbox.stripe.faults import Fault, Faults, Mode
from web.sandbox.stripe.payments import Outcome
from web.sandbox.stripe.resources import payment_intents, payouts, refunds
from web.sandbox.stripe.session import Call, Session
from web.sandbox.stripe.wire import Document, Request, Response, as_json, public

_CARDS = {Outcome.SUCCEED: "pm_card_visa", Outcome.DECLINE: "pm_card_chargeDeclined"}


@dataclass(frozen=True, slots=True)
class Control:
    """Carries out POST /_control, /_control/pay, /_control/refund and what is in `acting`; GET /_control tells how
    things stand."""

    session: Session
    faults: Faults
    wake: Callable[[], None]

    def answer(self, request: Request) -> Response:
        """Answer a request to the control port. A wrong one is refused in Stripe's error shape."""
        try:
            document = self._answer(request)
        except StripeError as refusal:
            return refusal.response()
        self.wake()
        return as_json(200, document)

    def _answer(self, request: Request) -> Document:
        if request.method == "GET" and request.path == "/_control":
            return self._state()
        actions = {"/_control": self._change, "/_control/pay": self._pay, "/_control/refund": self._refund}
        action = actions.get(request.path) or self._acting(request.path)
        if request.method != "POST" or action is None:
            raise StripeError(404, "invalid_request_error", "No such control.")
        if not request.headers["content-type"].startswith("application/json"):
            # A page in a browser cannot send this type to another origin unasked.
            raise invalid("Send JSON with Content-Type: application/json.")
        try:
            wanted = json.loads(request.body)
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict):
            raise invalid("Send a JSON object.")
        with self.session.store.transaction():
            return action(wanted)

    def _acting(self, path: str) -> Callable[[Document], Document] | None:
        action = acting.ACTIONS.get(path.removeprefix("/_control/"))
        return partial(action, self.session) if action is not None else None

    def _state(self) -> Document:
        mode = self.session.webhooks
        return {
            "now": self.session.now(),
            "planned_faults": self.faults.planned(),
            "pending_deliveries": self.session.store.pending(),
            "webhooks": {"paused": mode.paused, "duplicated": mode.duplicated, "shuffled": mode.shuffled},
        }

    def _change(self, wanted: Document) -> Document:
        for name, value in wanted.items():
            if name == "fail_next" and isinstance(value, dict):
                self.faults.plan(_fault(value))
            elif name == "webhooks" and value in _MODES:
                _MODES[value](self.session)
            elif name == "advance" and isinstance(value, int) and value >= 0:
                self.session.store.advance(value)
                payouts.settle_due(self.session)
            elif name == "reset":
                self.faults.clear()
                _MODES["normal"](self.session)
            else:
                raise invalid(f"Invalid control: {name}", param=name)
        return self._state()

    def _owner(self, id_: object) -> Session:
        account = self.session.store.account_of(str(id_))
        return replace(self.session, account=account or "")

    def _pay(self, wanted: Document) -> Document:
        outcome = _outcome(wanted)
        session = self._owner(wanted.get("payment_intent"))
        intent = session.get("payment_intent", str(wanted.get("payment_intent")), "intent")
        if intent["status"] in {"requires_payment_method", "requires_confirmation"}:
            intent = _pay_by_card(session, intent, wanted.get("payment_method") or _CARDS.get(outcome))
        if intent["status"] in {"requires_action", "processing"}:
            intent = payments.settle(session, intent, outcome)
        return public(intent)

    def _refund(self, wanted: Document) -> Document:
        session = self._owner(wanted.get("refund"))
        refund = session.get("refund", str(wanted.get("refund")))
        return refunds.settle(session, refund, succeeded=_outcome(wanted) is Outcome.SUCCEED)


def _pay_by_card(session: Session, intent: Document, method: object) -> Document:
    """Do what a buyer does on the payment page: choose alipay, wechat_pay or a card, and press Pay."""
    params: Document = {"return_url": "https://example.com/return"}
    if method in {"alipay", "wechat_pay"}:
        params |= {"payment_method_data": {"type": method}}
        params |= {"payment_method_options": {"wechat_pay": {"client": "web"}}} if method == "wechat_pay" else {}
    else:
        params["payment_method"] = str(method or "pm_card_authenticationRequired")
    try:
        return payment_intents.confirm(Call(session, params, intent["id"]))
    except StripeError as refusal:
        if not refusal.keeps_effects:
            raise
        return session.get("payment_intent", intent["id"])


def _outcome(wanted: Document) -> Outcome:
    if wanted.get("outcome") not in list(Outcome):
        raise invalid(f"outcome must be one of {', '.join(Outcome)}", param="outcome")
    return Outcome(wanted["outcome"])


def _fault(wanted: Document) -> Fault:
    if wanted.get("mode") not in list(Mode):
        raise invalid(f"mode must be one of {', '.join(Mode)}", param="fail_next")
    return Fault(
        path_prefix=str(wanted.get("path_prefix", "/v1/")),
        mode=Mode(wanted["mode"]),
        times=int(wanted.get("times", 1)),
        seconds=float(wanted.get("seconds", 5)),
        method=str(wanted.get("method", "")),
    )


def _set(**values: bool) -> Callable[[Session], None]:
    def apply(session: Session) -> None:
        for name, value in values.items():
            setattr(session.webhooks, name, value)

    return apply


_MODES: dict[str, Callable[[Session], None]] = {
    "pause": _set(paused=True),
    "resume": _set(paused=False),
    "duplicate": _set(duplicated=True),
    "shuffle": _set(shuffled=True),
    "normal": _set(paused=False, duplicated=False, shuffled=False),
}
