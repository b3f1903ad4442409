"""What moved at the platform's account with a provider and is of no marketplace; giving it needs a platform transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.money import Money
from core.payments.movement_models import MovementRow
from core.payments.movements import NOBODY
from tenants.models import TenantRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class Stray:
    """A movement that carries no mark of a marketplace and names none of its payments."""

    id: UUID
    provider: str
    ref: str
    category: str
    source: str
    amount: Money
    fee: Money
    moved_at: datetime


def strays(*, after: UUID | None = None, limit: int = PAGE) -> tuple[list[Stray], UUID | None]:
    """Return movements of nobody, newest read first, and the key to go on after."""
    query = select(MovementRow).where(MovementRow.tenant_id == NOBODY).order_by(MovementRow.id.desc())
    if after is not None:
        query = query.where(MovementRow.id < after)
    rows = session().scalars(query.limit(limit + 1)).all()
    return [_value(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def give(movement_id: UUID, slug: str) -> None:
    """Give a movement to a marketplace, whose next comparison finds it. Raise Missing, or Invalid for no marketplace."""
    row = session().scalars(
        select(MovementRow).where(MovementRow.tenant_id == NOBODY, MovementRow.id == movement_id).with_for_update()
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Missing("strays.none", _("There is no such movement any more"))
    tenant = session().scalars(select(TenantRow).where(TenantRow.slug == slug, TenantRow.id != NOBODY)).one_or_none()
    if tenant is None:
        said = _("There is no marketplace of this name")
        raise Invalid("strays.no_marketplace", said, fields=(FieldError("tenant", said),))
    session().execute(
        update(MovementRow)
        .where(MovementRow.tenant_id == NOBODY, MovementRow.id == movement_id)
        .values(tenant_id=tenant.id, day=row.moved_at.astimezone(ZoneInfo(tenant.timezone)).date())
        .execution_options(synchronize_session=False)
    )
    audit.record("movement.given", "tenant", tenant.id, ref=row.ref, provider=row.provider)


def _value(row: MovementRow) -> Stray:
    return Stray(
        row.id, row.provider, row.ref, row.category, row.source, Money(row.amount_minor, row.currency),
        Money(row.fee_minor, row.currency), row.moved_at,
    )  # fmt: skip
