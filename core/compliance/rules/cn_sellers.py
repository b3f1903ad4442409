"""China: who may sell, registration, returns to the authorities."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from core.compliance.calendars import add_months, month_end
from core.compliance.facts import Facts
from core.compliance.laws.cn_sellers import LAWS
from core.compliance.outcomes import Outcome, bad, na, ok, wait, warn
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

EXEMPTIONS = ("self_produced_agri", "handicraft", "convenience_labour", "sporadic_small", "other_by_law")
_ORGANISATION = (
    "legal_name", "reg_no", "address", "contact_name", "phone", "email", "licence_file", "legal_rep_name",
    "legal_rep_id_no",
)  # fmt: skip
REQUIRED = {
    "company": _ORGANISATION,
    "individual_business": _ORGANISATION,
    "natural_person": ("legal_name", "id_no", "address", "phone", "email", "id_file"),
}
"""What the identity file holds by the kind of seller."""

_TAX_START = date(2025, 6, 20)


@SHELF.rule("cn.ecl.10.1", limit=Parameter(100_000, cap=100_000), warn_from=Parameter(80_000, cap=100_000))
def registered_or_exempt(s: Facts, at: At) -> Outcome:
    """Registered, or exempt with a statement and, for small trade, below the yearly turnover of one person."""
    merchant = s.need_part("merchant")
    if merchant.has("reg_no"):
        return ok()
    exemption = merchant.text("exemption")
    if exemption not in EXEMPTIONS:
        return bad(_("Neither registered as a business nor exempt"))
    if not merchant.has("exemption_statement_at"):
        return bad(_("Exempt, but without a signed statement"))
    if exemption != "sporadic_small":
        return ok()
    done = [order for order in s.rows("orders") if order.need_day("completed_at").year == at.today.year]
    turnover = sum((order.need_number("amount") for order in done), Decimal(0))
    next_year = date(at.today.year + 1, 1, 1)
    if turnover > at["limit"]:
        return bad(_("Turnover of {turnover} this year is over {limit}: the person must register"),
                   turnover=turnover, limit=at["limit"])  # fmt: skip
    if turnover > at["warn_from"]:
        return warn(_("Turnover of {turnover} this year comes close to {limit}"), again=next_year,
                    turnover=turnover, limit=at["limit"])  # fmt: skip
    return ok(turnover=turnover)


def _covers(licence: Facts, kinds: tuple[str, ...], category: str, at: At) -> bool:
    end = licence.day("valid_until")
    return (
        licence.text("type") in kinds
        and licence.text("status") == "verified"
        and category in licence.words("scope")
        and (end is None or end >= at.today)
    )


@SHELF.rule("cn.ecl.12.1", warn_days=Parameter(60))
def licence_covers_category(s: Facts, at: At) -> Outcome:
    """A verified, unexpired licence covers the category: of each list of alternatives one."""
    ends: list[date] = []
    for row in s.lists("requires"):
        good = [one for one in s.need_rows("licences") if _covers(one, row, s.need_text("category"), at)]
        if not good:
            return bad(_("No valid licence of: {kinds}"), kinds=" / ".join(row))
        dated = [end for one in good if (end := one.day("valid_until"))]
        if len(dated) == len(good):
            ends.append(max(dated))
    if not ends:
        return ok()
    first = min(ends)
    warn_on = first - timedelta(days=at["warn_days"])
    if warn_on <= at.today:
        return warn(_("The licence ends on {end}: hand in its successor"), again=first + timedelta(days=1), end=first)
    return ok(again=warn_on, end=first)


@SHELF.rule("cn.ecl.13.1")
def nothing_forbidden(s: Facts, at: At) -> Outcome:
    """No forbidden category or term; soft terms deserve a look."""
    del at
    if s.need_text("category") in s.need_words("banned_categories"):
        return bad(_("Trade in this category is forbidden"))
    text = s.need_text("text").lower()
    hits = [term for term in s.need_rows("banned") if term.need_text("word").lower() in text]
    hard = [term.text("word") for term in hits if term.text("level") == "hard"]
    if hard:
        return bad(_("Forbidden words: {words}"), words=hard)
    return warn(_("Look at these words: {words}"), words=[hit.text("word") for hit in hits]) if hits else ok()


@SHELF.rule("cn.ecl.15.1", report_days=Parameter(3, cap=3), check_days=Parameter(7, cap=7))
def licence_shown(s: Facts, at: At) -> Outcome:
    """The shop shows licence or exemption and the permits in use; changes are reported and checked in time."""
    own = "business_licence" if s.need_part("merchant").has("reg_no") else "exemption_statement"
    missing = [paper for paper in (own, *s.need_words("permits")) if paper not in s.need_words("displays")]
    if missing:
        return bad(_("Not shown in the shop: {papers}"), papers=missing)
    for change in s.rows("changes"):
        verdict = _change_in_time(change, at)
        if verdict:
            return verdict
    return ok()


def _change_in_time(change: Facts, at: At) -> Outcome | None:
    due = at.china.add(change.need_day("changed_at"), at["report_days"])
    reported = change.day("reported_at")
    if (reported or at.today) > due:
        return bad(_("A change was not reported by {due}"), due=due)
    if not reported:
        return wait(due, _("The seller must report the change by {due}"))
    due = at.china.add(reported, at["check_days"])
    verified = change.day("verified_at")
    if (verified or at.today) > due:
        return bad(_("A reported change was not checked by {due}"), due=due)
    return None if verified else wait(due, _("Check the reported change by {due}"))


@SHELF.rule("cn.ecl.16.1", days=Parameter(30, floor=30))
def closing_announced(s: Facts, at: At) -> Outcome:
    """A shop that closes has said so on its page for 30 days."""
    closing, notice = s.day("shop.closing_at"), s.day("shop.closing_notice_at")
    if not closing:
        return na(_("The shop does not close"))
    if not notice:
        return bad(_("The shop closes without a notice on its page"))
    shown = (closing - notice).days
    if shown >= at["days"]:
        return ok(days=shown)
    return bad(_("The notice stands for {days} days before closing; it must for {least}"), days=shown, least=at["days"])


@SHELF.rule("cn.ecl.27.1")
def identity_file_complete(s: Facts, at: At) -> Outcome:
    """Every field of the identity file is there and every document verified."""
    del at
    merchant = s.need_part("merchant")
    required = REQUIRED.get(merchant.text("kind"))
    if required is None:
        return bad(_("The kind of seller is not stated"))
    missing = [name for name in required if not merchant.has(name)]
    if missing:
        return bad(_("The identity file lacks: {fields}"), fields=missing)
    open_papers = [paper.text("name") for paper in s.need_rows("documents") if not paper.has("verified_at")]
    return bad(_("Not verified yet: {papers}"), papers=open_papers) if open_papers else ok()


@SHELF.rule("cn.otm.24.1", months=Parameter(6, floor=1, cap=6), warn_days=Parameter(30))
def reverified(s: Facts, at: At) -> Outcome:
    """The seller's data were checked again within six months."""
    if s.text("merchant.status") not in ("active", "suspended"):
        return na(_("The merchant does not trade"))
    due = add_months(s.need_day("merchant.verified_at"), at["months"])
    if at.today > due:
        return bad(_("The regular check of the merchant was due on {due}"), due=due)
    remind_on = due - timedelta(days=at["warn_days"])
    return wait(due, _("Check the merchant again by {due}")) if at.today >= remind_on else ok(again=remind_on, due=due)


@SHELF.rule("cn.otm.25.1")
def identity_return_filed(s: Facts, at: At) -> Outcome:
    """The half-yearly return about the sellers' identity is filed in January and July."""
    year = at.today.year
    is_second_half = at.today.month >= 7
    window_end = date(year, 7, 31) if is_second_half else date(year, 1, 31)
    period_end = date(year, 6, 30) if is_second_half else date(year - 1, 12, 31)
    next_window = date(year + 1, 1, 1) if is_second_half else date(year, 7, 1)
    for filing in s.need_rows("filings"):
        is_this = filing.text("kind") == "samr_identity" and filing.day("period_end") == period_end
        if is_this and filing.has("submitted_at"):
            return ok(again=next_window, submitted=filing.need_day("submitted_at"))
    if at.today <= window_end:
        return wait(window_end, _("File the half-yearly identity return by {due}"))
    return bad(_("The identity return was not filed by {due}"), due=window_end)


@SHELF.rule("cn.tax.4.1", basic_days=Parameter(30, cap=30))
def tax_return_filed(s: Facts, at: At) -> Outcome:
    """The platform's basic data and the return of the last finished quarter are filed with the tax office."""
    filings = s.need_rows("filings")
    if not any(filing.text("kind") == "cn_tax_basic" for filing in filings):
        due = max(s.need_day("started"), _TAX_START) + timedelta(days=at["basic_days"])
        if at.today <= due:
            return wait(due, _("File the platform's basic data with the tax office by {due}"))
        return bad(_("The basic data were not filed with the tax office by {due}"), due=due)
    quarters = (at.today.month - 1) // 3
    year, month = (at.today.year, quarters * 3) if quarters else (at.today.year - 1, 12)
    period_end = month_end(year, month)
    due = month_end(year, month + 1) if month < 12 else month_end(year + 1, 1)
    filed = any(f.text("kind") == "cn_tax_quarter" and f.day("period_end") == period_end for f in filings)
    if filed:
        return ok(again=add_months(period_end + timedelta(days=1), 3), period_end=period_end)
    if at.today <= due:
        return wait(due, _("File the quarterly tax return by {due}"), period_end=period_end)
    return bad(_("The tax return of the quarter to {period_end} was not filed by {due}"),
               period_end=period_end, due=due)  # fmt: skip
