"""Named places of core's pages that plugins fill; what they give is read inside the page's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template
from markupsafe import Markup

from core.hooks.runtime import plugins
from core.hooks.surfaces import Fragment, Page, page_slots
from core.hooks.types import Viewer
from core.http.edge import principal
from core.kernel.tenancy import current

SLOTS: Mapping[str, str] = {
    "product.below_price": "Beside the price of a product",
    "product.seller": "More about who sells a product",
    "product.below": "Below a product's description",
    "account.home": "On the overview of a buyer's account",
    "cart.group": "Beside a shop's name in the cart",
    "cart.actions": "Below the cart's way to checkout; the subject has the `total`",
    "order.seller": "Beside a shop's name on a buyer's order",
    "order.charge": "How a charge on an order came about; the subject is its kind and its stored explanation",
    "sell.fees": "What selling costs, on the page that invites merchants",
    "merchant.home": "What needs the merchant today",
    "merchant.review": "More about an applicant, on the operator's page of a merchant",
}
"""Each slot and what stands there."""


def filled(slot: str, subject: Mapping[str, object], viewer: Viewer | None = None) -> Sequence[Fragment]:
    """Return what plugins put into a slot about a subject, in their order. Raise LookupError for an unknown slot.

    `viewer` is the buyer who looks, on pages of the storefront.
    """
    if slot not in SLOTS:
        raise LookupError(f"add {slot!r} to core.http.slots")
    asked = Page(slot, subject, viewer=viewer, actor=principal().as_actor())
    return sorted(plugins().collect(page_slots, tenant=current(), page=asked), key=lambda piece: piece.position)


def drawn(pieces: Sequence[Fragment]) -> Markup:
    """Render the pieces of a slot one after the other."""
    return Markup("").join(Markup(render_template(p.template, **p.context)) for p in pieces)  # noqa: S704
