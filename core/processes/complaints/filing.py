"""Filing a complaint: checked, numbered, acknowledged at once, and on its way to whoever answers first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.compliance import holdings
from core.hooks.runtime import move
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.orders.models import OrderRow
from core.orders.numbers import next_number
from core.processes.complaints import moving
from core.processes.complaints.kinds import BUSINESS, CONSUMER, ILLEGAL, PRIVACY, TOPICS, URGENT
from core.processes.complaints.models import ComplaintRow
from core.processes.complaints.moving import LONGEST
from core.processes.complaints.states import COMPLAINT

SOURCE = "complaint"
CHANNELS = ("page", "mail", "phone", "chat", "letter")
RULES = {CONSUMER: ("cn.ecl.59.1",), BUSINESS: ("cn.ecl.59.1", "eu.p2b.11.1"), ILLEGAL: ("cn.ecl.59.1",),
         PRIVACY: ("cn.pipl.45.1", "eu.gdpr.12.3")}  # fmt: skip
"""Which rules ask about a complaint of each class."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is filed, by whom. The caller has made sure that the order and the merchant are the complainant's own.

    `listing_id` names goods that are reported; `about_on` is the day of the decision a business user objects to.
    """

    kind: str
    topic: str
    text: str
    wish: str = ""
    name: str = ""
    email: str = ""
    locale: str = ""
    channel: str = "page"
    order_id: UUID | None = None
    listing_id: UUID | None = None
    merchant_id: UUID | None = None
    customer_id: UUID | None = None
    about_on: date | None = None


def file(filed: Filed) -> UUID:
    """File a complaint and acknowledge it. Raise Invalid for what is missing."""
    merchant_id = filed.merchant_id or _merchant_of(filed)
    _check(filed, merchant_id)
    now = clock.now()
    row = ComplaintRow(
        id=new_id(), number=f"K{next_number('complaint')}", kind=filed.kind, topic=filed.topic, state="filed",
        channel=filed.channel, order_id=filed.order_id, listing_id=filed.listing_id, merchant_id=merchant_id,
        customer_id=filed.customer_id, name=filed.name.strip()[:120], email=filed.email.strip()[:254],
        locale=filed.locale[:10], text=filed.text.strip(), wish=filed.wish.strip()[:1000], about_on=filed.about_on,
        filed_at=now, acknowledged_at=now,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("complaint.filed", "complaint", row.id, number=row.number, kind=row.kind, topic=row.topic)
    move(COMPLAINT, row, "acknowledged")
    for rule in RULES[row.kind]:
        holdings.follow(SOURCE, rule, row.id, row.number, row.merchant_id)
    moving.tell(row, "acknowledged")
    is_merchants_first = row.kind == CONSUMER and row.merchant_id is not None and row.topic not in URGENT
    moving.advance(row, "with_merchant" if is_merchants_first else "platform_decides", is_told=is_merchants_first)
    return row.id


def _merchant_of(filed: Filed) -> UUID | None:
    if filed.order_id:
        return session().scalar(select(OrderRow.merchant_id).where(OrderRow.id == filed.order_id))
    if filed.listing_id:
        return session().scalar(select(ListingRow.merchant_id).where(ListingRow.id == filed.listing_id))
    return None


def _check(filed: Filed, merchant_id: UUID | None) -> None:
    rules = (
        ("topic", _("Choose what it is about"), filed.topic in TOPICS.get(filed.kind, ())),
        ("text", _("Tell what happened, in at most 4,000 characters"), 10 <= len(filed.text.strip()) <= LONGEST),
        ("email", _("Give the address to which we answer"), "@" in filed.email or filed.kind == BUSINESS),
        ("channel", _("Say how it came"), filed.channel in CHANNELS),
        ("listing", _("Name the goods: their address in the shop"), filed.kind != ILLEGAL or bool(filed.listing_id)),
        ("order", _("Name the order, or choose the shop"), filed.kind != CONSUMER or merchant_id is not None),
    )
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("complaints.wrong", _("Some of this cannot be right"), fields=wrong)
