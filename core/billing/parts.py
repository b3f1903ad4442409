"""What a step of a refund takes of each frozen amount of a line, and of its charges (R4, R4a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from core.billing import shares
from core.billing.models import ChargeRow, RefundLineRow
from core.billing.shares import Amounts, Share, Step
from core.hooks.money import OnRefund
from core.hooks.types import Party
from core.kernel.db import session
from core.kernel.errors import Conflict, Invalid, _
from core.kernel.money import Money, cumulative_part
from core.orders.models import LineRow


@dataclass(frozen=True, slots=True)
class Part:
    """What one line gives back of each frozen amount, and of its charges; no units where money alone goes back."""

    line: LineRow
    quantity: int
    discounted: Money
    platform: Money
    net: Money
    tax: Money
    fee: Money
    fee_tax: Money
    charges: tuple[tuple[ChargeRow, Money, Money], ...]

    @property
    def value(self) -> Money:
        """What goes back in all: to the buyer and to who funded a discount."""
        return self.net + self.tax

    @property
    def buyer(self) -> Money:
        """What the buyer gets."""
        return self.value - self.platform


def of_units(line: LineRow, quantity: int) -> Part:
    """Return what so many further units of a line give back. Raise Conflict if fewer are left."""
    left = line.quantity - line.refunded
    if not 1 <= quantity <= left:
        raise Conflict(
            "refunds.too_many", _("Only {left} of {title} can still be refunded"), left=left, title=line.title
        )
    share, given = _so_far(line)
    return _part(line, quantity, share.with_units(quantity).gone, given)


def of_amount(line: LineRow, asked: Money) -> Part:
    """Return what a line gives back so that the buyer gets the amount, its tax included.

    Where tax is added to prices and a cent cannot be met, the buyer gets the next amount below. Raise Invalid unless
    it is positive and of the order's currency, Conflict if less is left.
    """
    if asked.currency != line.currency or asked.minor <= 0:
        raise Invalid("refunds.amount", _("Give an amount above zero"))
    share, given = _so_far(line)
    left = shares.most(_frozen(line), share, given)
    if asked.minor > left:
        raise Conflict("refunds.too_much", _("Only {left} of {title} can still be refunded"),
                       left=Money(left, line.currency), title=line.title)  # fmt: skip
    discounted = shares.discounted_for(_frozen(line), share, given, asked.minor)
    if not discounted:
        raise Invalid("refunds.amount", _("This amount is too small to be given back"))
    return _part(line, 0, share.with_amount(discounted).gone, given)


def left_of(lines: Sequence[LineRow]) -> dict[UUID, Money]:
    """Return what the buyer can still get back for lines, by line."""
    found = _so_far_of(lines)
    return {line.id: Money(shares.most(_frozen(line), *found[line.id]), line.currency) for line in lines}


def _frozen(line: LineRow) -> Amounts:
    is_inclusive = line.net_minor + line.tax_minor == line.discounted_minor
    return Amounts(line.discounted_minor, line.platform_discount_minor, line.tax_minor, is_inclusive)


def _so_far(line: LineRow) -> tuple[Share, Amounts]:
    return _so_far_of([line])[line.id]


def _so_far_of(lines: Sequence[LineRow]) -> dict[UUID, tuple[Share, Amounts]]:
    rows: dict[UUID, list[RefundLineRow]] = {line.id: [] for line in lines}
    query = select(RefundLineRow).where(RefundLineRow.line_id.in_(rows)).order_by(RefundLineRow.id)
    for row in session().scalars(query):
        rows[row.line_id].append(row)
    return {line.id: _given(line, rows[line.id]) for line in lines}


def _given(line: LineRow, rows: Sequence[RefundLineRow]) -> tuple[Share, Amounts]:
    steps = [Step(row.quantity, row.discounted_minor) for row in rows]
    share = shares.after(line.quantity, line.discounted_minor, steps)
    platform, tax = sum(row.platform_discount_minor for row in rows), sum(row.tax_minor for row in rows)
    return share, Amounts(share.given_minor, platform, tax, _frozen(line).is_inclusive)


def _part(line: LineRow, quantity: int, gone: Fraction, given: Amounts) -> Part:
    step = shares.due(_frozen(line), gone, given)
    discounted, platform, net, tax = (
        Money(minor, line.currency) for minor in (step.discounted, step.platform, step.net, step.tax)
    )
    charges = _charges(line, gone)
    fee, fee_tax = _merchants_share(charges, line.currency)
    return Part(line, quantity, discounted, platform, net, tax, fee, fee_tax, charges)


def _charges(line: LineRow, gone: Fraction) -> tuple[tuple[ChargeRow, Money, Money], ...]:
    """Return the line's charges, each with what must have been given back of it and of its tax by its own policy."""
    rows = session().scalars(select(ChargeRow).where(ChargeRow.line_id == line.id).order_by(ChargeRow.id))
    return tuple((row, *_due(row, gone)) for row in rows)


def _merchants_share(charges: Sequence[tuple[ChargeRow, Money, Money]], currency: str) -> tuple[Money, Money]:
    """Return what this step gives back of the merchant's fee to the platform, and of the tax on it."""
    fee = fee_tax = Money.zero(currency)
    for charge, due, due_tax in charges:
        if (charge.payer, charge.payee) == (Party.MERCHANT, Party.PLATFORM):
            fee += due - Money(charge.reversed_minor, currency)
            fee_tax += due_tax - Money(charge.reversed_tax_minor, currency)
    return fee, fee_tax


def _due(charge: ChargeRow, gone: Fraction) -> tuple[Money, Money]:
    """Return what must have been given back of a charge and of its tax once that share of the line is back."""
    zero = Money.zero(charge.currency)
    amount, tax = Money(charge.amount_minor, charge.currency), Money(charge.tax_minor, charge.currency)
    policy = OnRefund(charge.on_refund)
    if policy is OnRefund.KEEP or not amount:
        return zero, zero
    so_far, whole = gone.numerator, gone.denominator
    if policy is OnRefund.PROPORTIONAL:
        return cumulative_part(amount, so_far, whole, zero), cumulative_part(tax, so_far, whole, zero)
    # The fixed part stays until the last unit goes back, then it goes back too.
    variable = amount - Money(charge.fixed_minor, charge.currency)
    due = amount if gone == 1 else cumulative_part(variable, so_far, whole, zero)
    return due, cumulative_part(tax, due.minor, amount.minor, zero)
