"""What the pages of rates offer to choose from, and rates in plain words with the names of what they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import get_locale, gettext
from sqlalchemy import select

from core.catalogue.models import CategoryRow, ListingRow
from core.hooks.orders import split_keys
from core.hooks.runtime import plugins
from core.kernel import clock
from core.kernel.db import session
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission import asking, services, wording
from plugins.commission.conditions import Hidden, hidden
from plugins.commission.values import ORDINARY, Condition, Rate

MOST = 1000
_INDENT = "\u2003"
_ROWS: Mapping[Condition, type[ShopRow | MerchantRow]] = {Condition.SHOP: ShopRow, Condition.MERCHANT: MerchantRow}


@dataclass(frozen=True, slots=True)
class Shown:
    """A rate as pages show it. `hidden` says why it can never count, empty if it can."""

    place: int
    key: UUID
    name: str
    formula: str
    policy: str
    tax: str
    conditions: tuple[str, ...]
    hidden: str

    @property
    def is_reachable(self) -> bool:
        """Whether anything can fall under it."""
        return not self.hidden

    @property
    def words(self) -> tuple[str, ...]:
        """Everything it says, to tell two rates apart."""
        return (self.name, self.formula, self.policy, self.tax, *self.conditions)


def _named(names: Mapping[str, str]) -> str:
    locale = get_locale()
    language = locale.language if locale else current().locale
    return names.get(language) or names.get(current().locale) or next(iter(names.values()), "")


def categories() -> list[tuple[str, str]]:
    """Return every category in the order of the tree, deeper ones indented."""
    rows = session().execute(select(CategoryRow.id, CategoryRow.path, CategoryRow.names).order_by(CategoryRow.path))
    return [(str(key), _INDENT * path.count("/") + _named(names)) for key, path, names in rows.fetchmany(MOST)]


def shops(merchant_id: UUID | None = None) -> list[tuple[str, str]]:
    """Return third parties' shops by name, or those of one merchant."""
    query = (
        select(ShopRow.id, ShopRow.name)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(MerchantRow.is_house.is_(False))
        .order_by(ShopRow.name, ShopRow.id)
        .limit(MOST)
    )
    if merchant_id is not None:
        query = query.where(ShopRow.merchant_id == merchant_id)
    return [(str(key), name) for key, name in session().execute(query)]


def merchants() -> list[tuple[str, str]]:
    """Return approved merchants by name, the house left out."""
    query = select(MerchantRow.id, MerchantRow.name).where(MerchantRow.is_house.is_(False))
    query = query.where(MerchantRow.state == "approved").order_by(MerchantRow.name, MerchantRow.id).limit(MOST)
    return [(str(key), name) for key, name in session().execute(query)]


def models(chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the operating models that this marketplace's orders may be labelled with, and those already chosen."""
    labelling = plugins().implementers(split_keys, current())
    return [(name, wording.model(name)) for name in sorted({ORDINARY, *labelling, *chosen})]


def names_of(kind: Condition, keys: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of categories, products, shops or merchants, in one query."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    if kind is Condition.CATEGORY:
        rows = session().execute(select(CategoryRow.id, CategoryRow.names).where(CategoryRow.id.in_(wanted)))
        return {key: _named(names) for key, names in rows}
    if kind is Condition.PRODUCT:
        return dict(session().execute(select(ListingRow.id, ListingRow.title).where(ListingRow.id.in_(wanted))).all())
    row = _ROWS[kind]
    return dict(session().execute(select(row.id, row.name).where(row.id.in_(wanted))).all())


def _names(rates: Iterable[Rate]) -> dict[UUID, str]:
    """Return the names of everything that the rates ask for: at most one query for each kind."""
    asked: dict[Condition, set[UUID]] = {}
    for rate in rates:
        for kind, keys in rate.conditions.items():
            asked.setdefault(kind, set()).update(keys)
    found: dict[UUID, str] = {}
    for kind, wanted in asked.items():
        found |= names_of(kind, wanted)
    return found


def hidden_of(rates: Sequence[Rate]) -> Mapping[UUID, Hidden]:
    """Return the rates that can never count from today on, and why."""
    above = asking.lineage(key for rate in rates for key in services.category_targets(rate))
    owners = asking.owners(key for rate in rates for key in rate.conditions.get(Condition.SHOP, ()))
    return hidden(rates, above, owners, clock.today(current().timezone))


def shown(rates: Sequence[Rate]) -> list[Shown]:
    """Return rates in plain words, in order, with the reason beside those that can never count."""
    names, never = _names(rates), hidden_of(rates)
    return [
        Shown(
            place=place,
            key=rate.id,
            name=rate.name,
            formula=wording.formula(rate),
            policy=wording.policy(rate),
            tax=wording.tax(rate),
            conditions=(*_conditions(rate, names), *wording.ranges(rate)),
            hidden=why_hidden(never.get(rate.id)),
        )
        for place, rate in enumerate(rates)
    ]


def why_hidden(reason: Hidden | None) -> str:
    """Say why a rate can never count; nothing if it can."""
    if reason is None:
        return ""
    if reason.by is None:
        return gettext("Its period is over.")
    return gettext("“%(rate)s” above it fits everything that it fits.", rate=reason.by.name)


def _conditions(rate: Rate, names: Mapping[UUID, str]) -> list[str]:
    return [
        wording.condition(kind, sorted(names.get(key, "?") for key in rate.conditions[kind]))
        for kind in Condition
        if kind in rate.conditions
    ]
