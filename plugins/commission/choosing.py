"""What the pages of rates offer to choose from, and the names of what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import select

from core.catalogue.models import CategoryRow
from core.kernel.db import session
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission import services, wording
from plugins.commission.rules import Condition, Rate, unreachable

MOST = 1000
_INDENT = "\u2003"


@dataclass(frozen=True, slots=True)
class Shown:
    """A rate as pages show it."""

    place: int
    name: str
    formula: str
    policy: str
    conditions: tuple[str, ...]
    is_reachable: bool


def _named(names: Mapping[str, str]) -> str:
    locale = get_locale()
    language = locale.language if locale else current().locale
    return names.get(language) or names.get(current().locale) or next(iter(names.values()), "")


def categories() -> list[tuple[str, str]]:
    """Return every category in the order of the tree, deeper ones indented."""
    rows = session().execute(select(CategoryRow.id, CategoryRow.path, CategoryRow.names).order_by(CategoryRow.path))
    return [(str(key), _INDENT * path.count("/") + _named(names)) for key, path, names in rows.fetchmany(MOST)]


def shops() -> list[tuple[str, str]]:
    """Return third parties' shops by name."""
    query = (
        select(ShopRow.id, ShopRow.name)
        .join(MerchantRow, (MerchantRow.tenant_id == ShopRow.tenant_id) & (MerchantRow.id == ShopRow.merchant_id))
        .where(MerchantRow.is_house.is_(False))
        .order_by(ShopRow.name, ShopRow.id)
        .limit(MOST)
    )
    return [(str(key), name) for key, name in session().execute(query)]


def merchants() -> list[tuple[str, str]]:
    """Return approved merchants by name, the house left out."""
    query = select(MerchantRow.id, MerchantRow.name).where(MerchantRow.is_house.is_(False))
    query = query.where(MerchantRow.state == "approved").order_by(MerchantRow.name, MerchantRow.id).limit(MOST)
    return [(str(key), name) for key, name in session().execute(query)]


def _names(rates: Iterable[Rate]) -> dict[UUID, str]:
    """Return the names of everything that the rates ask for: at most one query for each kind."""
    asked: dict[Condition, set[UUID]] = {}
    for rate in rates:
        for kind, keys in rate.conditions.items():
            asked.setdefault(kind, set()).update(keys)
    found: dict[UUID, str] = {}
    if wanted := asked.get(Condition.CATEGORY):
        rows = session().execute(select(CategoryRow.id, CategoryRow.names).where(CategoryRow.id.in_(wanted)))
        found |= {key: _named(names) for key, names in rows}
    for kind, row in ((Condition.SHOP, ShopRow), (Condition.MERCHANT, MerchantRow)):
        if wanted := asked.get(kind):
            found |= dict(session().execute(select(row.id, row.name).where(row.id.in_(wanted))).all())
    return found


def shown(rates: Sequence[Rate]) -> list[Shown]:
    """Return rates in plain words, in order, with those marked that can never count."""
    names = _names(rates)
    hidden = unreachable(rates, services.lineage(key for rate in rates for key in services.category_targets(rate)))
    return [
        Shown(
            place=place,
            name=rate.name,
            formula=wording.formula(rate),
            policy=wording.policy(rate),
            conditions=tuple(_condition(kind, keys, names) for kind, keys in rate.conditions.items()),
            is_reachable=rate.id not in hidden,
        )
        for place, rate in enumerate(rates)
    ]


def _condition(kind: Condition, keys: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    return wording.condition(kind, sorted(names.get(key, "?") for key in keys))
