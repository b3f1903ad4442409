"""The rates over HTTP: read and write lists, draft and release them, and what a line costs and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import fields
from sqlalchemy import select

from core.billing.models import ChargeRow
from core.http.edge import edge, principal
from core.http.schemas import Strict
from core.identity.principals import Realm
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing, _
from core.kernel.money import Money
from core.kernel.tenancy import current
from plugins.commission import asking, documents, drafts, notices, presenting, services, telling
from plugins.commission.asking import Trial
from plugins.commission.choices import NAME, Settings
from plugins.commission.documents import RateDraft
from plugins.commission.schemas import (
    CommissionReasonIn,
    CommissionSettingsSchema,
    CommissionTrialIn,
    CommissionTrialOut,
    DraftIn,
    DraftOut,
    OwnFeesOut,
    RateListIn,
    RateListOut,
    RateVersionsOut,
    ReleasedOut,
    SubmitIn,
)
from plugins.commission.values import RateList, Verdict, Volume
from tenants.plugins import change_settings, load_settings

blueprint = Blueprint("api_commission", __name__, description="What the platform charges for a sale")


class LineQuery(Strict):
    """Which order line's charge is asked for."""

    line = fields.UUID(required=True)


def person() -> UUID:
    """Return the key of who asks: a person of the staff, or an API key."""
    who = principal()
    return who.user_id or who.key_id or UUID(int=0)


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
    """Write the whole list as a new version, which counts from now on or from a day on.

    Where a second person or notice is asked for, this is refused once there is a list: send it as a draft.
    """
    given = [draft(rate) for rate in body["rates"]]
    if drafts.needs_second_person():
        raise Conflict("commission.second_person", _("A second person must release this: send it as a draft"))
    version = drafts.publish_alone(given, body["effective_on"], expected=body["version"], reason=body["reason"])
    return listed(services.of_version(version) or RateList(0, ()))


@blueprint.get("/draft")
@blueprint.response(200, DraftOut)
@edge(Realm.OPERATOR, "commission.view")
def read_draft() -> Any:
    """Read the draft, or what it would begin with: the list that counts last, revision 0."""
    return presenting.draft(drafts.present())


@blueprint.put("/draft")
@blueprint.arguments(DraftIn)
@blueprint.response(200, DraftOut)
@edge(Realm.OPERATOR, "commission.manage")
def write_draft(body: dict[str, Any]) -> Any:
    """Write the draft's whole list; begin one if there is none. Nothing counts before its release."""
    return presenting.draft(drafts.change([draft(rate) for rate in body["rates"]], expected=body["revision"]))


@blueprint.delete("/draft")
@blueprint.response(204)
@edge(Realm.OPERATOR, "commission.manage")
def discard_draft() -> Any:
    """Throw the draft away."""
    drafts.discard()
    return {}


@blueprint.post("/draft/submit")
@blueprint.arguments(SubmitIn)
@blueprint.response(200, ReleasedOut)
@edge(Realm.OPERATOR, "commission.manage")
def submit_draft(body: dict[str, Any]) -> Any:
    """Ask for the draft's release from a day on; it is released at once where nobody else must agree."""
    found = drafts.submit(body["effective_on"], body["reason"], by=person(), expected=body["revision"])
    return {"state": found.state, "version": services.newest() if found.state == "released" else None}


@blueprint.post("/draft/release")
@blueprint.response(200, ReleasedOut)
@edge(Realm.OPERATOR, "commission.release")
def release_draft() -> Any:
    """Agree to the draft's release as a second person."""
    return {"state": "released", "version": drafts.release(by=person())}


@blueprint.post("/draft/reject")
@blueprint.arguments(CommissionReasonIn)
@blueprint.response(200, DraftOut)
@edge(Realm.OPERATOR, "commission.release")
def reject_draft(body: dict[str, Any]) -> Any:
    """Refuse the draft's release as a second person; it can be changed and asked for again."""
    drafts.send_back(body["reason"], by=person())
    return presenting.draft(drafts.require())


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


@blueprint.post("/versions/<int:version>/withdraw")
@blueprint.response(200, RateVersionsOut)
@edge(Realm.OPERATOR, "commission.release")
def withdraw(version: int) -> Any:
    """Take back a version before it counts; merchants are told."""
    services.withdraw(version)
    return {"data": services.versions()}


@blueprint.post("/explain")
@blueprint.arguments(CommissionTrialIn)
@blueprint.response(200, CommissionTrialOut)
@edge(Realm.OPERATOR, "commission.view")
def explain(body: dict[str, Any]) -> Any:
    """Work out what a made-up line would cost, and why. Nothing is written."""
    asked = trial(body)
    return _told(asking.judge(asked), asked.price.currency)


@blueprint.get("/explain")
@blueprint.arguments(LineQuery, location="query")
@blueprint.response(200, CommissionTrialOut)
@edge(Realm.OPERATOR, "commission.view")
def explain_line(asked: dict[str, Any]) -> Any:
    """Read why an order line was charged what it was charged, as it was stored when it was placed."""
    return stored(asked["line"], None)


@blueprint.get("/fees")
@blueprint.response(200, OwnFeesOut)
@edge(Realm.MERCHANT, "money.view")
def own_fees() -> Any:
    """Read the rates that the merchant's own lines may fall under, now and later."""
    active, later = services.active(), services.upcoming()
    seat = notices.seat(_merchant_id(), [*active.rates, *(rate for _at, found in later for rate in found.rates)])
    return {
        "version": active.version,
        "fee_tax_bps": Settings.of(current()).fee_tax_bps,
        "rates": presenting.rates(notices.theirs(active.rates, seat)),
        "upcoming": [
            {"version": found.version, "since": at, "rates": presenting.rates(notices.theirs(found.rates, seat))}
            for at, found in later
        ],
    }


@blueprint.post("/fees/calculate")
@blueprint.arguments(CommissionTrialIn)
@blueprint.response(200, CommissionTrialOut)
@edge(Realm.MERCHANT, "money.view")
def calculate(body: dict[str, Any]) -> Any:
    """Work out what selling something would cost the merchant today. Nothing is written."""
    asked = trial(body)
    if asking.owners([asked.shop_id]).get(asked.shop_id) != _merchant_id():
        raise Missing("commission.no_shop", _("There is no such shop"))
    return _told(asking.judge(asked), asked.price.currency, is_merchant=True)


@blueprint.get("/fees/explain")
@blueprint.arguments(LineQuery, location="query")
@blueprint.response(200, CommissionTrialOut)
@edge(Realm.MERCHANT, "money.view")
def explain_own_line(asked: dict[str, Any]) -> Any:
    """Read why a line of the merchant's own order was charged what it was charged."""
    return stored(asked["line"], _merchant_id())


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


def _merchant_id() -> UUID:
    key = principal().merchant_id
    if key is None:
        raise Missing("commission.no_merchant", _("There is no merchant"))
    return key


def draft(body: dict[str, Any]) -> RateDraft:
    """Return a rate of a body as the service takes it."""
    return documents.from_data(body)


def trial(body: dict[str, Any]) -> Trial:
    """Return a made-up line of a body."""
    volume = body["volume_minor"]
    return Trial(
        body["category_id"], body["shop_id"], body["quantity"],
        Money(body["price_minor"], body["currency"] or current().currency), body["tax_bps"],
        product_id=body["listing_id"], before=None if volume is None else Volume(volume, volume),
    )  # fmt: skip


def _told(verdict: Verdict, currency: str, *, is_merchant: bool = False) -> dict[str, Any]:
    explanation = telling.for_merchants(verdict.explanation) if is_merchant else dict(verdict.explanation)
    return {
        "fee_minor": verdict.fee.amount.minor if verdict.fee else None,
        "tax_minor": verdict.fee.tax.minor if verdict.fee else None,
        "currency": currency,
        "sentences": telling.sentences(explanation),
        "explanation": explanation,
    }


def stored(line_id: UUID, merchant_id: UUID | None) -> dict[str, Any]:
    """Return a line's stored commission with its explanation. Raise Missing if there is none."""
    query = select(ChargeRow).where(ChargeRow.line_id == line_id, ChargeRow.plugin == NAME)
    if merchant_id is not None:
        query = query.where(ChargeRow.merchant_id == merchant_id)
    row = session().scalars(query.limit(1)).first()
    if row is None:
        raise Missing("commission.no_charge", _("No commission was charged for this line"))
    explanation = dict(row.explanation) if merchant_id is None else telling.for_merchants(row.explanation)
    return {
        "fee_minor": row.amount_minor, "tax_minor": row.tax_minor, "currency": row.currency,
        "sentences": telling.sentences(explanation), "explanation": explanation,
    }  # fmt: skip


def listed(rates: RateList) -> dict[str, Any]:
    """Return a list of rates as the API shows it."""
    return {"version": rates.version, "rates": presenting.rates(rates.rates)}
