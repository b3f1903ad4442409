"""What a buyer fills in on the payment page, and what is made of it."""

import re
from collections.abc import Mapping, Sequence

from web.sandbox.stripe.resources import payment_methods
from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document

WALLETS = (
    ("alipay", "Alipay", "You go on to Alipay to authorise the payment."),
    ("wechat_pay", "WeChat Pay", "You go on to WeChat Pay to authorise the payment."),
)
TEST_CARDS = (
    ("Succeeds", "4242424242424242"),
    ("Is declined", "4000000000000002"),
    ("Has too little money", "4000000000009995"),
    ("Asks the buyer", "4000002500003155"),
)
# Which field of the form a parameter that Stripe names belongs to.
FIELDS = {"number": "number", "exp_month": "expiry", "exp_year": "expiry", "cvc": "cvc"}
_EXPIRY = re.compile(r"\s*(\d{1,2})\s*/?\s*((?:20)?\d{2})\s*")
_CENTURY = 2000


def test_card(number: str) -> dict[str, str]:
    """Fill the form in with a test card; nothing for a number that is not offered."""
    if number not in {known for _, known in TEST_CARDS}:
        return {}
    spaced = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    return {"method": "card", "number": spaced, "expiry": "12/34", "cvc": "123"}


def faults(given: Mapping[str, str], methods: Sequence[str]) -> dict[str, str]:
    """Say in English what is missing or malformed, by field; "method" stands for the choice itself."""
    method = given.get("method")
    if method not in methods:
        return {"method": "Choose a payment method."}
    if method != "card":
        return {}
    wrong = {}
    if not given.get("number"):
        wrong["number"] = "Enter the card number."
    if not _EXPIRY.fullmatch(given.get("expiry", "")):
        wrong["expiry"] = "Enter the date as month and year, such as 12/34."
    if not given.get("cvc"):
        wrong["cvc"] = "Enter the security code."
    return wrong


def confirmation(session: Session, given: Mapping[str, str], return_url: str) -> Document:
    """Make the payment method that was chosen, and give the parameters to confirm with."""
    method = given["method"]
    params: Document = {"type": method}
    if method == "card":
        found = _EXPIRY.fullmatch(given["expiry"])
        month, year = (int(part) for part in found.groups()) if found else (0, 0)
        params["card"] = {
            "number": given["number"],
            "exp_month": month,
            "exp_year": year if year > _CENTURY else year + _CENTURY,
            "cvc": given["cvc"].strip(),
        }
    confirmed: Document = {
        "payment_method": payment_methods.make(session, params)["id"],
        "return_url": return_url,
    }
    if method == "wechat_pay":
        confirmed["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return confirmed
