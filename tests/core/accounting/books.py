"""A journal for tests of accounting: entries of a merchant by day, and the run of a month to its end."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from core.accounting import statements
from core.billing import accounts
from core.hooks.money import Posting
from core.kernel.tx import transaction
from core.ledger import journal
from tests.market import euros

_numbers = count(1)
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def sale(merchant_id: UUID, day: date, value: int, fee: int = 0, tax: int = 0) -> None:
    """Post a captured and released sale on one day."""
    held, payable = accounts.held(merchant_id), accounts.payable(merchant_id)
    number = next(_numbers)
    journal.post(f"captured:{number}", "payment.captured",
                 [Posting(held, "psp:test", euros(value), "payment")], effective_on=day)  # fmt: skip
    postings = [Posting(payable, held, euros(value), "released"), Posting(accounts.FEE, payable, euros(fee), "fees"),
                Posting(accounts.FEE_TAX, payable, euros(tax), "tax on fees")]  # fmt: skip
    journal.post(f"released:{number}", "order.released", postings, effective_on=day)


def state(month: date) -> UUID:
    """Issue a month's statements, each step in a transaction of its own; return the run."""
    with transaction():
        run_id = statements.start(month)
    with transaction():
        statements.post_items(run_id)
    with transaction():
        statements.write(run_id)
    while True:
        with transaction():
            if statements.follow_up(run_id):
                return run_id
