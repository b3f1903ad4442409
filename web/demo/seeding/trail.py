"""The paper trail of the demo: statements of every month that is over, and invoices of the latest orders."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.accounting import months, order_documents, statements
from core.kernel.db import session
from core.kernel.tx import read_only, transaction
from core.orders.models import OrderRow
from web.cli.statements import issue_month

_INVOICES = 60
_INVOICED = ("shipped", "delivered", "completed")


def issue(say: Callable[[], None]) -> None:
    """Issue what is not issued yet; done twice it changes nothing."""
    said = False
    while True:
        with read_only():
            month = statements.next_month()
        if month is None or month >= months.this():
            break
        if not said:
            say()
            said = True
        issue_month(month)
    if said:
        with transaction():
            query = select(OrderRow.id).where(OrderRow.state.in_(_INVOICED)).order_by(OrderRow.placed_at.desc())
            for order_id in session().scalars(query.limit(_INVOICES)).all():
                order_documents.invoice(order_id)
