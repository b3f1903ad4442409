"""What tests let others do around connected accounts: banks that pay out, buyers that dispute, and Stripe's checks."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from web.sandbox.stripe.errors import invalid, no_such
from web.sandbox.stripe.resources import accounts, balance, disputes, payouts
from web.sandbox.stripe.session import Session, new_id
from web.sandbox.stripe.wire import Document, public


def _found(session: Session, kind: str, wanted: Document) -> tuple[Session, Document]:
    id_ = str(wanted.get(kind))
    owned = replace(session, account=session.store.account_of(id_) or "")
    return owned, owned.get(kind, id_)


def _payout(session: Session, wanted: Document) -> Document:
    """Let a payout arrive, fail, or come back after it arrived."""
    outcome = wanted.get("outcome")
    if outcome not in {"pay", "fail", "return"}:
        raise invalid("outcome must be one of pay, fail, return", param="outcome")
    return public(payouts.settle(*_found(session, "payout", wanted), outcome))


def _dispute(session: Session, wanted: Document) -> Document:
    """Let a buyer's bank dispute a charge, named itself or by its payment intent."""
    if "payment_intent" in wanted:
        _owned, intent = _found(session, "payment_intent", wanted)
        wanted = {**wanted, "charge": intent["latest_charge"]}
    owned, charge = _found(session, "charge", wanted)
    return public(disputes.open_on(owned, charge, wanted.get("amount"), wanted.get("reason", "product_not_received")))


def _decide(session: Session, wanted: Document) -> Document:
    """Let the bank decide a dispute."""
    if wanted.get("outcome") not in {"won", "lost"}:
        raise invalid("outcome must be one of won, lost", param="outcome")
    return public(disputes.decide(*_found(session, "dispute", wanted), won=wanted["outcome"] == "won"))


def _account(session: Session, wanted: Document) -> Document:
    """Change an account's standing: active, pending, restricted (a proof is missing) or rejected."""
    found = accounts.owner_session(session, str(wanted.get("account")))
    if found is None:
        raise no_such("account", str(wanted.get("account")))
    owned, account = found
    state = wanted.get("state")
    changes: Mapping[str, Document] = {
        "active": {"_missing": [], "_checking": False},
        "pending": {"_missing": [], "_checking": True},
        "restricted": {"_missing": [accounts.PROOF]},
        "rejected": {"_rejected": True},
    }
    if state not in changes:
        raise invalid(f"state must be one of {', '.join(changes)}", param="state")
    bank = account["_bank"] or {"id": new_id("ba"), "last4": "3000", "fate": wanted.get("fate", "pay")}
    return public(accounts.change(owned, {**account, "_rejected": False, "_bank": bank, **changes[str(state)]}))


def _fund(session: Session, wanted: Document) -> Document:
    """Put money into the platform's balance, available at once."""
    owned = replace(session, account=wanted.get("owner", ""))
    return balance.top_up(owned, int(wanted["amount"]), str(wanted["currency"]), wanted.get("metadata", {}))


_MAY_CHANGE = ("amount", "fee", "currency", "created", "source", "type", "reporting_category")


def _movement(session: Session, wanted: Document) -> Document:
    """Make the balance wrong, as tests of reconciliation want it: a transaction more, twice, changed, or gone.

    `add` has type, amount and currency, perhaps fee, source and reporting_category; `repeat`, `change` and `remove`
    name a transaction, and `change` goes with new values.
    """
    if "add" in wanted:
        new = wanted["add"]
        owned = replace(session, account=session.store.account_of(str(new.get("source"))) or "")
        booked = balance.record(
            owned, new["type"], new.get("source"), int(new["amount"]), new["currency"], fee=int(new.get("fee", 0)),
            category=new.get("reporting_category"),
        )  # fmt: skip
        return public(booked)
    name = next((name for name in ("repeat", "change", "remove") if name in wanted), "remove")
    owned, booked = _found(session, "balance_transaction", {"balance_transaction": wanted.get(name)})
    if name == "repeat":
        return public(owned.insert({**booked, "id": new_id("txn"), "created": session.now()}))
    if name == "remove":
        owned.store.delete(booked["id"])
        return public(booked)
    booked |= {key: wanted[key] for key in _MAY_CHANGE if key in wanted}
    return public(owned.update({**booked, "net": booked["amount"] - booked["fee"]}))


ACTIONS: Mapping[str, Callable[[Session, Document], Document]] = {
    "account": _account,
    "decide": _decide,
    "dispute": _dispute,
    "fund": _fund,
    "movement": _movement,
    "payout": _payout,
}
