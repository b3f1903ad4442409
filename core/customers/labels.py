"""Named audiences that plugins put buyers in, for a while or for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from core.customers.models import LabelRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id


def set_label(customer_id: UUID, label: str, plugin: str, until: datetime | None = None) -> None:
    """Put a buyer into a plugin's audience; again moves the end."""
    row = {"tenant_id": current_id(), "id": new_id(), "customer_id": customer_id, "label": label, "plugin": plugin,
           "until": until}  # fmt: skip
    written = insert(LabelRow).values(row)
    again = written.on_conflict_do_update(
        index_elements=["tenant_id", "customer_id", "label", "plugin"], set_={"until": until}
    )
    session().execute(again)


def unset_label(customer_id: UUID, label: str, plugin: str) -> None:
    """Take a buyer out of a plugin's audience; again changes nothing."""
    session().execute(
        delete(LabelRow).where(
            LabelRow.customer_id == customer_id, LabelRow.label == label, LabelRow.plugin == plugin
        )
    )  # fmt: skip


def labels_of(customer_id: UUID) -> frozenset[str]:
    """Return the audiences that a buyer is in now."""
    query = select(LabelRow.label).where(
        LabelRow.customer_id == customer_id, or_(LabelRow.until.is_(None), LabelRow.until > clock.now())
    )
    return frozenset(session().scalars(query))
