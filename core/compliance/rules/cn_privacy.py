"""China: personal information."""

from __future__ import annotations

from datetime import timedelta

from core.compliance.facts import Facts
from core.compliance.laws.cn_privacy import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)


@SHELF.rule("cn.pipl.14.1", age=Parameter(14, floor=14))
def consent_fits(s: Facts, at: At) -> Outcome:
    """What rests on consent has a yes to the present notice; sensitive data a separate one; children their guardian's."""
    processing, consent = s.need_part("p"), s.part("k")
    if processing.text("basis") != "consent" and not processing.has("sensitive"):
        return na(_("No consent is needed: {basis}"), basis=processing.text("basis"))
    withdrawn = consent.moment("withdrawn_at")
    if not s.has("k") or (withdrawn and withdrawn <= at.moment):
        return bad(_("There is no consent"))
    if consent.number("notice_version") != processing.number("notice_version"):
        return bad(_("The consent is for another version of the notice"))
    if processing.has("sensitive") and not consent.has("separate"):
        return bad(_("Sensitive data without a separate consent"))
    if (s.number("age") or 99) < at["age"] and not consent.has("guardian"):
        return bad(_("A child under {age} without the guardian's consent"), age=at["age"])
    return ok()


@SHELF.rule("cn.pipl.45.1", days=Parameter(15))
def request_answered(s: Facts, at: At) -> Outcome:
    """A person's request about its data is answered in time, a refusal with reasons."""
    request = s.need_part("q")
    due = request.need_day("asked_at") + timedelta(days=at["days"])
    if request.has("refused_at") and not request.has("refused_reason"):
        return bad(_("Refused without reasons"))
    end = request.day("done_at") or request.day("refused_at")
    if end:
        return ok() if end <= due else bad(_("Not answered by {due}"), due=due)
    return wait(due, _("Answer the request by {due}")) if at.today <= due else bad(_("Not answered by {due}"), due=due)


@SHELF.rule("cn.pipl.47.1", days=Parameter(1))
def data_deleted(s: Facts, at: At) -> Outcome:
    """After an account is closed its data are deleted, or, where a law keeps them, put away for nothing else."""
    due = s.need_day("closed_at") + timedelta(days=at["days"])
    for kind in s.need_rows("classes"):
        hold = kind.day("hold")
        is_held = hold is not None and hold >= at.today
        if kind.text("done") in (("restrict", "delete", "anonymise") if is_held else ("delete", "anonymise")):
            continue
        name = kind.text("name")
        if hold and not is_held:
            return bad(_("The time of keeping is over, but this is not deleted: {name}"), name=name)
        if at.today <= due:
            return wait(due, _("Delete or put away by {due}: {name}"), name=name)
        return bad(_("Neither deleted nor put away: {name}"), name=name)
    return ok()
