"""What laws have the storefront show of a seller: its registration, its licences, and of a caterer whether one can eat there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.compliance import food, licences
from core.compliance.checking import now
from core.compliance.switches import in_force
from core.merchants import directory

_ASK = frozenset({"cn_base", "cn_food", "eu_market"})


@dataclass(frozen=True, slots=True)
class Seller:
    """What buyers see. `licences` are (kind, number); `dine_in` is None for who is no caterer."""

    name: str
    registration_number: str
    address: str
    email: str
    licences: tuple[tuple[str, str], ...]
    dine_in: bool | None


def of_merchant(merchant_id: UUID) -> Seller | None:
    """Return what is shown of a seller; None where no pack asks for it, one query then."""
    if not _ASK & set(in_force().packs):
        return None
    merchant, today = directory.find(merchant_id), now().today
    held = tuple((one.kind, one.number) for one in licences.of_merchant(merchant_id) if one.is_valid(today))
    registered = food.of_merchant(merchant_id)
    is_caterer = registered is not None and registered.kind == "catering" and registered.state == "approved"
    dine_in = bool(registered.stated.get("dine_in")) if registered and is_caterer else None
    address = ", ".join(merchant.address[name] for name in ("line1", "postcode", "city", "country")
                        if merchant.address.get(name))  # fmt: skip
    return Seller(merchant.name, merchant.registration_number, address, merchant.email, held, dine_in)
