"""Bank accounts that transfers by hand go to: sealed at rest, shown by their last digits, changed slowly.

A first account may be paid to at once. A changed one rests for some days, in which nothing is paid out and the
merchant can still say that it was not them; the operator may end the rest after a call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit, clock
from core.kernel.config import Config
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.secrets import Vault
from core.payments.bank_models import BankAccountRow

REST = timedelta(days=3)
"""For how long a changed account is not paid to."""
_vaults: list[Vault] = []
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_LOCAL = re.compile(r"[A-Z0-9]{4,34}")


def configure(config: Config) -> None:
    """Seal with the installation's key."""
    _vaults[:] = [Vault(config)]


def _vault() -> Vault:
    if not _vaults:
        raise RuntimeError("no vault is set; web.app does it")
    return _vaults[0]


@dataclass(frozen=True, slots=True)
class Details:
    """What is written about an account: an IBAN, or a local number with the bank's code (BIC, sort code, CNAPS)."""

    holder: str
    number: str
    bank_code: str = ""
    bank_name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account as pages show it; `masked` has its last digits alone."""

    id: UUID
    holder: str
    masked: str
    bank_code: str
    bank_name: str
    country: str
    is_iban: bool
    by_name: str
    created_at: datetime
    usable_from: datetime

    @property
    def rests(self) -> bool:
        """Whether it was changed so lately that nothing is paid to it yet."""
        return self.usable_from > clock.now()


def write(merchant_id: UUID | None, details: Details) -> BankAccount:
    """Take an account, of a merchant or (None) of the marketplace; a changed one rests first. Raise Invalid by field.

    The same details again change nothing.
    """
    plain = _checked(details)
    lock_name(f"bank_account:{merchant_id}")
    before = _present(merchant_id)
    if before is not None and _same(before, plain):
        return _value(before)
    now = clock.now()
    rests = before is not None and merchant_id is not None
    row = BankAccountRow(
        id=new_id(), merchant_id=merchant_id, holder=plain.holder, sealed_number=_vault().seal(plain.number),
        ending=plain.number[-4:], bank_code=plain.bank_code, bank_name=plain.bank_name, country=plain.country,
        is_iban=is_iban(plain.number), by_kind=audit.actor().kind, by_name=audit.actor().name, created_at=now,
        usable_from=now + REST if rests else now,
    )  # fmt: skip
    if before is not None:
        before.replaced_at = now
        session().flush()
    session().add(row)
    session().flush()
    audit.record(
        "bank_account.changed" if before else "bank_account.added", "merchant", merchant_id, ending=row.ending,
        before=before.ending if before else "", holder=row.holder,
    )  # fmt: skip
    return _value(row)


def end_rest(merchant_id: UUID) -> BankAccount:
    """Pay to a changed account from now on: a person has made sure who changed it. Raise Missing."""
    row = _present(merchant_id)
    if row is None:
        raise Missing("bank_account.none", _("There are no bank details"))
    row.usable_from = min(row.usable_from, clock.now())
    audit.record("bank_account.rest_ended", "merchant", merchant_id, ending=row.ending)
    return _value(row)


def of_merchant(merchant_id: UUID | None) -> BankAccount | None:
    """Return the present account, of a merchant or (None) of the marketplace."""
    row = _present(merchant_id)
    return _value(row) if row else None


def opened(row: BankAccountRow) -> str:
    """Return an account's number in clear, for a payment file. Raise Unavailable if the key has changed."""
    return _vault().open(row.sealed_number)


def is_iban(number: str) -> bool:
    """Tell whether a number without spaces is an IBAN whose check digits hold."""
    if not _IBAN.fullmatch(number):
        return False
    digits = "".join(str(int(char, 36)) for char in number[4:] + number[:4])
    return int(digits) % 97 == 1


def _present(merchant_id: UUID | None) -> BankAccountRow | None:
    query = select(BankAccountRow).where(
        BankAccountRow.merchant_id.is_not_distinct_from(merchant_id), BankAccountRow.replaced_at.is_(None)
    )
    return session().scalars(query).one_or_none()


def _same(row: BankAccountRow, plain: Details) -> bool:
    stored = Details(row.holder, opened(row), row.bank_code, row.bank_name, row.country)
    return stored == plain


def _checked(details: Details) -> Details:
    plain = Details(
        " ".join(details.holder.split())[:70], re.sub(r"[\s-]", "", details.number).upper(),
        re.sub(r"[\s-]", "", details.bank_code).upper()[:20], " ".join(details.bank_name.split())[:70],
        details.country.strip().upper()[:2],
    )  # fmt: skip
    wrong = tuple(_faults(plain))
    if wrong:
        raise Invalid("bank_account.invalid", _("The bank details cannot be right"), fields=wrong)
    return plain


def _faults(plain: Details) -> list[FieldError]:
    wrong = []
    if not plain.holder:
        wrong.append(FieldError("holder", _("Name the holder as the bank knows it")))
    if not _LOCAL.fullmatch(plain.number):
        wrong.append(FieldError("number", _("Give an IBAN, or the account's number")))
    elif _IBAN.fullmatch(plain.number) and not is_iban(plain.number):
        wrong.append(FieldError("number", _("This IBAN has a typing error: its check digits do not fit")))
    elif not is_iban(plain.number) and not plain.bank_code:
        wrong.append(FieldError("bank_code", _("Without an IBAN the bank's code is needed")))
    if is_iban(plain.number) and plain.bank_code and not _BIC.fullmatch(plain.bank_code):
        wrong.append(FieldError("bank_code", _("A BIC has 8 or 11 letters and digits")))
    if len(plain.country) != 2:
        wrong.append(FieldError("country", _("Choose the bank's country")))
    return wrong


def _value(row: BankAccountRow) -> BankAccount:
    lead = row.country if row.is_iban else ""
    return BankAccount(
        row.id, row.holder, f"{lead} •••• {row.ending}".strip(), row.bank_code, row.bank_name, row.country, row.is_iban,
        row.by_name, row.created_at, row.usable_from,
    )  # fmt: skip
