"""Where a marketplace stands with the platform: its plan, this month so far, and what another plan would cost.

The functions open their own transactions: one on the platform's ground, one that reads the marketplace's books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only
from tenants import usage, values
from tenants.billing import accounts, closing, drafting, invoices, plans, subscriptions
from tenants.billing.accounts import Account, Company
from tenants.billing.closing import Ground
from tenants.billing.facts import Customer, Draft, Span, Usage
from tenants.billing.plans import Version
from tenants.billing.rules import Month
from tenants.billing.subscriptions import Change
from tenants.usage import Use
from tenants.values import PLATFORM


@dataclass(frozen=True, slots=True)
class Standing:
    """A marketplace's plan and use. `arranged` is a change to come; `credit` is set off against the next invoices."""

    customer: Customer
    account: Account
    company: Company
    plan: Span
    arranged: Span | None
    uses: tuple[Use, ...]
    month: date
    drafts: tuple[Draft, ...]
    credit: tuple[Money, ...]
    offers: tuple[Version, ...]
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of plan costs: this month as it is and as it would be, by currency, and each month from then on."""

    change: Change
    now: tuple[Draft, ...]
    then: tuple[Draft, ...]
    price: Money


def _tenant(customer_id: UUID) -> Tenant:
    tenant = values.find(customer_id)
    if tenant is None:
        raise Missing("tenants.missing", _("There is no such marketplace"))
    return tenant


def _month(who: Customer) -> Month:
    return Month(subscriptions.today(who).replace(day=1))


def of(customer_id: UUID) -> Standing:
    """Return where a marketplace stands now. Raise Missing."""
    who = subscriptions.customer(customer_id)
    month = _month(who)
    with bind(PLATFORM), read_only():
        known = closing.ground(customer_id, month)
        every = subscriptions.spans(customer_id)
        account, company, offers = accounts.account(customer_id), accounts.company(), plans.offered()
        newest = {version.plan: version.version for version in plans.newest()}
        credit = invoices.credit_of(customer_id)
    use = closing.measured(_tenant(customer_id), month, known.spans)
    day = subscriptions.today(who)
    plan = subscriptions.at(every, day) or every[-1]
    arranged = next((span for span in every if span.from_on > day), None)
    return Standing(
        who, account, company, plan, arranged, tuple(usage.uses(use.counts, plan.terms.included)), month.start,
        _drafts(who, month, known, use), tuple(credit), tuple(offers),
        newest.get(plan.plan) in (plan.version, arranged.version if arranged else plan.version),
    )  # fmt: skip


def _drafts(
    who: Customer, month: Month, known: Ground, use: Usage, spans: Sequence[Span] | None = None
) -> tuple[Draft, ...]:
    return tuple(drafting.drafts(closing.bill(who, month, known, use, spans)))


def preview(customer_id: UUID, plan: str, cycle: str) -> Preview:
    """Return exactly what a change of plan would cost, and which limits forbid it. Raise Invalid or Conflict."""
    who, tenant = subscriptions.customer(customer_id), _tenant(customer_id)
    month = _month(who)
    with bind(PLATFORM), read_only():
        known = closing.ground(customer_id, month)
        every = subscriptions.spans(customer_id)
        version = plans.current(plan, subscriptions.today(who))
    use = closing.measured(tenant, month, known.spans)
    change = subscriptions.considered(who, every, version, cycle, use.counts)
    spans = drafting.merged(subscriptions.foreseen(every, change, known.grant.trial_until))
    then = _drafts(who, month, known, closing.measured(tenant, month, spans), spans)
    home = closing.bill(who, month, known, use, spans).home(spans[-1])
    return Preview(change, _drafts(who, month, known, use), then, version.terms.price(cycle, home))
