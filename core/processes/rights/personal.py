"""Notices that a buyer has sent as a right holder: they stay for three years after their end, without an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update

from core.compliance.parts import Part, Person, Record, records, register
from core.hooks.data import Erasure
from core.kernel.db import session
from core.kernel.errors import _
from core.processes.rights.models import NoticeRow


def _export(who: Person) -> Mapping[str, Sequence[Record]]:
    return {"rights_notices": records(NoticeRow, func.lower(NoticeRow.email) == who.email.lower())}


def _erase(who: Person) -> Sequence[Erasure]:
    mine = func.lower(NoticeRow.email) == who.email.lower()
    kept = session().scalar(select(func.count()).where(mine)) or 0
    session().execute(update(NoticeRow).where(mine).values(email="", address="", holder=""),
                      execution_options={"synchronize_session": False})  # fmt: skip
    said = _("The law keeps notices about rights for three years; they no longer say who you are") if kept else ""
    return [Erasure("rights_notices", 0, said)]


register(Part("rights", _export, _erase))
