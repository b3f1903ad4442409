"""Export, erasure and purge of companies; a company's papers stay, its people go."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import delete, select

from core.customers.models import CustomerRow
from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.lifecycle import Purged
from core.kernel.db import session
from core.kernel.ids import new_id
from plugins.b2b.deal_models import QuoteRow, RequisitionRow, RevisionRow
from plugins.b2b.models import BoughtRow, CompanyRow, InvitationRow, LocationRow, MemberRow
from plugins.b2b.price_models import ListCompanyRow, PriceListRow, PriceRow, QuantityRow

_TABLES = (
    RevisionRow, QuoteRow, RequisitionRow, QuantityRow, PriceRow, ListCompanyRow, PriceListRow, BoughtRow, InvitationRow, MemberRow, LocationRow, CompanyRow,
)  # fmt: skip


def _seats(subject: DataSubject) -> list[MemberRow]:
    if subject.kind != "customer":
        return []
    query = select(MemberRow).where(MemberRow.customer_id == subject.id).order_by(MemberRow.id)
    return list(session().scalars(query))


def _invited(subject: DataSubject) -> list[InvitationRow]:
    if subject.kind != "customer":
        return []
    key = select(CustomerRow.email_key).where(CustomerRow.id == subject.id).scalar_subquery()
    return list(session().scalars(select(InvitationRow).where(InvitationRow.email_key == key)))


def _asked(seats: Sequence[MemberRow]) -> list[RequisitionRow]:
    keys = [one.id for one in seats]
    return list(session().scalars(select(RequisitionRow).where(RequisitionRow.author_id.in_(keys))))


def _said(seats: Sequence[MemberRow]) -> list[RevisionRow]:
    """Return what a person's requests for quotes said."""
    mine = select(QuoteRow.id).where(QuoteRow.author_id.in_([one.id for one in seats]))
    return list(
        session().scalars(select(RevisionRow).where(RevisionRow.quote_id.in_(mine), RevisionRow.side == "company"))
    )


def export(subject: DataSubject) -> Sequence[ExportFile]:
    """Return for which companies a buyer buys or bought, the purchases, and the invitations to their address."""
    seats, invited = _seats(subject), _invited(subject)
    if not seats and not invited:
        return ()
    keys = {seat.company_id for seat in seats} | {one.company_id for one in invited}
    names = dict(session().execute(select(CompanyRow.id, CompanyRow.name).where(CompanyRow.id.in_(keys))).all())
    members = [
        {"company": names.get(one.company_id, ""), "role": one.role, "order_limit_minor": one.order_limit_minor,
         "currency": one.currency, "is_active": one.is_active, "since": one.since.isoformat()}
        for one in seats
    ]  # fmt: skip
    mine = select(BoughtRow).where(BoughtRow.member_id.in_([one.id for one in seats])).order_by(BoughtRow.id)
    purchases = [
        {"company": names.get(one.company_id, ""), "purchase_id": str(one.purchase_id), "total_minor": one.total_minor,
         "currency": one.currency, "order_number": one.order_number, "at": one.at.isoformat()}
        for one in session().scalars(mine)
    ]  # fmt: skip
    asked = [
        {"company": names.get(one.company_id, ""), "lines": one.lines, "total_minor": one.total_minor,
         "currency": one.currency, "note": one.note, "state": one.state, "at": one.asked_at.isoformat()}
        for one in _asked(seats)
    ]  # fmt: skip
    said = [{"lines": one.lines, "message": one.message, "at": one.at.isoformat()} for one in _said(seats)]
    open_ones = [{"company": names.get(one.company_id, ""), "email": one.email, "role": one.role} for one in invited]
    return [
        _file("members", members),
        _file("bought", purchases),
        _file("requisitions", asked),
        _file("quote_revisions", said),
        _file("invitations", open_ones),
    ]


def _file(name: str, rows: Sequence[object]) -> ExportFile:
    content = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    return ExportFile(f"b2b/{name}.json", "application/json", content)


def erase(subject: DataSubject) -> Sequence[Erasure]:
    """Forget who sat in a company and who was invited; the company and its purchases stay for its books."""
    seats, invited = _seats(subject), _invited(subject)
    for one in seats:
        one.customer_id, one.is_active = new_id(), False
    asked = _asked(seats)
    for requisition in asked:
        requisition.note = ""
    said = _said(seats)
    for revision in said:
        revision.message = ""
    for invitation in invited:
        session().delete(invitation)
    session().flush()
    found = [Erasure("b2b_members", len(seats)), Erasure("b2b_requisitions", len(asked)),
             Erasure("b2b_quote_revisions", len(said)), Erasure("b2b_invitations", len(invited))]  # fmt: skip
    return [one for one in found if one.erased]


def purge() -> Sequence[Purged]:
    """Delete every company and its prices of the marketplace; the orders are core's and stay."""
    return [
        Purged(kind.__tablename__, session().execute(delete(kind)).rowcount)  # type: ignore[attr-defined]
        for kind in _TABLES
    ]
