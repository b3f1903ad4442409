"""The plans that the platform sells: on offer, version by version, and a form that makes the next version."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request, url_for
from flask_babel import gettext

from core.hooks.runtime import plugins
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Conflict, FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, transaction
from tenants.billing import plans
from tenants.billing import terms as offers
from tenants.billing.terms import UNITS, Terms
from tenants.values import PLATFORM
from web import plan_words as words
from web.order_forms import refusal
from web.platform.surface import blueprint, menu

menu.add("Platform", 30, "Plans", "platform.plans", "layers", "tenants.view")


@blueprint.get("/plans", endpoint="plans")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def plans_page() -> Answer:
    """Show each plan as it is offered now, and what is to come."""
    with platform_transaction():
        now, newest = plans.offered(), {version.plan: version for version in plans.newest()}
    return page("platform/plans.html", plans=now, newest=newest, words=words, units=UNITS,
                may_manage=principal().may("billing.manage"))  # fmt: skip


@blueprint.get("/plans/<code>")
@edge(Realm.PLATFORM, "tenants.view", tx=Tx.OWN)
def plan(code: str) -> Answer:
    """Show a plan's versions and the form for the next one."""
    return _plan(code)


def _plan(code: str, error: AppError | None = None) -> Answer:
    with platform_transaction():
        versions = plans.versions(code)
    sent = request.form if error else _written(versions[0].terms)
    return page(
        "platform/plan.html", versions=versions, code=code, sent=sent, words=words, said=refusal(error), units=UNITS,
        wrong=_wrong(error), names=_plugin_names(), may_manage=principal().may("billing.manage"),
        next_month=plans.next_month(), status=422 if error else 200,
    )  # fmt: skip


def _wrong(error: AppError | None) -> dict[str, str]:
    return {field.path: gettext(field.message) for field in error.fields} if isinstance(error, Invalid) else {}


def _plugin_names() -> list[tuple[str, str]]:
    return [(name, words.plugin(name)) for name in plugins().order]


@blueprint.get("/plans/new")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def new_plan() -> Answer:
    """Show the form for another plan."""
    return _new()


def _new(error: AppError | None = None) -> Answer:
    return page("platform/plan_new.html", sent=request.form if error else {}, wrong=_wrong(error), words=words,
                said=refusal(error), units=UNITS, names=_plugin_names(), status=422 if error else 200)  # fmt: skip


@blueprint.post("/plans/new")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def create_plan() -> Answer:
    """Offer another plan."""
    code = request.form.get("code", "").strip()
    try:
        wanted = _read()
        with bind(PLATFORM), platform_transaction():
            plans.create(code, wanted)
    except (Invalid, Conflict) as error:
        return _new(error)
    return see(url_for("platform.plan", code=code), gettext("The plan is on offer"))


@blueprint.post("/plans/<code>")
@edge(Realm.PLATFORM, "billing.manage", tx=Tx.OWN)
def publish_plan(code: str) -> Answer:
    """Write the next version of a plan."""
    try:
        wanted = _read()
        with bind(PLATFORM), transaction():
            plans.publish(code, wanted)
    except (Invalid, Conflict) as error:
        return _plan(code, error)
    return see(url_for("platform.plan", code=code), gettext("The new version is on offer from next month"))


def _amounts(prices: Mapping[str, int]) -> str:
    return ", ".join(f"{Money(minor, code).decimal} {code}" for code, minor in sorted(prices.items()))


def _written(terms: Terms) -> dict[str, object]:
    """Return a version as its form shows it."""
    fields: dict[str, object] = {
        "name_en": terms.names.get("en", ""), "name_zh": terms.names.get("zh", ""),
        "monthly": _amounts(terms.monthly), "yearly": _amounts(terms.yearly), "share": _percent(terms.share_bps),
        "free_volume": _amounts(terms.free_volume), "share_cap": _amounts(terms.share_cap),
        "items_share": _percent(terms.items_bps), "trial_days": terms.trial_days,
        "plugins_included": list(terms.plugins_included),
        "plugin_fees": "\n".join(f"{name}: {_amounts(p)}" for name, p in sorted(terms.plugin_fees.items())),
    }  # fmt: skip
    for name in UNITS:
        fields[f"included_{name}"] = terms.included.get(name, "")
        fields[f"unit_{name}"] = _amounts(terms.unit_prices.get(name, {}))
    return fields


def _percent(bps: int) -> str:
    return f"{bps / 100:g}"


def _read() -> Terms:
    """Read the form. Raise Invalid by field."""
    form = request.form
    included = {name: _whole(f"included_{name}") for name in UNITS if form.get(f"included_{name}", "").strip()}
    units = {name: prices for name in UNITS if (prices := _prices(f"unit_{name}", form.get(f"unit_{name}", "")))}
    fees: dict[str, dict[str, int]] = {}
    for line in form.get("plugin_fees", "").splitlines():
        name, _colon, text = line.partition(":")
        if name.strip():
            fees[name.strip()] = _prices("plugin_fees", text)
    return offers.stored({
        "names": {"en": form.get("name_en", "").strip(), "zh": form.get("name_zh", "").strip()},
        "monthly": _prices("monthly", form.get("monthly", "")), "yearly": _prices("yearly", form.get("yearly", "")),
        "included": included, "unit_prices": units, "share_bps": _bps("share"), "items_bps": _bps("items_share"),
        "free_volume": _prices("free_volume", form.get("free_volume", "")),
        "share_cap": _prices("share_cap", form.get("share_cap", "")), "plugin_fees": fees,
        "plugins_included": form.getlist("plugins_included"), "trial_days": _whole("trial_days"),
    })  # fmt: skip


def _refused(path: str, text: str) -> Invalid:
    return Invalid("plans.invalid", _("The plan cannot be offered like this"), fields=(FieldError(path, text),))


def _whole(path: str) -> int:
    text = request.form.get(path, "").strip() or "0"
    if not text.isdecimal() or len(text) > 12:
        raise _refused(path, _("Type a whole number"))
    return int(text)


def _bps(path: str) -> int:
    text = request.form.get(path, "").strip().replace(",", ".") or "0"
    try:
        return Money.parse(text, "EUR").minor
    except Invalid:
        raise _refused(path, _("Type a number of per cent with at most two decimals")) from None


def _prices(path: str, text: str) -> dict[str, int]:
    """Read amounts such as "29.00 EUR, 199 CNY"."""
    found: dict[str, int] = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        amount, _space, code = one.rpartition(" ")
        try:
            found[code] = Money.parse(amount, code).minor
        except Invalid:
            raise _refused(path, _("Write amounts as 29.00 EUR, 199.00 CNY")) from None
    return found
