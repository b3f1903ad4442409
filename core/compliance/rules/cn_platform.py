"""China: running the platform: records, rules of the house, penalties, search, reviews, notices, complaints."""

from __future__ import annotations

from datetime import date, timedelta

from core.compliance.calendars import add_months
from core.compliance.facts import Facts
from core.compliance.laws.cn_platform import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait, warn
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

_ORDER_116 = date(2026, 2, 1)
_FORBIDDEN_TERMS = frozenset({
    "exclusive_platform", "forced_promotion", "forced_refund_only", "forced_freight_insurance", "forced_below_cost",
    "duplicate_fee", "fee_for_own_basic_data", "hidden_fee_as_deposit", "unequal_fee_same_conditions",
})  # fmt: skip
_GROUNDS = ("personal_data", "illegal_content", "court_order", "sham_review_proven", "not_about_product_by_rule")
_OWN_BADGE = "_".join(("self", "operated"))  # the badge, whichever plugin draws it
_SAME_PERSON = ("payout_account", "identity", "payment_card")


@SHELF.rule("cn.ecl.29.1", hours=Parameter(24), report_days=Parameter(1))
def illegal_offer_acted_on(s: Facts, at: At) -> Outcome:
    """A measure within 24 hours of finding an illegal offer, and a report by the next working day."""
    case = s.need_part("case")
    found, measure, reported = case.need_moment("detected_at"), case.moment("measure_at"), case.moment("reported_at")
    if (measure or at.moment) > found + timedelta(hours=at["hours"]):
        return bad(_("No measure within {hours} hours"), hours=at["hours"])
    due = at.china.add(found.date(), at["report_days"])
    if (reported or at.moment).date() > due:
        return bad(_("Not reported to the authority by {due}"), due=due)
    return ok() if measure and reported else wait(due, _("Take the measure and report it by {due}"))


@SHELF.rule("cn.ecl.31.1", months=Parameter(36, floor=36), food_months=Parameter(6, floor=6))
def kept_long_enough(s: Facts, at: At) -> Outcome:
    """A record may be removed only after the years that the law keeps it, and never under a hold."""
    record = s.need_part("record")
    if record.has("hold"):
        return bad(_("Held back: {hold}"), hold=record.text("hold"))
    kind = record.text("kind")
    keep_to = add_months(record.need_day("exited_at" if kind == "identity" else "completed_at"), at["months"])
    if kind == "food_transaction":
        end = record.day("shelf_life_end")
        longer = add_months(end, at["food_months"]) if end else add_months(record.need_day("completed_at"), 24)
        keep_to = max(keep_to, longer)
    return bad(_("Keep it until the end of {keep_to}"), keep_to=keep_to) if at.today <= keep_to else ok(keep_to=keep_to)


@SHELF.rule("cn.ecl.34.1", comment_days=Parameter(7, floor=7), days=Parameter(7, floor=7))
def change_put_to_comment(s: Facts, at: At) -> Outcome:
    """A change of the rules was open to comment, answered, and published 7 days before it applies."""
    version = s.need_part("v")
    if version.need_number("no") == 1:
        return na(_("The first version: publish it before opening"))
    if not version.has("home_page_banner"):
        return bad(_("The change was not announced on the home page"))
    closes, published = version.need_day("comment_closes_at"), version.need_day("published_at")
    if (closes - version.need_day("comment_opens_at")).days < at["comment_days"]:
        return bad(_("Comments were open for less than {days} days"), days=at["comment_days"])
    if published < closes:
        return bad(_("Published before the comments closed"))
    if not version.has("answers_published_at"):
        return bad(_("The comments were not answered"))
    if (version.need_day("effective_at") - published).days < at["days"]:
        return bad(_("Published less than {days} days before it applies"), days=at["days"])
    return ok()


@SHELF.rule("cn.pr.12.1", important=Parameter(15, floor=15), other=Parameter(7, floor=7))
def important_change_published(s: Facts, at: At) -> Outcome:
    """An important change of the rules is published 15 days before it applies, another one 7."""
    version = s.need_part("v")
    effective = version.need_day("effective_at")
    if version.number("no") == 1 or effective < _ORDER_116:
        return na(_("The first version, or one from before the order"))
    need = at["important"] if version.has("material") else at["other"]
    got = (effective - version.need_day("published_at")).days
    return ok(days=got) if got >= need else bad(_("Published {got} days before; it needs {need}"), got=got, need=need)


@SHELF.rule("cn.ecl.34.2", days=Parameter(30))
def may_leave_under_old_rules(s: Facts, at: At) -> Outcome:
    """A merchant that objects may leave, free of charge, and is settled under the rules before the change."""
    exit_ = s.need_part("exit")
    if exit_.has("refused"):
        return bad(_("Leaving was refused"))
    if exit_.has("fee_charged"):
        return bad(_("A fee was charged for leaving"))
    if exit_.need_number("governing_version") >= exit_.need_number("objected_version"):
        return bad(_("Settled under the version that was objected to"))
    due = exit_.need_day("requested_at") + timedelta(days=at["days"])
    if exit_.has("settled_at"):
        return ok()
    if at.today <= due:
        return wait(due, _("Settle with the merchant and pay the deposit back by {due}"))
    return bad(_("Not settled by {due}"), due=due)


@SHELF.rule("cn.otm.28.1", months=Parameter(36, floor=36))
def old_versions_available(s: Facts, at: At) -> Outcome:
    """The rules are linked from the home page, and every version of the last three years can be read."""
    if not s.has("home_page_link"):
        return bad(_("The home page has no link to the rules"))
    versions = s.need_rows("versions")
    started = [version.need_day("effective_at") for version in versions]
    in_force = [day for day in started if day <= at.today]
    if not in_force:
        return bad(_("No version of the rules is in force"))
    floor = add_months(max(in_force), -at["months"])
    lost = [
        version.text("no")
        for version in versions
        if not version.has("reachable") and (version.day("ended_at") or at.today) >= floor
    ]
    return bad(_("Versions that cannot be read: {versions}"), versions=lost) if lost else ok()


@SHELF.rule("cn.ecl.35.1")
def nothing_forced_on_merchants(s: Facts, at: At) -> Outcome:
    """No forbidden terms, no compulsory campaign, no fee without a service."""
    del at
    hit = sorted(_FORBIDDEN_TERMS & set(s.need_words("tags")))
    if hit:
        return bad(_("Forbidden terms: {terms}"), terms=hit)
    if s.has("campaign.mandatory"):
        below = sum(line.need_number("price") < line.need_number("cost") for line in s.rows("lines"))
        return bad(_("Taking part in the campaign is compulsory; {below} of its prices are below cost"), below=below)
    empty = [fee.text("code") for fee in s.need_rows("fees") if not fee.has("service_ref")]
    return bad(_("Fees without a service: {fees}"), fees=empty) if empty else ok()


@SHELF.rule("cn.otm.30.1", days=Parameter(1, cap=1))
def penalty_published(s: Facts, at: At) -> Outcome:
    """A penalty is public within a working day, complete, and until it ends."""
    penalty = s.need_part("p")
    due = at.china.add(penalty.need_day("decided_at"), at["days"])
    published = penalty.day("published_at")
    if not published and at.today <= due:
        return wait(due, _("Publish the penalty by {due}"))
    if not published or published > due:
        return bad(_("The penalty was not published by {due}"), due=due)
    if not all(map(penalty.has, ("shop_name", "breach", "measure"))):
        return bad(_("The notice lacks the shop, the breach or the measure"))
    taken_down, ends = penalty.day("unpublished_at"), penalty.day("ends_at")
    if taken_down and ends and taken_down < ends:
        return bad(_("The notice was taken down before the measure ended"))
    return ok()


@SHELF.rule("cn.pr.appeal.1", days=Parameter(7))
def decision_explained(s: Facts, at: At) -> Outcome:
    """A decision against someone states facts, reasons and rule, can be appealed, and a person answers in time."""
    decision, appeal = s.need_part("d"), s.part("a")
    gaps = [name for name in ("facts", "reasons", "clause_id", "appeal_url") if not decision.has(name)]
    if gaps:
        return bad(_("The decision lacks: {fields}"), fields=gaps)
    if not s.has("a"):
        return ok()
    due = appeal.need_day("filed_at") + timedelta(days=at["days"])
    answered = appeal.day("answered_at")
    if not answered:
        if at.today <= due:
            return wait(due, _("Answer the appeal by {due}"))
        return bad(_("The appeal was not answered by {due}"), due=due)
    if decision.has("human_requested_at") and not decision.has("human_reviewer"):
        return bad(_("A decision by a person was asked for; none was made"))
    return ok() if answered <= due else bad(_("The appeal was not answered by {due}"), due=due)


@SHELF.rule("cn.ecl.37.1")
def own_goods_marked(s: Facts, at: At) -> Outcome:
    """The platform's own shops are marked as such, and no others."""
    del at
    shop = s.need_part("shop")
    is_marked = shop.text("badge") == _OWN_BADGE or "自营" in shop.text("name")
    if shop.has("owner_is_tenant") and not is_marked:
        return bad(_("A shop of the marketplace itself is not marked as its own"))
    if is_marked and not shop.has("owner_is_tenant"):
        return bad(_("A merchant's shop looks like one of the marketplace itself"))
    return ok()


@SHELF.rule("cn.ecl.17.1")
def review_is_genuine(s: Facts, at: At) -> Outcome:
    """A review rests on a completed order of an unconnected buyer and was not bought."""
    del at
    review, links = s.need_part("review"), s.need_words("links")
    if review.text("order_status") != "completed":
        return bad(_("A review without a completed order"))
    if set(links) & set(_SAME_PERSON):
        return bad(_("Buyer and merchant are connected: {links}"), links=links)
    if review.has("rewarded"):
        return bad(_("A reward was tied to a good review"))
    if links or s.number("tracking_scans") == 0:
        return warn(_("Perhaps no real order"), links=links)
    return ok()


@SHELF.rule("cn.ecl.39.1")
def reviews_stay(s: Facts, at: At) -> Outcome:
    """Buyers can rate, the rules for it are public, and what is hidden has a legal ground that two people saw."""
    del at
    if not s.has("policy_url") or not s.has("review_open"):
        return bad(_("There are no public rules for reviews, or no way to write one"))
    removed = s.part("removed")
    if not s.has("removed"):
        return ok()
    if removed.text("ground") not in _GROUNDS:
        return bad(_("A review was hidden without a legal ground"), ground=removed.text("ground"))
    if removed.has("basis") and removed.has("second_person"):
        return ok()
    return bad(_("The ground for hiding a review was not put down by two people"))


@SHELF.rule("cn.ecl.40.1")
def search_is_fair(s: Facts, at: At) -> Outcome:
    """Several ways to sort, paid places labelled, and results that rest on nobody's traits."""
    del at
    if len(s.need_words("sorts")) < 2:
        return bad(_("Search can be sorted in fewer than two ways"))
    if any(result.has("paid") and result.text("label") != "广告" for result in s.need_rows("results")):
        return bad(_("A paid place is not labelled 广告"))
    if s.has("personalised") and not s.has("off_switch"):
        return bad(_("There is no choice without personal traits"))
    return ok()


@SHELF.rule("cn.ecl.42.1", days=Parameter(2))
def notice_acted_on(s: Facts, at: At) -> Outcome:
    """A complete notice of a right holder is acted on, passed on and published in time."""
    notice = s.need_part("n")
    if not notice.has("complete"):
        return na(_("The notice lacks evidence: ask its sender"))
    due = at.china.add(notice.need_day("received_at"), at["days"])
    for step in ("measure_at", "forwarded_at", "published_at"):
        done = notice.day(step)
        if not done and at.today <= due:
            return wait(due, _("Act on the notice, pass it on and publish it by {due}"), step=step)
        if not done or done > due:
            return bad(_("The notice was not acted on, passed on and published by {due}"), step=step, due=due)
    return ok()


@SHELF.rule("cn.ecl.43.1", days=Parameter(15, cap=15))
def counter_statement_heeded(s: Facts, at: At) -> Outcome:
    """The measure is lifted the day after 15 days without proof that the right holder acts."""
    counter = s.need_part("k")
    excused = counter.number("excused_days") or 0
    last = at.china.period_end(counter.need_day("arrived_at"), at["days"] + int(excused))
    proof, lifted = counter.day("action_proof_at"), counter.day("lifted_at")
    if proof and proof <= last:
        return ok(_("The measure stays"))
    if lifted:
        return ok() if lifted <= at.china.add(last, 1) else bad(_("The measure was lifted late"), last=last)
    if at.today <= last:
        return wait(last, _("The right holder has until {due} to act"))
    return bad(_("The measure was not lifted after {last}"), last=last)


_COMPLAINT_STEPS = (
    ("acknowledged_at", "acknowledge"), ("merchant_answered_at", "answer"), ("decided_at", "decide"),
    ("remedy_done_at", "remedy"),
)  # fmt: skip


@SHELF.rule("cn.ecl.59.1", acknowledge=Parameter(1), answer=Parameter(3), decide=Parameter(7),
            remedy=Parameter(15, cap=15))  # fmt: skip
def complaint_handled(s: Facts, at: At) -> Outcome:
    """A complaint is acknowledged, answered, decided and remedied, each in its time."""
    complaint = s.need_part("k")
    filed = complaint.need_day("filed_at")
    for step, name in _COMPLAINT_STEPS:
        due, done = filed + timedelta(days=at[name]), complaint.day(step)
        if not done and at.today <= due:
            return wait(due, _("The complaint's next step is due by {due}"), step=step)
        if not done or done > due:
            return bad(_("A step of the complaint was not taken by {due}"), step=step, due=due)
    return ok()
