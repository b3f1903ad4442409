"""Says what happened to an order, what is next, and where its money stands, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import flask_babel
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from core.billing.views import OrderView
from core.hooks.types import Party
from core.http import slots
from core.kernel.audit import Plain
from core.kernel.money import Money, total
from core.orders.timeline import Moment
from web.badges import badge
from web.rendering import money, write_date


def gettext(text: str, /, **facts: object) -> str:
    """Say a text in the reader's language."""
    return str(flask_babel.gettext(text, **facts))


Told = tuple[str, str, str, datetime]
"""A line of a timeline: icon, sentence, who, when."""

ICONS = {
    "placed": "shopping-cart", "paid": "credit-card", "accepted": "clipboard-check", "parcel_sent": "package",
    "shipped": "truck", "delivered": "package-check", "receipt_confirmed": "package-check", "completed": "check",
    "cancelled": "circle-x", "refunded": "undo-2", "late_payment": "clock", "cancel_asked": "message-circle",
    "note": "pencil", "aftersale_opened": "life-buoy", "aftersale_ended": "life-buoy",
    "disputed": "shield-alert", "dispute_won": "shield-check", "dispute_lost": "shield-alert",
}  # fmt: skip

REASONS = {
    "buyer": _l("the buyer cancelled before paying"),
    "not_paid": _l("it was not paid in time"),
    "late_payment": _l("the payment came after the goods were gone"),
}

Sentence = Callable[[Mapping[str, Plain]], str]


def _amount(facts: Mapping[str, Plain]) -> str:
    return money(Money(int(str(facts.get("amount_minor", 0))), str(facts.get("currency", ""))))


def _carrier(facts: Mapping[str, Plain]) -> str:
    return " ".join(str(facts.get(name) or "") for name in ("carrier", "tracking")).strip()


def reason(code: str) -> str:
    """Return why an order was cancelled: a known code in words, or what a person wrote."""
    return str(REASONS.get(code, code))


def _cancelled(facts: Mapping[str, Plain]) -> str:
    why = reason(str(facts.get("reason") or ""))
    return gettext("Cancelled: %(reason)s", reason=why) if why else gettext("Cancelled")


def _shipped(facts: Mapping[str, Plain]) -> str:
    carrier = _carrier(facts)
    return gettext("Shipped with %(carrier)s", carrier=carrier) if carrier else gettext("Shipped")


def _refunded(facts: Mapping[str, Plain]) -> str:
    why = str(facts.get("reason") or "")
    if why:
        return gettext("%(amount)s refunded: %(reason)s", amount=_amount(facts), reason=why)
    return gettext("%(amount)s refunded", amount=_amount(facts))


def _asked(facts: Mapping[str, Plain]) -> str:
    why = str(facts.get("text") or "")
    return gettext("The buyer asks to cancel: %(text)s", text=why) if why else gettext("The buyer asks to cancel")


def _case_ended(facts: Mapping[str, Plain]) -> str:
    word = badge("aftersale", str(facts.get("state") or "")).word
    return gettext("After-sales case %(number)s: %(state)s", number=str(facts.get("number") or ""), state=str(word))


_SENTENCES: Mapping[str, Sentence] = {
    "placed": lambda _f: gettext("Placed"),
    "paid": lambda _f: gettext("Paid"),
    "accepted": lambda _f: gettext("Accepted by the shop"),
    "parcel_sent": lambda f: gettext("A parcel is on its way with %(carrier)s", carrier=_carrier(f)),
    "shipped": _shipped,
    "delivered": lambda _f: gettext("Delivered"),
    "receipt_confirmed": lambda _f: gettext("The buyer confirmed the receipt"),
    "completed": lambda _f: gettext("Completed"),
    "cancelled": _cancelled,
    "refunded": _refunded,
    "late_payment": lambda f: gettext("A late payment of %(amount)s was sent back", amount=_amount(f)),
    "cancel_asked": _asked,
    "note": lambda f: str(f.get("text") or ""),
    "aftersale_opened": lambda f: gettext("After-sales case %(number)s opened", number=str(f.get("number") or "")),
    "aftersale_ended": _case_ended,
    "disputed": lambda f: gettext("The buyer's bank disputes %(amount)s", amount=_amount(f)),
    "dispute_won": lambda f: gettext("The dispute over %(amount)s was won", amount=_amount(f)),
    "dispute_lost": lambda f: gettext("The dispute over %(amount)s was lost", amount=_amount(f)),
}


def told(moments: Sequence[Moment], *, shop: str = "") -> list[Told]:
    """Return a timeline newest first. With `shop`, staff are called by it and not by their names: for buyers."""
    return [_told(moment, shop) for moment in reversed(moments)]


def _told(moment: Moment, shop: str) -> Told:
    say = _SENTENCES.get(moment.kind)
    text = say(moment.facts) if say else moment.kind.replace("_", " ").capitalize()
    who = moment.by_name
    if shop:
        who = {"merchant": shop, "operator": gettext("Marketplace")}.get(moment.by_kind, "")
    return ICONS.get(moment.kind, "info"), text, who, moment.at


def buyers_status(order: OrderView) -> str:
    """Say to the buyer where an order stands and what comes next."""
    shop = order.shop.name
    if order.state == "shipped" and order.arrives_by is not None:
        return gettext(
            "On its way. Confirm when it has arrived; on %(day)s it counts as received.",
            day=write_date(order.arrives_by),
        )
    if order.state == "cancelled":
        why = reason(order.cancel_reason)
        return gettext("Cancelled: %(reason)s", reason=why) if why else gettext("Cancelled")
    if order.state == "accepted" and order.has_sent:
        return gettext("A part is on its way; %(shop)s is packing the rest.", shop=shop)
    sentences = {
        "pending_payment": gettext("%(shop)s begins as soon as your payment is here.", shop=shop),
        "paid": gettext("Paid. %(shop)s has been told and accepts it next.", shop=shop),
        "accepted": gettext("%(shop)s is packing it.", shop=shop),
        "shipped": gettext("On its way."),
        "delivered": gettext("It has arrived. Something wrong? Write to %(shop)s.", shop=shop),
        "completed": gettext("All done."),
    }
    return sentences.get(order.state, "")


def money_rows(order: OrderView) -> list[tuple[str, Money, bool]]:
    """Return how an order's total came about: (what, amount, whether it is in the buyer's favour); they sum to it."""
    reasons: dict[str, Money] = {}
    for line in order.lines:
        for label, _reason, amount in line.applied:
            reasons[label] = reasons.get(label, Money.zero(amount.currency)) + amount
    rows = [(label, amount, amount.minor < 0) for label, amount in reasons.items() if amount]
    if total((amount for _label, amount, _good in rows if amount.minor < 0), order.total.currency) != -order.discount:
        rows = [(gettext("Discount"), -order.discount, True)] if order.discount else []
    delivery = (order.delivery_label or gettext("Delivery"), order.delivery, False)
    rows = [(gettext("Goods"), order.goods, False), *rows, delivery]
    rest = order.total - total((amount for _label, amount, _good in rows), order.total.currency)
    if rest:
        rows.append((gettext("Tax") if rest == order.tax else gettext("Fees"), rest, rest.minor < 0))
    return rows


def is_tax_inside(order: OrderView) -> bool:
    """Tell whether the tax is a part of the goods' prices rather than added to them."""
    return all(line.net + line.tax == line.discounted for line in order.lines)


def merchants_next(order: OrderView) -> str:
    """Say to the merchant what is best done now."""
    if order.is_cancel_asked:
        return gettext("The buyer asks to cancel. Cancel it, or send it and say why.")
    if order.state in ("paid", "accepted") and not order.to_send:
        return gettext("Everything was refunded before it was sent. Cancel the order to close it.")
    waiting = flask_babel.ngettext("%(num)s unit", "%(num)s units", order.to_send)
    sentences = {
        "pending_payment": gettext("The buyer has not paid yet. Send nothing."),
        "paid": gettext("Paid. Accept it, then pack %(units)s.", units=waiting),
        "accepted": gettext("Pack and send %(units)s.", units=waiting),
        "shipped": gettext("On its way. When the buyer has it, the money is released after the return window."),
        "delivered": gettext("Delivered. The money is released when the return window is over."),
        "completed": gettext("Completed. The money is released to be paid out."),
        "cancelled": gettext("Cancelled. Nothing is left to do."),
    }
    return sentences.get(order.state, "")


PARTIES = {
    Party.BUYER.value: _l("Buyer"),
    Party.MERCHANT.value: _l("Merchant"),
    Party.PLATFORM.value: _l("Marketplace"),
}

KINDS = {
    "payment.captured": _l("Sale"),
    "order.released": _l("Released"),
    "refund.settled": _l("Refund"),
    "payment.late": _l("Late payment"),
    "payout.claimed": _l("Payout begun"),
    "payout.sent": _l("Payout"),
    "payout.failed": _l("Payout failed"),
    "payout.returned": _l("Payout returned by the bank"),
    "payout.cancelled": _l("Payout called off"),
    "payout.reversed": _l("Payout taken back"),
    "reserve.held": _l("Reserve kept back"),
    "reserve.released": _l("Reserve released"),
    "balance.written_off": _l("Debt written off"),
    "balance.invoiced": _l("Debt invoiced"),
    "balance.collected": _l("Debt paid"),
    "provider.withdrawn": _l("Moved to the bank"),
    "billing.item": _l("Fee"),
    "dispute.opened": _l("Dispute opened"),
    "dispute.won": _l("Dispute won"),
    "dispute.lost": _l("Dispute lost"),
    "journal.manual": _l("Manual entry"),
    "provider.fee": _l("Provider's fee"),
    "reconciliation.adjusted": _l("Adjusted to the provider"),
}

MEMOS = {
    "payment": _l("The buyer paid"),
    "discount funded by the platform": _l("Discount that the marketplace pays"),
    "released": _l("Released from hold"),
    "fees": _l("Fees"),
    "tax on fees": _l("Tax on fees"),
    "refund to the buyer": _l("Refund to the buyer"),
    "platform's discount taken back": _l("The marketplace's discount taken back"),
    "fees given back": _l("Fees given back"),
    "tax on fees given back": _l("Tax on fees given back"),
    "taken back by the buyer's bank": _l("Taken back by the buyer's bank"),
    "dispute fee": _l("Dispute fee"),
    "dispute won": _l("Dispute won"),
    "dispute lost": _l("Dispute lost"),
    "owed by no order": _l("Owed by no order"),
    "own goods sold": _l("Own goods sold"),
    "tax on own goods": _l("Tax on own goods"),
    "own goods taken back": _l("Own goods taken back"),
    "tax on own goods taken back": _l("Tax on own goods taken back"),
    "payout": _l("Payout"),
    "payout called off": _l("Payout called off"),
    "payout came back": _l("Payout came back"),
    "was taken back before": _l("Was taken back before"),
    "taken back from a payout": _l("Taken back from an earlier payout"),
    "reserve kept back": _l("Kept in reserve"),
    "reserve freed": _l("Freed from the reserve"),
    "debt invoiced": _l("Debt invoiced"),
    "debt paid": _l("Debt paid"),
    "debt written off": _l("Debt written off"),
    "moved to the bank": _l("Moved to the bank"),
    "provider's fee": _l("Provider's fee"),
    "adjusted to the provider": _l("Adjusted to the provider"),
}


ACCOUNTS = {
    "held": _l("On hold"),
    "payable": _l("To be paid out"),
    "psp": _l("Payment provider"),
    "fee": _l("Fees"),
    "fee_tax": _l("Tax on fees"),
    "promo_expense": _l("Discounts of the marketplace"),
    "own_sales": _l("Own goods sold"),
    "own_tax": _l("Tax on own goods"),
    "liability:late_payments": _l("Late payments"),
    "liability:unexplained": _l("Unexplained money"),
    "reserve": _l("Reserve"),
    "receivable": _l("Invoiced debts"),
    "psp:bank": _l("Bank account of the marketplace"),
    "in_transit": _l("On its way to the bank"),
    "psp_cost": _l("Provider's fees"),
    "dispute_receivable": _l("Disputed payments"),
    "write_off": _l("Written off"),
    "world": _l("Outside"),
    "liability": _l("Other liabilities"),
}


def account(address: str, owner: str = "") -> str:
    """Say what an account of the journal is; `owner` is the name of its merchant. A plugin's keep their address."""
    kind_of, _colon, whose = address.partition(":")
    if address in ACCOUNTS:
        return str(ACCOUNTS[address])
    return f"{ACCOUNTS[kind_of]} · {owner or whose}" if kind_of in ACCOUNTS else address


def kind(name: str) -> str:
    """Say what kind of money event it was; one of a plugin by its own name."""
    return str(KINDS.get(name, name))


def memo(text: str) -> str:
    """Say why money moved; a plugin's memo as it was written."""
    return str(MEMOS.get(text, text))


def reasons(order: OrderView) -> dict[UUID, Markup]:
    """Return what plugins say of how each charge came about."""
    told_of = ((charge.id, {"kind": charge.kind, "explanation": charge.explanation}) for charge in order.charges)
    return {key: slots.drawn(slots.filled("order.charge", subject)) for key, subject in told_of}
