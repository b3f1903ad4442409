"""`expand[]`: whole objects in the place of their ids."""

from web.sandbox.stripe.errors import invalid
from web.sandbox.stripe.resources.balance import settled
from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document, public

DEEPEST = 4
_KINDS = {
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "customer": "customer",
    "failure_balance_transaction": "balance_transaction",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "transfer": "transfer",
}
_SOURCES = {"ch": "charge", "py": "charge", "re": "refund", "pyr": "refund", "tr": "transfer",
            "trr": "transfer_reversal", "po": "payout", "du": "dispute", "tu": "topup"}  # fmt: skip
# A charge names its payment method by id only; Stripe does not expand it there.
_FIXED = {("charge", "payment_method")}


def expand(session: Session, document: Document, paths: list[str]) -> Document:
    """Put objects in the place of ids along each path, such as "data.latest_charge.balance_transaction"."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property. You tried to expand {path}.")
        document = _expanded(session, document, steps, path)
    return document


def _expanded(session: Session, document: Document, steps: list[str], path: str) -> Document:
    name, *rest = steps
    if name == "data" and document.get("object") == "list":
        rows = [_expanded(session, row, rest, path) if rest else row for row in document["data"]]
        return {**document, "data": rows}
    if name not in document or (name not in _KINDS and name != "source") or (document["object"], name) in _FIXED:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    value = document[name]
    if value is None:
        return document
    below = value if isinstance(value, dict) else _read(session, name, value)
    return {**document, name: _expanded(session, below, rest, path) if rest else below}


def _read(session: Session, name: str, id_: str) -> Document:
    kind = _KINDS.get(name) or _SOURCES[id_.split("_", 1)[0]]
    found = public(session.get(kind, id_))
    return settled(session, found) if kind == "balance_transaction" else found
