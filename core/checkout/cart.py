"""The cart: what a buyer means to buy. Guests are known by a token in a cookie, buyers by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update

from core.checkout import goods
from core.checkout.models import CartLineRow, CartRow
from core.kernel import clock
from core.kernel.db import fetched, session, written
from core.kernel.errors import Conflict, Invalid, Missing, _
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.kernel.tenancy import current_id

MOST_LINES, MOST_UNITS, MOST_CODES, MOST_ANSWERS = 100, 999, 5, 50


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose cart: a customer's, or a guest's by the token of the cookie."""

    customer_id: UUID | None = None
    token: str | None = None


class Held(NamedTuple):
    """A cart by its key, for who needs nothing else of it."""

    id: UUID


class Cart(NamedTuple):
    """A cart as it is read: its codes, the choice of delivery by shop, and the answers by question."""

    id: UUID
    codes: list[str]
    deliveries: dict[str, str]
    answers: dict[str, str]


_BY_CUSTOMER, _BY_TOKEN = "customer_id = %(customer)s", "token_digest = %(token)s"  # no password
_FIND = "select id, codes, deliveries, answers from carts where tenant_id = %(tenant)s and"


def find(owner: Owner) -> Cart | None:
    """Return the owner's cart as it is, if there is one; `open_cart` returns one to change."""
    if owner.customer_id is not None:
        found = fetched(f"{_FIND} {_BY_CUSTOMER}", {"tenant": current_id(), "customer": owner.customer_id})
    elif owner.token:
        found = fetched(f"{_FIND} {_BY_TOKEN}", {"tenant": current_id(), "token": digest(owner.token)})
    else:
        return None
    return Cart._make(found[0]) if found else None


_OPEN = """
    insert into carts (tenant_id, id, customer_id, token_digest, codes, deliveries, answers, version, changed_at)
    values (%(tenant)s, %(id)s, %(customer)s, %(token)s, '[]', '{}', '{}', 1, %(now)s)"""


def hold(owner: Owner) -> tuple[Held, str | None]:
    """Do as `open_cart`, for putting something in: a third of its cost."""
    fresh = None if owner.customer_id or owner.token else token()
    values = {"tenant": current_id(), "customer": owner.customer_id,
              "token": None if owner.customer_id else digest(owner.token or fresh or "")}  # fmt: skip
    found = None if fresh else find(owner)
    if found is not None:
        return Held(found.id), None
    made = Held(new_id())
    written(_OPEN, {**values, "id": made.id, "now": clock.now()})
    return made, fresh


def open_cart(owner: Owner) -> tuple[CartRow, str | None]:
    """Return the owner's cart, made if needed, and a new guest's token to put into the cookie."""
    found = _row(owner)
    if found is not None:
        return found, None
    fresh = None if owner.customer_id or owner.token else token()
    secret = owner.token or fresh
    row = CartRow(
        id=new_id(),
        customer_id=owner.customer_id,
        token_digest=None if owner.customer_id else digest(secret or ""),
        codes=[],
        deliveries={},
        answers={},
    )
    session().add(row)
    session().flush()
    return row, fresh


def _row(owner: Owner) -> CartRow | None:
    query = select(CartRow)
    if owner.customer_id is not None:
        query = query.where(CartRow.customer_id == owner.customer_id)
    elif owner.token:
        query = query.where(CartRow.token_digest == digest(owner.token))
    else:
        return None
    return session().scalars(query).one_or_none()


_COUNT = """
    select coalesce(sum(l.quantity), 0) from carts c join cart_lines l on l.tenant_id = c.tenant_id and l.cart_id = c.id
     where c.tenant_id = %(tenant)s and """


def count(owner: Owner) -> int:
    """Return how many units the cart holds."""
    if owner.customer_id is not None:
        rows = fetched(f"{_COUNT} c.customer_id = %(owner)s", {"tenant": current_id(), "owner": owner.customer_id})
    elif owner.token:
        rows = fetched(f"{_COUNT} c.token_digest = %(owner)s", {"tenant": current_id(), "owner": digest(owner.token)})
    else:
        return 0
    return int(rows[0][0])


_UNITS = """
    select coalesce(sum(quantity), 0) from cart_lines where tenant_id = %(tenant)s and cart_id = %(cart)s"""


def units(cart: CartRow | Held) -> int:
    """Return how many units a cart holds."""
    return int(fetched(_UNITS, {"tenant": current_id(), "cart": cart.id})[0][0])


def add(cart: CartRow | Held, variant_id: UUID, quantity: int) -> int:
    """Add units of a variant; return how many of it the cart holds now.

    Raise Missing for an unknown variant, Conflict if it is not sold or there are too few, Invalid for a bad number.
    """
    if not 1 <= quantity <= MOST_UNITS:
        raise Invalid("cart.quantity", _("Choose between 1 and {most}"), most=MOST_UNITS)
    good = goods.find([variant_id]).get(variant_id)
    if good is None:
        raise Missing("cart.no_such_variant", _("This is not sold here"))
    if good.reason:
        raise Conflict(f"cart.{good.reason}", REASONS[good.reason])
    held, lines = fetched(_HELD, {"tenant": current_id(), "cart": cart.id, "variant": variant_id})[0]
    wanted = (held or 0) + quantity
    if wanted > good.available:
        raise Conflict("cart.too_few", _("Only {left} are left"), left=good.available)
    if held is None and lines >= MOST_LINES:
        raise Conflict("cart.full", _("A cart holds at most {most} different things"), most=MOST_LINES)
    _put(cart, variant_id, min(wanted, MOST_UNITS), good.price.minor)
    return wanted


REASONS = {
    "not_sold": _("This is no longer sold"),
    "shop_away": _("The shop is away at the moment"),
    "sold_out": _("This is sold out"),
}


_HELD = """
    select sum(quantity) filter (where variant_id = %(variant)s), count(*) from cart_lines
     where tenant_id = %(tenant)s and cart_id = %(cart)s"""
_PUT = """
    with line as (
      insert into cart_lines (tenant_id, id, cart_id, variant_id, quantity, seen_minor, is_selected, added_at)
      values (%(tenant)s, %(id)s, %(cart)s, %(variant)s, %(quantity)s, %(seen)s, true, %(now)s)
      on conflict (tenant_id, cart_id, variant_id) do update
         set quantity = excluded.quantity, seen_minor = excluded.seen_minor, is_selected = true)
    update carts set version = version + 1, changed_at = %(now)s where tenant_id = %(tenant)s and id = %(cart)s"""


def _put(cart: CartRow | Held, variant_id: UUID, quantity: int, seen_minor: int) -> None:
    written(_PUT, {"tenant": current_id(), "id": new_id(), "cart": cart.id, "variant": variant_id,
                   "quantity": quantity, "seen": seen_minor, "now": clock.now()})  # fmt: skip


def _touch(cart: CartRow) -> None:
    session().execute(
        update(CartRow).where(CartRow.id == cart.id).values(version=CartRow.version + 1, changed_at=clock.now())
    )


class CartLine(NamedTuple):
    """A line of a cart as it is read; `seen_minor` is the price when it was last shown."""

    id: UUID
    variant_id: UUID
    quantity: int
    seen_minor: int
    is_selected: bool


_LINES = """
    select id, variant_id, quantity, seen_minor, is_selected from cart_lines
     where tenant_id = %(tenant)s and cart_id = %(cart)s order by added_at, id"""


def lines_of(cart: CartRow | Cart) -> list[CartLine]:
    """Return the cart's lines in the order of adding."""
    return [CartLine._make(row) for row in fetched(_LINES, {"tenant": current_id(), "cart": cart.id})]


def _line(cart: CartRow, line_id: UUID) -> CartLineRow:
    query = select(CartLineRow).where(CartLineRow.cart_id == cart.id, CartLineRow.id == line_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise Missing("cart.no_line", _("This is not in the cart any more"))
    return row


def set_quantity(cart: CartRow, line_id: UUID, quantity: int) -> None:
    """Set how many units a line has; 0 takes it out. Raise Conflict where there are fewer."""
    row = _line(cart, line_id)
    if quantity == 0:
        session().delete(row)
        _touch(cart)
        return
    if not 1 <= quantity <= MOST_UNITS:
        raise Invalid("cart.quantity", _("Choose between 1 and {most}"), most=MOST_UNITS)
    good = goods.find([row.variant_id]).get(row.variant_id)
    if good is not None and quantity > max(good.available, row.quantity):
        raise Conflict("cart.too_few", _("Only {left} are left"), left=good.available)
    row.quantity = quantity
    _touch(cart)


def select_line(cart: CartRow, line_id: UUID, *, selected: bool) -> None:
    """Take a line into the next purchase, or leave it in the cart for later."""
    _line(cart, line_id).is_selected = selected
    _touch(cart)


def accept_prices(cart: CartRow) -> None:
    """Note that the buyer has seen today's prices."""
    rows = session().scalars(select(CartLineRow).where(CartLineRow.cart_id == cart.id)).all()
    found = goods.find(row.variant_id for row in rows)
    for row in rows:
        if row.variant_id in found:
            row.seen_minor = found[row.variant_id].price.minor


def add_code(cart: CartRow, code: str) -> None:
    """Add a coupon's code; whether it counts shows in the quote. Raise Invalid for text that is no code."""
    clean = code.strip().upper()
    if not clean or len(clean) > 40:
        raise Invalid("cart.code", _("Type the code as it was given to you"))
    if clean not in cart.codes:
        if len(cart.codes) >= MOST_CODES:
            raise Conflict("cart.codes", _("At most {most} codes at a time"), most=MOST_CODES)
        cart.codes = [*cart.codes, clean]
        _touch(cart)


def remove_code(cart: CartRow, code: str) -> None:
    """Take a code out of the cart."""
    cart.codes = [held for held in cart.codes if held != code]
    _touch(cart)


def choose_delivery(cart: CartRow, shop_id: UUID, code: str) -> None:
    """Choose how one shop delivers; a choice that is not offered shows in the quote."""
    cart.deliveries = {**cart.deliveries, str(shop_id): code}
    _touch(cart)


def answer(cart: CartRow, answers: Mapping[str, str]) -> None:
    """Keep what the buyer answers to checkout questions, by name; an empty answer takes one back.

    Raise Conflict for more answers than a checkout has.
    """
    kept = {name: text for name, text in {**cart.answers, **answers}.items() if text}
    if len(kept) > MOST_ANSWERS or any(len(name) > 100 or len(text) > 1000 for name, text in kept.items()):
        raise Conflict("cart.answers", _("This is more than a checkout asks; reload the page"))
    if kept != cart.answers:
        cart.answers = kept
        _touch(cart)


def merge(guest: Owner, customer_id: UUID) -> None:
    """Move a guest's cart into the buyer's own when they sign in; units of one variant add up."""
    source = find(guest) if guest.token and guest.customer_id is None else None
    if source is None:
        return
    target, _fresh = open_cart(Owner(customer_id=customer_id))
    held = {row.variant_id: row.quantity for row in lines_of(target)}
    for row in lines_of(source):
        _put(target, row.variant_id, min(row.quantity + held.get(row.variant_id, 0), MOST_UNITS), row.seen_minor)
    target.codes = list(dict.fromkeys([*target.codes, *source.codes]))[:MOST_CODES]
    session().execute(delete(CartRow).where(CartRow.id == source.id))


_TAKE_OUT = """
    with bought as (
      delete from cart_lines where tenant_id = %(tenant)s and cart_id = %(cart)s and id = any(%(lines)s))
    update carts set codes = '[]', answers = '{}', version = version + 1, changed_at = %(now)s
     where tenant_id = %(tenant)s and id = %(cart)s"""


def take_out(cart: CartRow | Cart, line_ids: list[UUID]) -> None:
    """Remove the lines that were bought, and the codes and answers that were used with them."""
    written(_TAKE_OUT, {"tenant": current_id(), "cart": cart.id, "lines": line_ids, "now": clock.now()})
