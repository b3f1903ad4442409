"""The mails that a marketplace's owner gets about the platform's invoices."""

from __future__ import annotations

from uuid import UUID

from core.kernel import jobs
from core.kernel.errors import _
from tenants.billing import accounts, reading

_TEXTS = {
    "issued": (_("Invoice {number} is here"),
               _("It is about {amount} for {month} and due on {due}. With a saved card it is charged by itself.")),
    "paid": (_("Invoice {number} is paid"), _("We received {amount}. Thank you.")),
    "failed": (_("Your card was declined for invoice {number}"),
               _("{amount} could not be charged. Nothing is lost: choose another card and pay in your console.")),
    "reminder": (_("Invoice {number} is past due"),
                 _("{amount} was due on {due}. Please pay it in your console, or tell us what is wrong.")),
    "credited": (_("A credit note for invoice {number}"),
                 _("Something was taken back of this invoice; the credit note is in your console.")),
}  # fmt: skip


def register() -> None:
    """Make the job known; importing this module has done it."""


@jobs.job("billing.tell")
def tell(payload: jobs.Payload) -> None:
    """Write to the address on the invoice; without one there is nobody to write to."""
    found = reading.find(UUID(payload["invoice"]))
    email = accounts.account(found.customer_id).email
    if not email:
        return
    title, text = _TEXTS[payload["what"]]
    facts = {"number": found.number, "amount": str(found.due), "month": f"{found.month:%Y-%m}",
             "due": found.due_on.isoformat() if found.due_on else ""}  # fmt: skip
    values = {"title": title, "paragraphs": [text], "facts": facts}
    jobs.soon("mail.compose", {"template": "notice", "to": email, "locale": "", "values": values})
