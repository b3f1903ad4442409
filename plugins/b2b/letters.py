"""Letters about companies: to its people when it is decided on, and to who is invited."""

from __future__ import annotations

from collections.abc import Sequence

from core.kernel import jobs
from core.kernel.errors import _
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


def _send(to: str, title: str, paragraphs: Sequence[str], facts: dict[str, str], label: str) -> None:
    values = {"title": title, "paragraphs": list(paragraphs), "facts": facts, "action_label": label,
              "action_path": "/b2b/"}  # fmt: skip
    jobs.soon("mail.compose", {"template": "notice", "to": to, "values": values})
