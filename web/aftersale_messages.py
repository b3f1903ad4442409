"""Mails about after-sales cases: to the buyer, the shop and the operator, each with what is next and by when."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from core.aftersales import deadlines, queries
from core.aftersales.queries import CaseView
from core.billing import views
from core.billing.views import OrderView
from core.kernel import jobs
from core.kernel.errors import _
from core.kernel.tenancy import current
from web import signing

TIMERS = (deadlines.due,)
"""Named here so that a process that sends these mails also keeps the deadlines."""
_TO_BUYER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "requested": (_("We have your request {number}"), (
        _("We received your request about order {order} on {time}. {shop} answers by {due}."),
        _("You find everything about it, and what comes next, on its page."))),
    "offered": (_("{shop} offers {amount} for your request {number}"), (
        _("You may keep the goods and take the amount, or call the marketplace, by {due}."),)),
    "approved": (_("{shop} agrees to your request {number}"), (
        _("Send the goods back by {due}. The address is on the page of your request."),)),
    "label": (_("A label for sending back: {number}"), (_("Print it from the page of your request."),)),
    "refused": (_("{shop} has refused your request {number}"), (
        _("The reason: {answer}"), _("If that is not right, you may call the marketplace by {due}."))),
    "received": (_("Your goods have arrived: {number}"), (_("{shop} has the goods and looks at them by {due}."),)),
    "inspected": (_("Your goods are in order: {number}"), (_("{shop} sends them, or others, by {due}."),)),
    "rejected": (_("{shop} finds your goods not in order: {number}"), (
        _("The reason: {answer}"), _("If that is not right, you may call the marketplace by {due}."))),
    "escalated": (_("The marketplace decides on {number}"), (_("You hear from us by {due}."),)),
    "refunded": (_("Your request {number} is settled"), (
        _("{amount} of your order {order} goes back the way it came; that takes a few days."),)),
    "exchanged": (_("Your replacement is on its way: {number}"), (_("{shop} has sent it with {carrier}."),)),
    "repaired": (_("Your repaired goods are on their way: {number}"), (_("{shop} has sent them with {carrier}."),)),
    "closed": (_("Your request {number} is closed"), (_("On its page you find why."),)),
    "message": (_("News about your request {number}"), (_("Somebody has written to you: {text}"),)),
}  # fmt: skip
_TO_SHOP: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "requested": (_("A buyer asks for something: {number}"), (
        _("A buyer asks for something about order {order}. Answer by {due}."),)),
    "sent_back": (_("Goods are on their way back: {number}"), (_("The buyer has sent them with {carrier}."),)),
    "received": (_("Look at the returned goods: {number}"), (_("Say by {due} whether they are in order."),)),
    "inspected": (_("Send goods for {number}"), (_("Send the replacement or the repaired goods by {due}."),)),
    "escalated": (_("The marketplace decides on {number}"), (_("You hear from us by {due}."),)),
    "approved": (_("Goods come back to you: {number}"), (_("The buyer sends them by {due}."),)),
    "refunded": (_("Settled: {number}"), (_("{amount} of order {order} went back to the buyer."),)),
    "closed": (_("Closed: {number}"), (_("Nothing is left to do about order {order}."),)),
    "message": (_("News about {number}"), (_("Somebody has written to you: {text}"),)),
}  # fmt: skip


def register() -> None:
    """Make the jobs known; importing this module has done it."""


@jobs.job("messages.aftersale_changed")
def aftersale_changed(payload: jobs.Payload) -> None:
    """Tell those who did not do it themselves what became of a case."""
    case, kind, by = queries.case(UUID(payload["case"])), str(payload["kind"]), str(payload["by"])
    order = views.order(case.order_id)
    facts = _facts(case, order, kind)
    if kind in _TO_BUYER and (kind != "message" or by in ("merchant", "operator", "key")):
        bought = views.purchase(order.purchase_id)
        path = f"/orders/{bought.id}/cases/{case.id}?sig={signing.signature(bought.id)}"
        _send(bought.email, bought.locale, _TO_BUYER[kind], facts, path)
    if kind in _TO_SHOP and by != "merchant" and order.shop.email:
        _send(order.shop.email, "", _TO_SHOP[kind], facts, f"/merchant/aftersales/{case.id}")
    support = str(current().setting("support_email", "") or "")
    if kind == "escalated" and by != "operator" and support:
        told = (_("A case to decide: {number}"), (_("{shop} and its buyer do not agree. Decide by {due}."),))
        _send(support, "", told, facts, f"/operator/aftersales/{case.id}")


def _facts(case: CaseView, order: OrderView, kind: str) -> dict[str, str]:
    zone = ZoneInfo(current().timezone)
    last = [moment for moment in case.moments if moment.kind == kind]
    told = last[-1].facts if last else {}
    amount = f"{case.offered}" if kind == "offered" and case.offered else ""
    if kind == "refunded":
        done = [refund for refund in order.refunds if refund.id == case.refund_id]
        amount = str(done[0].amount) if done else ""
    return {
        "number": case.number, "order": order.number, "shop": order.shop.name, "answer": case.answer, "amount": amount,
        "due": f"{case.due_at.astimezone(zone):%Y-%m-%d}" if case.due_at else "",
        "time": f"{case.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "carrier": " ".join(str(told.get(name) or "") for name in ("carrier", "tracking")).strip(),
        "text": last[-1].text if last else "",
    }  # fmt: skip


def _send(to: str, locale: str, told: tuple[str, tuple[str, ...]], facts: Mapping[str, str], path: str) -> None:
    title, paragraphs = told
    values = {
        "title": title,
        "paragraphs": list(paragraphs),
        "facts": dict(facts),
        "action_label": _("Open the case"),
        "action_path": path,
    }
    jobs.soon("mail.compose", {"template": "notice", "to": to, "locale": locale, "values": values})
