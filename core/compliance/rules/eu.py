"""European Union."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from core.compliance.calendars import add_months
from core.compliance.facts import Facts
from core.compliance.laws.eu import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

TRADER = ("legal_name", "address", "phone", "email", "payment_account", "eu_self_cert_at", "checked_at")
_WITHDRAWAL_FUNCTION = date(2026, 6, 19)


@SHELF.rule("eu.dsa.30.1", days=Parameter(10))
def trader_traceable(s: Facts, at: At) -> Outcome:
    """A trader's file is complete, checked, corrected when asked, and shown on its offers."""
    if s.text("tenant.size_class") in ("micro", "small"):
        return na(_("Micro and small enterprises are exempt"))
    trader = s.need_part("m")
    missing = [name for name in TRADER if not trader.has(name)]
    if not (trader.has("id_file") or trader.has("eid")):
        missing.append("id_file")
    if missing:
        return bad(_("The trader's file lacks: {fields}"), fields=missing)
    asked = trader.day("correction_asked_at")
    if asked and at.today > asked + timedelta(days=at["days"]) and trader.text("status") != "suspended":
        return bad(_("Not corrected within {days} days: suspend the trader"), days=at["days"])
    again = asked + timedelta(days=at["days"] + 1) if asked and trader.text("status") != "suspended" else None
    return ok(again=again) if s.has("shown") else bad(_("The trader is not shown on its offers"))


@SHELF.rule("eu.dsa.30.5", months=Parameter(6, floor=6, cap=6))
def trader_data_deleted(s: Facts, at: At) -> Outcome:
    """A trader's file is deleted 6 months after the end, or put away where another law keeps it."""
    due = add_months(s.need_day("exited_at"), at["months"])
    deleted = s.day("deleted_at")
    if deleted:
        return ok() if deleted >= due else bad(_("Deleted before {due}"), due=due)
    if at.today <= due:
        return wait(due, _("Delete the trader's file after {due}"))
    if s.has("holds"):
        held = s.words("holds")
        return ok(_("Kept under {holds}"), holds=held) if s.has("restricted") else bad(_("Kept, but not put away"))
    return ok() if at.today <= due + timedelta(days=1) else bad(_("Not deleted after {due}"), due=due)


@SHELF.rule("eu.dsa.31.1", days=Parameter(31))
def offer_complete(s: Facts, at: At) -> Outcome:
    """An offer says product, maker, responsible person and warnings, and offers are checked at random."""
    offer = s.need_part("l")
    missing = [
        name for name in ("product_id", "picture", "maker_name", "maker_address", "maker_email") if not offer.has(name)
    ]
    if not offer.has("maker_in_eu") and not offer.has("responsible_person"):
        missing.append("responsible_person")
    if s.need_text("lang") not in offer.words("warnings"):
        missing.append("warnings")
    if missing:
        return bad(_("The offer lacks: {fields}"), fields=missing)
    last = s.need_day("last_random_check")
    if (at.today - last).days <= at["days"]:
        return ok(again=last + timedelta(days=at["days"] + 1))
    return bad(_("No offers were checked at random in the last {days} days"), days=at["days"])


@SHELF.rule("eu.dsa.32.1", months=Parameter(6, floor=6), days=Parameter(3))
def buyers_told(s: Facts, at: At) -> Outcome:
    """The buyers of the last 6 months are told of an illegal product; it is published where a contact is missing."""
    known = s.need_day("known_at")
    since = add_months(known, -at["months"])
    open_ = [order for order in s.need_rows("orders") if order.need_day("at") >= since and not order.has("told")]
    if not any(order.has("contact") for order in open_) and (not open_ or s.has("published")):
        return ok()
    due = known + timedelta(days=at["days"])
    if at.today <= due:
        return wait(due, _("Tell the buyers by {due}"), count=len(open_))
    return bad(_("Buyers who were not told: {count}"), count=len(open_))


@SHELF.rule("eu.dsa.17.1")
def reasons_stated(s: Facts, at: At) -> Outcome:
    """A statement of reasons, complete, at the latest when a restriction takes effect."""
    del at
    statement = s.part("st")
    missing = [name for name in ("scope", "facts", "explanation", "redress", "sent_at") if not statement.has(name)]
    if statement.is_none("automated_decision"):
        missing.append("automated_decision")
    if not (statement.has("clause_id") or statement.has("legal_ground")):
        missing.append("ground")
    if missing:
        return bad(_("The statement of reasons lacks: {fields}"), fields=missing)
    if statement.need_moment("sent_at") <= s.need_moment("effective_at"):
        return ok()
    return bad(_("Sent after the measure took effect"))


@SHELF.rule("eu.p2b.11.1", months=Parameter(6, floor=6), days=Parameter(15))
def complaint_taken(s: Facts, at: At) -> Outcome:
    """A business user's complaint within 6 months is taken and answered by a person with reasons."""
    complaint = s.need_part("k")
    filed = complaint.need_day("filed_at")
    if filed > add_months(s.need_day("decision_at"), at["months"]):
        return na(_("Filed after {months} months"), months=at["months"])
    if not complaint.has("accepted"):
        return bad(_("Refused although it was filed within {months} months"), months=at["months"])
    due = filed + timedelta(days=at["days"])
    if not complaint.has("answered_at"):
        if at.today <= due:
            return wait(due, _("Answer the complaint by {due}"))
        return bad(_("Not answered by {due}"), due=due)
    if complaint.has("handler") and complaint.has("reasons"):
        return ok()
    return bad(_("Answered by no person or without reasons"))


@SHELF.rule("eu.p2b.3.2", days=Parameter(15, floor=15))
def terms_notified(s: Facts, at: At) -> Outcome:
    """A change of terms is told on a durable medium 15 days ahead, longer if users must adapt."""
    version = s.need_part("v")
    if version.text("medium") not in ("email", "pdf_message", "letter"):
        return bad(_("Not told on a durable medium: the change is void"))
    need = max(at["days"], int(version.number("adaptation_days") or 0))
    got = (version.need_day("effective_at") - version.need_day("notified_at")).days
    return ok(days=got) if got >= need else bad(_("Told {got} days before; it needs {need}"), got=got, need=need)


@SHELF.rule("eu.p2b.4.2", days=Parameter(30, floor=30))
def termination_announced(s: Facts, at: At) -> Outcome:
    """Ending the service needs reasons and 30 days, or an exception with proof."""
    penalty = s.need_part("p")
    if not penalty.has("reasons"):
        return bad(_("There are no reasons"))
    if penalty.has("exception"):
        return ok() if penalty.has("exception_proof") else bad(_("An exception without proof"))
    got = (penalty.need_day("effective_at") - penalty.need_day("notified_at")).days
    return ok(days=got) if got >= at["days"] else bad(_("Told {got} days before; it needs {need}"), got=got,
                                                      need=at["days"])  # fmt: skip


@SHELF.rule("eu.rank.1")
def ranking_explained(s: Facts, at: At) -> Outcome:
    """What ranks results is told beside them, paid places are marked, traders shown, reviews described."""
    del at
    if not s.has("note") or not s.has("note.linked"):
        return bad(_("Nothing beside the results explains their order"))
    hidden = sorted(set(s.need_words("features")) - set(s.need_words("note.parameters")))
    if hidden:
        return bad(_("This ranks results and is not told: {features}"), features=hidden)
    results = s.need_rows("results")
    if any(result.has("paid") and not result.has("label") for result in results):
        return bad(_("A paid place is not marked"))
    if any(result.is_none("trader") for result in results):
        return bad(_("It is not shown whether the seller is a trader"))
    if s.has("review_policy") and not s.has("verified_badge_without_order"):
        return ok()
    return bad(_("How reviews are checked is not told, or not true"))


@SHELF.rule("eu.pid.6a.1", days=Parameter(30, floor=30))
def price_cut_true(s: Facts, at: At) -> Outcome:
    """A price cut shows the lowest price of the last 30 days, and its percentage starts there."""
    starts = s.need_moment("starts_at")
    begin = starts - timedelta(days=at["days"])
    offered = sorted(
        ((point.need_moment("at"), point.need_number("price")) for point in s.need_rows("history")),
        key=lambda point: point[0],
    )
    inside = [price for moment, price in offered if begin <= moment < starts]
    carried = [price for moment, price in offered if moment < begin][-1:]
    if not inside + carried:
        return bad(_("There is no history of prices"))
    low = min(inside + carried)
    if low <= 0:
        return bad(_("There is no history of prices"))
    if s.number("shown_prior") != low:
        return bad(_("The earlier price must be the lowest of the last {days} days, {low}"), days=at["days"], low=low)
    percent = int((100 * (low - s.need_number("price")) / low).quantize(Decimal(1), ROUND_HALF_EVEN))
    if s.need_number("shown_percent") <= percent:
        return ok(percent=percent)
    return bad(_("The percentage may be at most {percent}"), percent=percent)


@SHELF.rule("eu.crd.9.1", days=Parameter(14, floor=14), months=Parameter(12, floor=12))
def withdrawal_accepted(s: Facts, at: At) -> Outcome:
    """A buyer may withdraw for 14 days after the last parcel, a year longer if not told."""
    if s.has("exception"):
        return na(_("Excepted by law: {ground}"), ground=s.text("exception"))
    parcels = s.days("parcels")
    if not parcels:
        return na(_("Nothing was received yet"))
    last = at.europe.period_end(max(parcels), at["days"])
    informed = s.day("informed_at")
    if not informed or informed > last:
        last = add_months(last, at["months"])
        if informed and informed <= last:
            last = min(last, at.europe.period_end(informed, at["days"]))
    if s.need_day("sent_at") > last:
        return na(_("Sent after {last}"), last=last)
    return ok() if s.has("accepted") else bad(_("A withdrawal until {last} was refused"), last=last)


@SHELF.rule("eu.crd.13.1", days=Parameter(14, cap=14))
def withdrawal_refunded(s: Facts, at: At) -> Outcome:
    """Everything with standard delivery is paid back within 14 days, or when the goods or their proof arrive."""
    back = min((day for day in (s.day("received_at"), s.day("proof_at")) if day), default=None)
    due = at.europe.period_end(s.need_day("told_at"), at["days"])
    if back and back > due:
        due = back
    if not s.has("refund"):
        if not back:
            return wait(due, _("May be withheld until the goods or a proof of sending arrive"))
        return wait(due, _("Pay back by {due}")) if at.today <= due else bad(_("Not paid back by {due}"), due=due)
    if s.need_day("refund.paid_at") > due:
        return bad(_("Not paid back by {due}"), due=due)
    owed = round(s.need_number("total") - (s.number("surcharge") or 0), 2)
    missing = owed - s.need_number("refund.amount")
    return bad(_("{missing} too little was paid back"), missing=missing) if missing > 0 else ok()


@SHELF.rule("eu.crd.11a.1", days=Parameter(1))
def withdrawal_function_there(s: Facts, at: At) -> Outcome:
    """The site has a function for withdrawing with a step to confirm, and acknowledges it."""
    if at.today < _WITHDRAWAL_FUNCTION:
        return na(_("In force from {since}"), since=_WITHDRAWAL_FUNCTION)
    probe = s.need_part("probe")
    if not (probe.has("button") and probe.has("confirm")):
        return bad(_("The function for withdrawing, or the step to confirm, is missing"))
    if not s.has("w"):
        return ok()
    sent = s.moment("w.ack_sent_at")
    in_time = sent and sent <= s.need_moment("w.submitted_at") + timedelta(days=at["days"])
    if in_time and s.has("w.ack_has_time"):
        return ok()
    return bad(_("A withdrawal was not acknowledged in time"))


@SHELF.rule("eu.gdpr.12.3", months=Parameter(1, cap=1), extended=Parameter(3, cap=3))
def data_request_answered(s: Facts, at: At) -> Outcome:
    """A request about personal data is answered within a month, three if the person was told why."""
    request = s.need_part("q")
    asked = request.need_day("asked_at")
    first = at.europe.next_work(add_months(asked, at["months"]))
    extended = request.day("extended_at")
    if extended and (extended > first or not request.has("extension_reason")):
        return bad(_("The longer time was not told by {due}, or without a reason"), due=first)
    due = add_months(asked, at["extended"]) if extended else first
    if request.has("refused_at") and not request.has("refused_reason"):
        return bad(_("Refused without reasons"))
    end = request.day("done_at") or request.day("refused_at")
    if end:
        return ok() if end <= due else bad(_("Not answered by {due}"), due=due)
    return wait(due, _("Answer the request by {due}")) if at.today <= due else bad(_("Not answered by {due}"), due=due)


@SHELF.rule("eu.dac7.1", sales=Parameter(30, cap=30), amount=Parameter(2000, cap=2000), days=Parameter(60, floor=60))
def seller_reported(s: Facts, at: At) -> Outcome:
    """Sellers above the limits give their tax data within 60 days or are held back, and the report is filed."""
    seller, report = s.need_part("s"), s.part("report")
    if seller.need_number("sales") < at["sales"] and seller.need_number("amount") <= at["amount"]:
        return na(_("Below the limits of the report"))
    filed_by = report.day("due")
    if filed_by and not report.has("filed_at") and at.today > filed_by:
        return bad(_("The report was not filed by {due}"), due=filed_by)
    missing = seller.words("missing")
    if not missing:
        return ok()
    limit = seller.need_day("first_request") + timedelta(days=at["days"])
    if at.today <= limit:
        return wait(limit, _("The seller must give its tax data by {due}: {fields}"), fields=missing)
    if seller.has("blocked"):
        return ok(_("Held back until the data are there"))
    return bad(_("Tax data are missing after {days} days: hold the payouts"), days=at["days"], fields=missing)
