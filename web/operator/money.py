"""The operator's ledger: balances, entries with their postings, and the proof that everything adds up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.accounting import reports
from core.http import csv
from core.http.answers import Answer, page
from core.http.edge import edge
from core.http.listing import Chip
from core.identity.principals import Realm
from core.kernel.money import Money
from core.ledger import balances, reading, seals
from core.ledger.reading import Entry, Wanted
from core.ledger.verify import verify
from core.merchants import directory
from core.orders import queries
from web.operator.surface import blueprint, menu
from web.order_words import account, kind, memo

menu.add("Money", 50, "Ledger", "operator.ledger", "book-open", "ledger.view")
menu.add("Money", 52, "Journal", "operator.entries", "list", "ledger.view")
menu.add("Money", 54, "Proof", "operator.proof", "shield-check", "ledger.view")


def account_names(accounts: Iterable[str]) -> dict[str, str]:
    """Return accounts by what people call them, with the merchant's name."""
    keys = {address: _owner(address) for address in accounts}
    merchants = directory.found({key for key in keys.values() if key})
    return {
        address: account(address, merchants[key].name if key in merchants else "")
        for address, key in keys.items()
        for key in (key or UUID(int=0),)
    }


def _owner(account: str) -> UUID | None:
    try:
        return UUID(account.partition(":")[2])
    except ValueError:
        return None


@blueprint.get("/ledger")
@edge(Realm.OPERATOR, "ledger.view")
def ledger() -> Answer:
    """Show the trial balance: every account that is not zero, debit and credit, which must be equal."""
    day = _as_of()
    rows = reports.trial(day) if day else balances.balances()
    names = account_names(r.account for r in rows)
    return page("operator/ledger.html", rows=rows, names=names, sums=_sums(rows), day=day)


def _as_of() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def _sums(rows: list[balances.Balance]) -> list[tuple[Money, Money]]:
    """Return (debit, credit) of each currency."""
    currencies = sorted({row.amount.currency for row in rows})
    found = []
    for currency in currencies:
        minors = [row.amount.minor for row in rows if row.amount.currency == currency]
        debit, credit = sum(m for m in minors if m > 0), -sum(m for m in minors if m < 0)
        found.append((Money(debit, currency), Money(credit, currency)))
    return found


@blueprint.get("/ledger.csv")
@edge(Realm.OPERATOR, "ledger.view")
def ledger_file() -> Answer:
    """Send the trial balance as a table."""
    day = _as_of()
    rows = reports.trial(day) if day else balances.balances()
    names = account_names(row.account for row in rows)
    table = [[row.account, names[row.account], row.amount.decimal, row.amount.currency] for row in rows]
    return csv.answer("balances", ["account", "name", "balance", "currency"], table)


def _wanted(limit: int = reading.PAGE) -> Wanted:
    number = request.args.get("order", "").strip()
    order_id = (queries.numbered(number) or UUID(int=0)) if number else None
    kind_of, account = request.args.get("kind", "")[:80], request.args.get("account", "")[:120]
    return Wanted(kind_of, account, order_id, request.args.get("before", type=UUID), limit)


@blueprint.get("/ledger/entries")
@edge(Realm.OPERATOR, "ledger.view")
def entries() -> Answer:
    """List entries, narrowed by kind, account or order."""
    wanted = _wanted()
    rows, following = reading.entries(wanted)
    given: dict[str, Any] = {
        name: request.args[name] for name in ("kind", "account", "order") if request.args.get(name)
    }
    names = account_names({account for row in rows for p in row.postings for account in (p.source, p.destination)})
    return page(
        "operator/entries.html", entries=rows, names=names, given=given, chips=_chips(given),
        numbers=queries.numbers(row.order_id for row in rows if row.order_id), kind=kind, memo=memo,
        kinds=[(name, kind(name)) for name in reading.kinds()],
        next_href=url_for("operator.entries", before=following, **given) if following else "",
        previous_href=url_for("operator.entries", **given) if wanted.before else "",
    )  # fmt: skip


def _chips(given: dict[str, Any]) -> list[Chip]:
    labels = {"kind": gettext("Kind"), "account": gettext("Account"), "order": gettext("Order")}
    return [
        Chip(f"{labels[name]}: {value}", url_for("operator.entries", **_without(given, name)))
        for name, value in given.items()
    ]


def _without(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


@blueprint.get("/ledger/entries.csv")
@edge(Realm.OPERATOR, "ledger.view")
def entries_file() -> Answer:
    """Send the postings of the chosen entries as a table."""
    rows, _following = reading.entries(_wanted(csv.MOST))
    numbers = queries.numbers(row.order_id for row in rows if row.order_id)
    head = ["posted_at", "effective_on", "kind", "key", "order", "source", "destination", "amount", "currency", "memo"]
    return csv.answer("journal", head, [line for row in rows for line in _lines(row, numbers)])


def _lines(row: Entry, numbers: dict[UUID, str]) -> list[list[object]]:
    number = numbers.get(row.order_id, "") if row.order_id else ""
    return [
        [row.posted_at.isoformat(), row.effective_on, row.kind, row.key, number, p.source, p.destination,
         p.amount.decimal, p.amount.currency, p.memo]
        for p in row.postings
    ]  # fmt: skip


@blueprint.get("/ledger/proof")
@edge(Realm.OPERATOR, "ledger.view")
def proof() -> Answer:
    """Recompute the chains and balances from the rows themselves, and show the seals."""
    links = {chain: seals.seals(chain) for chain in seals.CHAINS}
    return page("operator/proof.html", proof=verify(), links=links)
