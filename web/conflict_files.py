"""Bundles of evidence: everything that is known of a disputed order, as one archive with a list of hashes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask_babel import gettext

from core.aftersales import queries as cases
from core.billing import views
from core.billing.views import OrderView
from core.compliance import reading as compliance
from core.kernel import audit, clock
from core.kernel.tenancy import current
from core.ledger import seals
from core.orders import timeline
from core.processes.complaints import reading as complaints
from core.processes.conflicts import reading
from core.processes.conflicts.reading import Dispute
from core.processes.policies import reading as policies
from web import conflict_words as words
from web.api.answers import plain
from web.languages import language
from web.papers import pdf
from web.papers.layout import Column, Line, Sheet, Table
from web.policies import text_of, title

_MOST_DEEDS = 500
_BRAND = "#b8412b"


def packed(conflict_id: UUID) -> bytes:
    """Return the archive: a PDF to read, every record as JSON, the rules of the day of the order, and the manifest.

    Reads only; drawing is slow, so nothing else should wait for the transaction.
    """
    dispute = reading.find(conflict_id)
    order = views.order(dispute.order_id, public_only=True)
    parts = _records(dispute, order)
    parts |= {f"policies/{code}-{one.number}.md": text_of(one.texts).encode()
              for code, one in policies.at(order.placed_at).items()}  # fmt: skip
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}
    parts["manifest.json"] = _json({"dispute": dispute.number, "made_at": clock.now(), "sha256": manifest,
                                    "seals": [_seal(chain) for chain in seals.CHAINS]})  # fmt: skip
    parts["dispute.pdf"] = pdf.draw(_sheet(dispute, order, manifest))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(parts.items()):
            archive.writestr(name, content)
    return out.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, indent=1, default=str).encode()


def _seal(chain: str) -> dict[str, object]:
    """Return the last seal of a chain: with it, what was in the log before cannot be changed unseen."""
    last = next(reversed(seals.seals(chain)), None)
    return {"chain": chain, "number": last.number if last else 0, "hash": last.hash.hex() if last else ""}


def _records(dispute: Dispute, order: OrderView) -> dict[str, bytes]:
    """Both sides may read a bundle: fees between shop and marketplace and names of staff are left out."""
    found: dict[str, object] = {
        "dispute": dispute, "dispute-messages": reading.messages(dispute), "order": replace(order, charges=()),
        "order-history": list(timeline.moments(order.id, public_only=True)),
        "payment": views.payment_of(order.purchase_id),
        "after-sales": [cases.case(one.id) for one in cases.of_orders([order.id]).get(order.id, [])],
        "log": [_deed(deed) for subject in (order.id, dispute.id, dispute.complaint_id) if subject
                for _key, deed in audit.deeds(subject_id=subject, limit=_MOST_DEEDS)],
        "evidence": [{"rule": proof.rule, "status": proof.status, "why": proof.why, "at": proof.at}
                     for line in order.lines for proof in compliance.evidence(subject_id=line.listing_id)],
    }  # fmt: skip
    if dispute.complaint_id:
        found["complaint"] = replace(complaints.find(dispute.complaint_id), owner_id=None, owner_name="")
        found["complaint-messages"] = [{"side": one.side, "text": one.text, "at": one.at}
                                       for one in complaints.messages(dispute.complaint_id)]  # fmt: skip
    return {f"records/{name}.json": _json(value) for name, value in found.items()}


def _deed(deed: audit.Deed) -> dict[str, object]:
    return {"at": deed.at, "by": deed.actor_kind, "action": deed.action, "facts": dict(deed.facts)}


def _sheet(dispute: Dispute, order: OrderView, manifest: Mapping[str, str]) -> Sheet:
    facts = [
        (gettext("Order"), order.number), (gettext("Stage"), words.next_of(dispute.state)),
        (gettext("Opened"), f"{dispute.opened_at:%Y-%m-%d}"), (gettext("Asked for"), str(dispute.asked)),
        (gettext("Awarded"), str(dispute.awarded)),
    ]  # fmt: skip
    parties = [(gettext("Buyer"), [order.buyer, order.email]), (gettext("Shop"), [order.shop.name, dispute.merchant])]
    return Sheet(
        (current().name, _colour()), gettext("Bundle of evidence"), dispute.number, facts, parties,
        [_goods(order), _said(dispute), _parcels(order), _rules(order), _hashes(manifest)], [dispute.text],
        gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"), language(),
    )  # fmt: skip


def _colour() -> str:
    colour = str(current().setting("brand_hex") or _BRAND)
    return colour if len(colour) == len(_BRAND) else _BRAND


def _goods(order: OrderView) -> Table:
    columns = (Column(gettext("Goods"), 6), Column(gettext("Quantity"), 2, is_numeric=True),
               Column(gettext("Refunded"), 2, is_numeric=True))  # fmt: skip
    lines = [Line((line.title, str(line.quantity), str(line.refunded))) for line in order.lines]
    return Table(gettext("Goods"), columns, [*lines, Line((gettext("Total"), "", str(order.total)), "sum")])


def _said(dispute: Dispute) -> Table:
    columns = (Column(gettext("When"), 3), Column(gettext("Who"), 2), Column(gettext("What"), 8))
    lines = [Line((f"{one.at:%Y-%m-%d %H:%M}", str(words.SIDES[one.side]),
                   f"{one.text} ({one.offer})" if one.offer else one.text)) for one in reading.messages(dispute)]  # fmt: skip
    return Table(gettext("What was said and offered"), columns, lines)


def _parcels(order: OrderView) -> Table:
    columns = (Column(gettext("Carrier"), 4), Column(gettext("Number"), 5), Column(gettext("Sent"), 3),
               Column(gettext("Arrived"), 3))  # fmt: skip
    lines = [Line((one.carrier, one.tracking, f"{one.shipped_at:%Y-%m-%d}",
                   f"{one.delivered_at:%Y-%m-%d}" if one.delivered_at else "–")) for one in order.parcels]  # fmt: skip
    return Table(gettext("Parcels"), columns, lines)


def _rules(order: OrderView) -> Table:
    columns = (Column(gettext("Policy"), 6), Column(gettext("Version"), 2, is_numeric=True), Column("SHA-256", 9))
    lines = [Line((title(one), str(one.number), one.digest[:32])) for one in policies.at(order.placed_at).values()]
    return Table(gettext("Policies in force when the order was placed"), columns, lines)


def _hashes(manifest: Mapping[str, str]) -> Table:
    columns = (Column(gettext("File"), 6), Column("SHA-256", 12))
    return Table(gettext("Files of the bundle"), columns, [Line((name, digest)) for name, digest in manifest.items()])
