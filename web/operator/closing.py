"""Months of the books: close and open again with a second person; entries by hand, posted by a second person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.accounting import closing, manual, months, reading
from core.accounting.closing import Step
from core.hooks.money import Posting
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.errors import message
from core.http.submitting import amount
from core.identity.principals import Realm
from core.kernel.errors import AppError, FieldError, Invalid, _
from core.ledger import books
from web import statement_words as words
from web.operator.money import account_names
from web.operator.surface import blueprint, menu

menu.add("Money", 56, "Months and closing", "operator.books", "lock", "ledger.view")
menu.add("Money", 57, "Manual entries", "operator.manual_entries", "pencil", "ledger.view")
_ROWS = 4


def _who() -> UUID:
    return principal().user_id or principal().key_id or UUID(int=0)


@blueprint.get("/ledger/months", endpoint="books")
@edge(Realm.OPERATOR, "ledger.view")
def books_page(error: AppError | None = None, **_names: object) -> Answer:
    """Show which months are closed, and what waits for a second person."""
    done = books.books()
    wishes = [(wish, wish.step is Step.CLOSE, wish.asked_by == _who()) for wish in closing.waiting()]
    return page(
        "operator/books.html", months=reading.months_listed(), closed_until=done.closed_until, wishes=wishes,
        words=words, said=message(error) if error else "", last_day=months.last_day, previous=_before,
    )  # fmt: skip


def _before(day: date) -> date:
    """Return the month before the one that begins on a day."""
    return months.first(date.fromordinal(day.toordinal() - 1))


@blueprint.post("/ledger/months/<month>/<any(close, reopen):step>")
@edge(Realm.OPERATOR, "ledger.close", again=books_page)
def ask_for_closing(month: str, step: str) -> Answer:
    """Ask to close or open a month."""
    ask = closing.ask_to_close if step == "close" else closing.ask_to_reopen
    ask(months.parse(month), by=_who())
    return see(url_for("operator.books"), gettext("Another person must agree now"))


@blueprint.post("/ledger/wishes/<uuid:approval_id>/<any(approve, reject):answer>")
@edge(Realm.OPERATOR, "ledger.close", again=books_page)
def decide_closing(approval_id: UUID, answer: str) -> Answer:
    """Agree or refuse as another person."""
    (closing.approve if answer == "approve" else closing.reject)(approval_id, by=_who())
    return see(url_for("operator.books"), gettext("Done"))


@blueprint.get("/ledger/manual", endpoint="manual_entries")
@edge(Realm.OPERATOR, "ledger.view")
def manual_page(error: AppError | None = None, **_names: object) -> Answer:
    """Show entries by hand and the form for a new one."""
    before = request.args.get("before", type=UUID)
    found, following = manual.listed(before=before)
    faults = error.fields if isinstance(error, Invalid) else ()
    return page(
        "operator/manual_entries.html", rows=found, who=_who(), said=message(error) if error else "",
        faults=[gettext(fault.message) for fault in faults], form=request.form, places=range(_ROWS),
        names=account_names({end for one in found for p in one.postings for end in (p.source, p.destination)}),
        next_href=url_for("operator.manual_entries", before=following) if following else "",
        previous_href=url_for("operator.manual_entries") if before else "",
    )  # fmt: skip


@blueprint.post("/ledger/manual")
@edge(Realm.OPERATOR, "ledger.post", again=manual_page)
def draft_manual_entry() -> Answer:
    """Draft an entry for another person to post."""
    form = request.form
    postings = [
        Posting(
            form.get(f"source-{n}", "").strip(), form.get(f"destination-{n}", "").strip(),
            amount(form.get(f"amount-{n}", ""), f"amount-{n}"), form.get(f"memo-{n}", "").strip() or form.get("reason", ""),
        )
        for n in range(_ROWS)
        if form.get(f"amount-{n}", "").strip()
    ]  # fmt: skip
    manual.draft(form.get("reason", ""), _day(form.get("effective_on", "")), postings, by=_who())
    return see(url_for("operator.manual_entries"), gettext("Another person must post it now"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _("Give the day on which it counts")
        raise Invalid("accounting.no_day", said, fields=(FieldError("effective_on", said),)) from None


@blueprint.post("/ledger/manual/<uuid:manual_id>/<any(approve, reject):answer>")
@edge(Realm.OPERATOR, "ledger.post", again=manual_page)
def decide_manual_entry(manual_id: UUID, answer: str) -> Answer:
    """Post an entry or turn it down, as another person."""
    (manual.approve if answer == "approve" else manual.reject)(manual_id, by=_who())
    return see(url_for("operator.manual_entries"), gettext("Done"))
