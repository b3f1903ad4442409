"""The balance, and the transactions that it is the sum of."""

from web.sandbox.stripe.params import EXPAND, currency, list_fields, text
from web.sandbox.stripe.session import Call, Route, Session, as_list, new_id
from web.sandbox.stripe.wire import Document

_FEE_BASIS_POINTS = 290
_FIXED_FEE_MINOR = 30
_SETTLES_AFTER_SECONDS = 2 * 24 * 3600


def record(
    session: Session,
    type_: str,
    source: str | None,
    amount: int,
    currency_code: str,
    *,
    fee: int = 0,
    category: str | None = None,
    available_on: int | None = None,
) -> Document:
    """Book any other movement, available at once unless a moment is given, and give the transaction."""
    return _insert(session, type_, source, amount, currency_code, fee, category, available_on or session.now())


def available(session: Session, currency_code: str) -> int:
    """Give what the account may spend now, in minor units; what still settles does not count."""
    sums = session.store.balances(session.account, session.now())
    return sum(net for code, is_available, net in sums if code == currency_code and is_available)


def held(session: Session, currency_code: str) -> int:
    """Give what the account holds, what still settles included, in minor units."""
    sums = session.store.balances(session.account, session.now())
    return sum(net for code, _is_available, net in sums if code == currency_code)


def record_charge(session: Session, charge_id: str, amount: int, currency_code: str) -> str:
    """Book a captured amount less Stripe's fee of 2.9 % + 30, and give the transaction's id."""
    fee = min(amount, (amount * _FEE_BASIS_POINTS + 5_000) // 10_000 + _FIXED_FEE_MINOR)
    return _record(session, "charge", charge_id, amount, currency_code, fee)


def record_refund(session: Session, refund_id: str, amount: int, currency_code: str) -> str:
    """Book a refund; Stripe keeps its fee."""
    return _record(session, "refund", refund_id, -amount, currency_code, 0)


def record_refund_failure(session: Session, refund_id: str, amount: int, currency_code: str) -> str:
    """Book back a refund that did not reach the buyer."""
    return _record(session, "refund_failure", refund_id, amount, currency_code, 0)


def _record(session: Session, type_: str, source: str, amount: int, currency_code: str, fee: int) -> str:
    now = session.now()
    settles = now + _SETTLES_AFTER_SECONDS if type_ == "charge" else now
    return str(_insert(session, type_, source, amount, currency_code, fee, None, settles)["id"])


def _insert(
    session: Session,
    type_: str,
    source: str | None,
    amount: int,
    currency_code: str,
    fee: int,
    category: str | None,
    settles: int,
) -> Document:
    details = {
        "amount": fee,
        "application": None,
        "currency": currency_code,
        "description": "Dispute fee" if category == "dispute" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return session.insert(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": settles,
            "balance_type": "payments",
            "created": session.now(),
            "currency": currency_code,
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": category or type_,
            "source": source,
            "status": "pending",
            "type": type_,
        }
    )


def top_up(session: Session, amount: int, currency_code: str, words: Document) -> Document:
    """Put money into the account's balance, available at once, and give the transaction."""
    id_ = new_id("tu")
    booked = record(session, "topup", id_, amount, currency_code)
    session.insert(
        {
            "id": id_,
            "object": "topup",
            "amount": amount,
            "balance_transaction": booked["id"],
            "created": session.now(),
            "currency": currency_code,
            "description": None,
            "expected_availability_date": None,
            "failure_code": None,
            "failure_message": None,
            "livemode": False,
            "metadata": words,
            "source": None,
            "statement_descriptor": None,
            "status": "succeeded",
            "transfer_group": None,
        }
    )
    return booked


def settled(session: Session, transaction: Document) -> Document:
    """Give a transaction with the status that it has by now."""
    status = "available" if transaction["available_on"] <= session.now() else "pending"
    return {**transaction, "status": status}


def retrieve(call: Call) -> Document:
    """Read the balance: one amount a currency, available and still pending."""
    sums = call.session.store.balances(call.session.account, call.session.now())
    currencies = sorted({code for code, _, _ in sums}) or ["usd"]

    def amounts(available: bool) -> list[Document]:
        found = {code: net for code, is_available, net in sums if is_available is available}
        return [
            {"amount": found.get(code, 0), "currency": code, "source_types": {"card": found.get(code, 0)}}
            for code in currencies
        ]

    return {"object": "balance", "available": amounts(True), "livemode": False, "pending": amounts(False)}


def retrieve_transaction(call: Call) -> Document:
    """Read a balance transaction."""
    return settled(call.session, call.session.get("balance_transaction", call.id))


def list_transactions(call: Call) -> Document:
    """List balance transactions, newest first; of a payout, which is always made by hand here, just its own."""
    matches: dict[str, str] = {
        name: call.params[name] for name in ("source", "type", "currency") if name in call.params
    }
    if "payout" in call.params:
        matches["source"] = call.session.get("payout", call.params["payout"], "payout")["id"]
    rows, has_more = call.session.page("balance_transaction", call.params, matches)
    return as_list("/v1/balance_transactions", [settled(call.session, row) for row in rows], has_more)


ROUTES = (
    Route("GET", "/v1/balance", EXPAND, retrieve),
    Route(
        "GET",
        "/v1/balance_transactions",
        list_fields(source=text, type=text, currency=currency, payout=text),
        list_transactions,
    ),
    Route("GET", "/v1/balance_transactions/{id}", EXPAND, retrieve_transaction),
)
