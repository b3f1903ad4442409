"""China: food."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from core.compliance.calendars import add_months
from core.compliance.facts import Facts
from core.compliance.laws.cn_food import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait, warn
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

_SELLER = ("name", "reg_no", "legal_rep", "address", "contact", "main_food_kinds", "agreement_signed_at")
_LICENSED = (*_SELLER, "licence_no", "licence_valid_until")
FOOD_FIELDS = {
    "licensed": _LICENSED,
    "filing": (*_SELLER, "licence_no"),
    "producer": _LICENSED,
    "additive": _SELLER,
    "agri_business": _SELLER,
    "agri_individual": ("name", "id_no", "address", "contact", "main_food_kinds", "agreement_signed_at"),
    "catering": (
        "name", "reg_no", "licence_no", "licence_valid_until", "legal_rep", "address", "contact", "shopfront_photo",
        "dine_in", "site_checked_at", "agreement_signed_at",
    ),
}  # fmt: skip
"""What the registration holds by the kind of food seller; the menu of a caterer says its kinds of food."""

_ANY = ("food_operation", "prepackaged_filing")
_LICENCE = ("food_operation",)
PERMITS = {
    "prepackaged": _ANY, "health_food": _ANY, "infant_formula": _ANY, "fsmp": _ANY,
    "bulk": _LICENCE, "made_on_site": _LICENCE, "catering": _LICENCE,
}  # fmt: skip
"""What permits cover a kind of food; farm produce needs none."""

LABEL = (
    "name", "spec", "net_content", "produced_on", "ingredients", "producer_name", "producer_address",
    "producer_contact", "shelf_life", "standard_code", "storage", "additives", "production_licence_no",
)  # fmt: skip
_NO_MEDICINE = "本品不能代替药物"


def _is_empty(registration: Facts, name: str) -> bool:
    """Whether a datum is missing; an end that is given as none means a licence for the long term."""
    if name == "licence_valid_until":
        return not registration.is_given(name)
    return registration.is_none(name) or registration.text(name) == ""


@SHELF.rule("cn.fsl.62.1", months=Parameter(6, floor=1, cap=6), warn_days=Parameter(30))
def food_seller_registered(s: Facts, at: At) -> Outcome:
    """A food seller is registered by its kind, its identity verified, its data as the authority's, all not too old."""
    seller = s.need_part("f")
    fields = FOOD_FIELDS.get(seller.text("kind"))
    if fields is None:
        return bad(_("The kind of food seller is not stated"))
    missing = [name for name in fields if _is_empty(seller, name)]
    if missing:
        return bad(_("The food registration lacks: {fields}"), fields=missing)
    if not seller.has("identity_verified_at"):
        return bad(_("The food seller's identity is not verified"))
    if seller.text("official_match") == "different":
        return bad(_("The authority's data differ: no service"))
    due = add_months(seller.need_day("reverified_at"), at["months"])
    if at.today > due:
        return bad(_("The regular check of the food seller was due on {due}"), due=due)
    return ok(again=due + timedelta(days=1), due=due)


@SHELF.rule("cn.fsl.62.2")
def permit_fits_food(s: Facts, at: At) -> Outcome:
    """What is sold fits the permit that the seller holds."""
    kind = s.need_text("food_kind")
    if kind == "farm_produce":
        return na(_("Farm produce needs no food permit"))
    if kind == "fsmp_full_nutrition":
        return bad(_("This food may not be sold online"))
    accepted = PERMITS.get(kind)
    if accepted is None:
        return bad(_("The kind of food is not known: {kind}"), kind=(kind,))
    ends: list[date | None] = [
        permit.day("valid_until")
        for permit in s.need_rows("permits")
        if permit.text("kind") in accepted and permit.text("status") == "verified"
    ]
    good = [end for end in ends if end is None or end >= at.today]
    if not good:
        return bad(_("No valid permit for this kind of food: {kind}"), kind=(kind,))
    dated = [end for end in good if end]
    return ok(again=max(dated) + timedelta(days=1)) if len(dated) == len(good) else ok()


@SHELF.rule("cn.fsl.62.3", stop_hours=Parameter(2), report_hours=Parameter(24))
def food_breach_stopped(s: Facts, at: At) -> Outcome:
    """A breach is stopped within 2 hours and reported within 24; a serious one ends the service."""
    case = s.need_part("k")
    found = case.need_moment("detected_at")
    stop, report = found + timedelta(hours=at["stop_hours"]), found + timedelta(hours=at["report_hours"])
    if (case.moment("stopped_at") or at.moment) > stop:
        return bad(_("The breach was not stopped within {hours} hours"), hours=at["stop_hours"])
    if case.text("severity") == "serious" and (case.moment("service_ended_at") or at.moment) > stop:
        return bad(_("The breach is serious, but the service goes on"))
    if (case.moment("reported_at") or at.moment) > report:
        return bad(_("Not reported within {hours} hours"), hours=at["report_hours"])
    return ok() if case.has("reported_at") else wait(report, _("Report the breach by {due}"))


@SHELF.rule("cn.fsl.54.1")
def food_not_expired(s: Facts, at: At) -> Outcome:
    """No lot is sold whose shelf life ends before delivery; near expiry is marked."""
    lot = s.need_part("lot")
    if lot.text("status") != "sellable":
        return na(_("Not for sale"))
    end = lot.need_day("end")
    promise, near = timedelta(days=int(s.need_number("promise"))), timedelta(days=int(s.need_number("near")))
    if end < at.today + promise:
        return bad(_("The shelf life ends on {end}, before delivery"), end=end)
    if end <= at.today + near and not lot.has("marked"):
        return warn(_("Mark it as near its expiry on {end}"), again=end - promise + timedelta(days=1), end=end)
    return ok(again=end - promise + timedelta(days=1) if lot.has("marked") else max(end - near, at.today))


@SHELF.rule("cn.fsl.67.1")
def label_complete(s: Facts, at: At) -> Outcome:
    """A page of prepackaged food says everything that its label must, and shows the label."""
    del at
    page = s.need_part("page")
    need = (*LABEL, "nutrients") if s.has("special") else LABEL
    missing = [name for name in need if not page.has(name)]
    if missing:
        return bad(_("The label lacks: {fields}"), fields=missing)
    return ok() if s.has("photo") else bad(_("The photo of the label is missing"))


@SHELF.rule("cn.fsl.78.1")
def special_food_approved(s: Facts, at: At) -> Outcome:
    """Special food has its number; health food says that it is no medicine and is advertised with approval alone."""
    del at
    food = s.need_part("p")
    if not food.has("registration_no"):
        return bad(_("The registration or filing number is missing"))
    if food.text("kind") != "health_food":
        return ok()
    if _NO_MEDICINE not in food.text("text"):
        return bad(_("The sentence 本品不能代替药物 is missing"))
    if not all(map(food.has, ("suitable", "not_suitable", "marker"))):
        return bad(_("Suitable groups or the marker content is missing"))
    if food.has("is_ad") and not food.has("ad_no"):
        return bad(_("Advertised without an approval number"))
    return ok()


@SHELF.rule("cn.fsl.148.1", times=Parameter(10, floor=10), loss_times=Parameter(3, floor=3),
            least=Parameter(1000, floor=1000))  # fmt: skip
def unsafe_food_compensated(s: Facts, at: At) -> Outcome:
    """For unsafe food ten times the price or three times the loss, and at least 1,000."""
    dispute = s.need_part("d")
    if not dispute.has("unsafe") or not dispute.has("seller_knew") or dispute.has("label_flaw_only"):
        return na(_("No punitive damages"))
    price, loss = dispute.need_number("price"), dispute.need_number("loss")
    due = max(at["times"] * price, at["loss_times"] * loss, Decimal(at["least"]))
    if dispute.need_number("awarded") >= due:
        return ok(amount=due)
    return bad(_("Less than the legal amount of {amount} was awarded"), amount=due)


_RHYTHM = (("daily", "daily"), ("weekly", "weekly"), ("monthly", "monthly"))


@SHELF.rule("cn.food.six.1", daily=Parameter(1, cap=1), weekly=Parameter(7, cap=7), monthly=Parameter(31, cap=31))
def food_safety_recorded(s: Facts, at: At) -> Outcome:
    """A director and officers are named, and the daily, weekly and monthly records are kept."""
    if not s.has("director") or not s.has("officers"):
        return bad(_("The director or the officers for food safety are not named"))
    logs = s.need_part("logs")
    ends = {name: _last_day(logs, name, at[number]) for name, number in _RHYTHM}
    late = [name for name, end in ends.items() if end is None or end < at.today]
    if late:
        return bad(_("Food-safety records are late: {records}"), records=late)
    return ok(again=min(end for end in ends.values() if end) + timedelta(days=1))


def _last_day(logs: Facts, name: str, days: int) -> date | None:
    done = logs.day(name)
    return done + timedelta(days=days) if done else None
