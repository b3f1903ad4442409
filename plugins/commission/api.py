"""The rates over HTTP: read and write the whole list, its versions, the settings, and what a line would cost."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from core.http.edge import edge
from core.identity.principals import Realm
from core.kernel.errors import Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import services, wording
from plugins.commission.rules import Rate, RateList, unreachable
from plugins.commission.schemas import (
    CommissionSettingsSchema,
    CommissionTrialIn,
    CommissionTrialOut,
    RateListIn,
    RateListOut,
    RateVersionsOut,
)
from plugins.commission.services import RateDraft, Trial
from tenants.plugins import change_settings, load_settings

blueprint = Blueprint("api_commission", __name__, description="What the platform charges for a sale")


@blueprint.get("/rates")
@blueprint.response(200, RateListOut)
@edge(Realm.OPERATOR, "commission.view")
def rates() -> Any:
    """Read the list that counts now."""
    return listed(services.active())


@blueprint.put("/rates")
@blueprint.arguments(RateListIn)
@blueprint.response(200, RateListOut)
@edge(Realm.OPERATOR, "commission.manage")
def publish(body: dict[str, Any]) -> Any:
    """Write the whole list as a new version, which counts from now on."""
    services.publish([draft(rate) for rate in body["rates"]], expected=body["version"], reason=body["reason"])
    return listed(services.active())


@blueprint.get("/versions")
@blueprint.response(200, RateVersionsOut)
@edge(Realm.OPERATOR, "commission.view")
def versions() -> Any:
    """Read every version, newest first."""
    return {"data": services.versions()}


@blueprint.get("/versions/<int:version>")
@blueprint.response(200, RateListOut)
@edge(Realm.OPERATOR, "commission.view")
def version(version: int) -> Any:
    """Read the list of a version."""
    found = services.of_version(version)
    if found is None:
        raise Missing("commission.no_version", _("There is no such version"))
    return listed(found)


@blueprint.post("/explain")
@blueprint.arguments(CommissionTrialIn)
@blueprint.response(200, CommissionTrialOut)
@edge(Realm.OPERATOR, "commission.view")
def explain(body: dict[str, Any]) -> Any:
    """Work out what a made-up line would cost, and why. Nothing is written."""
    price = Money(body["price_minor"], body["currency"] or current().currency)
    verdict = services.judge(Trial(body["category_id"], body["shop_id"], body["quantity"], price, body["tax_bps"]))
    return {
        "fee_minor": verdict.fee.amount.minor if verdict.fee else None,
        "tax_minor": verdict.fee.tax.minor if verdict.fee else None,
        "currency": price.currency,
        "sentences": wording.sentences(verdict.explanation),
        "explanation": verdict.explanation,
    }


@blueprint.get("/settings")
@blueprint.response(200, CommissionSettingsSchema)
@edge(Realm.OPERATOR, "commission.view")
def settings() -> Any:
    """Read the settings."""
    return load_settings("commission", current().settings.get("commission", {}))


@blueprint.put("/settings")
@blueprint.arguments(CommissionSettingsSchema)
@blueprint.response(200, CommissionSettingsSchema)
@edge(Realm.OPERATOR, "commission.manage")
def set_settings(body: dict[str, Any]) -> Any:
    """Change the settings; orders that are placed keep what they were charged."""
    change_settings("commission", body)
    return body


def draft(body: dict[str, Any]) -> RateDraft:
    """Return a rate of a body as the service takes it."""
    return RateDraft(conditions=body["when"], **{name: value for name, value in body.items() if name != "when"})


def listed(rates: RateList) -> dict[str, Any]:
    """Return a list of rates as the API shows it."""
    targets = {key for rate in rates.rates for key in services.category_targets(rate)}
    hidden = unreachable(rates.rates, services.lineage(targets))
    return {"version": rates.version, "rates": [_shown(rate, rate.id not in hidden) for rate in rates.rates]}


def _shown(rate: Rate, reachable: bool) -> dict[str, Any]:
    return {
        "id": rate.id,
        "name": rate.name,
        "when": {kind.value: sorted(keys) for kind, keys in rate.conditions.items()},
        "percent_bps": rate.percent_bps,
        "per_unit": rate.per_unit,
        "per_line": rate.per_line,
        "floor": rate.floor,
        "cap": rate.cap,
        "base": rate.base.value,
        "on_refund": rate.on_refund.value,
        "reachable": reachable,
        "sentence": wording.formula(rate),
    }
