"""What a buyer said yes or no to, purpose by purpose, with the words that were shown. The newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from core.customers.models import ConsentRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Invalid, _
from core.kernel.ids import new_id

PURPOSES: Mapping[str, str] = {
    "marketing_email": _("Send me offers and news by e-mail"),
    "personalisation": _("Use what I looked at and bought to suggest things to me"),
    "measurement": _("Count my visits to make this marketplace better"),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """The present answer to one purpose. `at` is None where nothing was said yet, which means no."""

    purpose: str
    is_given: bool
    wording: str
    at: datetime | None


def give(customer_id: UUID, purpose: str, wording: str) -> None:
    """Note a yes, with the words as they were shown. Raise Invalid for an unknown purpose."""
    _say(customer_id, purpose, wording, is_given=True)


def withdraw(customer_id: UUID, purpose: str, wording: str = "") -> None:
    """Note a no; it is as easy as the yes. Raise Invalid for an unknown purpose."""
    _say(customer_id, purpose, wording, is_given=False)


def _say(customer_id: UUID, purpose: str, wording: str, *, is_given: bool) -> None:
    if purpose not in PURPOSES:
        raise Invalid("customers.no_such_purpose", _("There is no such purpose"))
    if has_given(customer_id, purpose) is is_given:
        return
    session().add(
        ConsentRow(
            id=new_id(), customer_id=customer_id, purpose=purpose, is_given=is_given,
            wording=wording or PURPOSES[purpose], at=clock.now(),
        )
    )  # fmt: skip


def has_given(customer_id: UUID, purpose: str) -> bool:
    """Tell whether the buyer's newest word on a purpose is yes."""
    query = select(ConsentRow.is_given).where(ConsentRow.customer_id == customer_id, ConsentRow.purpose == purpose)
    return bool(session().scalars(query.order_by(ConsentRow.id.desc()).limit(1)).first())


def current(customer_id: UUID) -> list[Consent]:
    """Return the present answer to every purpose."""
    query = (
        select(ConsentRow)
        .where(ConsentRow.customer_id == customer_id)
        .ext(distinct_on(ConsentRow.purpose))
        .order_by(ConsentRow.purpose, ConsentRow.id.desc())
    )
    said = {row.purpose: row for row in session().scalars(query)}
    return [
        Consent(p, said[p].is_given, said[p].wording, said[p].at) if p in said else Consent(p, False, wording, None)
        for p, wording in PURPOSES.items()
    ]
