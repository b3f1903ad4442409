"""Says what a case is about, what happened, and what each side does next and by when, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flask_babel
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.aftersales import terms
from core.aftersales.queries import CaseMoment, CaseView
from core.kernel.money import Money
from web.order_words import Told
from web.rendering import money, write_date


def gettext(text: str, /, **facts: object) -> str:
    """Say a text in the reader's language."""
    return str(flask_babel.gettext(text, **facts))


KINDS: Mapping[str, LazyString] = {
    "refund": _l("Refund without return"),
    "return": _l("Return and refund"),
    "exchange": _l("Exchange"),
    "claim": _l("A part of the money back"),
    "repair": _l("Repair"),
}
KIND_NOTES: Mapping[str, LazyString] = {
    "refund": _l("You get the money back and keep what you have."),
    "return": _l("You send it back; when the shop has it, you get the money back."),
    "exchange": _l("You send it back; the shop sends another one at no cost."),
    "claim": _l("You keep it and get a part of the price back."),
    "repair": _l("You send it in; the shop repairs it and sends it back."),
}
REASONS: Mapping[str, LazyString] = {
    "changed_mind": _l("I have changed my mind"),
    "not_received": _l("It has not arrived"),
    "incomplete": _l("Something is missing"),
    "damaged": _l("It arrived damaged"),
    "faulty": _l("It does not work"),
    "not_as_described": _l("It is not as described"),
    "wrong_item": _l("It is the wrong article"),
}
GROUNDS: Mapping[str, LazyString] = {
    "custom_made": _l("Made to order"),
    "perishable": _l("Fresh or perishable"),
    "hygiene": _l("Sealed for hygiene"),
    "digital": _l("Digital content"),
    "press": _l("Newspaper or magazine"),
    "recordings": _l("Sealed recordings or software"),
}
OUTCOMES: Mapping[str, LazyString] = {
    "refund": _l("Refund the buyer"),
    "return": _l("The goods go back first"),
    "replace": _l("The shop sends a replacement or the repaired goods"),
    "dismiss": _l("The shop is right; close the case"),
}
PAYERS: Mapping[str, LazyString] = {
    "buyer": _l("The buyer pays for sending back."),
    "merchant": _l("The shop pays for sending back."),
}
WHYS: Mapping[str, LazyString] = {
    "withdrawn": _l("The buyer has withdrawn the request."),
    "dismissed": _l("The marketplace has decided for the shop."),
    "settled": _l("Everything had been refunded already."),
    "silence_requested": _l("Nobody answered in time."),
    "silence_offered": _l("The offer was not taken in time."),
    "silence_approved": _l("The goods were not sent back in time."),
    "silence_refused": _l("Nobody called the marketplace in time."),
    "silence_rejected": _l("Nobody called the marketplace in time."),
    "silence": _l("The time was over, so this happened by itself."),
    "no_address": _l("The shop has no address for returns."),
}
ICONS = {
    "requested": "message-circle", "offered": "hand-coins", "approved": "check", "refused": "circle-x",
    "sent_back": "truck", "received": "package-check", "inspected": "scan-line", "rejected": "circle-x",
    "escalated": "gavel", "refunded": "undo-2", "exchanged": "refresh-cw", "repaired": "wrench", "closed": "circle-check",
    "message": "mail", "photos": "camera", "label": "qr-code",
}  # fmt: skip


def why(code: str) -> str:
    """Say why a case moved without a person; nothing for no code."""
    return str(WHYS.get(code, "")) if code else ""


def amount_of(facts: Mapping[str, Any]) -> str:
    """Write the amount of a moment."""
    return money(Money(int(str(facts.get("amount_minor", 0))), str(facts.get("currency", ""))))


def refunded(case: CaseView) -> str:
    """Write what went back to the buyer; empty where nothing did."""
    done = [moment for moment in case.moments if moment.kind == "refunded"]
    return amount_of(done[-1].facts) if done else ""


def _carrier(facts: Mapping[str, Any]) -> str:
    return " ".join(str(facts.get(name) or "") for name in ("carrier", "tracking")).strip()


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "requested": lambda _f: gettext("Asked for"),
    "offered": lambda f: gettext("The shop offers %(amount)s", amount=amount_of(f)),
    "approved": lambda _f: gettext("Agreed; the goods are to be sent back"),
    "refused": lambda _f: gettext("Refused by the shop"),
    "sent_back": lambda f: gettext("On its way back %(carrier)s", carrier=_carrier(f)).strip(),
    "received": lambda _f: gettext("Back at the shop"),
    "inspected": lambda _f: gettext("Looked at and in order"),
    "rejected": lambda _f: gettext("Looked at and not in order"),
    "escalated": lambda _f: gettext("The marketplace was called"),
    "refunded": lambda f: gettext("%(amount)s refunded", amount=amount_of(f)),
    "exchanged": lambda f: gettext("A replacement is on its way with %(carrier)s", carrier=_carrier(f)),
    "repaired": lambda f: gettext("Repaired and on its way with %(carrier)s", carrier=_carrier(f)),
    "closed": lambda _f: gettext("Closed"),
    "message": lambda _f: gettext("Message"),
    "photos": lambda f: flask_babel.ngettext("%(num)s photograph added", "%(num)s photographs added",
                                             int(f.get("count", 1))),
    "label": lambda _f: gettext("A label for the way back was added"),
}  # fmt: skip


def told(moments: Sequence[CaseMoment], *, shop: str = "") -> list[Told]:
    """Return what happened, newest first. With `shop`, staff are called by it and not by their names: for buyers."""
    return [_told(moment, shop) for moment in reversed(moments)]


def _told(moment: CaseMoment, shop: str) -> Told:
    say = _SENTENCES.get(moment.kind)
    head = say(moment.facts) if say else moment.kind
    more = moment.text or why(str(moment.facts.get("why", "")))
    who = moment.by_name
    if shop:
        who = {"merchant": shop, "operator": gettext("Marketplace")}.get(moment.by_kind, "")
    if moment.by_kind == "system":
        who = gettext("By itself")
    return ICONS.get(moment.kind, "info"), f"{head}: {more}" if more else head, who, moment.at


def _ended(case: CaseView) -> str:
    return {
        "refunded": gettext("%(amount)s goes back the way it came; that takes a few days.", amount=refunded(case)),
        "exchanged": gettext("The replacement is on its way. All done."),
        "repaired": gettext("The repaired goods are on their way. All done."),
        "closed": why(case.why) or gettext("Closed. Nothing is left to do."),
    }.get(case.state, "")


def _by_itself(case: CaseView) -> str:
    """Say what happens when the shop lets its time pass."""
    if case.state == "requested":
        approves = terms.silence_approves()
        return (
            gettext("After that it is approved by itself.")
            if approves
            else gettext("After that the marketplace decides.")
        )
    if terms.silence_refunds():
        return gettext("After that the buyer is refunded by itself.")
    return gettext("After that the marketplace decides.")


def buyers_next(case: CaseView, shop: str) -> str:
    """Say to the buyer where a case stands, what comes next and by when."""
    if not case.is_open:
        return _ended(case)
    facts = {"shop": shop, "day": write_date(case.due_at), "amount": money(case.offered) if case.offered else ""}
    again = gettext("%(shop)s sends you the replacement by %(day)s.", **facts)
    if case.kind == "repair":
        again = gettext("%(shop)s repairs it and sends it back by %(day)s.", **facts)
    return {
        "requested": gettext("%(shop)s answers by %(day)s.", **facts) + " " + _by_itself(case),
        "offered": gettext("%(shop)s offers %(amount)s and you keep the goods. Take it, or call the marketplace, by "
                           "%(day)s; after that the case is closed.", **facts),
        "approved": gettext("Send the goods back by %(day)s and say here with whom. After that the case is closed.",
                            **facts),
        "refused": gettext("%(shop)s has refused. If that is not right, call the marketplace by %(day)s.", **facts),
        "sent_back": gettext("On its way to %(shop)s. On %(day)s it counts as arrived.", **facts),
        "received": gettext("%(shop)s has the goods and looks at them by %(day)s.", **facts) + " " + _by_itself(case),
        "inspected": again + " " + _by_itself(case),
        "rejected": gettext("%(shop)s finds that the goods are not in order. If that is not right, call the marketplace "
                            "by %(day)s.", **facts),
        "escalated": gettext("The marketplace looks at it and decides by %(day)s.", **facts),
    }.get(case.state, "")  # fmt: skip


def merchants_next(case: CaseView) -> str:
    """Say to the shop where a case stands, what comes next and by when."""
    if not case.is_open:
        return _ended(case)
    facts = {"day": write_date(case.due_at), "amount": money(case.offered) if case.offered else ""}
    again = gettext("Send the replacement by %(day)s.", **facts)
    if case.kind == "repair":
        again = gettext("Repair it and send it back by %(day)s.", **facts)
    return {
        "requested": gettext("Answer by %(day)s.", **facts) + " " + _by_itself(case),
        "offered": gettext("You offered %(amount)s. The buyer takes it, or calls the marketplace, by %(day)s.", **facts),
        "approved": gettext("The buyer sends the goods back by %(day)s. After that the case is closed.", **facts),
        "refused": gettext("You refused. The buyer may call the marketplace until %(day)s.", **facts),
        "sent_back": gettext("On its way to you. Say when it is here; on %(day)s it counts as arrived.", **facts),
        "received": gettext("Look at the goods by %(day)s.", **facts) + " " + _by_itself(case),
        "inspected": again + " " + _by_itself(case),
        "rejected": gettext("You found the goods not in order. The buyer may call the marketplace until %(day)s.", **facts),
        "escalated": gettext("The marketplace decides by %(day)s. You may still write.", **facts),
    }.get(case.state, "")  # fmt: skip


def operators_next(case: CaseView) -> str:
    """Say to the operator where a case stands, and who is next by when."""
    if not case.is_open:
        return _ended(case)
    if case.state == "escalated":
        return gettext("Decide by %(day)s. Money waits until you have.", day=write_date(case.due_at))
    if case.needs == "merchant":
        return (
            gettext("The shop is next, by %(day)s.", day=write_date(case.due_at))
            + " "
            + (_by_itself(case) if case.state != "sent_back" else "")
        )
    return gettext("The buyer is next, by %(day)s. After that the case is closed.", day=write_date(case.due_at))
