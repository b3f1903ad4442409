"""Mails about complaints and notices of right holders, to each side in its language, with a link that opens the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.billing import views
from core.kernel import jobs
from core.kernel.errors import _
from core.kernel.tenancy import current
from core.merchants import letters
from core.processes.complaints import moving as complaints
from core.processes.complaints import reading
from core.processes.complaints.reading import Complaint
from core.processes.conflicts import moving as conflicts
from core.processes.conflicts import reading as disputes
from core.processes.rights import noticing
from core.processes.rights import reading as rights
from core.processes.rights.reading import Notice
from web import signing

_Told = tuple[str, tuple[str, ...]]
_COMPLAINANT: Mapping[str, _Told] = {
    "acknowledged": (_("We have your complaint {number}"),
                     (_("You find on its page who answers next and until when. Keep this mail: its link opens the case."),)),
    "answered": (_("{shop} answers your complaint {number}"),
                 (_("Read the offer on its page, and take it or let the marketplace decide."),)),
    "platform_decides": (_("The marketplace decides on {number}"), (_("You hear from us by {due}."),)),
    "decided": (_("Decided: {number}"), (_("The decision and its reasons stand on the page of your case."),)),
    "remedied": (_("Done: {number}"), (_("What was promised is done, says the shop or the marketplace. Look and confirm it."),)),
    "closed": (_("Closed: {number}"), (_("Your case is closed. Everything stays on its page."),)),
    "message": (_("News about {number}"), (_("Somebody has written to you."),)),
    "disputed": (_("Your complaint {number} goes on as a dispute"), (_("It keeps its file; both sides may make offers."),)),
}  # fmt: skip
_MERCHANT: Mapping[str, _Told] = {
    "with_merchant": (_("A complaint to answer: {number}"), (_("Answer with an offer by {due}; after that the marketplace decides."),)),
    "settled": (_("Your offer is taken: {number}"), (_("Do what you have promised by {due}, and say what proves it."),)),
    "platform_decides": (_("The marketplace decides on {number}"), (_("You hear from us by {due}."),)),
    "decided": (_("Decided: {number}"), (_("Do what was decided by {due}, and say what proves it."),)),
    "withdrawn": (_("Withdrawn: {number}"), (_("Nothing is left to do."),)),
    "closed": (_("Closed: {number}"), (_("Nothing is left to do."),)),
    "message": (_("News about {number}"), (_("Somebody has written to you."),)),
    "disputed": (_("The complaint {number} goes on as a dispute"), (_("It keeps its file; both sides may make offers."),)),
}  # fmt: skip
_HOLDER: Mapping[str, _Told] = {
    "received": (_("We have your notice {number}"), (_("We look at it by {due}. Keep this mail: its link opens the notice."),)),
    "incomplete": (_("Something is missing in your notice {number}"), (_("Open the notice and send what is asked for. No measure is taken before."),)),
    "acted": (_("The goods are off sale: {number}"), (_("We have passed your notice on to the shop and published it."),)),
    "countered": (_("The shop says that it infringes nothing: {number}"),
                  (_("Its statement is on the page. If you do not prove by {due} that you complain or sue, the measure ends."),)),
    "upheld": (_("The measure stays: {number}"), (_("The result stands on the page of the notice."),)),
    "lifted": (_("The measure has ended: {number}"), (_("The result stands on the page of the notice."),)),
    "refused": (_("We take no measure on your notice {number}"), (_("The reason stands on the page of the notice."),)),
}  # fmt: skip
_SELLER: Mapping[str, _Told] = {
    "acted": (_("A right holder has sent a notice about your goods: {number}"),
              (_("The goods are off sale. Read the notice; if they infringe nothing, say so and send what proves it."),)),
    "upheld": (_("The measure stays: {number}"), (_("The result stands on the page of the notice."),)),
    "lifted": (_("The measure has ended: {number}"), (_("You may put the goods on sale again."),)),
}  # fmt: skip


_DISPUTE: Mapping[str, _Told] = {
    "negotiation": (_("A dispute was opened: {number}"), (_("It is about order {order}. Read what the other side says, and make an offer."),)),
    "offer": (_("An offer in dispute {number}"), (_("Open the dispute and accept it, or make another."),)),
    "message": (_("News in dispute {number}"), (_("Somebody has written to you."),)),
    "mediation_wanted": (_("The other side wants mediation: {number}"), (_("It is voluntary and begins when you agree."),)),
    "mediation": (_("The marketplace mediates: {number}"), (_("You hear from the mediator by {due}."),)),
    "agreed": (_("You agree: {number}"), (_("{amount} goes back to the buyer, the way it came."),)),
    "decided": (_("Decided: {number}"), (_("The decision and its reasons stand on the page of the dispute."),)),
    "withdrawn": (_("Withdrawn: {number}"), (_("Nothing is left to do."),)),
    "closed": (_("Closed: {number}"), (_("Nothing is left to do."),)),
}  # fmt: skip


def register() -> None:
    """Make the jobs known; importing this module has done it."""


@jobs.job(complaints.CHANGED)
def complaint_changed(payload: jobs.Payload) -> None:
    """Tell those who did not do it themselves what became of a complaint."""
    case, what, by = reading.find(UUID(payload["complaint"])), str(payload["what"]), str(payload["by"])
    facts = {"number": case.number, "shop": case.merchant, "due": _day(case.due_at)}
    if what in _COMPLAINANT and case.email and not (by in ("buyer", "guest") and what == "message"):
        path = f"/complaints/{case.id}?sig={signing.case_signature(case.id)}"
        _send(case.email, case.locale, _COMPLAINANT[what], facts, path)
    if what in _MERCHANT and case.merchant_id and not (by == "merchant" and what == "message"):
        _to_merchant(case, _MERCHANT[what], facts)


def _to_merchant(case: Complaint, told: _Told, facts: Mapping[str, str]) -> None:
    found = letters.addressee(case.merchant_id) if case.merchant_id else None
    if found and case.kind in ("consumer", "business"):
        _send(found[0], found[1], told, facts, f"/merchant/complaints/{case.id}")


@jobs.job(noticing.CHANGED)
def notice_changed(payload: jobs.Payload) -> None:
    """Tell the right holder and the merchant what became of a notice."""
    notice, what = rights.find(UUID(payload["notice"])), str(payload["what"])
    facts = {"number": notice.number, "due": _day(notice.due_at)}
    if what in _HOLDER and notice.email:
        path = f"/rights/{notice.id}?sig={signing.case_signature(notice.id)}"
        _send(notice.email, notice.locale, _HOLDER[what], facts, path)
    if what in _SELLER:
        _to_seller(notice, _SELLER[what], facts)


@jobs.job(conflicts.CHANGED)
def conflict_changed(payload: jobs.Payload) -> None:
    """Tell both sides of a dispute what became of it, but not whoever did it."""
    dispute, what, by = disputes.find(UUID(payload["conflict"])), str(payload["what"]), str(payload["by"])
    if what not in _DISPUTE:
        return
    facts = {"number": dispute.number, "order": dispute.order_number, "due": _day(dispute.due_at),
             "amount": str(dispute.awarded)}  # fmt: skip
    found = letters.addressee(dispute.merchant_id)
    if found and by != "merchant":
        _send(found[0], found[1], _DISPUTE[what], facts, f"/merchant/conflicts/{dispute.id}")
    bought = views.purchase(dispute.purchase_id)
    if by not in ("buyer", "guest") and dispute.customer_id:
        path = f"/disputes/{dispute.id}?sig={signing.case_signature(dispute.id)}"
        _send(bought.email, bought.locale, _DISPUTE[what], facts, path)


def _to_seller(notice: Notice, told: _Told, facts: Mapping[str, str]) -> None:
    found = letters.addressee(notice.merchant_id)
    if found:
        _send(found[0], found[1], told, facts, f"/merchant/rights/{notice.id}")


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZoneInfo(current().timezone)):%Y-%m-%d}" if moment else ""


def _send(to: str, locale: str, told: _Told, facts: Mapping[str, str], path: str) -> None:
    values = {"title": told[0], "paragraphs": list(told[1]), "facts": dict(facts), "action_label": _("Open the case"),
              "action_path": path}  # fmt: skip
    jobs.soon("mail.compose", {"template": "notice", "to": to, "locale": locale or current().locale, "values": values})
