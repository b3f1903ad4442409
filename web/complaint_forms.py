"""Reading complaints and notices from forms: what an address of goods or of a shop names."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import request
from sqlalchemy import select

from core.catalogue.models import ListingRow
from core.kernel.db import session
from core.merchants.models import ShopRow
from core.orders.models import OrderRow


def _last(text: str) -> str:
    return urlsplit(text.strip()).path.rstrip("/").rpartition("/")[2][:200]


def listing_of(text: str) -> UUID | None:
    """Return the goods that an address, or its last part, names; None if there are none."""
    slug = _last(text)
    return session().scalar(select(ListingRow.id).where(ListingRow.slug == slug)) if slug else None


def merchant_of(text: str) -> UUID | None:
    """Return the merchant of the shop that an address, or its last part, names; None if there is none."""
    slug = _last(text)
    return session().scalar(select(ShopRow.merchant_id).where(ShopRow.slug == slug)) if slug else None


def order_of(number: str) -> UUID | None:
    """Return the order of a number; for the marketplace's staff alone."""
    return session().scalar(select(OrderRow.id).where(OrderRow.number == number.strip())) if number.strip() else None


def word(name: str) -> str:
    """Return what was typed into a field."""
    return request.form.get(name, "").strip()
