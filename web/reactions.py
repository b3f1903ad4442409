"""What one part of core makes another do, where neither may know the other: composed here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from core.accounting import decisions as of_books
from core.accounting.reconciliation import decisions as of_reconciliation
from core.accounting.reconciliation import runs as comparisons
from core.billing.payouts import clawbacks, reserves, running, sending
from core.billing.payouts import decisions as of_payouts
from core.catalogue import publication, withholding
from core.checkout import own_data, placed
from core.compliance import decisions as of_waivers
from core.compliance import gates, own_requests_held, sweeping, work
from core.kernel.db import session
from core.kernel.errors import _
from core.merchants import closing, reviewing
from core.orders import open_cases
from core.orders.models import OrderRow
from core.payments.stripe import movements
from core.processes.complaints import holding as complaints_held
from core.processes.complaints import moving as complaints_moving
from core.processes.complaints import personal as complaints_personal
from core.processes.conflicts import holding as conflicts_held
from core.processes.conflicts import opening as conflicts
from core.processes.conflicts import personal as conflicts_personal
from core.processes.policies import accepting as policy_acceptances
from core.processes.policies import decisions as of_policies
from core.processes.policies import holding as policies_held
from core.processes.policies import personal as policies_personal
from core.processes.policies import publishing, telling
from core.processes.rights import countering
from core.processes.rights import holding as rights_held
from core.processes.rights import personal as rights_personal
from web import compliance_words

JOBS = (
    comparisons,
    withholding,
    clawbacks,
    reserves,
    running,
    sending,
    sweeping,
    work,
    publishing,
    telling,
    complaints_moving,
    countering,
)
"""Modules whose jobs are asked for by name; importing them makes the jobs known."""
PERSONAL = (own_data, policies_personal, complaints_personal, rights_personal, conflicts_personal)
"""Modules that hold personal data above core.compliance; importing them makes their parts known."""
DECIDED = (of_books, of_payouts, of_reconciliation, of_waivers, of_policies)
"""Modules that tell the decisions page of their own kinds; importing them makes the kinds known."""

TOLD_BY = (movements,)
"""Providers that list what moved on their account; importing them makes their lists known."""

HELD = (policies_held, complaints_held, rights_held, conflicts_held, own_requests_held)
"""Modules whose rows answer rules of compliance; importing them makes the sources known."""

_OPEN = ("pending_payment", "paid", "accepted", "shipped", "delivered")


def open_orders(merchant_id: UUID) -> int:
    """Count a merchant's orders that are neither completed nor cancelled."""
    query = select(func.count()).where(OrderRow.merchant_id == merchant_id, OrderRow.state.in_(_OPEN))
    return session().scalar(query) or 0


def register() -> None:
    """Put the reactions in place."""
    closing.register("open_orders", open_orders, _("There are still {count} open orders"))
    publication.register("compliance", gates.against_listing)
    reviewing.register("compliance", gates.against_merchant)
    open_cases.register("conflicts", conflicts.has_open)
    placed.register("policies", policy_acceptances.ordered)
    sweeping.register()
    compliance_words.register()
