"""Reconciliation: a period at the provider and in the journal, each difference with both sides, and what ends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext, ngettext

from core.accounting import months
from core.accounting.reconciliation import differences, runs, summary
from core.accounting.reconciliation.differences import PAGE, Difference
from core.accounting.reconciliation.summary import Period
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.http.listing import Column, Listing, View
from core.identity.principals import Principal, Realm
from core.kernel import clock
from core.kernel.errors import AppError, Invalid, Missing, _
from core.kernel.tenancy import current
from core.payments import adapters
from web import reconciliation_files, todo
from web import reconciliation_words as words
from web.badges import badge
from web.operator.money import account_names
from web.operator.surface import blueprint, menu
from web.order_words import kind, memo
from web.submitting import refused

menu.add("Money", 53, "Reconciliation", "operator.reconciliation", "scale", "ledger.view")
_VIEWS = ("live", "open", "waiting", "asked", "settled", "dismissed", "resolved", "")


@todo.provides(Realm.OPERATOR, 28)
def _to_decide(who: Principal) -> Iterable[todo.Waiting]:
    if count := differences.open_count() if who.may("ledger.post") else 0:
        text = ngettext("%(num)s difference to the provider", "%(num)s differences to the provider", count)
        yield todo.Waiting("scale", text, url_for("operator.reconciliation", state="open"))


def _provider() -> str:
    """Return the provider that is asked for, the first that tells what moved without a word. Raise Missing."""
    asked = request.args.get("provider", "")
    if asked and asked not in adapters.names():
        raise Missing("reconciliation.no_provider", _("There is no such provider"))
    telling = [name for name in adapters.names() if _tells(name)]
    return asked or (telling or list(adapters.names()))[0]


def _tells(name: str) -> bool:
    found = adapters.find(name)
    return found is not None and found.capabilities.tells_movements


def _day(name: str, usual: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return usual


def _period() -> Period:
    """Return the period that is asked for; this month up to today without a word. Raise Invalid."""
    today = clock.today(current().timezone)
    return Period(_day("from", months.first(today)), _day("to", today))


def _months_beside(period: Period) -> tuple[Period, Period | None]:
    """Return the month before the period's first day and the one after its last, None for one to come."""
    before = months.first(period.start) - timedelta(days=1)
    after = months.following(months.first(period.end))
    is_to_come = after > clock.today(current().timezone)
    return Period(months.first(before), before), None if is_to_come else Period(after, months.last_day(after))


@blueprint.get("/reconciliation")
@edge(Realm.OPERATOR, "ledger.view")
def reconciliation(error: AppError | None = None) -> Answer:
    """Show a period with its summary and days, the differences, and the latest comparison with its progress."""
    name = _provider()
    try:
        period = _period()
    except Invalid as wrong:
        today = clock.today(current().timezone)
        period, error = Period(months.first(today), today), wrong
    by_telling = sorted(adapters.names(), key=lambda one: not _tells(one))
    providers = [(one, words.provider(one), _tells(one)) for one in by_telling]
    if not _tells(name):
        return page("operator/reconciliation.html", tells=False, provider=name, providers=providers, words=words)
    sums = summary.summaries(name, period)
    before, after = _months_beside(period)
    return page(
        "operator/reconciliation.html", fragment="operator/_reconciliation.html", tells=True, provider=name,
        providers=providers, period=period, before=before, after=after, words=words, run=runs.latest(name),
        sums=[(one, summary.days(name, period, one)) for one in sums], differences=_listing(name, period),
        said=refused(error), is_clean=all(one.is_clean for one in sums),
    )  # fmt: skip


def _listing(name: str, period: Period) -> Listing:
    state, kind_of = request.args.get("state", "live"), request.args.get("kind", "")
    found = differences.search(
        name, kind=kind_of, state=state, before=request.args.get("before", type=UUID), limit=PAGE + 1
    )
    counts = differences.counts(name)
    counts["live"] = sum(counts.get(one, 0) for one in ("open", "waiting", "asked"))
    where = {"provider": name, "from": period.start, "to": period.end}
    views = [
        View(str(words.STATES[one]) if one else gettext("All"), _here(where, state=one, kind=kind_of),
             counts.get(one) if one else None, one == state)
        for one in _VIEWS
        if one in ("live", "", state) or counts.get(one)
    ]  # fmt: skip
    columns = (
        Column("what", gettext("What"), card="lead"), Column("kind", gettext("Kind"), card="sub"),
        Column("day", gettext("Date"), kind="date"),
        Column("amount", gettext("Provider has more"), kind="money", card="amt"),
        Column("state", gettext("State"), kind="badge", card="st"),
    )  # fmt: skip
    following = found[PAGE - 1].id if len(found) > PAGE else None
    return Listing(
        "differences", columns, [_row(one) for one in found[:PAGE]], gettext("Differences"), views=views,
        next_href=_here(where, state=state, kind=kind_of, before=following) if following else "",
        previous_href=_here(where, state=state, kind=kind_of) if request.args.get("before") else "",
    )  # fmt: skip


def _here(where: dict[str, object], **more: object) -> str:
    return url_for("operator.reconciliation", **where, **{key: said for key, said in more.items() if said is not None})  # type: ignore[arg-type]


def _row(one: Difference) -> dict[str, object]:
    return {
        "id": str(one.id), "href": url_for("operator.difference", difference_id=one.id), "what": words.title(one),
        "kind": words.kind(one.kind), "day": one.day, "amount": one.difference,
        "state": badge("reconciliation_difference", one.state),
    }  # fmt: skip


@blueprint.get("/reconciliation.<any(csv, xlsx):ending>")
@edge(Realm.OPERATOR, "ledger.view", tx=Tx.OWN)
def reconciliation_file(ending: str) -> Answer:
    """Send a period as a file."""
    return reconciliation_files.answer(_provider(), _period(), ending)


@blueprint.post("/reconciliation/run")
@edge(Realm.OPERATOR, "ledger.view", again=reconciliation)
def run_reconciliation() -> Answer:
    """Compare now."""
    name = _provider()
    runs.start(name)
    return see(url_for("operator.reconciliation", provider=name), gettext("Both sides are being compared"))


@blueprint.get("/reconciliation/<uuid:difference_id>")
@edge(Realm.OPERATOR, "ledger.view")
def difference(difference_id: UUID, error: AppError | None = None, **_more: str) -> Answer:
    """Show a difference: why, both sides, the suggested entry, and what may be done."""
    found = differences.find(difference_id)
    there, here = differences.both(found)
    return page(
        "operator/difference.html", found=found, there=there, here=here, words=words, kind=kind, memo=memo,
        names=account_names({end for p in found.suggestion for end in (p.source, p.destination)}),
        needs_second=differences.needs_second(found), said=refused(error), form=request.form,
        may_decide=principal().may("ledger.post") and found.state == "open",
    )  # fmt: skip


@blueprint.post("/reconciliation/<uuid:difference_id>/<any(release, dismiss):what>")
@edge(Realm.OPERATOR, "ledger.post", again=difference)
def decide_difference(difference_id: UUID, what: str) -> Answer:
    """Release the suggested entry, or dismiss the difference with a reason."""
    reason = request.form.get("reason", "")
    if what == "release":
        done = differences.release(difference_id, by=principal().person_id or UUID(int=0), reason=reason)
        toast = gettext("Another person must agree now") if done.state == "asked" else gettext("The entry is posted")
    else:
        differences.dismiss(difference_id, reason)
        toast = gettext("Dismissed")
    return see(url_for("operator.difference", difference_id=difference_id), toast)
