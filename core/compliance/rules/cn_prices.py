"""China: prices, promotions, advertising."""

from __future__ import annotations

import re
from datetime import timedelta

from core.compliance.facts import Facts
from core.compliance.laws.cn_prices import LAWS
from core.compliance.outcomes import Outcome, bad, ok
from core.compliance.ruling import At, Parameter, Shelf
from core.kernel.errors import _

SHELF = Shelf(LAWS)

SUPERLATIVES = "国家级|最高级|最佳|第一品牌"
DISEASES = "治疗|治愈|降血压|降血糖|抗癌|消炎"


@SHELF.rule("cn.price.16.1", days=Parameter(7, floor=7))
def compared_price_true(s: Facts, at: At) -> Outcome:
    """A compared price is at most the lowest one sold at in the 7 days before, or else the last one sold at."""
    if s.text("basis") in ("detailed", "msrp"):
        return ok(_("Keep the proof of the compared price"))
    starts = s.need_moment("starts_at")
    before = sorted(
        ((sale.need_moment("at"), sale.need_number("price")) for sale in s.need_rows("sales")),
        key=lambda sale: sale[0],
    )
    before = [sale for sale in before if sale[0] < starts]
    window = [price for moment, price in before if moment >= starts - timedelta(days=at["days"])]
    cap = min(window) if window else before[-1][1] if before else None
    if cap is None:
        return bad(_("Nothing was sold before: there is no price to compare with"))
    if s.need_number("compare") <= cap:
        return ok(cap=cap)
    return bad(_("The compared price is too high; it may be at most {cap}"), cap=cap)


@SHELF.rule("cn.price.20.1")
def same_price_everywhere(s: Facts, at: At) -> Outcome:
    """Name, price and unit are shown, nothing is charged beyond, and every page says the same."""
    del at
    listing = s.need_part("listing")
    if not listing.has("name") or listing.is_none("price") or not listing.has("unit"):
        return bad(_("Name, price or unit is missing"))
    if s.need_number("home") < s.need_number("detail"):
        return bad(_("The front page shows a lower price than the page of the goods"))
    if s.has("undisclosed"):
        return bad(_("Charges that were not shown before: {charges}"), charges=s.words("undisclosed"))
    return ok() if s.has("rules_same") else bad(_("Other rules are applied than shown"))


@SHELF.rule("cn.aucl.11.1", top_prize=Parameter(50_000, cap=50_000))
def prize_draw_fair(s: Facts, at: At) -> Outcome:
    """The top prize is at most 50,000, everything about it is told, and rules change in buyers' favour alone."""
    draw = s.need_part("k")
    if draw.need_number("top_prize") > at["top_prize"]:
        return bad(_("The top prize is over {most}"), most=at["top_prize"])
    if not all(map(draw.has, ("odds", "redeem", "draw_at", "organiser"))):
        return bad(_("Odds, redemption, time or organiser of the draw is missing"))
    if any(not change.has("in_favour") for change in s.rows("changes")):
        return bad(_("The rules were changed after the start"))
    return ok()


@SHELF.rule("cn.ad.9.1")
def no_forbidden_claims(s: Facts, at: At) -> Outcome:
    """No superlatives of the forbidden kind and no claims about diseases outside medicine."""
    del at
    text = s.need_text("text")
    superlatives = re.findall(SUPERLATIVES, text)
    if superlatives:
        return bad(_("Forbidden words of praise: {words}"), words=superlatives)
    claims = [] if s.has("medical") else re.findall(DISEASES, text)
    return bad(_("Claims about diseases: {words}"), words=claims) if claims else ok()
