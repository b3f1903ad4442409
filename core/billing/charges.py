"""Charges of an order: asked of the plugins once, at placing, kept with their explanation, never recomputed (R6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.billing.models import ChargeRow
from core.hooks.contest import counted, unmet_fees
from core.hooks.money import Charge, order_charges
from core.hooks.runtime import plugins
from core.hooks.types import Json, OrderSnapshot, Party
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import Conflict, _
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.rows import store
from core.kernel.tenancy import current, current_id


@dataclass(frozen=True, slots=True)
class StoredCharge:
    """A charge as pages show it, with what refunds have given back of it."""

    id: UUID
    line_id: UUID | None
    plugin: str
    kind: str
    payer: str
    payee: str
    amount: Money
    tax: Money
    basis: Money
    rate_bps: int | None
    on_refund: str
    reason: str
    explanation: dict[str, Json]
    reversed: Money
    reversed_tax: Money


def record(order: OrderSnapshot, *, at: datetime | None = None) -> list[tuple[str, Charge]]:
    """Ask the plugins, keep what counts, return it; `at` is when it was charged, now unless given.

    Raise Conflict if a buyer's fee has no receiver (H9).
    """
    stated = plugins().attributed(order_charges, tenant=current(), order=order)
    counting = counted(stated)
    unmet = unmet_fees(order.applied, [charge for _p, charge in counting])
    if unmet:
        raise Conflict("billing.fee_without_receiver", _("A fee has no receiver: {reasons}"), reasons=", ".join(unmet))
    moment = at or clock.now()
    rows = [_row(order, plugin, charge, moment) for plugin, charge in counting if charge.amount or charge.tax]
    store(ChargeRow, rows)
    return list(counting)


def _row(order: OrderSnapshot, plugin: str, charge: Charge, at: datetime) -> dict[str, object]:
    return {
        "tenant_id": current_id(), "id": new_id(), "order_id": order.id, "line_id": charge.line_id,
        "merchant_id": order.merchant_id, "plugin": plugin, "kind": charge.kind, "payer": charge.payer.value,
        "payee": charge.payee.value, "amount_minor": charge.amount.minor, "tax_minor": charge.tax.minor,
        "fixed_minor": charge.fixed.minor if charge.fixed else 0, "basis_minor": charge.basis.minor,
        "rate_bps": charge.rate_bps, "currency": charge.amount.currency, "on_refund": charge.on_refund.value,
        "reason": charge.reason, "explanation": dict(charge.explanation), "reversed_minor": 0,
        "reversed_tax_minor": 0, "at": at,
    }  # fmt: skip


def of_orders(order_ids: Sequence[UUID]) -> dict[UUID, list[StoredCharge]]:
    """Return the charges of orders, by order."""
    found: dict[UUID, list[StoredCharge]] = {key: [] for key in order_ids}
    for row in session().scalars(select(ChargeRow).where(ChargeRow.order_id.in_(order_ids)).order_by(ChargeRow.id)):
        found[row.order_id].append(_value(row))
    return found


def _value(row: ChargeRow) -> StoredCharge:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return StoredCharge(
        row.id, row.line_id, row.plugin, row.kind, row.payer, row.payee, money(row.amount_minor), money(row.tax_minor),
        money(row.basis_minor), row.rate_bps, row.on_refund, row.reason, row.explanation, money(row.reversed_minor),
        money(row.reversed_tax_minor),
    )  # fmt: skip


_SIGNS = {(Party.MERCHANT, Party.PLATFORM): 1, (Party.PLATFORM, Party.MERCHANT): -1}


def owed_by_merchant(rows: Sequence[ChargeRow], currency: str) -> tuple[Money, Money]:
    """Return what the merchant still owes the platform of these charges: amount and tax, after refunds."""
    amount = tax = Money.zero(currency)
    for row in rows:
        factor = _SIGNS.get((Party(row.payer), Party(row.payee)), 0)
        amount += Money(row.amount_minor - row.reversed_minor, currency) * factor
        tax += Money(row.tax_minor - row.reversed_tax_minor, currency) * factor
    return amount, tax


def stated_by_merchant(stated: Sequence[Charge], currency: str) -> tuple[Money, Money]:
    """Return what the merchant owes the platform of charges as they were stated: amount and tax."""
    amount = tax = Money.zero(currency)
    for charge in stated:
        factor = _SIGNS.get((charge.payer, charge.payee), 0)
        amount, tax = amount + charge.amount * factor, tax + charge.tax * factor
    return amount, tax
