"""The operator's first page: what waits, then the figures."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import ngettext

from core.aftersales import queries as cases
from core.billing import disputes
from core.billing.payouts import reading as payouts
from core.catalogue import tallies
from core.http.answers import Answer, page
from core.http.edge import edge, principal
from core.identity import decisions
from core.identity.principals import Principal, Realm
from core.merchants import directory
from web import kpis, todo
from web.operator.surface import blueprint, menu

menu.add("", 0, "Home", "operator.home", "layout-dashboard")


@blueprint.get("/")
@edge(Realm.OPERATOR)
def home() -> Answer:
    """Show what waits for the operator, as far as the role goes."""
    who = principal()
    reviews = who.may("merchants.review")
    return page(
        "operator/home.html",
        todo=todo.waiting(Realm.OPERATOR),
        merchants=directory.counts() if reviews else {},
        waiting=directory.waiting(limit=5) if reviews else (),
        kpis=kpis.operator() if who.may("orders.view") else None,
    )


@todo.provides(Realm.OPERATOR, 10)
def _applications(who: Principal) -> Iterable[todo.Waiting]:
    counts = directory.counts() if who.may("merchants.review") else {}
    if applied := counts.get("applied", 0):
        text = ngettext("%(num)s application waits", "%(num)s applications wait", applied)
        yield todo.Waiting("user-check", text, url_for("operator.merchant_queue"))
    if asked := counts.get("info_asked", 0):
        text = ngettext("%(num)s applicant was asked something", "%(num)s applicants were asked something", asked)
        yield todo.Waiting("message-circle", text, url_for("operator.merchants", state="info_asked"))


@todo.provides(Realm.OPERATOR, 20)
def _listings(who: Principal) -> Iterable[todo.Waiting]:
    in_review = tallies.by_state().get("review", 0) if who.may("listings.review") else 0
    if in_review:
        text = ngettext("%(num)s listing waits", "%(num)s listings wait", in_review)
        yield todo.Waiting("package", text, url_for("operator.listings", state="review"))


@todo.provides(Realm.OPERATOR, 30)
def _decisions(who: Principal) -> Iterable[todo.Waiting]:
    if count := len(decisions.waiting(who)):
        text = ngettext("%(num)s decision needs a second person", "%(num)s decisions need a second person", count)
        yield todo.Waiting("scale", text, url_for("operator.decisions"))


@todo.provides(Realm.OPERATOR, 22)
def _cases(who: Principal) -> Iterable[todo.Waiting]:
    if escalated := cases.counts()["escalated"] if who.may("aftersales.decide") else 0:
        text = ngettext("%(num)s after-sales case to decide", "%(num)s after-sales cases to decide", escalated)
        yield todo.Waiting("life-buoy", text, url_for("operator.aftersales", tab="escalated"))


@todo.provides(Realm.OPERATOR, 24)
def _disputes(who: Principal) -> Iterable[todo.Waiting]:
    if open_ones := disputes.counts().get("open", 0) if who.may("orders.view") else 0:
        text = ngettext("%(num)s dispute to hand in", "%(num)s disputes to hand in", open_ones)
        yield todo.Waiting("shield-alert", text, url_for("operator.disputes", state="open"))


@todo.provides(Realm.OPERATOR, 26)
def _payouts(who: Principal) -> Iterable[todo.Waiting]:
    if to_approve := payouts.counts()["to_approve"] if who.may("payouts.manage") else 0:
        text = ngettext("%(num)s payout to approve", "%(num)s payouts to approve", to_approve)
        yield todo.Waiting("hand-coins", text, url_for("operator.payouts", tab="to_approve"))
