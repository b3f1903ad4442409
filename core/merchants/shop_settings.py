"""What a merchant says about a shop: name, story, pictures, policies, addresses, hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from core.kernel import audit
from core.kernel.errors import FieldError, Invalid, _
from core.merchants import shops
from core.merchants.files import require_own
from core.merchants.models import ShopRow
from core.merchants.values import ADDRESS_FIELDS, DAYS, POLICIES, Shop, shop_of

LONGEST_TEXT = 20_000
_SPAN = r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)"
_HOURS = re.compile(rf"{_SPAN}(, ?{_SPAN})*")


def describe(merchant_id: UUID | None, shop_id: UUID, *, name: str, story: str = "", city: str = "") -> Shop:
    """Set name, story (Markdown) and town of a shop."""
    if not 0 < len(name.strip()) <= 80:
        raise _invalid("name", _("Give the shop a name of at most 80 characters"))
    if len(story) > LONGEST_TEXT:
        raise _invalid("story", _("Keep the text below 20,000 characters"))
    row = shops.row(merchant_id, shop_id)
    row.name, row.story, row.city = name.strip(), story.strip(), city.strip()
    return _edited(row, "name story city")


def rename_address(merchant_id: UUID | None, shop_id: UUID, slug: str) -> Shop:
    """Change the shop's address in the storefront. Raise Conflict if it is taken; links to the old one break."""
    row = shops.row(merchant_id, shop_id)
    if slug.strip().lower() == row.slug:
        return shop_of(row)
    row.slug = shops.free_slug(row.name, slug)
    return _edited(row, "slug")


def set_logo(merchant_id: UUID | None, shop_id: UUID, media_id: UUID | None) -> Shop:
    """Show a stored picture as the shop's logo; None takes it away."""
    row = shops.row(merchant_id, shop_id)
    if media_id is not None:
        require_own(row.merchant_id, media_id)
    row.logo_id = media_id
    return _edited(row, "logo")


def set_banner(merchant_id: UUID | None, shop_id: UUID, media_id: UUID | None) -> Shop:
    """Show a stored picture across the shop's page; None takes it away."""
    row = shops.row(merchant_id, shop_id)
    if media_id is not None:
        require_own(row.merchant_id, media_id)
    row.banner_id = media_id
    return _edited(row, "banner")


def set_policies(merchant_id: UUID | None, shop_id: UUID, policies: Mapping[str, str], *, return_days: int) -> Shop:
    """Set the texts (Markdown, by POLICIES' names) and for how many days goods may be sent back, 0 to 365."""
    if not 0 <= return_days <= 365:
        raise _invalid("return_days", _("Give a number of days from 0 to 365"))
    for name in POLICIES:
        if len(policies.get(name, "")) > LONGEST_TEXT:
            raise _invalid(name, _("Keep the text below 20,000 characters"))
    row = shops.row(merchant_id, shop_id)
    row.policies = {name: policies[name].strip() for name in POLICIES if policies.get(name, "").strip()}
    row.return_days = return_days
    return _edited(row, "policies return_days")


def set_return_address(merchant_id: UUID | None, shop_id: UUID, address: Mapping[str, str]) -> Shop:
    """Set where buyers send goods back; fields are those of ADDRESS_FIELDS."""
    wrong = tuple(
        FieldError(name, _("Fill this in."))
        for name in ("line1", "city", "country")
        if not address.get(name, "").strip()
    )
    if wrong:
        raise Invalid("merchants.address", _("The address is not complete"), fields=wrong)
    row = shops.row(merchant_id, shop_id)
    row.return_address = {name: address[name].strip() for name in ADDRESS_FIELDS if address.get(name, "").strip()}
    return _edited(row, "return_address")


def set_hours(merchant_id: UUID | None, shop_id: UUID, hours: Mapping[str, str]) -> Shop:
    """Set opening hours by day ("mon": "09:00-12:30, 14:00-18:00"); a day that is left out is closed."""
    given = {day: hours.get(day, "").replace("–", "-").strip() for day in DAYS}
    wrong = tuple(
        FieldError(day, _("Write hours such as 09:00-17:30"))
        for day, text in given.items()
        if text and not _HOURS.fullmatch(text)
    )
    if wrong:
        raise Invalid("merchants.hours", _("Some hours cannot be read"), fields=wrong)
    row = shops.row(merchant_id, shop_id)
    row.hours = {day: text for day, text in given.items() if text}
    return _edited(row, "hours")


def _invalid(path: str, message: str) -> Invalid:
    return Invalid("merchants.shop_invalid", message, fields=(FieldError(path, message),))


def _edited(row: ShopRow, fields: str) -> Shop:
    audit.record("shop.edited", "shop", row.id, fields=fields)
    return shop_of(row)
