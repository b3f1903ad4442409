"""A buyer's cart among their personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from core.checkout.models import CartLineRow, CartRow
from core.compliance.held import gone
from core.compliance.parts import Part, Person, Record, records, register
from core.hooks.data import Erasure


def _export(who: Person) -> Mapping[str, Sequence[Record]]:
    carts = select(CartRow.id).where(CartRow.customer_id.in_(who.customer_ids))
    return {
        "carts": records(CartRow, CartRow.customer_id.in_(who.customer_ids), without=("token_digest",)),
        "cart_lines": records(CartLineRow, CartLineRow.cart_id.in_(carts)),
    }


def _erase(who: Person) -> Sequence[Erasure]:
    return [Erasure("carts", gone(delete(CartRow).where(CartRow.customer_id.in_(who.customer_ids))))]


register(Part("cart", _export, _erase))
