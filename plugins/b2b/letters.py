"""Letters about companies: to its people when it is decided on, and to who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.kernel import jobs
from core.kernel.errors import _
from core.merchants import letters as merchants
from plugins.b2b import reading
from plugins.b2b.reading import Company

_DECIDED: dict[str, tuple[str, str]] = {
    "active": (
        _("{company} can buy at {market}"),
        _("The company is approved. Its people find its prices in the shops, and can buy for it at checkout."),
    ),
    "rejected": (
        _("{company} was not approved"),
        _("You can change what you wrote and apply again."),
    ),
    "closed": (
        _("{company} is closed"),
        _("Nothing more can be bought for it. What was ordered before is delivered as agreed."),
    ),
}  # fmt: skip


def decided(company: Company, market: str) -> None:
    """Tell a company's people what was decided, and why."""
    title, text = _DECIDED[company.state]
    paragraphs = [text, *([_("The reason: {reason}")] if company.reason else [])]
    facts = {"company": company.name, "market": market, "reason": company.reason}
    for person in reading.people(company.id):
        _send(person.email, title, paragraphs, facts, _("Open the company"))


def invited(email: str, company: Company, market: str) -> None:
    """Invite somebody to buy for a company."""
    title = _("{company} invites you to buy for it at {market}")
    text = _("Sign in, or make an account, with this very address. Then you find the invitation in your account.")
    _send(email, title, [text], {"company": company.name, "market": market}, _("See the invitation"))


def asked(to: Sequence[str], requisition_id: UUID, author: str, company: str) -> None:
    """Ask those who may agree to a basket to look at it."""
    title = _("{author} asks you to approve a purchase for {company}")
    text = _("Look at what it is and what it costs, and approve or reject it.")
    for email in to:
        facts = {"author": author, "company": company}
        _send(email, title, [text], facts, _("Look at it"), f"/b2b/requisitions/{requisition_id}")


_ANSWERS = {
    "approved": (_("Your purchase for {company} is approved"), _("You can order it now at the agreed prices.")),
    "rejected": (_("Your purchase for {company} was not approved"), _("Nothing was ordered.")),
    "lapsed": (_("The time for your purchase for {company} is over"), _("Nothing was ordered. You can ask again.")),
}


def answered(to: str, requisition_id: UUID, company: str, state: str, reason: str) -> None:
    """Tell the author of a basket what became of it."""
    title, text = _ANSWERS[state]
    paragraphs = [text, *([_("The reason: {reason}")] if reason else [])]
    facts = {"company": company, "reason": reason}
    _send(to, title, paragraphs, facts, _("Look at it"), f"/b2b/requisitions/{requisition_id}")


_QUOTES = {
    "offered": (_("An offer for your quote {number}"), _("Look at the prices and accept the offer before it ends.")),
    "declined": (_("No offer for your quote {number}"), _("The shop makes no offer.")),
    "expired": (_("Your quote {number} has ended"), _("Its time is over. You can ask again.")),
}


def quote_asked(merchant_id: UUID, quote_id: UUID, number: str, company: str) -> None:
    """Tell a merchant that a company waits for its prices."""
    found = merchants.addressee(merchant_id)
    if found is None:
        return
    text = _("Name your prices, or say why you make no offer. The request ends by itself.")
    facts = {"company": company, "number": number}
    _send(found[0], _("{company} asks for a quote ({number})"), [text], facts, _("Answer the request"),
          f"/merchant/b2b/quotes/{quote_id}")  # fmt: skip


def quote_answered(to: str, quote_id: UUID, number: str, state: str, reason: str) -> None:
    """Tell who asked for a quote what became of it."""
    title, text = _QUOTES[state]
    paragraphs = [text, *([_("The reason: {reason}")] if reason else [])]
    _send(to, title, paragraphs, {"number": number, "reason": reason}, _("Look at it"), f"/b2b/quotes/{quote_id}")


def _send(
    to: str, title: str, paragraphs: Sequence[str], facts: dict[str, str], label: str, path: str = "/b2b/"
) -> None:
    values = {"title": title, "paragraphs": list(paragraphs), "facts": facts, "action_label": label,
              "action_path": path}  # fmt: skip
    jobs.soon("mail.compose", {"template": "notice", "to": to, "values": values})
