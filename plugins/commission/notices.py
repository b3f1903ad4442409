"""Whom a list of rates concerns, and the letters that tell merchants of the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import _
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission import documents, services
from plugins.commission.models import ListRow
from plugins.commission.rules import day_of
from plugins.commission.values import Condition, Rate

_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """A merchant with its shops and, of the products that rates name, those that are its own."""

    merchant_id: UUID
    shops: frozenset[UUID]
    products: frozenset[UUID]


def theirs(rates: Sequence[Rate], seat: Seat) -> tuple[Rate, ...]:
    """Return the rates that a line of this merchant could fall under, in order; contracts of others are left out."""
    own = {
        Condition.MERCHANT: frozenset({seat.merchant_id}),
        Condition.SHOP: seat.shops,
        Condition.PRODUCT: seat.products,
    }
    return tuple(
        rate for rate in rates if all(rate.conditions[kind] & own[kind] for kind in own if kind in rate.conditions)
    )


def for_anyone(rates: Sequence[Rate]) -> tuple[Rate, ...]:
    """Return the rates that a new merchant's lines could fall under, in order."""
    return tuple(rate for rate in rates if not rate.is_contract)


def seat(merchant_id: UUID, rates: Sequence[Rate]) -> Seat:
    """Return a merchant with what of the rates' targets is its own."""
    return _seats([merchant_id], rates)[merchant_id]


def _seats(merchant_ids: Sequence[UUID], rates: Sequence[Rate]) -> dict[UUID, Seat]:
    shops: dict[UUID, set[UUID]] = {key: set() for key in merchant_ids}
    products: dict[UUID, set[UUID]] = {key: set() for key in merchant_ids}
    for shop_id, owner in session().execute(
        select(ShopRow.id, ShopRow.merchant_id).where(ShopRow.merchant_id.in_(merchant_ids))
    ):
        shops[owner].add(shop_id)
    named = {key for rate in rates for key in rate.conditions.get(Condition.PRODUCT, ())}
    query = select(ListingRow.id, ListingRow.merchant_id).where(
        ListingRow.id.in_(named), ListingRow.merchant_id.in_(merchant_ids)
    )
    for listing_id, owner in session().execute(query) if named else ():
        products[owner].add(listing_id)
    return {key: Seat(key, frozenset(shops[key]), frozenset(products[key])) for key in merchant_ids}


def told(rates: Sequence[Rate]) -> list[Mapping[str, object]]:
    """Return what rates say, without the keys that each version gives them."""
    return [documents.as_data(documents.draft_of(rate)) for rate in rates]


def differs(before: Sequence[Rate], after: Sequence[Rate]) -> bool:
    """Tell whether two lists say something different."""
    return told(before) != told(after)


def _merchants(after: UUID | None = None) -> list[tuple[UUID, str]]:
    query = select(MerchantRow.id, MerchantRow.email).where(
        MerchantRow.is_house.is_(False), MerchantRow.state.in_(["approved", "suspended"])
    )
    if after is not None:
        query = query.where(MerchantRow.id > after)
    return [(key, email) for key, email in session().execute(query.order_by(MerchantRow.id).limit(_A_PAGE))]


def _concerned(
    merchants: Sequence[tuple[UUID, str]], before: Sequence[Rate], after: Sequence[Rate]
) -> list[tuple[UUID, str]]:
    seats = _seats([key for key, _email in merchants], [*before, *after])
    return [one for one in merchants if differs(theirs(before, seats[one[0]]), theirs(after, seats[one[0]]))]


def concerns_anyone(before: Sequence[Rate], after: Sequence[Rate]) -> bool:
    """Tell whether any merchant would live under other rates than before."""
    merchants = _merchants()
    while merchants:
        if _concerned(merchants, before, after):
            return True
        merchants = _merchants(merchants[-1][0]) if len(merchants) == _A_PAGE else []
    return False


@jobs.job("commission.notify")
def notify(payload: jobs.Payload) -> None:
    """Write to a page of the merchants whom a new version concerns, then go on with the next page."""
    version, before = payload["version"], payload["before"]
    lists = services.of_versions([version, before])
    row = session().scalars(select(ListRow).where(ListRow.version == version)).one_or_none()
    is_withdrawn = bool(payload.get("withdrawn"))
    if row is None or (row.withdrawn_at is not None) is not is_withdrawn:
        return
    merchants = _merchants(UUID(payload["after"]) if "after" in payload else None)
    old = lists[before].rates if before in lists else ()
    day = day_of(row.effective_at, current().timezone).isoformat()
    letter = _withdrawal(day) if is_withdrawn else _letter(day, row.reason)
    for _key, email in _concerned(merchants, old, lists[version].rates):
        if email:
            jobs.soon("mail.compose", {"template": "notice", "to": email, "values": letter})
    if len(merchants) == _A_PAGE:
        jobs.soon("commission.notify", {**payload, "after": str(merchants[-1][0])})


def _letter(day: str, reason: str) -> dict[str, object]:
    paragraphs = [
        _("From {day} on, other rates of commission count for what you sell at {market}."),
        _("Orders that are placed before that day keep the rates of their time."),
        *([_("The reason: {reason}")] if reason else []),
        _("The page Fees shows what changes for you, in plain words, beside the rates of today."),
    ]
    return {
        "title": _("Your fees change on {day}"),
        "paragraphs": paragraphs,
        "action_label": _("See what changes"),
        "action_path": "/merchant/commission/",
        "facts": {"day": day, "market": current().name, "reason": reason},
    }


def _withdrawal(day: str) -> dict[str, object]:
    return {
        "title": _("Your fees do not change on {day}"),
        "paragraphs": [
            _("The list of rates that was announced for {day} has been withdrawn. The rates of today stay.")
        ],
        "action_label": _("See your fees"),
        "action_path": "/merchant/commission/",
        "facts": {"day": day},
    }
