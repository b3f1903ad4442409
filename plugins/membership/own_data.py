"""Export, erasure and purge of points; and what somebody is still owed when the plugin is to go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import delete, func, select

from core.hooks.data import DataSubject, Erasure, ExportFile
from core.hooks.lifecycle import Obligation, Purged
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.ids import new_id
from core.kernel.tenancy import current
from plugins.membership import accounts
from plugins.membership.accounts import BREAKAGE, Change
from plugins.membership.models import EarningRow, EntryRow, LotRow, MemberRow, UseRow
from plugins.membership.settings import Settings


def export(subject: DataSubject) -> Sequence[ExportFile]:
    """Return a buyer's account, lots and every change."""
    member = accounts.find(subject.id) if subject.kind == "customer" else None
    if member is None:
        return ()
    mine = select(EntryRow).where(EntryRow.member_id == member.id).order_by(EntryRow.id)
    entries = [
        {"kind": e.kind, "points": e.points, "order_id": str(e.order_id) if e.order_id else None,
         "reason": e.reason, "at": e.at.isoformat()}
        for e in session().scalars(mine)
    ]  # fmt: skip
    lots = [
        {"points": lot.earned, "left": lot.left, "expires_at": lot.expires_at.isoformat() if lot.expires_at else None}
        for lot in session().scalars(select(LotRow).where(LotRow.member_id == member.id).order_by(LotRow.id))
    ]
    account = [{"points": member.points, "held": member.held, "since": member.since.isoformat()}]
    return [_file("members", account), _file("lots", lots), _file("entries", entries)]


def _file(name: str, rows: Sequence[object]) -> ExportFile:
    content = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    return ExportFile(f"membership/{name}.json", "application/json", content)


def erase(subject: DataSubject) -> Sequence[Erasure]:
    """Forget whose the account is and let its points lapse; the numbers stay, since the books rest on them."""
    member = accounts.find(subject.id) if subject.kind == "customer" else None
    if member is None:
        return ()
    member = accounts.locked_by_id(member.id)
    for lot in accounts.lots(member.id):
        lot.left = 0
    if member.points > 0:
        accounts.write(member, Change("expire", f"expire:{new_id()}", points=-member.points, against=BREAKAGE))
    member.customer_id = _tombstone()
    count = session().scalar(select(func.count()).select_from(EntryRow).where(EntryRow.member_id == member.id))
    session().flush()
    kept = _("The books rest on these numbers; they name nobody any more")
    return [Erasure("membership_members", 1), Erasure("membership_entries", int(count or 0), kept)]


def _tombstone() -> UUID:
    return new_id()


def obligations() -> Sequence[Obligation]:
    """Return holds whose payment is open, and points that nobody was told will end."""
    found = []
    held = session().scalar(select(func.count(func.distinct(UseRow.order_id))).where(UseRow.state == "held"))
    if held:
        words = ngettext("%(num)s order with points waits for its payment",
                         "%(num)s orders with points wait for their payment", held)  # fmt: skip
        found.append(Obligation("membership.held", held, words))
    closes = Settings.of(current()).closes_on
    if closes is None or closes > clock.today(current().timezone):
        count = session().scalar(select(func.count()).select_from(MemberRow).where(MemberRow.points > 0)) or 0
        if count:
            words = ngettext("%(num)s buyer has points; set a closing date first and let them be used until then",
                             "%(num)s buyers have points; set a closing date first and let them be used until then",
                             count)  # fmt: skip
            found.append(Obligation("membership.points", count, words))
    return found


def purge() -> Sequence[Purged]:
    """Delete every account of the marketplace; the books keep what was posted."""
    return [
        Purged(kind.__tablename__, session().execute(delete(kind)).rowcount)  # type: ignore[attr-defined]
        for kind in (UseRow, EarningRow, EntryRow, LotRow, MemberRow)
    ]
