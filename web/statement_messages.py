"""The mail to a merchant's people when its statement is issued."""

from __future__ import annotations

from uuid import UUID

from core.accounting import reading
from core.kernel import jobs
from core.kernel.errors import _
from core.merchants import letters


def register() -> None:
    """Make the job known; importing this module has done it."""


@jobs.job("messages.statement_issued")
def statement_issued(payload: jobs.Payload) -> None:
    """Say that a statement is there, and what its balance is."""
    found = reading.statement(UUID(payload["statement"]))
    reader = letters.addressee(found.merchant_id)
    if reader is None:
        return
    email, locale = reader
    values = {
        "title": _("Your statement {number} is here"),
        "paragraphs": [
            _("It covers {start} to {end} and ends with a balance of {balance}."),
            _("In your console you see every order behind each total; there you also get it as PDF and as a table."),
        ],
        "facts": {"number": found.number, "start": found.month.isoformat(), "end": found.last_day.isoformat(),
                  "balance": str(found.payable.closing)},
        "action_label": _("See the statement"),
        "action_path": f"/merchant/statements/{found.id}",
    }  # fmt: skip
    jobs.soon("mail.compose", {"template": "notice", "to": email, "locale": locale, "values": values})
