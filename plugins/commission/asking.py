"""Asks the rules about orders that are placed, lines that are made up, and listings that are published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.hooks.catalogue import ListingDraft
from core.hooks.money import Charge
from core.hooks.types import OrderSnapshot, Violation
from core.kernel import clock
from core.kernel.db import fetched, fetched_together, session
from core.kernel.errors import Invalid, _
from core.kernel.locks import sharing
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, current
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission import rules, services, volumes
from plugins.commission.choices import Settings
from plugins.commission.conditions import failing
from plugins.commission.values import Lineage, RateList, Sale, Verdict, Volume


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up line: `price` is of one unit, tax included at `tax_bps`.

    `before` is the merchant's volume of the month, None for what it is now.
    """

    category_id: UUID
    shop_id: UUID
    quantity: int
    price: Money
    tax_bps: int
    product_id: UUID | None = None
    before: Volume | None = None


_LINEAGE = """
    with recursive walk(of_id, id, parent_id) as (
      select id, id, parent_id from categories where tenant_id = %(tenant)s and id = any(%(wanted)s)
      union all
      select w.of_id, c.id, c.parent_id from walk w
        join categories c on c.tenant_id = %(tenant)s and c.id = w.parent_id)
    select of_id, id from walk"""


def lineage(category_ids: Iterable[UUID]) -> Lineage:
    """Return each of these categories with itself and those above it, in one query."""
    wanted = sorted(set(category_ids))
    if not wanted:
        return {}
    return _by_category(fetched(_LINEAGE, {"tenant": current().id, "wanted": wanted}))


def _by_category(rows: Iterable[tuple[UUID, UUID]]) -> Lineage:
    found: dict[UUID, set[UUID]] = {}
    for of_id, key in rows:
        found.setdefault(of_id, set()).add(key)
    return {of_id: frozenset(keys) for of_id, keys in found.items()}


def owners(shop_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Return the merchants of shops, by shop."""
    wanted = sorted(set(shop_ids))
    if not wanted:
        return {}
    return dict(session().execute(select(ShopRow.id, ShopRow.merchant_id).where(ShopRow.id.in_(wanted))).all())


def charges(tenant: Tenant, order: OrderSnapshot) -> Sequence[Charge]:
    """Return an order's commission by the list that counts at the moment of its placing.

    Orders from before the first list, which only an import of history brings, fall under the list of today. Takes the
    list's lock together with other orders and, where tiers may count, one of the merchant's own.
    """
    if order.is_house:
        return ()
    rates, above = _asked(order)
    before = volumes.before(order) if _needs_volume(rates, order, above, tenant.timezone) else None
    return rules.charges(
        rates, order, above, Settings.of(tenant).fee_tax_bps, before=before, timezone=tenant.timezone
    )  # fmt: skip


def _asked(order: OrderSnapshot) -> tuple[RateList, Lineage]:
    """Return the list that counts for an order, read under the list's lock, and what lies above its categories."""
    wanted = {"tenant": current().id, "wanted": sorted({line.category_id for line in order.lines})}
    _locked, head, above = fetched_together(
        sharing(services.LOCK), services.counting(order.placed_at), (_LINEAGE, wanted)
    )
    return services.read(head), _by_category(above)


def _needs_volume(rates: RateList, order: OrderSnapshot, above: Lineage, timezone: str) -> bool:
    """Tell whether any line falls under a rate with tiers; no condition asks for the volume itself."""
    if not rates.has_tiers:
        return False
    for _line_id, sale in rules.sales(order, Volume(), timezone):
        chosen = next((rate for rate in rates.rates if failing(rate, sale, above) is None), None)
        if chosen is not None and sale.net.currency in chosen.tiers:
            return True
    return False


def judge(trial: Trial, rates: RateList | None = None) -> Verdict:
    """Work out what a made-up line would cost today. Raise Invalid if its shop or category does not exist."""
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
    listed = rates or services.active()
    sale = _made_up(trial, shop.merchant_id)
    if listed.has_tiers and trial.before is None:
        sale = replace(sale, before=volumes.so_far(shop.merchant_id, trial.price.currency))
    return rules.judge(listed, sale, above, Settings.of(current()).fee_tax_bps)


def _made_up(trial: Trial, merchant_id: UUID) -> Sale:
    gross = trial.price * trial.quantity
    return Sale(
        trial.category_id, trial.shop_id, merchant_id, trial.quantity, gross.net_of(trial.tax_bps), gross,
        product_id=trial.product_id, unit_price=trial.price, on=clock.today(current().timezone),
        before=trial.before or Volume(),
    )  # fmt: skip


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
    sale = Sale(
        draft.category_id, found.shop_id if found is not None else None, draft.merchant_id, 1, draft.price, draft.price,
        product_id=draft.id, unit_price=draft.price, on=clock.today(tenant.timezone),
    )  # fmt: skip
    if rules.judge(services.active(), sale, lineage([draft.category_id]), 0).fee is not None:
        return ()
    return [Violation("commission.no_rate", _("No commission rate covers this category yet"), field="category")]
