"""Who is billed and who bills: a marketplace's account with the platform, and the platform's own company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.accounting.parties import PartyOnPaper
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.money import Money
from tenants.billing.facts import Customer, Grant
from tenants.billing.models import AccountRow, CompanyRow
from tenants.countries import is_country, is_currency
from tenants.values import PLATFORM

_MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Company:
    """The platform's legal entity; `id` is None while nobody has said who it is: then no invoice is issued."""

    id: UUID | None = None
    series: int = 1
    name: str = ""
    address: str = ""
    country: str = ""
    tax_number: str = ""
    registration_number: str = ""
    email: str = ""
    bank: str = ""
    currency: str = PLATFORM.currency
    tax_bps: int = 0
    tax_rates: Mapping[str, int] = field(default_factory=dict)
    due_days: int = 14
    remind_days: Sequence[int] = (1, 7, 14)
    propose_days: int = 30

    @property
    def mark(self) -> str:
        """What numbers of its invoices begin with after the kind; the first company has none."""
        return str(self.series) if self.series > 1 else ""

    @property
    def party(self) -> PartyOnPaper:
        """The company as invoices name it."""
        return PartyOnPaper(self.name, _lines(self.address), self.tax_number, self.registration_number, self.email)


@dataclass(frozen=True, slots=True)
class Card:
    """A saved card as people know it; `until` is such as "12/2034"."""

    brand: str
    last4: str
    until: str


@dataclass(frozen=True, slots=True)
class Account:
    """How a marketplace is billed. `collection` is "charge" or "send"; `card` is None while none is saved."""

    customer_id: UUID
    name: str = ""
    address: str = ""
    country: str = ""
    tax_number: str = ""
    email: str = ""
    collection: str = "charge"
    provider_ref: str = ""
    setup_ref: str = ""
    method_ref: str = ""
    card: Card | None = None
    grant: Grant = field(default_factory=Grant)
    patience_until: date | None = None

    def party(self, customer: Customer) -> PartyOnPaper:
        """Return the customer as invoices name it: what it has said, else what is known of the marketplace."""
        country = self.country or customer.country
        return PartyOnPaper(self.name or customer.name, _lines(self.address) or (country,), self.tax_number, "",
                            self.email)  # fmt: skip


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in address.splitlines() if line.strip())


def company() -> Company:
    """Return the company that issues invoices."""
    query = select(CompanyRow).where(CompanyRow.tenant_id == PLATFORM.id).order_by(CompanyRow.series.desc()).limit(1)
    row = session().scalars(query).one_or_none()
    if row is None:
        return Company()
    return Company(
        row.id, row.series, row.name, row.address, row.country, row.tax_number, row.registration_number, row.email, row.bank,
        row.currency, row.tax_bps, dict(row.tax_rates), row.due_days, tuple(row.remind_days), row.propose_days,
    )  # fmt: skip


def change_company(given: Company, *, is_another: bool = False) -> UUID:
    """Keep who the company is; another legal entity begins a series of numbers of its own. Raise Invalid by field.

    On the platform's ground.
    """
    _check_company(given)
    lock_name("billing.company")
    known = company()
    if known.id is None or is_another:
        series = known.series + 1 if known.id else 1
        row = CompanyRow(tenant_id=PLATFORM.id, id=new_id(), series=series)
        session().add(row)
    else:
        row = session().scalars(select(CompanyRow).where(CompanyRow.id == known.id).with_for_update()).one()
    for name in ("name", "address", "country", "tax_number", "registration_number", "email", "bank", "currency",
                 "tax_bps", "due_days", "propose_days"):  # fmt: skip
        setattr(row, name, getattr(given, name))
    row.tax_rates, row.remind_days = dict(given.tax_rates), sorted(set(given.remind_days))
    session().flush()
    audit.record("billing.company", "billing_company", row.id, name=row.name, country=row.country)
    return row.id


def _check_company(given: Company) -> None:
    rates = [given.tax_bps, *given.tax_rates.values()]
    days = [given.due_days, given.propose_days, *given.remind_days]
    rules = (
        ("name", _("Say what the company is called"), bool(given.name.strip())),
        ("address", _("Say where the company is"), bool(given.address.strip())),
        ("country", _("Give the country as two letters, such as IE"), is_country(given.country)),
        ("currency", _("Give the currency as three letters, such as EUR"), is_currency(given.currency)),
        ("tax_rates", _("Give a rate between 0 and 100 per cent for each country"),
         all(0 <= rate <= 10_000 for rate in rates) and all(map(is_country, given.tax_rates))),
        ("remind_days", _("Give days between 0 and 365"), all(0 <= day <= _MOST_DAYS for day in days)),
    )  # fmt: skip
    _refuse([FieldError(path, message) for path, message, holds in rules if not holds])


def _refuse(wrong: Sequence[FieldError]) -> None:
    if wrong:
        raise Invalid("billing.invalid", _("This cannot be saved like this"), fields=tuple(wrong))


def _row(customer_id: UUID) -> AccountRow | None:
    query = select(AccountRow).where(AccountRow.tenant_id == PLATFORM.id, AccountRow.customer_id == customer_id)
    return session().scalars(query).one_or_none()


def locked(customer_id: UUID) -> AccountRow:
    """Return a marketplace's account to be changed, made if there is none. On the platform's ground."""
    query = select(AccountRow).where(AccountRow.tenant_id == PLATFORM.id, AccountRow.customer_id == customer_id)
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        row = AccountRow(tenant_id=PLATFORM.id, id=new_id(), customer_id=customer_id)
        session().add(row)
        session().flush()
    return row


def account(customer_id: UUID) -> Account:
    """Return how a marketplace is billed."""
    row = _row(customer_id)
    if row is None:
        return Account(customer_id)
    fixed = Money(row.discount_minor, row.discount_currency) if row.discount_minor else None
    card = Card(row.card["brand"], row.card["last4"], row.card["until"]) if row.card else None
    return Account(
        row.customer_id, row.name, row.address, row.country, row.tax_number, row.email, row.collection,
        row.provider_ref, row.setup_ref, row.method_ref, card,
        Grant(row.trial_until, row.discount_bps, fixed, row.discount_until), row.patience_until,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Details:
    """What a marketplace says of itself for its invoices, and how it wants to pay."""

    name: str
    address: str
    country: str
    tax_number: str
    email: str
    collection: str


def change_details(customer_id: UUID, given: Details) -> None:
    """Keep what stands on a marketplace's next invoices. Raise Invalid by field. On the platform's ground."""
    rules = (
        ("name", _("Say who is billed"), 0 < len(given.name.strip()) <= 200),
        ("address", _("Give the address that stands on invoices"), 0 < len(given.address.strip()) <= 500),
        ("country", _("Give the country as two letters, such as IE"), is_country(given.country)),
        ("email", _("Give an e-mail address"), "@" in given.email and len(given.email) <= 200),
        ("tax_number", _("A tax number has at most 40 characters"), len(given.tax_number) <= 40),
        ("collection", _("Choose how invoices are paid"), given.collection in ("charge", "send")),
    )
    _refuse([FieldError(path, message) for path, message, holds in rules if not holds])
    row = locked(customer_id)
    row.name, row.address, row.country = given.name.strip(), given.address.strip(), given.country
    row.tax_number, row.email, row.collection = given.tax_number.strip(), given.email.strip(), given.collection
    audit.record("billing.details", "tenant", customer_id, country=row.country, collection=row.collection)


def change_grant(customer_id: UUID, grant: Grant) -> None:
    """Give a marketplace a discount or days of trial, or take them back. Raise Invalid. On the platform's ground."""
    fixed = grant.discount
    rules = (
        ("discount_bps", _("A discount lies between 0 and 100 per cent"), 0 <= grant.discount_bps <= 10_000),
        ("discount", _("A discount is not negative"), fixed is None or fixed.minor >= 0),
        ("discount_until", _("Say until when the discount is given"),
         grant.discount_until is not None or not (grant.discount_bps or fixed)),
    )  # fmt: skip
    _refuse([FieldError(path, message) for path, message, holds in rules if not holds])
    row = locked(customer_id)
    row.discount_bps, row.discount_until, row.trial_until = grant.discount_bps, grant.discount_until, grant.trial_until
    row.discount_minor, row.discount_currency = (fixed.minor, fixed.currency) if fixed else (0, "")
    audit.record("billing.grant", "tenant", customer_id, discount_bps=row.discount_bps,
                 discount_minor=row.discount_minor, discount_until=str(row.discount_until),
                 trial_until=str(row.trial_until))  # fmt: skip
