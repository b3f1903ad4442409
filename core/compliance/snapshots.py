"""Snapshots: the only place that reads the marketplace's records for rules, for many subjects at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.catalogue.models import CategoryRow, ListingRow
from core.compliance import answers, holdings, selling
from core.compliance.facts import Tree
from core.compliance.models import FoodRow, LicenceRow, RecordRow
from core.compliance.profiles import NOTHING, Profile, profiles
from core.kernel.db import session
from core.kernel.tenancy import current
from core.merchants.models import DocumentRow, MerchantRow, ShopRow

VERSION = 1
"""Goes up when a snapshot's meaning changes; evidence says by which version it was taken."""

TENANT, MERCHANT, SHOP, LISTING, RECORD = "tenant", "merchant", "shop", "listing", "record"
KINDS = (TENANT, MERCHANT, SHOP, LISTING, RECORD)
_STANDS = {"approved": "active", "suspended": "suspended", "closed": "left"}
_PEOPLE = {"company": "company", "person": "natural_person", "promoter": "natural_person"}
SPECIAL = ("health_food", "infant_formula", "fsmp", "fsmp_full_nutrition")
PACKAGED = ("prepackaged", *SPECIAL)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What rules see of a subject. `rule` names the only rule that it is for, of a record."""

    kind: str
    id: UUID
    label: str
    merchant_id: UUID | None
    facts: Mapping[str, Tree]
    rule: str = ""


def build(kind: str, ids: Sequence[UUID]) -> list[Snapshot]:
    """Return the snapshots of subjects of one kind; a number of queries that does not grow with theirs."""
    found = _BUILD[kind](ids)
    declared = answers.trees([snapshot.id for snapshot in found])
    return [Snapshot(s.kind, s.id, s.label, s.merchant_id, _whole(s, declared.get(s.id, {})), s.rule) for s in found]


def _whole(one: Snapshot, declared: Mapping[str, Tree]) -> Mapping[str, Tree]:
    """Add what was declared: it corrects records, but never what a process holds."""
    if one.kind in (TENANT, RECORD):
        return holdings.over(answers.grown({}, declared), one.facts)
    return answers.grown(dict(one.facts), declared)


def ids_after(kind: str, last: UUID | None, limit: int, merchant_id: UUID | None = None) -> Sequence[UUID]:
    """Return the next subjects of a kind, of all merchants or of one, in the order of their keys."""
    if kind == TENANT:
        return () if last else (current().id,)
    models: Mapping[str, type[MerchantRow | ShopRow | ListingRow | RecordRow]] = {
        MERCHANT: MerchantRow, SHOP: ShopRow, LISTING: ListingRow, RECORD: RecordRow,
    }  # fmt: skip
    model = models[kind]
    query = select(model.id).order_by(model.id).limit(limit)
    if kind == LISTING:
        query = query.where(ListingRow.state.in_(("live", "review", "hidden", "blocked")))
    if merchant_id and kind == LISTING:
        query = query.where(ListingRow.merchant_id == merchant_id)
    if last:
        query = query.where(model.id > last)
    return session().scalars(query).all()


def local(moment: datetime | None) -> str | None:
    """Return a moment as text with the marketplace's offset, so that its day is local."""
    return moment.astimezone(ZoneInfo(current().timezone)).isoformat() if moment else None


def _tenant(_ids: Sequence[UUID]) -> list[Snapshot]:
    """Of the marketplace as a whole processes hold some; the rest is declared."""
    return [Snapshot(TENANT, current().id, current().name, None, holdings.house_facts())]


def _record(ids: Sequence[UUID]) -> list[Snapshot]:
    rows = session().scalars(select(RecordRow).where(RecordRow.id.in_(ids))).all()
    held = holdings.facts(rows)
    return [Snapshot(RECORD, row.id, row.title, row.merchant_id, held.get(row.id, {}), row.rule) for row in rows]


def _shop(ids: Sequence[UUID]) -> list[Snapshot]:
    query = select(ShopRow, MerchantRow).join(MerchantRow, MerchantRow.id == ShopRow.merchant_id)
    rows = session().execute(query.where(ShopRow.id.in_(ids))).all()
    held = _licences([merchant.id for _shop_row, merchant in rows])
    return [Snapshot(SHOP, shop.id, shop.name, merchant.id, _shop_facts(shop, merchant, held.get(merchant.id, [])))
            for shop, merchant in rows]  # fmt: skip


def _shop_facts(shop: ShopRow, merchant: MerchantRow, licences: list[LicenceRow]) -> dict[str, Tree]:
    """The storefront draws the seller's registration and verified licences itself, so what is known is shown."""
    permits = sorted({row.kind for row in licences if row.state == "verified"})
    own = "business_licence" if merchant.registration_number else "exemption_statement"
    return {
        "merchant": {"reg_no": merchant.registration_number},
        "shop": {"owner_is_tenant": merchant.is_house, "name": shop.name, "badge": _badge(merchant)},
        "permits": list(permits),
        "displays": [own, *permits] if shop.state != "closed" else [],
    }


def _badge(merchant: MerchantRow) -> str | None:
    return "_".join(("self", "operated")) if merchant.is_house else None


def _licences(merchant_ids: Sequence[UUID]) -> Mapping[UUID, list[LicenceRow]]:
    found: dict[UUID, list[LicenceRow]] = {}
    query = select(LicenceRow).where(LicenceRow.merchant_id.in_(merchant_ids)).order_by(LicenceRow.id)
    for row in session().scalars(query):
        found.setdefault(row.merchant_id, []).append(row)
    return found


def _merchant(ids: Sequence[UUID]) -> list[Snapshot]:
    rows = session().scalars(select(MerchantRow).where(MerchantRow.id.in_(ids), MerchantRow.is_house.is_(False))).all()
    keys = [row.id for row in rows]
    papers: dict[UUID, list[DocumentRow]] = {}
    for paper in session().scalars(select(DocumentRow).where(DocumentRow.merchant_id.in_(keys))):
        papers.setdefault(paper.merchant_id, []).append(paper)
    foods = {food.merchant_id: food for food in session().scalars(select(FoodRow).where(FoodRow.merchant_id.in_(keys)))}
    sold, sellers = selling.by_merchant(keys), selling.food_sellers(keys)
    return [
        Snapshot(MERCHANT, row.id, row.name, row.id, {
            **_identity(row, papers.get(row.id, [])),
            **sold.get(row.id, selling.NOTHING),
            "sells_food": row.id in foods or row.id in sellers,
            "f": food_facts(foods.get(row.id)),
        })
        for row in rows
    ]  # fmt: skip


def _identity(row: MerchantRow, papers: list[DocumentRow]) -> dict[str, Tree]:
    handed_in = {paper.requirement for paper in papers if paper.state != "refused"}
    address = ", ".join(row.address[name] for name in ("line1", "line2", "postcode", "city", "region", "country")
                        if row.address.get(name))  # fmt: skip
    has_id, has_licence = "identity" in handed_in, bool(handed_in & {"business_licence", "registration"})
    common: dict[str, Tree] = {
        "legal_name": row.name, "address": address, "phone": row.phone, "email": row.email,
        "id_file": has_id or "representative" in handed_in, "status": _STANDS.get(row.state, "applying"),
    }  # fmt: skip
    merchant: dict[str, Tree] = {
        **common, "kind": _PEOPLE[row.kind], "reg_no": row.registration_number, "licence_file": has_licence,
        "contact_name": row.address.get("name", ""), "id_no": has_id, "legal_rep_id_no": "representative" in handed_in,
        "verified_at": local(row.approved_at),
    }  # fmt: skip
    documents: list[Tree] = [
        {"name": paper.requirement, "verified_at": local(paper.created_at) if paper.state == "accepted" else None}
        for paper in papers
        if paper.media_id and paper.state != "refused"
    ]
    trader: dict[str, Tree] = {**common, "register_no": row.registration_number, "checked_at": local(row.approved_at)}
    return {"merchant": merchant, "documents": documents, "m": trader,
            "display": {"name": row.name, "address": address, "contact": row.email}}  # fmt: skip


def food_facts(row: FoodRow | None) -> dict[str, Tree]:
    """Return a registration as the rule of food sellers reads it; what nobody has checked is not there."""
    if row is None:
        return {}
    seen: Mapping[str, Mapping[str, Tree]] = row.checks
    official = seen.get("official", {})
    verified = row.state == "approved"
    stated: dict[str, Tree] = dict(row.stated)
    return {
        **stated, "kind": row.kind, "official_match": official.get("result"),
        "identity_verified_at": seen.get("person", {}).get("at") if verified else None,
        "site_checked_at": seen.get("place", {}).get("at") if seen.get("place", {}).get("result") == "ok" else None,
        "reverified_at": local(row.decided_at) if verified else None,
    }  # fmt: skip


def _listing(ids: Sequence[UUID]) -> list[Snapshot]:
    query = select(ListingRow, CategoryRow.slug).join(CategoryRow, CategoryRow.id == ListingRow.category_id)
    rows = session().execute(query.where(ListingRow.id.in_(ids))).all()
    known = profiles()
    held = _licences(list({row.merchant_id for row, _slug in rows}))
    house = answers.trees([current().id]).get(current().id, {})
    return [
        Snapshot(LISTING, row.id, row.title, row.merchant_id, _listing_facts(
            row, slug, known.get(row.category_id, NOTHING), held.get(row.merchant_id, []), house))
        for row, slug in rows
    ]  # fmt: skip


def _listing_facts(row: ListingRow, slug: str, profile: Profile, licences: list[LicenceRow],
                   house: Mapping[str, Tree]) -> dict[str, Tree]:  # fmt: skip
    text = f"{row.title}\n{row.description}"
    page: dict[str, Tree] = {**row.attributes, "name": row.title}
    papers: list[Tree] = [
        {"type": one.kind, "kind": one.kind, "status": one.state, "scope": list(one.scope) or [slug],
         "valid_until": one.valid_until.isoformat() if one.valid_until else None}
        for one in licences
    ]  # fmt: skip
    return {
        "category": slug, "text": text, "state": row.state, "licences": papers, "permits": papers,
        "requires": [list(kinds) for kinds in profile.requires], "banned_categories": [slug] if profile.is_banned else [],
        "banned": _banned(house), "food_kind": profile.food_kind, "food": bool(profile.food_kind), "medical": False,
        "page": page, "special": profile.food_kind in SPECIAL, "photo": row.picture_id is not None,
        "p": {"kind": profile.food_kind, "text": text}, "lang": current().locale[:2],
        "l": {"product_id": row.external_key or row.slug, "picture": row.picture_id is not None,
              "maker_name": row.attributes.get("maker_name") or row.brand},
        **_prices(row),
    }  # fmt: skip


def _prices(row: ListingRow) -> dict[str, Tree]:
    """Front page, page of the goods and checkout read one price, and nothing is added to it unseen."""
    price = row.price_from_minor
    return {
        "listing": {"name": row.title, "price": price, "unit": row.attributes.get("unit") or "piece"},
        "home": price, "detail": price, "checkout": price, "undisclosed": [], "rules_same": True,
    }  # fmt: skip


def _banned(house: Mapping[str, Tree]) -> list[Tree]:
    """The marketplace's own list of words; each is hard or soft."""
    return [
        {"word": word, "level": level}
        for level in ("hard", "soft")
        if isinstance(words := house.get(f"banned_{level}"), list)
        for word in words
    ]


_BUILD: Mapping[str, Callable[[Sequence[UUID]], list[Snapshot]]] = {
    TENANT: _tenant, MERCHANT: _merchant, SHOP: _shop, LISTING: _listing, RECORD: _record,
}  # fmt: skip
