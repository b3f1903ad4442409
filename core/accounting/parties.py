"""Who issues and who receives a document, as the law wants them named: frozen into it when it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow

Plain = Mapping[str, str | list[str]]
_LINES = ("line1", "line2", "city", "region", "postcode", "country")

MERCHANT_SQL = """json_build_object('name', m.name, 'tax_number', m.tax_number,
             'registration_number', m.registration_number, 'email', m.email,
             'address', coalesce((select json_agg(l.line order by l.place)
                 from unnest(array['line1', 'line2', 'city', 'region', 'postcode', 'country'])
                      with ordinality n(name, place)
                 cross join lateral (select m.address ->> n.name as line, n.place) l where l.line <> ''),
               json_build_array(m.country)))"""
"""SQL that makes the same of a merchant's row `m` as `merchant(row).plain()`."""


@dataclass(frozen=True, slots=True)
class PartyOnPaper:
    """A name, an address line by line, and the numbers by which authorities know them."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""
    registration_number: str = ""
    email: str = ""

    def plain(self) -> dict[str, str | list[str]]:
        """Return the party as JSON keeps it."""
        return {
            "name": self.name, "address": list(self.address), "tax_number": self.tax_number,
            "registration_number": self.registration_number, "email": self.email,
        }  # fmt: skip


def stored(value: Mapping[str, object]) -> PartyOnPaper:
    """Return a party that was frozen into a document."""
    address = value.get("address")
    lines = tuple(str(line) for line in address) if isinstance(address, list) else ()
    texts = {name: str(value.get(name) or "") for name in ("name", "tax_number", "registration_number", "email")}
    return PartyOnPaper(address=lines, **texts)


def platform() -> PartyOnPaper:
    """Return the marketplace: what its settings say, else what is known of it as a merchant of its own."""
    house = session().scalars(select(MerchantRow).where(MerchantRow.is_house)).one_or_none()
    known = merchant(house) if house else PartyOnPaper(current().name)
    address = str(current().setting("legal_address") or "")
    return PartyOnPaper(
        str(current().setting("legal_name") or "") or (known.name if house and house.address else current().name),
        tuple(line.strip() for line in address.splitlines() if line.strip()) or known.address,
        str(current().setting("tax_number") or "") or known.tax_number,
        str(current().setting("registration_number") or "") or known.registration_number,
        str(current().setting("support_email") or "") or known.email,
    )


def merchant(row: MerchantRow) -> PartyOnPaper:
    """Return a merchant as it is on file."""
    lines = address_lines(row.address) or ((row.country,) if row.country else ())
    return PartyOnPaper(row.name, lines, row.tax_number, row.registration_number, row.email)


def address_lines(address: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of an address without the name."""
    return tuple(address[name] for name in _LINES if address.get(name))
