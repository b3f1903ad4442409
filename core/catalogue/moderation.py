"""The way to the shelf and off it: submit, review, publish, hide, block, archive."""

from __future__ import annotations

from uuid import UUID

from core.catalogue import publication
from core.catalogue.editing import own
from core.catalogue.models import ListingRow
from core.catalogue.schedule import PUBLISH, UNPUBLISH, schedule
from core.catalogue.states import LISTING
from core.catalogue.values import Seller
from core.catalogue.withholding import REASON as WITHHELD
from core.hooks.events import SubjectEvent
from core.hooks.runtime import move, publish
from core.kernel import audit, clock, jobs
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock
from core.kernel.tenancy import current


def is_review_needed() -> bool:
    """Tell whether the operator looks at listings before they go on the shelf: the setting `review_listings`."""
    return current().setting("review_listings", False) is True


def submit(listing_id: UUID, seller: Seller) -> str:
    """Hand a draft in and return its new state: "review", or at once "live" (or "hidden" until its day).

    Raise Invalid if it is not fit for the shelf, Conflict if the merchant may not sell yet.
    """
    row = own(listing_id, seller.merchant_id)
    if not seller.is_approved:
        raise Conflict("catalogue.merchant_not_approved", _("You can publish once the marketplace has approved you"))
    publication.check(row)
    if is_review_needed() and not seller.is_trusted:
        _move(row, "review")
        return row.state
    return _shelve(row)


def _shelve(row: ListingRow) -> str:
    """Put a listing on the shelf, or aside until its day."""
    now = clock.now()
    waits = row.publish_at is not None and row.publish_at > now
    _move(row, "hidden" if waits else "live")
    if not waits and row.published_at is None:
        row.published_at = now
    return row.state


def _move(row: ListingRow, target: str, **facts: audit.Plain) -> None:
    move(LISTING, row, target, **facts)
    told = {"merchant_id": str(row.merchant_id), "category_id": str(row.category_id), "title": row.title, **facts}
    publish(SubjectEvent(new_id(), clock.now(), "listing", target, row.id, told), subject=row.id)


def _any(listing_id: UUID) -> ListingRow:
    row = next(iter(lock(ListingRow, [listing_id])), None)
    if row is None:
        raise Missing("catalogue.no_listing", _("There is no such listing"))
    return row


def _reason(reason: str) -> str:
    if not 0 < len(reason.strip()) <= 1000:
        message = _("Give the reason in at most 1,000 characters; the merchant reads it")
        raise Invalid("catalogue.no_reason", message, fields=(FieldError("reason", message),))
    return reason.strip()


def _in_review(listing_id: UUID) -> ListingRow:
    row = _any(listing_id)
    if row.state != "review":
        raise Conflict("catalogue.not_in_review", _("This listing does not wait for a review"))
    return row


def approve(listing_id: UUID) -> str:
    """Let a reviewed listing on the shelf and return its state. Raise Invalid if it has become unfit."""
    row = _in_review(listing_id)
    publication.check(row)
    row.blocked_reason = ""
    return _shelve(row)


def ask_for_changes(listing_id: UUID, reason: str) -> None:
    """Send a listing under review back to its merchant, who reads the reason."""
    row, text = _in_review(listing_id), _reason(reason)
    _move(row, "draft", reason=text)
    row.blocked_reason = text


def block(listing_id: UUID, reason: str) -> None:
    """Take a listing off the shelf against its merchant's will; only the operator brings it back."""
    row, text = _any(listing_id), _reason(reason)
    _move(row, "blocked", reason=text)
    row.blocked_reason = text


def unblock(listing_id: UUID) -> None:
    """Lift a block; the listing is hidden then, for its merchant to publish. Raise Conflict if it is not blocked."""
    row = _any(listing_id)
    if row.state != "blocked":
        raise Conflict("catalogue.not_blocked", _("This listing is not blocked"))
    _move(row, "hidden")
    row.blocked_reason = ""


def hide(listing_id: UUID, merchant_id: UUID) -> None:
    """Take a listing off the shelf; its day on the shelf, if any, is forgotten."""
    row = own(listing_id, merchant_id)
    if row.state != "live":
        raise Conflict("catalogue.not_live", _("This listing is not on the shelf"))
    _move(row, "hidden")
    schedule(row, None, row.unpublish_at)


def unhide(listing_id: UUID, merchant_id: UUID) -> None:
    """Put a hidden listing on the shelf again, now. Raise Invalid if it is not fit for it."""
    row = own(listing_id, merchant_id)
    if row.state != "hidden":
        raise Conflict("catalogue.not_hidden", _("This listing is not hidden"))
    if row.blocked_reason == WITHHELD:
        raise Conflict("catalogue.merchant_not_approved", _("Your listings are off the shelf while you may not sell"))
    publication.check(row)
    ended = row.unpublish_at is not None and row.unpublish_at <= clock.now()
    if row.published_at is None and _was_never_passed(row):
        _move(row, "review")
        return
    schedule(row, None, None if ended else row.unpublish_at)
    _shelve(row)


def _was_never_passed(row: ListingRow) -> bool:
    """Whether a block was lifted from something that no review has let through."""
    return is_review_needed() and row.publish_at is None


def archive(listing_id: UUID, merchant_id: UUID) -> None:
    """Put a listing away; its orders and history stay."""
    row = own(listing_id, merchant_id)
    _move(row, "archived")
    schedule(row, None, None)


def restore(listing_id: UUID, merchant_id: UUID) -> None:
    """Take a listing out of the archive, as a draft."""
    _move(own(listing_id, merchant_id), "draft")


def _due(payload: jobs.Payload) -> ListingRow | None:
    return next(iter(lock(ListingRow, [UUID(payload["listing_id"])])), None)


@jobs.job(PUBLISH)
def _publish(payload: jobs.Payload) -> None:
    """Bring an approved listing on the shelf on its day, if it is still fit for it; otherwise its merchant is told."""
    row = _due(payload)
    if row is None or row.state != "hidden" or row.publish_at is None or row.publish_at > clock.now():
        return
    if row.blocked_reason == WITHHELD:
        return
    try:
        publication.check(row)
    except Invalid as error:
        row.blocked_reason = error.message.format(**error.facts)
        audit.record("listing.not_published", "listing", row.id, reason=row.blocked_reason)
        return
    row.publish_at, row.blocked_reason = None, ""
    _shelve(row)


@jobs.job(UNPUBLISH)
def _unpublish(payload: jobs.Payload) -> None:
    row = _due(payload)
    if row is None or row.state != "live" or row.unpublish_at is None or row.unpublish_at > clock.now():
        return
    _move(row, "hidden")
