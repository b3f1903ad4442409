"""The ways of delivery that shops offer themselves, and what they cost."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit
from core.kernel.db import fetched, session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.merchants import shops
from core.merchants.models import DeliveryRow, ShopRow
from core.merchants.values import DeliveryOption, option_of

_CODE = re.compile(r"[a-z0-9]([a-z0-9_-]{0,28}[a-z0-9])?")
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """What a delivery option says. `free_from` makes it free from that value of goods; days are working days."""

    label: str
    price: Money
    free_from: Money | None = None
    min_days: int = 1
    max_days: int = 5
    is_active: bool = True


_Option = namedtuple(
    "_Option", "id shop_id code label price_minor currency free_from_minor min_days max_days position is_active"
)
_OFFERED = """
    select id, shop_id, code, label, price_minor, currency, free_from_minor, min_days, max_days, position, is_active
      from shop_deliveries
     where tenant_id = %(tenant)s and shop_id = any(%(shops)s) and is_active order by shop_id, position, id"""


def options_for(shop_ids: Iterable[UUID]) -> Mapping[UUID, tuple[DeliveryOption, ...]]:
    """Return the active options of shops in their order, in one query; a shop without any has an empty tuple."""
    wanted = list(shop_ids)
    found: dict[UUID, list[DeliveryOption]] = {shop_id: [] for shop_id in wanted}
    for row in map(_Option._make, fetched(_OFFERED, {"tenant": current().id, "shops": wanted})) if wanted else ():
        found[row.shop_id].append(option_of(row))
    return {shop_id: tuple(options) for shop_id, options in found.items()}


def of_shop(merchant_id: UUID | None, shop_id: UUID) -> tuple[DeliveryOption, ...]:
    """Return all options of a merchant's shop, those that are switched off too. Raise Missing for another's shop."""
    shops.row(merchant_id, shop_id)
    query = select(DeliveryRow).where(DeliveryRow.shop_id == shop_id).order_by(DeliveryRow.position, DeliveryRow.id)
    return tuple(option_of(row) for row in session().scalars(query))


def find(merchant_id: UUID | None, shop_id: UUID, option_id: UUID) -> DeliveryOption:
    """Return one option of a merchant's shop. Raise Missing if it is not the merchant's."""
    return option_of(_row(merchant_id, shop_id, option_id))


def add(merchant_id: UUID | None, shop_id: UUID, terms: Terms, *, code: str = "") -> DeliveryOption:
    """Offer a further way of delivery, last in order. Raise Invalid for bad terms, Conflict if the code is taken."""
    shops.row(merchant_id, shop_id)
    _check(terms)
    taken = _codes(shop_id)
    if len(taken) >= MOST_OPTIONS:
        raise Conflict("merchants.option_limit", _("A shop has at most {limit} delivery options"), limit=MOST_OPTIONS)
    row = DeliveryRow(shop_id=shop_id, code=_free_code(code, terms.label, taken), position=len(taken))
    _write(row, terms)
    session().add(row)
    session().flush()
    audit.record("shop.delivery_added", "shop", shop_id, code=row.code, price_minor=row.price_minor)
    return option_of(row)


def change(merchant_id: UUID | None, shop_id: UUID, option_id: UUID, terms: Terms) -> DeliveryOption:
    """Change a delivery option; the code stays. Orders that were placed keep what they were promised."""
    row = _row(merchant_id, shop_id, option_id)
    _check(terms)
    before = row.price_minor
    _write(row, terms)
    audit.record("shop.delivery_changed", "shop", shop_id, code=row.code, before=before, after=row.price_minor)
    return option_of(row)


def remove(merchant_id: UUID | None, shop_id: UUID, option_id: UUID) -> None:
    """Stop offering a way of delivery. Without an active one the shop does not sell."""
    row = _row(merchant_id, shop_id, option_id)
    session().delete(row)
    audit.record("shop.delivery_removed", "shop", shop_id, code=row.code)


def order(merchant_id: UUID | None, shop_id: UUID, option_ids: Iterable[UUID]) -> None:
    """Put options into an order; those that are left out follow."""
    wanted = list(option_ids)
    places = {key: place for place, key in enumerate(wanted)}
    shops.row(merchant_id, shop_id)
    for row in session().scalars(select(DeliveryRow).where(DeliveryRow.shop_id == shop_id)):
        row.position = places.get(row.id, len(wanted) + row.position)


def shops_without(merchant_id: UUID | None) -> tuple[UUID, ...]:
    """Return a merchant's shops that have no active option and so sell nothing."""
    delivers = select(DeliveryRow.id).where(
        DeliveryRow.tenant_id == ShopRow.tenant_id, DeliveryRow.shop_id == ShopRow.id, DeliveryRow.is_active
    )
    query = select(ShopRow.id).where(ShopRow.merchant_id == merchant_id, ShopRow.state != "closed", ~delivers.exists())
    return tuple(session().scalars(query))


def _row(merchant_id: UUID | None, shop_id: UUID, option_id: UUID) -> DeliveryRow:
    shops.row(merchant_id, shop_id)
    query = select(DeliveryRow).where(DeliveryRow.id == option_id, DeliveryRow.shop_id == shop_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("merchants.option_missing", _("There is no such delivery option"))
    return row


def _codes(shop_id: UUID) -> frozenset[str]:
    return frozenset(session().scalars(select(DeliveryRow.code).where(DeliveryRow.shop_id == shop_id)))


def _free_code(code: str, label: str, taken: frozenset[str]) -> str:
    wished = code.strip().lower()
    if wished and not _CODE.fullmatch(wished):
        message = _("Use lower-case letters, digits and hyphens, at most 30")
        raise Invalid("merchants.bad_code", message, fields=(FieldError("code", message),))
    if wished in taken:
        raise Conflict("merchants.code_taken", _("The shop has a delivery option {option} already"), option=wished)
    made = wished or re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:24].strip("-") or "option"
    number = next(n for n in range(2, MOST_OPTIONS + 3) if f"{made}-{n}" not in taken)
    return f"{made}-{number}" if made in taken else made


def _check(terms: Terms) -> None:
    currency = current().currency
    rules = (
        ("label", 0 < len(terms.label.strip()) <= 80, _("Give it a name of at most 80 characters")),
        ("price", terms.price.minor >= 0, _("Give a price of zero or more")),
        ("price", terms.price.currency == currency, _("Prices are in the marketplace's currency")),
        ("free_from", terms.free_from is None or terms.free_from.currency == currency,
         _("Prices are in the marketplace's currency")),
        ("free_from", terms.free_from is None or terms.free_from.minor >= 0, _("Give an amount of zero or more")),
        ("max_days", 0 <= terms.min_days <= terms.max_days <= 120,
         _("Give days from 0 to 120, the shorter time first")),
    )  # fmt: skip
    wrong = tuple(FieldError(path, message) for path, holds, message in rules if not holds)
    if wrong:
        raise Invalid("merchants.delivery_invalid", _("The delivery option cannot be like this"), fields=wrong)


def _write(row: DeliveryRow, terms: Terms) -> None:
    row.label, row.price_minor, row.currency = terms.label.strip(), terms.price.minor, terms.price.currency
    row.free_from_minor = None if terms.free_from is None else terms.free_from.minor
    row.min_days, row.max_days, row.is_active = terms.min_days, terms.max_days, terms.is_active
