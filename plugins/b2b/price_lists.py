"""A merchant keeps price lists for companies, and in which quantities companies buy its goods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from core.catalogue.models import ListingRow, VariantRow
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, Phrase, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.b2b import rules
from plugins.b2b.models import CompanyRow
from plugins.b2b.price_models import ListCompanyRow, PriceListRow, PriceRow, QuantityRow

MOST_PRICES, MOST_COMPANIES = 2_000, 500


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A band as a merchant writes it; `unit_minor` in the marketplace's currency."""

    sku: str
    from_quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class PackDraft:
    """In which quantities companies buy something, as a merchant writes it."""

    sku: str
    minimum: int
    step: int


@dataclass(frozen=True, slots=True)
class ListDraft:
    """A list as a merchant writes it; `companies` are registration numbers, none with `is_for_all`."""

    name: str
    prices: Sequence[PriceDraft]
    companies: Sequence[str] = ()
    is_for_all: bool = False
    is_active: bool = True
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A band of a list; `shop_price` is what the shop asks of everybody."""

    variant_id: UUID
    sku: str
    title: str
    from_quantity: int
    unit: Money
    shop_price: Money


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list; `count` is how many bands it has, `companies` are (registration number, name)."""

    id: UUID
    name: str
    is_for_all: bool
    is_active: bool
    valid_from: date | None
    valid_to: date | None
    companies: tuple[tuple[str, str], ...] = ()
    count: int = 0


def _fault(field: str, message: str, **facts: object) -> Invalid:
    fault = FieldError(field, Phrase(message, **facts))
    return Invalid("b2b.price_list", _("Some of this cannot be right."), fields=(fault,))


def _row(merchant_id: UUID, list_id: UUID) -> PriceListRow:
    query = select(PriceListRow).where(PriceListRow.id == list_id, PriceListRow.merchant_id == merchant_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("b2b.no_price_list", _("There is no such price list"))
    return row


def _value(row: PriceListRow, count: int, companies: tuple[tuple[str, str], ...] = ()) -> PriceList:
    return PriceList(row.id, row.name, row.is_for_all, row.is_active, row.valid_from, row.valid_to, companies, count)


def lists(merchant_id: UUID) -> list[PriceList]:
    """Return a merchant's lists, newest first, without their companies."""
    counts = (
        select(PriceRow.list_id, func.count().label("count")).group_by(PriceRow.list_id).subquery()
    )  # fmt: skip
    query = (
        select(PriceListRow, func.coalesce(counts.c.count, 0))
        .join(counts, counts.c.list_id == PriceListRow.id, isouter=True)
        .where(PriceListRow.merchant_id == merchant_id)
        .order_by(PriceListRow.id.desc())
    )
    return [_value(row, int(count)) for row, count in session().execute(query)]


def find(merchant_id: UUID, list_id: UUID) -> PriceList:
    """Return a merchant's list with its companies. Raise Missing for another's."""
    row = _row(merchant_id, list_id)
    query = (
        select(CompanyRow.reg_no, CompanyRow.name)
        .join(ListCompanyRow, (ListCompanyRow.tenant_id == CompanyRow.tenant_id) & (ListCompanyRow.company_id == CompanyRow.id))
        .where(ListCompanyRow.list_id == list_id)
        .order_by(CompanyRow.name)
    )  # fmt: skip
    companies = tuple((number, name) for number, name in session().execute(query))
    return _value(row, len(prices(list_id)), companies)


def prices(list_id: UUID) -> list[Price]:
    """Return the bands of a list by product and quantity."""
    query = (
        select(PriceRow, VariantRow, ListingRow.title)
        .join(VariantRow, (VariantRow.tenant_id == PriceRow.tenant_id) & (VariantRow.id == PriceRow.variant_id))
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .where(PriceRow.list_id == list_id)
        .order_by(ListingRow.title, VariantRow.sku, PriceRow.from_quantity)
    )
    return [
        Price(
            variant.id, variant.sku, " · ".join([title, *variant.options]), row.from_quantity,
            Money(row.unit_minor, row.currency), Money(variant.price_minor, variant.currency),
        )
        for row, variant, title in session().execute(query)
    ]  # fmt: skip


def create(merchant_id: UUID, draft: ListDraft) -> UUID:
    """Make a list. Raise Invalid by field, Conflict for a name that the merchant has already."""
    row = PriceListRow(id=new_id(), merchant_id=merchant_id, currency=current().currency)
    _write(row, draft, is_new=True)
    audit.record("b2b.price_list_made", "b2b.price_list", row.id, name=row.name)
    return row.id


def change(merchant_id: UUID, list_id: UUID, draft: ListDraft) -> None:
    """Change a list whole; carts follow at once, orders keep what they were placed at. Raise as `create` does."""
    row = _row(merchant_id, list_id)
    _write(row, draft, is_new=False)
    audit.record("b2b.price_list_changed", "b2b.price_list", row.id, name=row.name, prices=len(draft.prices))


def remove(merchant_id: UUID, list_id: UUID) -> None:
    """Delete a list with its bands; orders keep what they were placed at."""
    row = _row(merchant_id, list_id)
    audit.record("b2b.price_list_removed", "b2b.price_list", row.id, name=row.name)
    session().delete(row)
    session().flush()


def _write(row: PriceListRow, draft: ListDraft, *, is_new: bool) -> None:
    lock_name(f"b2b.price_lists:{row.merchant_id}")
    name = " ".join(draft.name.split())
    if not name:
        raise _fault("name", _("Type a name"))
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        raise _fault("valid_to", _("The last day is not before the first"))
    twin = select(PriceListRow.id).where(
        PriceListRow.merchant_id == row.merchant_id, PriceListRow.name == name, PriceListRow.id != row.id
    )
    if session().scalar(twin) is not None:
        raise Conflict("b2b.list_taken", _("You have a price list of this name already"))
    companies = [] if draft.is_for_all else _companies(draft.companies)
    bands = _bands(row.merchant_id, draft.prices)
    row.name, row.is_for_all, row.is_active = name, draft.is_for_all, draft.is_active
    row.valid_from, row.valid_to = draft.valid_from, draft.valid_to
    if is_new:
        session().add(row)
    session().execute(delete(ListCompanyRow).where(ListCompanyRow.list_id == row.id))
    session().execute(delete(PriceRow).where(PriceRow.list_id == row.id))
    session().add_all([ListCompanyRow(list_id=row.id, company_id=key) for key in companies])
    session().add_all([
        PriceRow(list_id=row.id, variant_id=key, from_quantity=count, unit_minor=minor, currency=row.currency)
        for (key, count), minor in bands.items()
    ])  # fmt: skip
    session().flush()


def _companies(numbers: Sequence[str]) -> list[UUID]:
    """Return the approved companies of these numbers. Raise Invalid for none, too many, or an unknown one."""
    wanted = list(dict.fromkeys(filter(None, (rules.tidy_number(text) for text in numbers))))
    if not wanted:
        raise _fault("companies", _("Name a company, or let the list hold for every company"))
    if len(wanted) > MOST_COMPANIES:
        raise _fault("companies", _("A list holds for at most {most} companies"), most=MOST_COMPANIES)
    query = select(CompanyRow.reg_no, CompanyRow.id).where(CompanyRow.reg_no.in_(wanted), CompanyRow.state == "active")
    found = session().execute(query).all()
    unknown = set(wanted) - {number for number, _key in found}
    if unknown:
        raise _fault("companies", _("No approved company has the number {number}"), number=min(unknown))
    return [key for _number, key in found]


def _bands(merchant_id: UUID, drafts: Sequence[PriceDraft]) -> dict[tuple[UUID, int], int]:
    """Return the bands by variant and quantity. Raise Invalid for none, too many, doubled ones, or unknown products."""
    if not drafts:
        raise _fault("prices", _("Write at least one price"))
    if len(drafts) > MOST_PRICES:
        raise _fault("prices", _("A list has at most {most} prices"), most=MOST_PRICES)
    keys = variants_of(merchant_id, {one.sku for one in drafts})
    found: dict[tuple[UUID, int], int] = {}
    for one in drafts:
        key = keys.get(one.sku)
        if key is None:
            raise _fault("prices", _("You sell nothing with the SKU {sku}"), sku=one.sku)
        if one.from_quantity < 1 or one.unit_minor < 0:
            raise _fault("prices", _("{sku}: quantities begin at 1, and no price is below zero"), sku=one.sku)
        if (key, one.from_quantity) in found:
            raise _fault("prices", _("{sku} has two prices from {count} on"), sku=one.sku, count=one.from_quantity)
        found[key, one.from_quantity] = one.unit_minor
    return found


def variants_of(merchant_id: UUID, skus: Collection[str]) -> dict[str, UUID]:
    """Return a merchant's variants by SKU."""
    query = select(VariantRow.sku, VariantRow.id).where(VariantRow.merchant_id == merchant_id, VariantRow.sku.in_(skus))
    return dict(session().execute(query).all())


def packs(merchant_id: UUID) -> list[tuple[str, str, int, int]]:
    """Return in which quantities companies buy a merchant's goods: (SKU, title, minimum, step), by title."""
    query = (
        select(QuantityRow, VariantRow.sku, ListingRow.title)
        .join(VariantRow, (VariantRow.tenant_id == QuantityRow.tenant_id) & (VariantRow.id == QuantityRow.variant_id))
        .join(ListingRow, (ListingRow.tenant_id == VariantRow.tenant_id) & (ListingRow.id == VariantRow.listing_id))
        .where(QuantityRow.merchant_id == merchant_id)
        .order_by(ListingRow.title, VariantRow.sku)
    )
    return [(sku, title, row.minimum, row.step) for row, sku, title in session().execute(query)]


def set_packs(merchant_id: UUID, drafts: Sequence[PackDraft]) -> None:
    """Say in which quantities companies buy a merchant's goods; what is not named is sold by the unit.

    Raise Invalid for unknown or doubled products, and a minimum that is no multiple of the step.
    """
    lock_name(f"b2b.price_lists:{merchant_id}")
    if len(drafts) > MOST_PRICES:
        raise _fault("packs", _("At most {most} products can have a rule"), most=MOST_PRICES)
    keys = variants_of(merchant_id, {one.sku for one in drafts})
    _check_packs(drafts, keys)
    session().execute(delete(QuantityRow).where(QuantityRow.merchant_id == merchant_id))
    session().add_all([
        QuantityRow(merchant_id=merchant_id, variant_id=keys[one.sku], minimum=one.minimum, step=one.step)
        for one in drafts
    ])  # fmt: skip
    session().flush()
    audit.record("b2b.quantities_set", "merchant", merchant_id, rules=len(drafts))


def _check_packs(drafts: Iterable[PackDraft], keys: Mapping[str, UUID]) -> None:
    seen: set[str] = set()
    for one in drafts:
        if one.sku not in keys:
            raise _fault("packs", _("You sell nothing with the SKU {sku}"), sku=one.sku)
        if one.sku in seen:
            raise _fault("packs", _("{sku} stands there twice"), sku=one.sku)
        if one.minimum < 1 or one.step < 1 or one.minimum % one.step:
            raise _fault("packs", _("{sku}: the minimum is a multiple of the pack, both from 1 on"), sku=one.sku)
        seen.add(one.sku)
