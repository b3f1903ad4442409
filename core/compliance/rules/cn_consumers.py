"""China: consumers' rights, returns, terms, marketing."""

from __future__ import annotations

import re
from datetime import timedelta

from core.compliance.calendars import add_months
from core.compliance.facts import Facts
from core.compliance.laws.cn_consumers import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

_BY_LAW = ("made_to_order", "fresh_perishable", "digital_downloaded_or_unsealed", "newspaper_delivered")
_BY_NATURE = (
    "hygiene_after_unsealing", "quality_changes_after_unsealing", "activated_loses_value", "near_expiry_disclosed",
    "defect_disclosed",
)  # fmt: skip
VOID_CLAUSES = (
    ("最终解释权|单方解释权", _("sole interpretation")),
    ("签收即视为.{0,6}(合格|认可|完好)", _("signing means accepted")),
    ("概不退|一经售出.{0,4}不退|不退不换", _("no returns")),
    ("平台不承担任何责任", _("no liability")),
    ("不得(投诉|起诉|举报)", _("no redress")),
    ("付款后.{0,8}合同不成立", _("no contract although paid")),
)
"""Patterns of void clauses and what they say."""


@SHELF.rule("cn.crpl.24.1", days=Parameter(7, floor=7), proof_months=Parameter(6, floor=6))
def faulty_goods_remedied(s: Facts, at: At) -> Outcome:
    """Faulty goods: return within 7 days, later repair or replacement, and the seller pays the freight."""
    line, asked = s.need_part("line"), s.need_part("request")
    offered = asked.text("offered")
    if offered != "refuse" and asked.text("freight_payer") != "merchant":
        return bad(_("The merchant must pay the freight"))
    received, day = line.need_day("received_at"), asked.need_day("asked_at")
    last = at.china.period_end(received, max(at["days"], int(line.number("promised_return_days") or 0)))
    if day <= last:
        return ok() if offered == "return" else bad(_("A return must be offered until {last}"), last=last)
    if offered in ("return", "exchange", "repair"):
        return ok()
    proof = asked.text("defect_proof_by")
    if line.has("durable") and day <= add_months(received, at["proof_months"]) and proof != "merchant":
        return bad(_("Within {months} months the merchant must prove that there was no defect"),
                   months=at["proof_months"])  # fmt: skip
    return ok() if proof else bad(_("The request was refused without proof"))


@SHELF.rule("cn.crpl.25.1", days=Parameter(7, floor=7), answer=Parameter(2), delay=Parameter(15, cap=15))
def return_accepted(s: Facts, at: At) -> Outcome:
    """A buyer who asks in time may send goods back without a reason; refusing needs proof that they are not intact."""
    line, asked = s.need_part("line"), s.need_part("request")
    if line.has("excluded_valid"):
        return na(_("Validly excluded from returns"))
    received, day = line.need_day("received_at"), asked.need_day("asked_at")
    promised = received + timedelta(days=int(line.number("promised_return_days") or 0))
    last = max(at.china.period_end(received, at["days"]), promised)
    if day > last:
        return na(_("Asked after {last}"), last=last)
    if asked.text("decision") == "agreed":
        return ok()
    if asked.text("decision") == "refused":
        return _refusal(s)
    if at.today > day + timedelta(days=at["delay"]):
        return bad(_("Not handled for {days} days: deliberate delay"), days=at["delay"])
    return wait(day + timedelta(days=at["answer"]), _("The merchant must answer by {due}; silence means yes"),
                again=day + timedelta(days=at["delay"] + 1))  # fmt: skip


def _refusal(s: Facts) -> Outcome:
    seen = s.part("inspection")
    is_proved = seen.text("result") == "not_intact" and seen.has("photos")
    if s.text("request.refusal_reason") == "not_intact" and is_proved:
        return ok()
    return bad(_("Refused without a lawful ground"))


@SHELF.rule("cn.crpl.25.2")
def exclusion_is_lawful(s: Facts, at: At) -> Outcome:
    """Only listed grounds exclude a return; those by nature need the buyer's own yes for this purchase."""
    del at
    line = s.need_part("line")
    ground = line.text("ground")
    if not ground:
        return na(_("It can be returned"))
    if ground in _BY_LAW:
        return ok() if line.has("marked") else bad(_("The exclusion is not marked on the page"))
    if ground not in _BY_NATURE:
        return bad(_("No lawful ground: {ground}"), ground=ground)
    if line.has("marked") and line.has("confirmed_at") and line.is_false("confirm_default"):
        return ok()
    return bad(_("The buyer has not confirmed it for this purchase: the goods can be returned"))


@SHELF.rule("cn.crpl.25.3", days=Parameter(7, cap=7), delay=Parameter(15, cap=15))
def refund_in_time(s: Facts, at: At) -> Outcome:
    """The price is paid back, whole, within 7 days of receiving the goods."""
    got = s.need_day("goods_received_at")
    due = at.china.period_end(got, at["days"])
    refund = s.part("refund")
    paid = refund.need_day("paid_at") if s.has("refund") else None
    if (paid or at.today) > got + timedelta(days=at["delay"]):
        return bad(_("Not paid back for {days} days: deliberate delay"), days=at["delay"])
    if (paid or at.today) > due:
        return bad(_("Not paid back by {due}"), due=due)
    if not paid:
        return wait(due, _("Pay back by {due}"))
    missing = s.need_number("paid") - refund.need_number("amount")
    return bad(_("{missing} too little was paid back"), missing=missing) if missing > 0 else ok()


@SHELF.rule("cn.crpl.26.1")
def no_void_clauses(s: Facts, at: At) -> Outcome:
    """No clause that cuts consumers' rights."""
    del at
    text = s.need_text("text")
    hits = [why for pattern, why in VOID_CLAUSES if re.search(pattern, text)]
    return bad(_("Void clauses: {clauses}"), clauses=hits) if hits else ok()


@SHELF.rule("cn.crpl.29.1")
def message_is_wanted(s: Facts, at: At) -> Outcome:
    """A commercial message goes to who agreed, says who sends it, and can be refused."""
    to, message = s.need_part("to"), s.part("msg")
    withdrawn = to.moment("withdrawn_at")
    if not to.has("given_at") or (withdrawn and withdrawn <= at.moment):
        return bad(_("There is no consent for {channel}"), channel=to.text("channel"))
    if message.has("sender") and message.has("opt_out"):
        return ok()
    return bad(_("The message lacks its sender or a way to refuse"))


@SHELF.rule("cn.crpl.44.1", days=Parameter(2))
def seller_named(s: Facts, at: At) -> Outcome:
    """A harmed buyer is told who the seller is, with a contact that works."""
    due = at.china.add(s.need_day("asked_at"), at["days"])
    if not s.has("answered_at"):
        if at.today <= due:
            return wait(due, _("Tell the buyer who the seller is by {due}"))
        return bad(_("The buyer was not told who the seller is by {due}: the platform may be liable"), due=due)
    if all(s.has(f"a.{name}") for name in ("name", "address", "contact", "contact_ok")):
        return ok()
    return bad(_("The seller's identity is incomplete or the contact does not work: the platform may be liable"))


@SHELF.rule("cn.crpl.55.1", times=Parameter(3, floor=3), least=Parameter(500, floor=500))
def fraud_compensated(s: Facts, at: At) -> Outcome:
    """For fraud at least three times the price, and at least 500."""
    dispute = s.need_part("d")
    if not dispute.has("fraud"):
        return na(_("No fraud was found"))
    due = max(at["times"] * dispute.need_number("price"), at["least"], dispute.number("promised") or 0)
    if dispute.need_number("awarded") >= due:
        return ok(amount=due)
    return bad(_("Less than the legal amount of {amount} was awarded"), amount=due)


@SHELF.rule("cn.crpl.19.1", stop=Parameter(1, cap=1), tell=Parameter(3))
def recall_carried_out(s: Facts, at: At) -> Outcome:
    """Dangerous goods: off sale at once, reported, every buyer told."""
    recall = s.need_part("r")
    if recall.has("on_sale"):
        return bad(_("Recalled goods are still on sale: {count}"), count=recall.number("on_sale"))
    opened = recall.need_day("opened_at")
    if (recall.day("stopped_at") or at.today) > opened + timedelta(days=at["stop"]):
        return bad(_("The sale was not stopped within {days} days"), days=at["stop"])
    if recall.has("reported_at") and recall.need_number("notified") >= recall.need_number("buyers"):
        return ok()
    due = opened + timedelta(days=at["tell"])
    if at.today > due:
        return bad(_("The report or notices to buyers were missing on {due}"), due=due)
    return wait(due, _("Report the recall and tell the buyers by {due}"))


@SHELF.rule("cn.crplir.9.1")
def no_hidden_prices(s: Facts, at: At) -> Outcome:
    """The same goods cost the same, but for rules that are public."""
    del at
    quotes = s.need_rows("quotes")
    hidden = {rule for quote in quotes for rule in quote.need_words("rules")} - set(s.need_words("public"))
    if hidden:
        return bad(_("Rules for prices that are not public: {rules}"), rules=sorted(hidden))
    plain = {quote.need_number("price") for quote in quotes if not quote.words("rules")}
    return bad(_("Prices differ without a reason: {prices}"), prices=sorted(plain)) if len(plain) > 1 else ok()


@SHELF.rule("cn.crplir.10.1", days=Parameter(5, floor=5))
def renewal_announced(s: Facts, at: At) -> Outcome:
    """Before a renewal the buyer is reminded 5 days ahead, and can cancel free of charge."""
    plan = s.need_part("x")
    if not plan.has("prominent_notice_at"):
        return bad(_("Nothing was said about the renewal when signing up"))
    if plan.has("cancel_fee"):
        return bad(_("Cancelling costs a fee"))
    due = plan.need_day("next_charge_at") - timedelta(days=at["days"])
    reminded = plan.day("reminder_sent_at")
    if not reminded and at.today <= due:
        return wait(due, _("Remind the buyer of the renewal by {due}"))
    if not reminded or reminded > due:
        return bad(_("The buyer was not reminded by {due}: do not charge"), due=due)
    return ok()


@SHELF.rule("cn.ecl.19.1")
def extras_not_preselected(s: Facts, at: At) -> Outcome:
    """Extras are shown plainly and never chosen for the buyer."""
    del at
    wrong = [
        extra.text("name")
        for extra in s.need_rows("extras")
        if extra.has("default_selected") or extra.has("remembered") or not extra.has("prominent")
    ]
    return bad(_("Extras that are chosen beforehand or hidden: {extras}"), extras=wrong) if wrong else ok()
