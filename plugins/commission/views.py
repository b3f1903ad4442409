"""Pages of commission: the operator's list of rates and its history, the merchant's fees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.hooks.surfaces import Fragment, NavItem, Page
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid, Missing, _
from core.kernel.tenancy import current
from plugins.commission import choosing, rate_form, services, wording
from plugins.commission.services import RateDraft

operator = Blueprint("commission_operator", __name__, template_folder="templates")
merchant = Blueprint("commission_merchant", __name__, template_folder="templates")
MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (NavItem(_("Commission"), "commission_operator.rates", "Money", "commission.view", 40),),
    Surface.MERCHANT: (NavItem(_("Fees"), "commission_merchant.fees", "Money", "money.view", 60),),
}


@operator.get("/")
@edge(Realm.OPERATOR, "commission.view")
def rates() -> Answer:
    """Show the list that counts, in order, and what a made-up line would cost."""
    return _rates()


def _rates(place: int | None = None, error: AppError | None = None) -> Answer:
    """Show the list, once more with the reason if a change at a place was refused."""
    found = services.active()
    return page(
        "commission/rates.html", version=found.version, rates=choosing.shown(found.rates), refused=refused(error),
        categories=choosing.categories(), shops=choosing.shops(), asked=request.args, told=_told(),
    )  # fmt: skip


def _told() -> list[str]:
    """Return the explanation of the line in the address, if there is one."""
    if "price" not in request.args:
        return []
    try:
        return wording.sentences(services.judge(rate_form.trial(request.args)).explanation)
    except Invalid as wrong:
        return [refused(wrong)]


def _draft(place: int) -> RateDraft:
    listed = services.active().rates
    if place >= len(listed):
        raise Missing("commission.no_rate_there", _("There is no such rate any more"))
    return services.draft_of(listed[place])


def _form(draft: RateDraft | None, title: str, action: str, error: AppError | None) -> Answer:
    schema = rate_form.schema()
    items = controls(schema, rate_form.values(draft), error)
    if error is not None and request.method == "POST":
        kept = {name: request.form.getlist(name) for name in rate_form.CONDITIONS}
        items = [replace(item, value=kept.get(item.name, item.value)) for item in items]
    version = request.form.get("version") or services.active().version
    return page(
        "commission/rate.html", title=title, action=action, items=items, refused=refused(error), version=version
    )


@operator.get("/new")
@edge(Realm.OPERATOR, "commission.manage")
def new_rate(error: AppError | None = None) -> Answer:
    """Show an empty rate."""
    return _form(None, gettext("Add a rate"), url_for("commission_operator.add_rate"), error)


@operator.post("/new")
@edge(Realm.OPERATOR, "commission.manage", again=new_rate)
def add_rate() -> Answer:
    """Put a rate at the top, where it counts first."""
    drafts = [rate_form.draft(load(rate_form.schema()), None), *_drafts()]
    return _published(drafts, gettext("Added"))


@operator.get("/<int:place>")
@edge(Realm.OPERATOR, "commission.manage")
def edit_rate(place: int, error: AppError | None = None) -> Answer:
    """Show a rate to be changed."""
    action = url_for("commission_operator.change_rate", place=place)
    return _form(_draft(place), gettext("Change a rate"), action, error)


@operator.post("/<int:place>")
@edge(Realm.OPERATOR, "commission.manage", again=edit_rate)
def change_rate(place: int) -> Answer:
    """Replace a rate at its place."""
    drafts = _drafts()
    drafts[place] = rate_form.draft(load(rate_form.schema()), _draft(place))
    return _published(drafts, gettext("Saved"))


@operator.post("/<int:place>/move")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def move_rate(place: int) -> Answer:
    """Move a rate one place up or down."""
    drafts = _drafts()
    draft = drafts.pop(place) if place < len(drafts) else _draft(place)
    drafts.insert(max(0, place + (1 if request.form.get("to") == "down" else -1)), draft)
    return _published(drafts, gettext("Moved"))


@operator.post("/<int:place>/remove")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def remove_rate(place: int) -> Answer:
    """Take a rate out of the list; earlier versions keep it."""
    gone = _draft(place)
    drafts = [draft for at, draft in enumerate(_drafts()) if at != place]
    return _published(drafts, gettext("“%(rate)s” is no longer in the list", rate=gone.name))


def _drafts() -> list[RateDraft]:
    return [services.draft_of(rate) for rate in services.active().rates]


def _published(drafts: list[RateDraft], toast: str) -> Answer:
    services.publish(drafts, expected=request.form.get("version", type=int))
    return see(url_for("commission_operator.rates"), toast)


@operator.get("/versions")
@edge(Realm.OPERATOR, "commission.view")
def versions() -> Answer:
    """Show every version, newest first."""
    return page("commission/versions.html", versions=services.versions())


@operator.get("/versions/<int:version>")
@edge(Realm.OPERATOR, "commission.view")
def version(version: int) -> Answer:
    """Show the list of one version."""
    found = services.of_version(version)
    if found is None:
        raise Missing("commission.no_version", _("There is no such version"))
    newest = services.active().version
    return page("commission/version.html", version=version, newest=newest, rates=choosing.shown(found.rates))


@operator.post("/versions/<int:version>/restore")
@edge(Realm.OPERATOR, "commission.manage")
def restore(version: int) -> Answer:
    """Write an old version's list again as the newest."""
    found = services.of_version(version)
    if found is None:
        raise Missing("commission.no_version", _("There is no such version"))
    reason = gettext("Version %(version)s again", version=version)
    services.publish([services.draft_of(rate) for rate in found.rates], reason=reason)
    return see(url_for("commission_operator.rates"), gettext("The list of version %(version)s counts", version=version))


@merchant.get("/")
@edge(Realm.MERCHANT, "money.view")
def fees() -> Answer:
    """Show the list that counts in plain words."""
    found = services.active()
    tax = wording.percent(services.Settings.of(current()).fee_tax_bps)
    return page("commission/fees.html", version=found.version, rates=choosing.shown(found.rates), tax=tax)


def reason(asked: Page) -> tuple[Fragment, ...]:
    """Say beside a charge of ours how it came about."""
    explanation = asked.subject.get("explanation")
    if asked.slot != "order.charge" or not isinstance(explanation, Mapping) or "tried" not in explanation:
        return ()
    return (Fragment("commission/reason.html", {"sentences": wording.sentences(explanation)}),)


def invitation(asked: Page) -> tuple[Fragment, ...]:
    """Say what selling costs on the page that invites merchants."""
    if asked.slot != "sell.fees":
        return ()
    open_to_all = [shown for shown in choosing.shown(services.active().rates) if shown.is_reachable]
    return (Fragment("commission/invitation.html", {"rates": open_to_all}),)
