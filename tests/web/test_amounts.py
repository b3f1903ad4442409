"""Money and large numbers are written by the reader's locale, with ISO 4217's digits."""

from __future__ import annotations

import pytest
from babel import Locale

from core.kernel.money import Money
from web import amounts

EN, ZH, DE = Locale("en"), Locale.parse("zh_Hans_CN"), Locale("de")


@pytest.mark.parametrize(
    ("amount", "locale", "home", "text"),
    [
        (Money(128000, "CNY"), ZH, "CNY", "¥1,280.00"),
        (Money(128000, "CNY"), EN, "CNY", "¥1,280.00"),
        (Money(128000, "CNY"), EN, "USD", "CN¥1,280.00"),
        (Money(128000, "USD"), ZH, "CNY", "US$1,280.00"),
        (Money(1280, "JPY"), EN, None, "¥1,280"),
        (Money(1234, "KWD"), EN, None, "KWD\xa01.234"),
        (Money(-1000, "EUR"), DE, "EUR", "−10,00\xa0€"),
    ],
)
def test_money_is_written_in_full(amount: Money, locale: Locale, home: str | None, text: str) -> None:
    assert amounts.money(amount, locale, home=home) == text


def test_parts_keep_the_sign_on_its_own_side() -> None:
    assert amounts.parts(Money(12800, "CNY"), ZH, home="CNY") == amounts.Parts("¥", "128.00", "")
    assert amounts.parts(Money(12800, "EUR"), DE, home="EUR") == amounts.Parts("", "128,00", "€")


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        (Money(128463000, "CNY"), ZH, "¥128.5万"),
        (Money(128463000, "CNY"), EN, "¥1.3M"),
        (1234, EN, "1.2K"),
        (12345, ZH, "1.2万"),
    ],
)
def test_large_values_are_written_short(value: Money | int, locale: Locale, text: str) -> None:
    assert amounts.compact(value, locale, home="CNY") == text
