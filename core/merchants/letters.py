"""Letters to merchants: which decision is told in which words. The words are translated where mail is composed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.identity.models import MembershipRow, UserRow
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow


@dataclass(frozen=True, slots=True)
class Letter:
    """English texts of a letter; `path` is where its button leads."""

    title: str
    text: str
    label: str
    path: str


LETTERS = {
    "applied": Letter(
        _("We have your application"),
        _("We look at every application ourselves and answer within two working days."),
        _("See your application"), "/merchant/apply",
    ),
    "info_asked": Letter(
        _("We need something more for your application"),
        _("Open your application, add what is asked below, and hand it in again."),
        _("Open your application"), "/merchant/apply",
    ),
    "approved": Letter(
        _("Welcome: you may sell now"),
        _("Your application is approved. Set up delivery for your shop and put your first goods on sale."),
        _("Open your console"), "/merchant/",
    ),
    "rejected": Letter(
        _("We cannot accept your application"),
        _("The reason is given below. You may change your application and hand it in again."),
        _("Open your application"), "/merchant/apply",
    ),
    "suspended": Letter(
        _("Your shop is suspended"),
        _("Your goods are not on sale for now. Orders that were placed must still be sent. The reason is given below."),
        _("Open your console"), "/merchant/",
    ),
    "restored": Letter(
        _("Your shop is open again"), _("The suspension has ended and your goods are on sale again."),
        _("Open your console"), "/merchant/",
    ),
    "closed": Letter(
        _("Your merchant account is closed"),
        _("Your shops are closed. Statements and records stay available to you for as long as the law asks for them."),
        _("Open your console"), "/merchant/",
    ),
    "dispute_opened": Letter(
        _("A buyer's bank disputes a payment"),
        _("It has taken the money back for now. Answer by the date on the page, with what proves the sale."),
        _("Answer the dispute"), "/merchant/disputes",
    ),
    "dispute_won": Letter(
        _("A dispute was won"),
        _("The buyer's bank has decided for you. The money of the order is yours."),
        _("See the dispute"), "/merchant/disputes",
    ),
    "dispute_lost": Letter(
        _("A dispute was lost"),
        _("The buyer keeps the money. Your part of it is taken off what you are paid out."),
        _("See the dispute"), "/merchant/disputes",
    ),
    "payouts_ready": Letter(
        _("You can be paid out now"),
        _("The payment provider has everything it needs. What you earn goes to your bank account from now on."),
        _("Open your payout account"), "/merchant/payout-account",
    ),
    "payouts_wait": Letter(
        _("Your payouts wait for you"),
        _("The payment provider needs something more before it sends money. Nothing is lost; it is paid out after."),
        _("See what is missing"), "/merchant/payout-account",
    ),
    "payouts_refused": Letter(
        _("The payment provider has refused your account"),
        _("It sends you no money at present. Write to the marketplace; what you have earned stays yours."),
        _("Open your payout account"), "/merchant/payout-account",
    ),
}  # fmt: skip


def write(row: MerchantRow, name: str, message: str = "") -> None:
    """Send a letter to the merchant's address, in its owner's language; the message stands below the text."""
    if not row.email:
        return
    letter = LETTERS[name]
    values = {
        "title": letter.title,
        "paragraphs": [text for text in (letter.text, message) if text],
        "action_label": letter.label,
        "action_path": letter.path,
    }
    job = {"template": "notice", "to": row.email, "locale": locale_of(row), "values": values}
    jobs.soon("mail.compose", job, subject=f"merchant:{row.id}")


def addressee(merchant_id: UUID) -> tuple[str, str] | None:
    """Return a merchant's address and its owner's language; None for one without an address."""
    row = session().scalars(select(MerchantRow).where(MerchantRow.id == merchant_id)).one_or_none()
    return (row.email, locale_of(row)) if row is not None and row.email else None


def locale_of(row: MerchantRow) -> str:
    """Return the language of a merchant's owner, else the marketplace's."""
    query = (
        select(UserRow.locale)
        .join(MembershipRow, (MembershipRow.tenant_id == UserRow.tenant_id) & (MembershipRow.user_id == UserRow.id))
        .where(MembershipRow.merchant_id == row.id, UserRow.locale != "")
        .order_by(MembershipRow.id)
        .limit(1)
    )
    return session().scalars(query).first() or current().locale
