"""Reads and writes the lists of rates, and asks the rules about orders and listings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import delete, func, select, text

from core.catalogue.models import CategoryRow, ListingRow
from core.hooks.catalogue import ListingDraft
from core.hooks.lifecycle import Purged
from core.hooks.money import Charge, OnRefund
from core.hooks.types import OrderSnapshot, Violation
from core.identity.models import UserRow
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, _
from core.kernel.locks import lock_name
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, current
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission import rules
from plugins.commission.models import ListRow, RateRow
from plugins.commission.rules import Base, Condition, Lineage, Rate, RateList, Sale, Verdict

NAME = "commission"
MOST_RATES = 200
_TARGETS: Mapping[Condition, type[CategoryRow | ShopRow | MerchantRow]] = {
    Condition.CATEGORY: CategoryRow,
    Condition.SHOP: ShopRow,
    Condition.MERCHANT: MerchantRow,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The tenant's choices. Rates that leave out base or refund policy take these when they are written."""

    fee_tax_bps: int
    base: Base
    on_refund: OnRefund
    no_match: str

    @classmethod
    def of(cls, tenant: Tenant) -> Settings:
        """Read them from the tenant's value."""
        stored = tenant.settings.get(NAME, {})
        return cls(
            fee_tax_bps=cast(int, stored.get("fee_tax_bps", 0)),
            base=Base(cast(str, stored.get("base", "net"))),
            on_refund=OnRefund(cast(str, stored.get("on_refund", "proportional"))),
            no_match=cast(str, stored.get("no_match", "zero")),
        )


@dataclass(frozen=True, slots=True)
class RateDraft:
    """A rate as someone writes it. Amounts are minor units by currency; None takes the tenant's setting."""

    name: str
    conditions: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    percent_bps: int = 0
    per_unit: Mapping[str, int] = field(default_factory=dict)
    per_line: Mapping[str, int] = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    cap: Mapping[str, int] = field(default_factory=dict)
    base: str | None = None
    on_refund: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the history shows it."""

    version: int
    at: datetime
    author: str
    reason: str
    rates: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up line: `price` is of one unit, tax included at `tax_bps`."""

    category_id: UUID
    shop_id: UUID
    quantity: int
    price: Money
    tax_bps: int


def active() -> RateList:
    """Return the list that counts now; version 0 without rates before the first is written."""
    newest = session().execute(select(ListRow.id, ListRow.version).order_by(ListRow.version.desc()).limit(1)).first()
    return RateList(newest.version, _rates(newest.id)) if newest else RateList(0, ())


def of_version(version: int) -> RateList | None:
    """Return the list of a version; None if there is none."""
    list_id = session().scalar(select(ListRow.id).where(ListRow.version == version))
    return RateList(version, _rates(list_id)) if list_id else None


def _rates(list_id: UUID) -> tuple[Rate, ...]:
    rows = session().scalars(select(RateRow).where(RateRow.list_id == list_id).order_by(RateRow.position))
    return tuple(_rate(row) for row in rows)


def _rate(row: RateRow) -> Rate:
    return Rate(
        id=row.id,
        name=row.name,
        conditions={Condition(kind): frozenset(map(UUID, keys)) for kind, keys in row.conditions.items()},
        percent_bps=row.percent_bps,
        per_unit=row.per_unit,
        per_line=row.per_line,
        floor=row.floor,
        cap=row.cap,
        base=Base(row.base),
        on_refund=OnRefund(row.on_refund),
    )


def draft_of(rate: Rate) -> RateDraft:
    """Return a rate as one would write it again; the new version gives it a key of its own."""
    return RateDraft(
        name=rate.name,
        conditions={kind.value: sorted(keys) for kind, keys in rate.conditions.items()},
        percent_bps=rate.percent_bps,
        per_unit=rate.per_unit,
        per_line=rate.per_line,
        floor=rate.floor,
        cap=rate.cap,
        base=rate.base.value,
        on_refund=rate.on_refund.value,
    )


def category_targets(rate: Rate) -> frozenset[UUID]:
    """Return the categories that a rate asks for."""
    return rate.conditions.get(Condition.CATEGORY, frozenset())


def versions() -> list[Version]:
    """Return every version, newest first, with who wrote it."""
    counts = select(RateRow.list_id, func.count().label("rates")).group_by(RateRow.list_id).subquery()
    query = (
        select(ListRow.version, ListRow.created_at, UserRow.name, ListRow.reason, func.coalesce(counts.c.rates, 0))
        .outerjoin(UserRow, (UserRow.tenant_id == ListRow.tenant_id) & (UserRow.id == ListRow.author_id))
        .outerjoin(counts, counts.c.list_id == ListRow.id)
        .order_by(ListRow.version.desc())
    )
    return [
        Version(number, at, name or "", reason, rates) for number, at, name, reason, rates in session().execute(query)
    ]


def publish(drafts: Sequence[RateDraft], *, expected: int | None = None, reason: str = "") -> int:
    """Write the whole list as a new version, which counts from now on, and return its number.

    `expected` is the version that the writer saw. Raise Conflict if it is no longer the newest, Invalid by field for an
    unknown condition, a missing target or amounts that do not hold together.
    """
    lock_name("commission.list")
    before = active().version
    if expected is not None and expected != before:
        raise Conflict(
            "commission.changed",
            _("Someone has saved version {version} meanwhile; look at it before you save yours"),
            version=before,
        )
    check(drafts)
    settings = Settings.of(current())
    row = ListRow(version=before + 1, author_id=audit.actor().id, reason=reason.strip())
    session().add(row)
    session().flush()
    session().add_all(_row(row.id, place, draft, settings) for place, draft in enumerate(drafts))
    session().flush()
    audit.record("commission.published", "commission.list", row.id, version=row.version, rates=len(drafts))
    return row.version


def _row(list_id: UUID, place: int, draft: RateDraft, settings: Settings) -> RateRow:
    return RateRow(
        list_id=list_id,
        position=place,
        name=draft.name.strip(),
        conditions={kind: sorted(str(key) for key in set(keys)) for kind, keys in draft.conditions.items()},
        percent_bps=draft.percent_bps,
        per_unit=dict(draft.per_unit),
        per_line=dict(draft.per_line),
        floor=dict(draft.floor),
        cap=dict(draft.cap),
        base=draft.base or settings.base.value,
        on_refund=draft.on_refund or settings.on_refund.value,
    )


def check(drafts: Sequence[RateDraft]) -> None:
    """Raise Invalid, naming each input at fault, if the list could not mean what it says."""
    wrong = [error for place, draft in enumerate(drafts) for error in _wrong(f"rates.{place}", draft)]
    if len(drafts) > MOST_RATES:
        wrong.append(FieldError("rates", _("There are too many rates")))
    if not wrong:
        wrong = _missing(drafts)
    if wrong:
        raise Invalid("commission.invalid", _("The list of rates cannot be saved like this"), fields=tuple(wrong))


def _wrong(path: str, draft: RateDraft) -> Iterable[FieldError]:
    if not 0 < len(draft.name.strip()) <= 80:
        yield FieldError(f"{path}.name", _("Give the rate a name of at most 80 characters"))
    if not 0 <= draft.percent_bps <= 10_000:
        yield FieldError(f"{path}.percent_bps", _("The percentage lies between 0 and 100"))
    for kind, keys in draft.conditions.items():
        if kind not in set(Condition):
            yield FieldError(f"{path}.when.{kind}", _("This condition is not known"))
        elif not keys:
            yield FieldError(f"{path}.when.{kind}", _("Choose at least one, or leave the condition out"))
    yield from _wrong_amounts(path, draft)


def _wrong_amounts(path: str, draft: RateDraft) -> Iterable[FieldError]:
    for name in ("per_unit", "per_line", "floor", "cap"):
        amounts: Mapping[str, int] = getattr(draft, name)
        if any(minor < 0 for minor in amounts.values()):
            yield FieldError(f"{path}.{name}", _("Amounts are not negative"))
    if any(draft.cap[currency] < low for currency, low in draft.floor.items() if currency in draft.cap):
        yield FieldError(f"{path}.cap", _("The most is not below the least"))


def _missing(drafts: Sequence[RateDraft]) -> list[FieldError]:
    """Name each target that does not exist: left in, it would never fit; left out, it would widen the rate."""
    found = {kind: _existing(kind, drafts) for kind in Condition}
    return [
        FieldError(f"rates.{place}.when.{kind}", _("One of these does not exist any more"))
        for place, draft in enumerate(drafts)
        for kind, keys in draft.conditions.items()
        if not set(keys) <= found[Condition(kind)]
    ]


def _existing(kind: Condition, drafts: Sequence[RateDraft]) -> set[UUID]:
    keys = {key for draft in drafts for key in draft.conditions.get(kind.value, ())}
    row = _TARGETS[kind]
    return set(session().scalars(select(row.id).where(row.id.in_(keys)))) if keys else set()


_LINEAGE = text("""
    with recursive walk(of_id, id, parent_id) as (
      select id, id, parent_id from categories where tenant_id = :tenant and id = any(:wanted)
      union all
      select w.of_id, c.id, c.parent_id from walk w
        join categories c on c.tenant_id = :tenant and c.id = w.parent_id)
    select of_id, id from walk""")


def lineage(category_ids: Iterable[UUID]) -> Lineage:
    """Return each of these categories with itself and those above it, in one query."""
    wanted = sorted(set(category_ids))
    if not wanted:
        return {}
    found: dict[UUID, set[UUID]] = {}
    for of_id, key in session().execute(_LINEAGE, {"tenant": current().id, "wanted": wanted}):
        found.setdefault(of_id, set()).add(key)
    return {of_id: frozenset(keys) for of_id, keys in found.items()}


def charges(tenant: Tenant, order: OrderSnapshot) -> Sequence[Charge]:
    """Return an order's commission by the list that counts now."""
    if order.is_house:
        return ()
    above = lineage(line.category_id for line in order.lines)
    return rules.charges(active(), order, above, Settings.of(tenant).fee_tax_bps)


def judge(trial: Trial, rates: RateList | None = None) -> Verdict:
    """Work out what a made-up line would cost. Raise Invalid if its shop or category does not exist."""
    query = (
        select(ShopRow.merchant_id, MerchantRow.is_house)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(ShopRow.id == trial.shop_id)
    )
    shop = session().execute(query).one_or_none()
    above = lineage([trial.category_id])
    if shop is None or not above:
        raise Invalid("commission.no_such_line", _("Choose a shop and a category that exist"))
    if shop.is_house:
        return Verdict(None, {"house": True, "currency": trial.price.currency})
    gross = trial.price * trial.quantity
    sale = Sale(trial.category_id, trial.shop_id, shop.merchant_id, trial.quantity, gross.net_of(trial.tax_bps), gross)
    return rules.judge(rates or active(), sale, above, Settings.of(current()).fee_tax_bps)


def unpriced(tenant: Tenant, draft: ListingDraft) -> Sequence[Violation]:
    """Refuse a merchant's listing that no rate fits, where the tenant wants a rate for everything."""
    if Settings.of(tenant).no_match != "block":
        return ()
    query = (
        select(ListingRow.shop_id, MerchantRow.is_house)
        .join(MerchantRow, (MerchantRow.tenant_id == ListingRow.tenant_id) & (MerchantRow.id == ListingRow.merchant_id))
        .where(ListingRow.id == draft.id)
    )
    found = session().execute(query).one_or_none()
    if found is not None and found.is_house:
        return ()
    shop_id = found.shop_id if found is not None else None
    sale = Sale(draft.category_id, shop_id, draft.merchant_id, 1, draft.price, draft.price)
    if rules.judge(active(), sale, lineage([draft.category_id]), 0).fee is not None:
        return ()
    return [Violation("commission.no_rate", _("No commission rate covers this category yet"), field="category")]


def purge() -> Sequence[Purged]:
    """Delete every version of the tenant's list."""
    rates = session().execute(delete(RateRow)).rowcount  # type: ignore[attr-defined]
    lists = session().execute(delete(ListRow)).rowcount  # type: ignore[attr-defined]
    return [Purged("commission_rates", rates), Purged("commission_lists", lists)]
