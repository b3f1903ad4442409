"""How amounts and numbers are written: by locale, with ISO 4217's digits and the home currency's own sign."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from babel import Locale, numbers

from core.kernel.money import exponent

# The sign a country uses for its own currency; CLDR writes CN¥ and US$ for readers from elsewhere.
_HOME_SIGNS = {"CNY": "¥", "JPY": "¥"} | dict.fromkeys(("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD"), "$")


class Amount(Protocol):
    """What can be written as money: minor units of an ISO 4217 currency."""

    @property
    def minor(self) -> int: ...

    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """An amount cut for display: the number, and the sign before or after it (one of the two is empty)."""

    before: str
    number: str
    after: str


def major(amount: Amount) -> Decimal:
    """Return the exact value in major units."""
    return Decimal(amount.minor).scaleb(-exponent(amount.currency))


def _sign(currency: str, locale: Locale, home: str | None) -> str:
    sign = numbers.get_currency_symbol(currency, locale)
    return _HOME_SIGNS.get(currency, sign) if currency == home else sign


def money(amount: Amount, locale: Locale, *, home: str | None = None) -> str:
    """Write an amount with all its decimals; `home` is the currency that needs no country before its sign."""
    return _written(amount.minor, amount.currency, locale, home)


@lru_cache(maxsize=20_000)
def _written(minor: int, currency: str, locale: Locale, home: str | None) -> str:
    """Write minor units; the same prices are written again and again, and each time takes 50 us."""
    digits = exponent(currency)
    pattern = numbers.parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    value = Decimal(minor).scaleb(-digits)
    text: str = pattern.apply(value, locale, currency=currency, currency_digits=False)
    known = numbers.get_currency_symbol(currency, locale)
    sign = _sign(currency, locale, home)
    if known[-1].isalpha() and text.lstrip("-").startswith(known):
        sign += "\N{NO-BREAK SPACE}"
    return text.replace(known, sign).replace("-", "−")


def parts(amount: Amount, locale: Locale, *, home: str | None = None) -> Parts:
    """Cut a written amount into its sign and its number, so that a page may set the sign smaller."""
    text = money(amount, locale, home=home)
    sign = _sign(amount.currency, locale, home)
    before, found, after = text.partition(sign)
    if not found:
        return Parts("", text, "")
    if any(letter.isdigit() for letter in before):
        return Parts("", before.strip(), sign)
    return Parts(before + sign, after.strip(), "")


def compact(value: Amount | int | Decimal, locale: Locale, *, home: str | None = None) -> str:
    """Write a large number or amount short, to one decimal: ¥128.5万, 1.2K."""
    if isinstance(value, int | Decimal):
        return numbers.format_compact_decimal(value, locale=locale, fraction_digits=1)
    text = numbers.format_compact_currency(major(value), value.currency, locale=locale, fraction_digits=1)
    known = numbers.get_currency_symbol(value.currency, locale)
    return text.replace(known, _sign(value.currency, locale, home))
