"""Refuses a list of rates that could not mean what it says: unknown conditions, missing targets, empty ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import CategoryRow, ListingRow
from core.hooks.runtime import plugins
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.merchants.models import MerchantRow, ShopRow
from plugins.commission.documents import AMOUNTS, RateDraft
from plugins.commission.values import ORDINARY, TARGETS, Condition, Tier, TierMode

MOST_RATES = 200
MOST_TIERS = 20
_ROWS: Mapping[Condition, type[CategoryRow | ShopRow | MerchantRow | ListingRow]] = {
    Condition.CATEGORY: CategoryRow,
    Condition.PRODUCT: ListingRow,
    Condition.SHOP: ShopRow,
    Condition.MERCHANT: MerchantRow,
}


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
    if draft.tax_bps is not None and not 0 <= draft.tax_bps <= 10_000:
        yield FieldError(f"{path}.tax_bps", _("The percentage lies between 0 and 100"))
    for kind, keys in draft.conditions.items():
        if kind not in {target.value for target in TARGETS}:
            yield FieldError(f"{path}.when.{kind}", _("This condition is not known"))
        elif not keys:
            yield FieldError(f"{path}.when.{kind}", _("Choose at least one, or leave the condition out"))
    yield from _wrong_ranges(path, draft)
    yield from _wrong_models(path, draft)
    yield from _wrong_amounts(path, draft)
    yield from _wrong_tiers(path, draft)


def _wrong_ranges(path: str, draft: RateDraft) -> Iterable[FieldError]:
    for band in draft.bands.values():
        low, high = band.low or 0, band.high
        if low < 0 or (band.low is None and high is None) or (high is not None and high <= low):
            yield FieldError(f"{path}.when.price", _("The price band is empty: the first price is below the second"))
    if draft.period is not None:
        start, end = draft.period.start, draft.period.end
        if (start is None and end is None) or (start is not None and end is not None and end <= start):
            yield FieldError(f"{path}.when.period", _("The period is empty: its last day comes before its first"))


def _wrong_models(path: str, draft: RateDraft) -> Iterable[FieldError]:
    known = {ORDINARY, *plugins().manifests}
    if any(model.partition(":")[0] not in known for model in draft.models):
        yield FieldError(f"{path}.when.model", _("This operating model is not known"))


def _wrong_amounts(path: str, draft: RateDraft) -> Iterable[FieldError]:
    for name in AMOUNTS:
        amounts: Mapping[str, int] = getattr(draft, name)
        if any(minor < 0 for minor in amounts.values()):
            yield FieldError(f"{path}.{name}", _("Amounts are not negative"))
    if any(draft.cap[currency] < low for currency, low in draft.floor.items() if currency in draft.cap):
        yield FieldError(f"{path}.cap", _("The most is not below the least"))


def _wrong_tiers(path: str, draft: RateDraft) -> Iterable[FieldError]:
    if draft.tier_mode not in set(TierMode):
        yield FieldError(f"{path}.tier_mode", _("Choose how the tiers count"))
    for steps in draft.tiers.values():
        if fault := _fault_of(steps):
            yield FieldError(f"{path}.tiers", fault)


def _fault_of(steps: Sequence[Tier]) -> str:
    if not 1 < len(steps) <= MOST_TIERS:
        return _("Give at least one bound and what counts above it, at most 20 tiers")
    if any(not 0 <= step.percent_bps <= 10_000 for step in steps):
        return _("The percentage lies between 0 and 100")
    bounds = [step.up_to for step in steps[:-1]]
    if steps[-1].up_to is not None or None in bounds:
        return _("Only the last tier has no upper bound")
    rising = [bound for bound in bounds if bound is not None]
    if rising != sorted(set(rising)) or rising[0] <= 0:
        return _("Each bound is higher than the one before")
    return ""


def _missing(drafts: Sequence[RateDraft]) -> list[FieldError]:
    """Name each target that does not exist: left in, it would never fit; left out, it would widen the rate."""
    found = {kind: _existing(kind, drafts) for kind in TARGETS}
    return [
        FieldError(f"rates.{place}.when.{kind}", _("One of these does not exist any more"))
        for place, draft in enumerate(drafts)
        for kind, keys in draft.conditions.items()
        if not set(keys) <= found[Condition(kind)]
    ]


def _existing(kind: Condition, drafts: Sequence[RateDraft]) -> set[UUID]:
    keys = {key for draft in drafts for key in draft.conditions.get(kind.value, ())}
    row = _ROWS[kind]
    return set(session().scalars(select(row.id).where(row.id.in_(keys)))) if keys else set()
