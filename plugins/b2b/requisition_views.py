"""A company's pages of approvals: what was asked for, the decision, and the way to checkout."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.hooks.surfaces import Fragment, Page
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError
from core.kernel.money import Money
from plugins.b2b import company_form, reading, requisitions, rules, wording
from plugins.b2b.store_views import own_id, own_seat
from plugins.b2b.surface import store


@store.get("/requisitions")
@edge(Realm.BUYER)
def all_requisitions(error: AppError | None = None) -> Answer:
    """List what was asked for: one's own, for approvers and admins the company's."""
    seat = own_seat()
    found, more = requisitions.seen(seat, before=request.args.get("after", type=UUID))
    rows = [
        (one, wording.requisition(one.state), wording.REQUISITION_TONES[one.state], requisitions.may_decide(seat, one))
        for one in found
    ]
    return page(
        "b2b/requisitions.html", company=seat.company, rows=rows, refused=refused(error),
        next_href=url_for("b2b_store.all_requisitions", after=more) if more else "",
    )  # fmt: skip


@store.post("/requisitions")
@edge(Realm.BUYER, again=all_requisitions)
def ask() -> Answer:
    """Ask for what is in the cart."""
    made = requisitions.ask(own_id(), request.form.get("note", ""))
    return see(url_for("b2b_store.requisition", requisition_id=made), gettext("The approvers are asked"))


@store.get("/requisitions/<uuid:requisition_id>")
@edge(Realm.BUYER)
def requisition(requisition_id: UUID, error: AppError | None = None) -> Answer:
    """Show what was asked for, and what can be done about it."""
    seat = own_seat()
    one = requisitions.find(seat, requisition_id)
    return page(
        "b2b/requisition.html", company=seat.company, one=one, state=wording.requisition(one.state),
        tone=wording.REQUISITION_TONES[one.state], is_mine=one.author_id == seat.member_id,
        may_decide=requisitions.may_decide(seat, one), refused=refused(error),
        items=controls(company_form.reason(gettext("Why not"), gettext("Who asked reads it.")), {}, error),
        nobody=one.state == "waiting" and one.author_id == seat.member_id and not requisitions.has_approver(seat, one.total),
    )  # fmt: skip


def _once_more(requisition_id: UUID, event: str, error: AppError | None = None) -> Answer:
    """Show it again with why the deed was refused."""
    shown: Answer = requisition.__wrapped__(requisition_id, error=error)  # type: ignore[attr-defined]
    return shown


@store.post("/requisitions/<uuid:requisition_id>/<any(approve, reject):event>")
@edge(Realm.BUYER, again=_once_more)
def decide_requisition(requisition_id: UUID, event: str) -> Answer:
    """Approve or reject what somebody asked for."""
    form = load(company_form.reason("", ""))
    requisitions.decide(own_seat(), requisition_id, event, form["reason"])
    return see(url_for("b2b_store.requisition", requisition_id=requisition_id), gettext("Decided; who asked is told"))


@store.post("/requisitions/<uuid:requisition_id>/withdraw")
@edge(Realm.BUYER, again=requisition)
def withdraw_requisition(requisition_id: UUID) -> Answer:
    """Take back what one asked for."""
    requisitions.withdraw(own_seat(), requisition_id)
    return see(url_for("b2b_store.requisition", requisition_id=requisition_id), gettext("Taken back"))


@store.post("/requisitions/<uuid:requisition_id>/cart")
@edge(Realm.BUYER, again=requisition)
def order_requisition(requisition_id: UUID) -> Answer:
    """Put what was approved into the cart and go to checkout."""
    requisitions.fill_cart(own_seat(), own_id(), requisition_id)
    return see(url_for("store.checkout"))


def fragments(asked: Page) -> Sequence[Fragment]:
    """Offer in the cart to ask for what somebody may not buy alone."""
    total = asked.subject.get("total")
    if asked.slot != "cart.actions" or asked.viewer is None or not isinstance(total, Money) or not total:
        return ()
    seat = reading.seat(asked.viewer.customer_id)
    if seat is None or not seat.may_buy or rules.is_within(seat.limit, total):
        return ()
    return [Fragment("b2b/ask.html", {"company": seat.company.name, "limit": wording.limit(seat.limit)})]
