"""What must be asked where the marketplace's own records hold no answer: fields by rule, and how answers are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from core.compliance.facts import Tree
from core.kernel.errors import FieldError, Invalid, _

# A word is a path with how it is answered: path, path:day, path:moment, path:flag, path:number, path:words,
# or path:rows(a,b) with one row a line. A path without a kind is a text.
_ASKED = {
    "cn.ecl.10.1": "merchant.exemption merchant.exemption_statement_at:day",
    "cn.ecl.13.1": "banned_hard:words banned_soft:words",
    "cn.ecl.15.1": "changes:rows(changed_at,reported_at,verified_at)",
    "cn.ecl.16.1": "shop.closing_at:day shop.closing_notice_at:day",
    "cn.ecl.27.1": "merchant.contact_name merchant.legal_rep_name",
    "cn.otm.24.1": "merchant.verified_at:day",
    "cn.otm.25.1": "filings:rows(kind,period_end,submitted_at)",
    "cn.tax.4.1": "started:day filings:rows(kind,period_end,submitted_at)",
    "cn.ecl.29.1": "case.detected_at:moment case.measure_at:moment case.reported_at:moment",
    "cn.ecl.31.1": "record.kind record.completed_at:day record.exited_at:day record.shelf_life_end:day record.hold",
    "cn.ecl.34.1": "v.no:number v.home_page_banner:flag v.comment_opens_at:day v.comment_closes_at:day "
    "v.answers_published_at:day v.published_at:day v.effective_at:day",
    "cn.pr.12.1": "v.no:number v.material:flag v.published_at:day v.effective_at:day",
    "cn.ecl.34.2": "exit.requested_at:day exit.refused:flag exit.fee_charged:number exit.objected_version:number "
    "exit.governing_version:number exit.settled_at:day",
    "cn.otm.28.1": "home_page_link:flag versions:rows(no,effective_at,ended_at,reachable)",
    "cn.ecl.35.1": "tags:words campaign.mandatory:flag lines:rows(price,cost) fees:rows(code,service_ref)",
    "cn.otm.30.1": "p.shop_name p.breach p.measure p.decided_at:day p.published_at:day p.ends_at:day "
    "p.unpublished_at:day",
    "cn.pr.appeal.1": "d.facts d.reasons d.clause_id d.appeal_url d.human_requested_at:day d.human_reviewer "
    "a.filed_at:day a.answered_at:day",
    "cn.ecl.17.1": "review.order_status review.rewarded:flag links:words tracking_scans:number",
    "cn.ecl.39.1": "policy_url review_open:flag removed.ground removed.basis removed.second_person",
    "cn.ecl.40.1": "sorts:words personalised:flag off_switch:flag results:rows(paid,label)",
    "cn.ecl.42.1": "n.complete:flag n.received_at:day n.measure_at:day n.forwarded_at:day n.published_at:day",
    "cn.ecl.43.1": "k.arrived_at:day k.excused_days:number k.action_proof_at:day k.lifted_at:day",
    "cn.ecl.59.1": "k.filed_at:day k.acknowledged_at:day k.merchant_answered_at:day k.decided_at:day "
    "k.remedy_done_at:day",
    "cn.crpl.24.1": "line.received_at:day line.promised_return_days:number line.durable:flag request.asked_at:day "
    "request.offered request.freight_payer request.defect_proof_by",
    "cn.crpl.25.1": "line.received_at:day line.promised_return_days:number line.excluded_valid:flag "
    "request.asked_at:day request.decision request.refusal_reason inspection.result inspection.photos",
    "cn.crpl.25.2": "line.ground line.marked:flag line.confirmed_at:day line.confirm_default:flag",
    "cn.crpl.25.3": "goods_received_at:day paid:number refund.paid_at:day refund.amount:number",
    "cn.crpl.29.1": "to.channel to.given_at:day to.withdrawn_at:day msg.sender msg.opt_out:flag",
    "cn.crpl.44.1": "asked_at:day answered_at:day a.name a.address a.contact a.contact_ok:flag",
    "cn.crpl.55.1": "d.fraud:flag d.price:number d.promised:number d.awarded:number",
    "cn.crpl.19.1": "r.opened_at:day r.stopped_at:day r.reported_at:day r.buyers:number r.notified:number "
    "r.on_sale:number",
    "cn.crplir.9.1": "quotes:rows(price,rules) public:words",
    "cn.crplir.10.1": "x.prominent_notice_at:day x.next_charge_at:day x.reminder_sent_at:day x.cancel_fee:number",
    "cn.ecl.19.1": "extras:rows(name,default_selected,remembered,prominent)",
    "cn.price.16.1": "starts_at:day compare:number basis sales:rows(at,price)",
    "cn.aucl.11.1": "k.top_prize:number k.odds k.redeem k.draw_at k.organiser changes:rows(in_favour)",
    "cn.fsl.62.3": "k.severity k.detected_at:moment k.stopped_at:moment k.reported_at:moment k.service_ended_at:moment",
    "cn.fsl.54.1": "lot.end:day lot.status lot.marked:flag near:number promise:number",
    "cn.fsl.67.1": "page.spec page.net_content page.produced_on page.ingredients page.producer_name "
    "page.producer_address page.producer_contact page.shelf_life page.standard_code page.storage page.additives "
    "page.production_licence_no page.nutrients",
    "cn.fsl.78.1": "p.registration_no p.suitable p.not_suitable p.marker p.ad_no",
    "cn.fsl.148.1": "d.unsafe:flag d.seller_knew:flag d.label_flaw_only:flag d.price:number d.loss:number "
    "d.awarded:number",
    "cn.food.six.1": "director officers:words logs.daily:day logs.weekly:day logs.monthly:day",
    "cn.pipl.14.1": "p.basis p.sensitive:flag p.notice_version:number k.notice_version:number k.separate:flag "
    "k.withdrawn_at:day k.guardian:flag age:number",
    "cn.pipl.45.1": "q.asked_at:day q.done_at:day q.refused_at:day q.refused_reason",
    "cn.pipl.47.1": "closed_at:day classes:rows(name,hold,done)",
    "eu.dsa.30.1": "m.payment_account m.eu_self_cert_at:day m.checked_at:day m.correction_asked_at:day shown:flag",
    "eu.dsa.30.5": "exited_at:day deleted_at:day holds:words restricted:flag",
    "eu.dsa.31.1": "l.product_id l.maker_name l.maker_address l.maker_email l.maker_in_eu:flag l.responsible_person "
    "l.warnings:words last_random_check:day",
    "eu.dsa.32.1": "known_at:day orders:rows(at,told,contact) published:flag",
    "eu.dsa.17.1": "st.scope st.facts st.automated_decision:flag st.clause_id st.explanation st.redress "
    "st.sent_at:moment effective_at:moment",
    "eu.p2b.11.1": "decision_at:day k.filed_at:day k.accepted:flag k.answered_at:day k.handler k.reasons",
    "eu.p2b.3.2": "v.medium v.notified_at:day v.effective_at:day v.adaptation_days:number",
    "eu.p2b.4.2": "p.reasons p.notified_at:day p.effective_at:day p.exception p.exception_proof",
    "eu.rank.1": "note.linked:flag note.parameters:words features:words results:rows(paid,label,trader) "
    "review_policy verified_badge_without_order:number",
    "eu.pid.6a.1": "starts_at:day price:number shown_prior:number shown_percent:number history:rows(at,price)",
    "eu.crd.9.1": "parcels:words informed_at:day sent_at:day accepted:flag exception",
    "eu.crd.13.1": "told_at:day received_at:day proof_at:day total:number surcharge:number refund.paid_at:day "
    "refund.amount:number",
    "eu.crd.11a.1": "probe.button:flag probe.confirm:flag w.submitted_at:moment w.ack_sent_at:moment "
    "w.ack_has_time:flag",
    "eu.gdpr.12.3": "q.asked_at:day q.extended_at:day q.extension_reason q.done_at:day q.refused_at:day "
    "q.refused_reason",
    "eu.dac7.1": "s.missing:words s.first_request:day s.blocked:flag report.due:day report.filed_at:day",
    "us.inform.1": "sel.qualified_at:day sel.data_received_at:day sel.verified_at:day sel.certified_at:day "
    "sel.suspended_at:day",
    "us.inform.2": "home_only:flag display.name display.address display.region display.contact report_link:flag",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "merchant.exemption": ("self_produced_agri", "handicraft", "convenience_labour", "sporadic_small", "other_by_law"),
    "record.kind": ("transaction", "identity", "food_transaction"),
    "request.offered": ("return", "exchange", "repair", "refuse"),
    "request.freight_payer": ("merchant", "buyer"),
    "request.decision": ("agreed", "refused"),
    "request.refusal_reason": ("not_intact", "late", "excluded"),
    "k.severity": ("normal", "serious"),
    "lot.status": ("sellable", "quarantine", "sold"),
    "v.medium": ("email", "pdf_message", "letter", "website"),
    "p.basis": ("consent", "contract", "law"),
    "p.exception": ("legal_duty", "imperative_national_law", "repeated_breach"),
    "basis": ("detailed", "msrp"),
    "removed.ground": (
        "personal_data", "illegal_content", "court_order", "sham_review_proven", "not_about_product_by_rule",
    ),
}  # fmt: skip
"""What may be answered, where only some words count."""
_WORD = re.compile(r"^(?P<path>[\w.]+)(?::(?P<kind>\w+)(?:\((?P<columns>[\w,]+)\))?)?$")
_YES, _NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")


@dataclass(frozen=True, slots=True)
class Question:
    """A field to answer. `kind` is text, day, moment, flag, number, words or rows (with `columns`)."""

    path: str
    kind: str
    columns: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last word of the path, by which it is labelled."""
        return self.path.rsplit(".", 1)[-1]


def _question(word: str) -> Question:
    match = _WORD.match(word)
    if match is None:
        raise ValueError(word)
    columns = tuple((match["columns"] or "").split(",")) if match["columns"] else ()
    return Question(match["path"], match["kind"] or "text", columns, CHOICES.get(match["path"], ()))


QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    rule: tuple(map(_question, words.split())) for rule, words in _ASKED.items()
}


def of_rule(rule: str) -> tuple[Question, ...]:
    """Return what a rule needs to be told."""
    return QUESTIONS.get(rule, ())


def read(question: Question, typed: str) -> Tree:
    """Return the answer that was typed; None for nothing. Raise Invalid at the field if it cannot be read."""
    text = typed.strip()
    if not text:
        return None
    try:
        return _READ[question.kind](question, text)
    except (ValueError, InvalidOperation):
        message = _HINTS.get(question.kind, _("This cannot be right"))
        raise Invalid("compliance.answer", message, fields=(FieldError(question.path, message),)) from None


def written(question: Question, value: Tree) -> str:
    """Return an answer as it would be typed."""
    if value is None:
        return ""
    if question.kind == "flag":
        return "yes" if value else "no"
    if question.kind == "words" and isinstance(value, list):
        return ", ".join(map(str, value))
    if question.kind == "rows" and isinstance(value, list):
        rows = (row for row in value if isinstance(row, Mapping))
        return "\n".join(", ".join(_cell(row.get(name)) for name in question.columns) for row in rows)
    return str(value)


def _cell(value: Tree) -> str:
    return (
        "; ".join(map(str, value))
        if isinstance(value, list)
        else ""
        if value is None
        else "yes"
        if value is True
        else "no"
        if value is False
        else str(value)
    )


def _flag(_question: Question, text: str) -> Tree:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(text)


def _text(question: Question, text: str) -> Tree:
    if question.choices and text not in question.choices:
        raise ValueError(text)
    return text[:2000]


def _rows(question: Question, text: str) -> Tree:
    rows: list[Tree] = []
    for line in text.splitlines()[:500]:
        cells = [cell.strip() for cell in line.replace("，", ",").split(",")]
        if any(cells):
            if len(cells) > len(question.columns):
                raise ValueError(line)
            rows.append({name: _guess(name, cell) for name, cell in zip(question.columns, cells, strict=False)})
    return rows


def _guess(name: str, cell: str) -> Tree:
    """Read a cell; rules of prices are a list, their names separated by semicolons."""
    if name == "rules":
        return [word.strip() for word in cell.split(";") if word.strip()]
    if not cell:
        return None
    return True if cell.lower() in _YES[:2] + _YES[3:] else False if cell.lower() in _NO[:2] + _NO[3:] else cell


def _moment(_question: Question, text: str) -> Tree:
    from_text = text.replace(" ", "T")
    date.fromisoformat(from_text[:10])
    return from_text


_READ = {
    "text": _text,
    "day": lambda _question, text: date.fromisoformat(text).isoformat(),
    "moment": _moment,
    "flag": _flag,
    "number": lambda _question, text: str(Decimal(text.replace(" ", ""))),
    "words": lambda _question, text: [w.strip() for w in re.split(r"[,，\n]", text) if w.strip()][:100],
    "rows": _rows,
}
_HINTS = {
    "day": _("Give a date such as 2026-11-30"),
    "moment": _("Give a moment such as 2026-11-30 14:05"),
    "flag": _("Answer yes or no"),
    "number": _("Give a number"),
    "rows": _("Give one row a line, its values separated by commas"),
    "text": _("Choose one of the answers"),
}
