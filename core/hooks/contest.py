"""Which adjustments and charges count when several plugins offer one thing. Pure; core's prices and billing
use it.

The rule for adjustments. Rows without an `exclusive` group always count. Of a group the *reason* counts
that is best for the buyer, by the sum of its rows: rows of one reason, such as the two halves of a discount
that two parties fund, stand or fall together. A tie falls to the earlier plugin, then to the earlier row.
At LIST and LINE there is a contest on each line (and each merchant's delivery) by itself, so a price is the
same alone and in a cart; from BASKET on there is one contest over the whole basket. So a bundle that
must hold for all of its lines or for none belongs into BASKET. Stages do not compete with each other, but a
row that counts and `closes` keeps its line from goods rows of later stages up to POINTS; fees still apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from core.hooks.money import Charge
from core.hooks.types import Adjustment, Line, Party, Stage, Target
from core.kernel.money import Money, total

_Place = tuple[Stage, str, UUID | None, UUID | None]


def winners(
    adjustments: Sequence[Adjustment], order: Sequence[str], won: Iterable[Adjustment] = ()
) -> tuple[Adjustment, ...]:
    """Return the adjustments that count, in the order given, of one stage or of several.

    `order` is the registry's plugin order; `won` counted at earlier stages, when stages are asked one by one.
    Raise CurrencyMismatch if rows of one group differ in currency.
    """
    rank = {plugin: place for place, plugin in enumerate(order)}
    counted = list(won)
    kept: set[int] = set()
    for stage in sorted({row.stage for row in adjustments}):
        rows = [(at, row) for at, row in enumerate(adjustments) if row.stage is stage and not _shut(row, counted)]
        chosen = _chosen(rows, rank)
        stands = [(at, row) for at, row in rows if row.exclusive is None or chosen[_place(row)] == row.reason]
        kept.update(at for at, _row in stands)
        counted += [row for _at, row in stands]
    return tuple(row for at, row in enumerate(adjustments) if at in kept)


def open_lines(lines: Sequence[Line], won: Iterable[Adjustment]) -> tuple[Line, ...]:
    """Return the lines over which a basket-wide goods adjustment is spread: those that nothing has closed."""
    closing = [row for row in won if row.closes]
    return tuple(line for line in lines if not any(row.line_id in (None, line.id) for row in closing))


def counted(charges: Sequence[tuple[str, Charge]]) -> tuple[tuple[str, Charge], ...]:
    """Return the charges that count, each with its plugin, given in plugin order.

    Of one `exclusive` group the first counts on each line, with the rows of the same plugin and reason; a
    charge on the whole order holds the group for all lines.
    """
    held: dict[tuple[str, UUID | None], tuple[str, str]] = {}
    found = []
    for plugin, charge in charges:
        if charge.exclusive is not None:
            rivals = [
                holder
                for (group, line_id), holder in held.items()
                if group == charge.exclusive and (None in (line_id, charge.line_id) or line_id == charge.line_id)
            ]
            if any(holder != (plugin, charge.reason) for holder in rivals):
                continue
            held[charge.exclusive, charge.line_id] = (plugin, charge.reason)
        found.append((plugin, charge))
    return tuple(found)


def unmet_fees(applied: Iterable[Adjustment], charges: Iterable[Charge]) -> tuple[str, ...]:
    """Return the reasons of fees that no charge of equal amount meets: the buyer would pay for nobody.

    A fee's receiver is the payee of the charges whose payer is the buyer and whose reason is the fee's; their
    amounts and taxes sum to the fee. Placing fails while there is one.
    """
    due: dict[str, Money] = {}
    for row in applied:
        if row.stage is Stage.FEE:
            due[row.reason] = due[row.reason] + row.amount if row.reason in due else row.amount
    for charge in charges:
        if charge.payer is Party.BUYER and charge.reason in due:
            due[charge.reason] -= charge.amount + charge.tax
    return tuple(sorted(reason for reason, amount in due.items() if amount))


def _place(row: Adjustment) -> _Place:
    whole = row.stage >= Stage.BASKET
    return row.stage, row.exclusive or "", None if whole else row.line_id, None if whole else row.merchant_id


def _shut(row: Adjustment, earlier: Iterable[Adjustment]) -> bool:
    if row.target is not Target.GOODS or row.stage is Stage.FEE:
        return False
    shutting = (by for by in earlier if by.closes and by.stage < row.stage)
    return any(by.line_id is None or by.line_id == row.line_id for by in shutting)


def _chosen(rows: Sequence[tuple[int, Adjustment]], rank: Mapping[str, int]) -> dict[_Place, str]:
    """Return the reason that counts at each place."""
    groups: dict[_Place, dict[str, list[tuple[int, Adjustment]]]] = {}
    for at, row in rows:
        if row.exclusive is not None:
            groups.setdefault(_place(row), {}).setdefault(row.reason, []).append((at, row))
    chosen = {}
    for place, reasons in groups.items():
        chosen[place] = min(reasons, key=lambda reason: _standing(reasons[reason], rank))
    return chosen


def _standing(rows: Sequence[tuple[int, Adjustment]], rank: Mapping[str, int]) -> tuple[Money, int, int]:
    at, first = rows[0]
    amount = total((row.amount for _at, row in rows), first.amount.currency)
    return amount, rank.get(first.reason.partition(":")[0], len(rank)), at
