"""What a merchant must supply before it may sell: core's own list by kind and country, and what plugins add."""

from __future__ import annotations

from core.hooks.compliance import MerchantSnapshot, Requirement, merchant_requirements
from core.hooks.runtime import plugins
from core.kernel.errors import FieldError, _
from core.kernel.tenancy import current
from core.merchants.models import MerchantRow

DOCUMENT, ATTESTATION, CHECK = "document", "attestation", "check"
_SELL = frozenset({"sell"})
_BOTH = frozenset({"sell", "payout"})

_COMPANY = (
    Requirement("registration", _("Extract from the trade register"), DOCUMENT, _BOTH),
    Requirement("representative", _("Identity document of a legal representative"), DOCUMENT, _BOTH),
)
_PERSON = (Requirement("identity", _("Identity document"), DOCUMENT, _BOTH),)
_CHINESE_COMPANY = (
    Requirement("business_licence", _("Business licence"), DOCUMENT, _BOTH),
    Requirement("representative", _("Identity document of a legal representative"), DOCUMENT, _BOTH),
)
_LAWFUL = Requirement(
    "lawful_goods", _("We offer only goods and services that comply with the law"), ATTESTATION, _SELL
)

_FIELDS = (
    ("name", _("Give the name under which you trade")),
    ("email", _("Give an e-mail address")),
    ("phone", _("Give a telephone number")),
)
_ADDRESS = (
    ("line1", _("Give street and number")),
    ("city", _("Give the town or city")),
    ("country", _("Choose the country")),
)


def required_of(row: MerchantRow) -> tuple[Requirement, ...]:
    """Return what the merchant must supply, core's first; of two with one code the first counts."""
    asked = plugins().collect(merchant_requirements, tenant=current(), merchant=snapshot(row))
    by_code: dict[str, Requirement] = {}
    for requirement in (*_own(row), *asked):
        by_code.setdefault(requirement.code, requirement)
    return tuple(by_code.values())


def snapshot(row: MerchantRow) -> MerchantSnapshot:
    """Return what plugins see of a merchant."""
    return MerchantSnapshot(row.id, row.country, row.kind, current().enabled)


def _own(row: MerchantRow) -> tuple[Requirement, ...]:
    if row.kind == "company":
        return (*(_CHINESE_COMPANY if row.country == "CN" else _COMPANY), _LAWFUL)
    return (*_PERSON, _LAWFUL)


def missing_fields(row: MerchantRow) -> tuple[FieldError, ...]:
    """Return an error for each field of the application that is still empty."""
    wrong = [FieldError(name, text) for name, text in _FIELDS if not getattr(row, name).strip()]
    wrong += [FieldError(f"address.{name}", text) for name, text in _ADDRESS if not row.address.get(name, "").strip()]
    if row.kind == "company" and not row.registration_number.strip():
        wrong.append(FieldError("registration_number", _("Give the number in the trade register")))
    return tuple(wrong)
