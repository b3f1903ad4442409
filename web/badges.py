"""One table that says with which word and tone each state is shown, so that lists, pages and mails agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Tone(StrEnum):
    """What a badge's colour means; always beside a word and a dot."""

    GREY = "grey"
    INFO = "info"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as people see it."""

    word: LazyString | str
    tone: Tone


BADGES: dict[str, dict[str, Badge]] = {
    "compliance": {
        "pass": Badge(_l("Fine"), Tone.OK),
        "fine": Badge(_l("Fine"), Tone.OK),
        "n/a": Badge(_l("Does not apply"), Tone.GREY),
        "due": Badge(_l("Due"), Tone.INFO),
        "warn": Badge(_l("Watch"), Tone.WARN),
        "fail": Badge(_l("Failing"), Tone.DANGER),
        "failing": Badge(_l("Failing"), Tone.DANGER),
        "unknown": Badge(_l("Not known"), Tone.GREY),
        "waived": Badge(_l("Waived"), Tone.ACCENT),
        "open": Badge(_l("To fix"), Tone.DANGER),
        "closed": Badge(_l("Put right"), Tone.OK),
    },
    "policy_version": {
        "none": Badge(_l("Not written"), Tone.GREY),
        "draft": Badge(_l("Draft"), Tone.GREY),
        "review": Badge(_l("Waits for a second person"), Tone.WARN),
        "comment": Badge(_l("Open to comments"), Tone.ACCENT),
        "closed": Badge(_l("Comments closed"), Tone.INFO),
        "approved": Badge(_l("Ready to publish"), Tone.INFO),
        "published": Badge(_l("Published ahead"), Tone.ACCENT),
        "in_force": Badge(_l("In force"), Tone.OK),
        "superseded": Badge(_l("Earlier version"), Tone.GREY),
        "withdrawn": Badge(_l("Withdrawn"), Tone.DANGER),
    },
    "policy_acceptance": {
        "pending": Badge(_l("Waits for your answer"), Tone.WARN),
        "accepted": Badge(_l("Accepted"), Tone.OK),
        "objected": Badge(_l("Not accepted"), Tone.DANGER),
        "silent": Badge(_l("Not answered"), Tone.WARN),
    },
    "policy_exit": {
        "leaving": Badge(_l("Leaving"), Tone.WARN),
        "left": Badge(_l("Has left"), Tone.GREY),
        "stayed": Badge(_l("Stayed"), Tone.OK),
    },
    "complaint": {
        "filed": Badge(_l("Filed"), Tone.GREY),
        "acknowledged": Badge(_l("Acknowledged"), Tone.GREY),
        "with_merchant": Badge(_l("With the shop"), Tone.INFO),
        "answered": Badge(_l("Answered"), Tone.ACCENT),
        "settled": Badge(_l("Agreed"), Tone.ACCENT),
        "platform_decides": Badge(_l("To decide"), Tone.WARN),
        "decided": Badge(_l("Decided"), Tone.ACCENT),
        "remedied": Badge(_l("Done"), Tone.OK),
        "closed": Badge(_l("Closed"), Tone.GREY),
        "withdrawn": Badge(_l("Withdrawn"), Tone.GREY),
        "disputed": Badge(_l("In dispute"), Tone.DANGER),
    },
    "conflict": {
        "negotiation": Badge(_l("Negotiated"), Tone.INFO),
        "mediation": Badge(_l("Mediated"), Tone.WARN),
        "outside": Badge(_l("Mediated outside"), Tone.WARN),
        "arbitration": Badge(_l("Arbitration"), Tone.DANGER),
        "litigation": Badge(_l("In court"), Tone.DANGER),
        "agreed": Badge(_l("Agreed"), Tone.OK),
        "decided": Badge(_l("Decided"), Tone.ACCENT),
        "concluded": Badge(_l("Award or judgment"), Tone.ACCENT),
        "withdrawn": Badge(_l("Withdrawn"), Tone.GREY),
        "closed": Badge(_l("Closed"), Tone.GREY),
    },
    "rights_notice": {
        "received": Badge(_l("To act on"), Tone.WARN),
        "incomplete": Badge(_l("Incomplete"), Tone.GREY),
        "acted": Badge(_l("Off sale"), Tone.DANGER),
        "countered": Badge(_l("Countered"), Tone.ACCENT),
        "upheld": Badge(_l("Measure stays"), Tone.INFO),
        "lifted": Badge(_l("Measure ended"), Tone.OK),
        "refused": Badge(_l("No measure"), Tone.GREY),
    },
    "waiver": {
        "asked": Badge(_l("Waits for a second person"), Tone.WARN),
        "granted": Badge(_l("In force"), Tone.ACCENT),
        "refused": Badge(_l("Refused"), Tone.DANGER),
        "ended": Badge(_l("Ended"), Tone.GREY),
    },
    "food": {
        "draft": Badge(_l("Draft"), Tone.GREY),
        "submitted": Badge(_l("To check"), Tone.WARN),
        "approved": Badge(_l("Approved"), Tone.OK),
        "refused": Badge(_l("Refused"), Tone.DANGER),
        "verified": Badge(_l("Verified"), Tone.OK),
    },
    "risk": {
        "low": Badge(_l("Low risk"), Tone.OK),
        "medium": Badge(_l("Medium risk"), Tone.WARN),
        "high": Badge(_l("High risk"), Tone.DANGER),
    },
    "food_check": {
        "ok": Badge(_l("Fine"), Tone.OK),
        "same": Badge(_l("The same"), Tone.OK),
        "not_found": Badge(_l("Not found"), Tone.WARN),
        "different": Badge(_l("Different"), Tone.DANGER),
        "failed": Badge(_l("Failed"), Tone.DANGER),
        "open": Badge(_l("Open"), Tone.WARN),
        "later": Badge(_l("After approval"), Tone.GREY),
        "not_needed": Badge(_l("Not needed"), Tone.GREY),
    },
    "order": {
        "pending_payment": Badge(_l("Awaiting payment"), Tone.WARN),
        "paid": Badge(_l("Paid"), Tone.INFO),
        "accepted": Badge(_l("Accepted"), Tone.INFO),
        "shipped": Badge(_l("Shipped"), Tone.ACCENT),
        "delivered": Badge(_l("Delivered"), Tone.ACCENT),
        "completed": Badge(_l("Completed"), Tone.OK),
        "cancelled": Badge(_l("Cancelled"), Tone.GREY),
        "refunded": Badge(_l("Refunded"), Tone.DANGER),
    },
    "purchase": {
        "pending": Badge(_l("Awaiting payment"), Tone.WARN),
        "pending_payment": Badge(_l("Awaiting payment"), Tone.WARN),
        "paid": Badge(_l("Paid"), Tone.INFO),
        "completed": Badge(_l("Completed"), Tone.OK),
        "failed": Badge(_l("Payment failed"), Tone.DANGER),
        "expired": Badge(_l("Expired"), Tone.GREY),
        "cancelled": Badge(_l("Cancelled"), Tone.GREY),
        "refunded": Badge(_l("Refunded"), Tone.DANGER),
    },
    "parcel": {
        "shipped": Badge(_l("On its way"), Tone.ACCENT),
        "delivered": Badge(_l("Arrived"), Tone.OK),
        "lost": Badge(_l("Lost"), Tone.DANGER),
        "returned": Badge(_l("Came back"), Tone.WARN),
    },
    "platform_invoice": {
        "draft": Badge(_l("Draft"), Tone.GREY),
        "open": Badge(_l("To be paid"), Tone.INFO),
        "overdue": Badge(_l("Past due"), Tone.DANGER),
        "paid": Badge(_l("Paid"), Tone.OK),
        "void": Badge(_l("Void"), Tone.GREY),
        "uncollectible": Badge(_l("Given up"), Tone.WARN),
    },
    "payment_refund": {
        "intended": Badge(_l("Started"), Tone.GREY),
        "pending": Badge(_l("Pending"), Tone.WARN),
        "succeeded": Badge(_l("Sent back"), Tone.OK),
        "failed": Badge(_l("Refund failed"), Tone.DANGER),
        "outside": Badge(_l("Settled outside"), Tone.OK),
    },
    "payment": {
        "created": Badge(_l("Started"), Tone.GREY),
        "late": Badge(_l("Too late, sent back"), Tone.WARN),
        "intended": Badge(_l("Started"), Tone.GREY),
        "pending": Badge(_l("Pending"), Tone.WARN),
        "processing": Badge(_l("Processing"), Tone.WARN),
        "requires_action": Badge(_l("Needs confirmation"), Tone.WARN),
        "authorised": Badge(_l("Authorised"), Tone.INFO),
        "captured": Badge(_l("Captured"), Tone.OK),
        "succeeded": Badge(_l("Paid"), Tone.OK),
        "failed": Badge(_l("Payment failed"), Tone.DANGER),
        "cancelled": Badge(_l("Cancelled"), Tone.GREY),
        "partly_refunded": Badge(_l("Partly refunded"), Tone.DANGER),
        "refunded": Badge(_l("Refunded"), Tone.DANGER),
        "disputed": Badge(_l("Disputed"), Tone.DANGER),
    },
    "refund": {
        "requested": Badge(_l("Refund asked"), Tone.DANGER),
        "approved": Badge(_l("Approved"), Tone.INFO),
        "pending": Badge(_l("Pending"), Tone.WARN),
        "succeeded": Badge(_l("Refunded"), Tone.OK),
        "failed": Badge(_l("Refund failed"), Tone.DANGER),
        "rejected": Badge(_l("Rejected"), Tone.GREY),
    },
    "aftersale": {
        "requested": Badge(_l("Asked"), Tone.WARN),
        "offered": Badge(_l("Amount offered"), Tone.INFO),
        "approved": Badge(_l("To be sent back"), Tone.INFO),
        "refused": Badge(_l("Refused"), Tone.DANGER),
        "sent_back": Badge(_l("On its way back"), Tone.ACCENT),
        "received": Badge(_l("To be looked at"), Tone.WARN),
        "inspected": Badge(_l("To be sent again"), Tone.ACCENT),
        "rejected": Badge(_l("Goods not in order"), Tone.DANGER),
        "escalated": Badge(_l("With the marketplace"), Tone.WARN),
        "refunded": Badge(_l("Refunded"), Tone.OK),
        "exchanged": Badge(_l("Exchanged"), Tone.OK),
        "repaired": Badge(_l("Repaired"), Tone.OK),
        "closed": Badge(_l("Closed"), Tone.GREY),
    },
    "payout": {
        "awaiting_approval": Badge(_l("Needs a second person"), Tone.WARN),
        "claimed": Badge(_l("Being sent"), Tone.INFO),
        "to_transfer": Badge(_l("To transfer"), Tone.WARN),
        "stuck": Badge(_l("No answer yet"), Tone.DANGER),
        "sent": Badge(_l("On its way"), Tone.ACCENT),
        "paid": Badge(_l("Paid out"), Tone.OK),
        "failed": Badge(_l("Payout failed"), Tone.DANGER),
        "returned": Badge(_l("Sent back by the bank"), Tone.DANGER),
        "cancelled": Badge(_l("Called off"), Tone.GREY),
    },
    "clawback": {
        "planned": Badge(_l("Being fetched"), Tone.INFO),
        "reversed": Badge(_l("Fetched"), Tone.OK),
        "partly_reversed": Badge(_l("Partly fetched"), Tone.WARN),
        "failed": Badge(_l("Not enough balance"), Tone.DANGER),
        "carried": Badge(_l("Netted against sales"), Tone.GREY),
        "written_off": Badge(_l("Written off"), Tone.GREY),
    },
    "debt": {
        "invoiced": Badge(_l("Invoiced"), Tone.WARN),
        "paid": Badge(_l("Paid"), Tone.OK),
        "asked": Badge(_l("Needs a second person"), Tone.WARN),
        "written_off": Badge(_l("Written off"), Tone.GREY),
        "rejected": Badge(_l("Refused"), Tone.GREY),
    },
    "subject_request": {
        "asked": Badge(_l("Under way"), Tone.INFO),
        "ready": Badge(_l("Ready"), Tone.OK),
        "expired": Badge(_l("Expired"), Tone.GREY),
        "done": Badge(_l("Erased"), Tone.OK),
        "refused": Badge(_l("Refused"), Tone.WARN),
    },
    "decision": {
        "asked": Badge(_l("Waiting"), Tone.WARN),
        "approved": Badge(_l("Approved"), Tone.OK),
        "rejected": Badge(_l("Turned down"), Tone.DANGER),
        "void": Badge(_l("Void"), Tone.GREY),
    },
    "dispute": {
        "open": Badge(_l("To answer"), Tone.WARN),
        "submitted": Badge(_l("With the bank"), Tone.INFO),
        "won": Badge(_l("Won"), Tone.OK),
        "lost": Badge(_l("Lost"), Tone.DANGER),
    },
    "provider_account": {
        "new": Badge(_l("Begun"), Tone.GREY),
        "pending": Badge(_l("Being checked"), Tone.INFO),
        "restricted": Badge(_l("Something is missing"), Tone.WARN),
        "active": Badge(_l("Ready"), Tone.OK),
        "rejected": Badge(_l("Refused"), Tone.DANGER),
    },
    "merchant": {
        "draft": Badge(_l("Not handed in"), Tone.GREY),
        "applied": Badge(_l("To review"), Tone.WARN),
        "info_asked": Badge(_l("Information asked"), Tone.WARN),
        "approved": Badge(_l("Approved"), Tone.OK),
        "rejected": Badge(_l("Rejected"), Tone.DANGER),
        "suspended": Badge(_l("Suspended"), Tone.DANGER),
        "closed": Badge(_l("Closed"), Tone.GREY),
    },
    "statement_run": {
        "current": Badge(_l("Under way"), Tone.GREY),
        "open": Badge(_l("To issue"), Tone.WARN),
        "closing": Badge(_l("Being issued"), Tone.INFO),
        "issued": Badge(_l("Issued"), Tone.OK),
    },
    "reconciliation_difference": {
        "waiting": Badge(_l("On its way"), Tone.INFO),
        "open": Badge(_l("To settle"), Tone.WARN),
        "asked": Badge(_l("With a second person"), Tone.ACCENT),
        "settled": Badge(_l("Entry posted"), Tone.OK),
        "dismissed": Badge(_l("Dismissed"), Tone.GREY),
        "resolved": Badge(_l("Ended by itself"), Tone.OK),
    },
    "reconciliation_run": {
        "running": Badge(_l("Being compared"), Tone.INFO),
        "done": Badge(_l("Compared"), Tone.OK),
    },
    "manual_entry": {
        "waiting": Badge(_l("Waits for a second person"), Tone.WARN),
        "posted": Badge(_l("Posted"), Tone.OK),
        "rejected": Badge(_l("Rejected"), Tone.GREY),
    },
    "import": {
        "waiting": Badge(_l("Waiting"), Tone.GREY),
        "running": Badge(_l("Running"), Tone.INFO),
        "done": Badge(_l("Done"), Tone.OK),
        "failed": Badge(_l("Failed"), Tone.DANGER),
    },
    "shop": {
        "selling": Badge(_l("Open"), Tone.OK),
        "not_ready": Badge(_l("Needs delivery"), Tone.WARN),
        "waiting": Badge(_l("Opens with the approval"), Tone.GREY),
        "open": Badge(_l("Open"), Tone.OK),
        "holiday": Badge(_l("On holiday"), Tone.WARN),
        "closed": Badge(_l("Closed"), Tone.GREY),
    },
    "document": {
        "submitted": Badge(_l("To check"), Tone.INFO),
        "accepted": Badge(_l("Accepted"), Tone.OK),
        "refused": Badge(_l("Not accepted"), Tone.DANGER),
        "missing": Badge(_l("Missing"), Tone.WARN),
    },
    "listing": {
        "draft": Badge(_l("Draft"), Tone.GREY),
        "review": Badge(_l("In review"), Tone.WARN),
        "live": Badge(_l("On sale"), Tone.OK),
        "hidden": Badge(_l("Hidden"), Tone.GREY),
        "blocked": Badge(_l("Blocked"), Tone.DANGER),
        "archived": Badge(_l("Archived"), Tone.GREY),
    },
    "tenant": {
        "provisioning": Badge(_l("Being set up"), Tone.INFO),
        "active": Badge(_l("Active"), Tone.OK),
        "suspended": Badge(_l("Suspended"), Tone.DANGER),
        "closing": Badge(_l("Closing"), Tone.WARN),
    },
    "plugin": {
        "enabled": Badge(_l("On"), Tone.OK),
        "draining": Badge(_l("Winding down"), Tone.WARN),
        "disabled": Badge(_l("Off"), Tone.GREY),
    },
    "plugin_health": {
        "well": Badge(_l("Works"), Tone.OK),
        "failing": Badge(_l("Failed lately"), Tone.WARN),
        "left_out": Badge(_l("Left out for now"), Tone.DANGER),
    },
}

GENERAL: dict[str, Badge] = {
    "active": Badge(_l("Active"), Tone.OK),
    "open": Badge(_l("Open"), Tone.INFO),
    "closed": Badge(_l("Closed"), Tone.GREY),
    "draft": Badge(_l("Draft"), Tone.GREY),
    "scheduled": Badge(_l("Scheduled"), Tone.INFO),
    "pending": Badge(_l("Pending"), Tone.WARN),
    "running": Badge(_l("Running"), Tone.ACCENT),
    "ended": Badge(_l("Ended"), Tone.GREY),
    "expired": Badge(_l("Expired"), Tone.GREY),
    "approved": Badge(_l("Approved"), Tone.OK),
    "rejected": Badge(_l("Rejected"), Tone.DANGER),
    "completed": Badge(_l("Completed"), Tone.OK),
    "cancelled": Badge(_l("Cancelled"), Tone.GREY),
    "failed": Badge(_l("Failed"), Tone.DANGER),
    "suspended": Badge(_l("Suspended"), Tone.DANGER),
    "enabled": Badge(_l("On"), Tone.OK),
    "draining": Badge(_l("Winding down"), Tone.WARN),
    "disabled": Badge(_l("Off"), Tone.GREY),
}


def badge(machine: str, state: str) -> Badge:
    """Return how a machine's state is shown; a state nobody described is its own name, in grey."""
    found = BADGES.get(machine, {}).get(state) or GENERAL.get(state)
    return found or Badge(state.replace("_", " ").capitalize(), Tone.GREY)
