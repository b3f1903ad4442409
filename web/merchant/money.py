"""A merchant's money: what is held, what is to be paid out, and every movement with the balance after it."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.billing import accounts
from core.http import csv
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from core.ledger import balances, reading
from core.ledger.reading import Movement
from core.orders import queries
from web.merchant.surface import blueprint, menu
from web.order_words import kind, memo

menu.add("Money", 10, "Money", "merchant.money", "wallet", "money.view")


def _accounts() -> tuple[str, str]:
    key = principal().merchant_id
    if key is None:
        raise Missing("orders.no_merchant", _("There is no such merchant"))
    return accounts.held(key), accounts.payable(key)


def _holds(account: str) -> Money:
    """Return what an account holds for the merchant: its credit, as a positive amount."""
    return -balances.balance(account, current().currency)


@blueprint.get("/money")
@edge(Realm.MERCHANT, "money.view")
def money() -> Answer:
    """Show what is on hold, what is ready to be paid out, and how it came about."""
    held, payable = _accounts()
    before = request.args.get("before", type=UUID)
    rows, following = reading.movements([held, payable], before=before)
    return page(
        "merchant/money.html", held=_holds(held), payable=_holds(payable), rows=_rows(rows, held),
        next_href=url_for("merchant.money", before=following) if following else "",
        previous_href=url_for("merchant.money") if before else "",
    )  # fmt: skip


def _rows(rows: list[Movement], held: str) -> list[dict[str, object]]:
    numbers = queries.numbers(row.order_id for row in rows if row.order_id)
    return [
        {
            "at": row.at, "kind": kind(row.kind), "memo": memo(row.memo), "amount": row.amount, "balance": row.balance,
            "account": gettext("On hold") if row.account == held else gettext("To be paid out"),
            "number": numbers.get(row.order_id, "") if row.order_id else "", "order_id": row.order_id,
        }
        for row in rows
    ]  # fmt: skip


@blueprint.get("/money.csv")
@edge(Realm.MERCHANT, "money.view")
def money_file() -> Answer:
    """Send every movement as a table."""
    held, payable = _accounts()
    rows, _following = reading.movements([held, payable], limit=csv.MOST)
    head = ["moment", "event", "reason", "order", "account", "amount", "balance", "currency"]
    table = [
        [row.at.isoformat(timespec="seconds"), row.kind, row.memo, number, "held" if row.account == held else "payable",
         row.amount.decimal, row.balance.decimal, row.amount.currency]
        for row, number in zip(rows, _numbers(rows), strict=True)
    ]  # fmt: skip
    return csv.answer("money", head, table)


def _numbers(rows: list[Movement]) -> list[str]:
    known = queries.numbers(row.order_id for row in rows if row.order_id)
    return [known.get(row.order_id, "") if row.order_id else "" for row in rows]
