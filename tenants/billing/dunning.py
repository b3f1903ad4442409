"""What happens when an invoice is not paid in time: reminders, another try of the card, and at last a proposal.

Nobody is suspended by itself: a person of the platform decides over each proposal. On the platform's ground.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update

from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from tenants.billing import accounts, plans
from tenants.billing.accounts import Company
from tenants.billing.invoices import taken
from tenants.billing.models import AccountRow, InvoiceRow
from tenants.values import PLATFORM


@jobs.job("billing.dun")
def _dun(_payload: jobs.Payload) -> None:
    dun()


def dun() -> int:
    """Remind of each invoice that is past due as the schedule has it, once each; return how many were reminded."""
    company, today, count = accounts.company(), plans.today(), 0
    query = (
        select(InvoiceRow)
        .where(InvoiceRow.tenant_id == PLATFORM.id, InvoiceRow.state == "open", InvoiceRow.due_on < today)
        .order_by(InvoiceRow.id)
        .with_for_update()
    )
    rows = session().scalars(query).all()
    patience = _patience({row.customer_id for row in rows})
    for row in rows:
        until = patience.get(row.customer_id)
        if until is None or until <= today:
            count += _remind(row, company, today)
            _propose(row, company, today)
    return count


def _patience(customers: set[UUID]) -> dict[UUID, date | None]:
    query = select(AccountRow.customer_id, AccountRow.patience_until).where(
        AccountRow.tenant_id == PLATFORM.id, AccountRow.customer_id.in_(customers)
    )
    return {key: until for key, until in session().execute(query)}


def due_reminders(company: Company, due_on: date, today: date) -> int:
    """Return how many reminders the schedule wants by a day."""
    return sum(due_on + timedelta(days=days) <= today for days in company.remind_days)


def _remind(row: InvoiceRow, company: Company, today: date) -> int:
    wanted = due_reminders(company, row.due_on or today, today)
    if wanted <= row.reminders:
        return 0
    row.reminders = wanted
    audit.record("billing.reminded", "platform_invoice", row.id, reminder=wanted)
    jobs.soon("billing.tell", {"invoice": str(row.id), "what": "reminder"})
    again = {"invoice": str(row.id), "again": f"reminder-{wanted}"}
    jobs.soon("billing.collect", again, subject=f"invoice:{row.id}")
    return 1


def _propose(row: InvoiceRow, company: Company, today: date) -> None:
    if row.proposed_on is None and (row.due_on or today) + timedelta(days=company.propose_days) <= today:
        row.proposed_on = today
        audit.record("billing.suspension_proposed", "platform_invoice", row.id, number=row.number)


def wait(invoice_id: UUID, until: date) -> None:
    """Let a marketplace be until a day: no reminders, no proposal. Raise Invalid for a day that is past."""
    if not plans.today() < until <= plans.today() + timedelta(days=365):
        wrong = FieldError("until", _("Choose a day within a year from now"))
        raise Invalid("billing.patience", _("This day does not work"), fields=(wrong,))
    row = taken(invoice_id)
    accounts.locked(row.customer_id).patience_until = until
    _withdraw(row.customer_id)
    audit.record("billing.patience", "tenant", row.customer_id, until=str(until))


def _withdraw(customer_id: UUID) -> None:
    session().flush()
    session().execute(
        update(InvoiceRow)
        .where(InvoiceRow.tenant_id == PLATFORM.id, InvoiceRow.customer_id == customer_id)
        .values(proposed_on=None)
    )


def carried_out(invoice_id: UUID) -> UUID:
    """Note that a proposal was followed; return the marketplace, for whoever suspends it in the same transaction."""
    row = taken(invoice_id)
    _withdraw(row.customer_id)
    audit.record("billing.suspended", "platform_invoice", row.id, number=row.number)
    return row.customer_id
