"""The merchant's page of fees: what counts, what changes, what selling something would cost; and what core's pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request

from core.catalogue.tax import default_bps
from core.hooks.surfaces import Fragment, Page
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.http.submitting import refused
from core.identity.principals import Realm
from core.kernel.errors import Invalid, Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import asking, choosing, notices, presenting, rate_form, services, telling, wording
from plugins.commission.choices import Settings
from plugins.commission.presenting import Announced
from plugins.commission.surface import merchant
from plugins.commission.values import RateList


@dataclass(frozen=True, slots=True)
class Calculated:
    """What selling something would cost: amounts None where the question makes no sense, then `said` says why."""

    price: Money | None
    fee: Money | None
    tax: Money | None
    gets: Money | None
    said: tuple[str, ...]


@merchant.get("/")
@edge(Realm.MERCHANT, "money.view")
def fees() -> Answer:
    """Show the rates that count for the merchant in plain words, those to come, and what a sale would cost."""
    merchant_id = principal().merchant_id
    if merchant_id is None:
        raise Missing("commission.no_merchant", _("There is no merchant"))
    active, later = services.active(), services.upcoming()
    everything = [*active.rates, *(rate for _at, listed in later for rate in listed.rates)]
    seat = notices.seat(merchant_id, everything)
    shown = choosing.shown(notices.theirs(active.rates, seat))
    return page(
        "commission/fees.html", version=active.version, rates=shown, upcoming=_announced(shown, later, seat),
        tax=wording.percent(Settings.of(current()).fee_tax_bps), asked=request.args, usual_tax=default_tax(),
        categories=choosing.categories(), shops=choosing.shops(merchant_id), told=_calculated(merchant_id),
    )  # fmt: skip


def default_tax() -> str:
    """Return the usual tax in prices the way a field wants it."""
    return rate_form.shown_percent(default_bps())


def _announced(
    now: list[choosing.Shown], later: Sequence[tuple[datetime, RateList]], seat: notices.Seat
) -> list[Announced]:
    """Return the lists to come, each with what it changes against the one before."""
    found, before = [], now
    for at, listed in later:
        after = choosing.shown(notices.theirs(listed.rates, seat))
        found.append(Announced(listed.version, at, after, presenting.changes(before, after)))
        before = after
    return found


def _calculated(merchant_id: UUID) -> Calculated | None:
    """Return what the line in the address would cost, if there is one."""
    if "price" not in request.args:
        return None
    try:
        trial = rate_form.trial(request.args)
        if asking.owners([trial.shop_id]).get(trial.shop_id) != merchant_id:
            raise Invalid("commission.no_such_line", _("Choose a shop and a category that exist"))
        verdict = asking.judge(trial)
    except Invalid as wrong:
        return Calculated(None, None, None, None, (refused(wrong),))
    price, nothing = trial.price * trial.quantity, Money.zero(trial.price.currency)
    fee, tax = (verdict.fee.amount, verdict.fee.tax) if verdict.fee else (nothing, nothing)
    said = telling.sentences(telling.for_merchants(verdict.explanation))
    return Calculated(price, fee, tax, price - fee - tax, tuple(said))


def reason(asked: Page) -> tuple[Fragment, ...]:
    """Say beside a charge of ours how it came about; to merchants without the contracts of others."""
    explanation = asked.subject.get("explanation")
    if asked.slot != "order.charge" or not isinstance(explanation, Mapping) or "tried" not in explanation:
        return ()
    is_operator = principal().realm is Realm.OPERATOR
    told = explanation if is_operator else telling.for_merchants(explanation)
    return (Fragment("commission/reason.html", {"sentences": telling.sentences(told)}),)


def invitation(asked: Page) -> tuple[Fragment, ...]:
    """Say what selling costs on the page that invites merchants."""
    if asked.slot != "sell.fees":
        return ()
    listed = choosing.shown(notices.for_anyone(services.active().rates))
    return (Fragment("commission/invitation.html", {"rates": [shown for shown in listed if shown.is_reachable]}),)
