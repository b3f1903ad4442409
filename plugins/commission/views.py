"""The operator's pages of commission: the list with its draft, its release, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from core.hooks.surfaces import NavItem
from core.hooks.types import Surface
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.submitting import controls, load, refused
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, Missing, _
from plugins.commission import asking, choosing, drafts, presenting, rate_form, runs, services, telling
from plugins.commission.api import person
from plugins.commission.documents import RateDraft, draft_of
from plugins.commission.run_views import day_of_form
from plugins.commission.surface import operator
from plugins.commission.values import RateList

MENU: Mapping[Surface, tuple[NavItem, ...]] = {
    Surface.OPERATOR: (NavItem(_("Commission"), "commission_operator.rates", "Money", "commission.view", 40),),
    Surface.MERCHANT: (NavItem(_("Fees"), "commission_merchant.fees", "Money", "money.view", 60),),
}


@operator.get("/")
@edge(Realm.OPERATOR, "commission.view")
def rates() -> Answer:
    """Show the list that is being worked on, or the one that counts last, and what a made-up line would cost."""
    return _rates()


def _rates(place: int | None = None, error: AppError | None = None) -> Answer:
    """Show the list, once more with the reason if a change at a place was refused."""
    draft, standing = drafts.present(), services.standing()
    listed = draft.listed() if draft.revision else standing.rates
    shown = choosing.shown(listed)
    return page(
        "commission/rates.html", draft=draft, rates=shown, standing=standing, refused=refused(error),
        active=services.active(), upcoming=services.upcoming(), told=_told(RateList(draft.based_on, listed)),
        categories=choosing.categories(), shops=choosing.shops(), asked=request.args,
        may_release=principal().may("commission.release"), may_manage=principal().may("commission.manage"),
        **_news(draft, standing, shown),
    )  # fmt: skip


def _news(draft: drafts.Draft, standing: RateList, shown: list[choosing.Shown]) -> dict[str, Any]:
    """Return what stands beside a draft: its differences, whom it would hit, when it may count, who must agree."""
    if not draft.revision:
        return {"changes": [], "glance": (0, 0), "earliest": None, "waiting": None, "needs_second": False}
    waiting = drafts.asked()
    return {
        "changes": presenting.changes(choosing.shown(standing.rates), shown),
        "glance": runs.glance(draft.listed()),
        "earliest": drafts.earliest(draft.listed()),
        "needs_second": drafts.needs_second_person(),
        "waiting": waiting,
        "is_mine": waiting is not None and waiting.asked_by == person(),
        "is_outdated": draft.based_on != services.newest(),
    }


def _told(listed: RateList) -> list[str]:
    """Return the explanation of the line in the address by the list that is shown, if there is one."""
    if "price" not in request.args:
        return []
    try:
        return telling.sentences(asking.judge(rate_form.trial(request.args), listed).explanation)
    except Invalid as wrong:
        return [refused(wrong)]


def _draft(place: int) -> RateDraft:
    listed = drafts.present().rates
    if place >= len(listed):
        raise Missing("commission.no_rate_there", _("There is no such rate any more"))
    return listed[place]


def _form(draft: RateDraft | None, title: str, action: str, error: AppError | None) -> Answer:
    schema = rate_form.schema(draft)
    items = controls(schema, rate_form.values(draft), error)
    if error is not None and request.method == "POST":
        kept = {name: request.form.getlist(name) for name in (*rate_form.CONDITIONS, "model")}
        items = [replace(item, value=kept.get(item.name, item.value)) for item in items]
        items = [replace(i, value=request.form.getlist(i.name)) if i.name == "product" else i for i in items]
    revision = request.form.get("version") or drafts.present().revision
    return page(
        "commission/rate.html", title=title, action=action, items=items, refused=refused(error), revision=revision,
        tiers=range(rate_form.TIERS), named={item.name: item for item in items},
    )  # fmt: skip


@operator.get("/new")
@edge(Realm.OPERATOR, "commission.manage")
def new_rate(error: AppError | None = None) -> Answer:
    """Show an empty rate."""
    return _form(None, gettext("Add a rate"), url_for("commission_operator.add_rate"), error)


@operator.post("/new")
@edge(Realm.OPERATOR, "commission.manage", again=new_rate)
def add_rate() -> Answer:
    """Put a rate at the top of the draft, where it is tried first."""
    return _written([rate_form.draft(load(rate_form.schema()), None), *_drafts()], gettext("Added to the draft"))


@operator.get("/<int:place>")
@edge(Realm.OPERATOR, "commission.manage")
def edit_rate(place: int, error: AppError | None = None) -> Answer:
    """Show a rate to be changed."""
    action = url_for("commission_operator.change_rate", place=place)
    return _form(_draft(place), gettext("Change a rate"), action, error)


@operator.post("/<int:place>")
@edge(Realm.OPERATOR, "commission.manage", again=edit_rate)
def change_rate(place: int) -> Answer:
    """Replace a rate of the draft at its place."""
    before, listed = _draft(place), _drafts()
    listed[place] = rate_form.draft(load(rate_form.schema(before)), before)
    return _written(listed, gettext("Saved in the draft"))


@operator.post("/<int:place>/move")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def move_rate(place: int) -> Answer:
    """Move a rate of the draft one place up or down."""
    listed = _drafts()
    draft = listed.pop(place) if place < len(listed) else _draft(place)
    target = min(len(listed), max(0, place + (1 if request.form.get("to") == "down" else -1)))
    listed.insert(target, draft)
    return _written(listed, gettext("Moved"), target)


@operator.post("/order")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def order_rates() -> Answer:
    """Put the draft's rates into the order in which they were dragged: their present places, separated with commas."""
    listed = _drafts()
    try:
        places = [int(place) for place in request.form.get("order", "").split(",")]
    except ValueError:
        places = []
    if sorted(places) != list(range(len(listed))):
        raise Invalid("commission.order", _("The rates could not be put into this order; look at the list again"))
    return _written([listed[place] for place in places], gettext("Moved"))


@operator.post("/<int:place>/remove")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def remove_rate(place: int) -> Answer:
    """Take a rate out of the draft; versions keep it."""
    gone = _draft(place)
    left = [draft for at, draft in enumerate(_drafts()) if at != place]
    return _written(left, gettext("“%(rate)s” is no longer in the draft", rate=gone.name))


def _drafts() -> list[RateDraft]:
    return list(drafts.present().rates)


def _written(listed: list[RateDraft], toast: str, place: int | None = None) -> Answer:
    """Write the draft; a form that a person fills in names the fields, not the place in the list."""
    try:
        drafts.change(listed, expected=request.form.get("version", type=int))
    except Invalid as wrong:
        fields = tuple(FieldError(_FIELDS.get(e.path.rsplit(".", 1)[-1], e.path), e.message) for e in wrong.fields)
        raise Invalid(wrong.code, wrong.message, fields=fields, **wrong.facts) from None
    anchor = f"#rate-{place}" if place is not None else ""
    return see(url_for("commission_operator.rates") + anchor, toast)


_FIELDS = {"percent_bps": "percent", "tax_bps": "tax", "price": "price_from", "period": "starts_on", "tiers": "up_to_0"}
"""Where the form asks for what the list calls otherwise."""


@operator.post("/draft/submit")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def submit_draft() -> Answer:
    """Ask for the draft's release from a day on; release it where nobody else must agree."""
    found = drafts.submit(
        day_of_form("effective_on"), request.form.get("reason", ""), by=person(),
        expected=request.form.get("version", type=int),
    )  # fmt: skip
    toast = gettext("The list is released") if found.state == "released" else gettext("Waiting for a second person")
    return see(url_for("commission_operator.rates"), toast)


@operator.post("/draft/release")
@edge(Realm.OPERATOR, "commission.release", again=_rates)
def release_draft() -> Answer:
    """Agree to the draft's release as a second person."""
    version = drafts.release(by=person())
    return see(url_for("commission_operator.rates"), gettext("Version %(version)s is released", version=version))


@operator.post("/draft/reject")
@edge(Realm.OPERATOR, "commission.release", again=_rates)
def reject_draft() -> Answer:
    """Refuse the draft's release as a second person."""
    drafts.send_back(request.form.get("reason", ""), by=person())
    return see(url_for("commission_operator.rates"), gettext("The draft is sent back"))


@operator.post("/draft/discard")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def discard_draft() -> Answer:
    """Throw the draft away."""
    drafts.discard()
    return see(url_for("commission_operator.rates"), gettext("The draft is gone; what counts has not changed"))


@operator.post("/draft/take-over")
@edge(Realm.OPERATOR, "commission.manage", again=_rates)
def take_over() -> Answer:
    """Keep the draft although another version was released after it was begun."""
    drafts.take_over()
    return see(url_for("commission_operator.rates"), gettext("The draft now follows the newest version"))


@operator.get("/versions")
@edge(Realm.OPERATOR, "commission.view")
def versions() -> Answer:
    """Show every version, newest first."""
    return page("commission/versions.html", versions=services.versions(), active=services.active().version)


def _of(version: int) -> RateList:
    found = services.of_version(version)
    if found is None:
        raise Missing("commission.no_version", _("There is no such version"))
    return found


@operator.get("/versions/<int:version>")
@edge(Realm.OPERATOR, "commission.view")
def version(version: int, error: AppError | None = None) -> Answer:
    """Show the list of one version."""
    found = _of(version)
    about = next(one for one in services.versions() if one.version == version)
    return page(
        "commission/version.html", version=version, about=about, active=services.active().version,
        rates=choosing.shown(found.rates), refused=refused(error), upcoming=[u.version for _at, u in services.upcoming()],
        may_release=principal().may("commission.release"), may_manage=principal().may("commission.manage"),
    )  # fmt: skip


@operator.post("/versions/<int:version>/restore")
@edge(Realm.OPERATOR, "commission.manage", again=version)
def restore(version: int) -> Answer:
    """Write an old version's list into the draft."""
    drafts.change([draft_of(rate) for rate in _of(version).rates])
    toast = gettext("The draft has the list of version %(version)s", version=version)
    return see(url_for("commission_operator.rates"), toast)


@operator.post("/versions/<int:version>/withdraw")
@edge(Realm.OPERATOR, "commission.release", again=version)
def withdraw(version: int) -> Answer:
    """Take back a version before it counts."""
    services.withdraw(version)
    return see(url_for("commission_operator.rates"), gettext("Withdrawn; merchants are told"))
