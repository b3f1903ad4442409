"""Sensible first choices by country: currency, time zone, languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

# Where a country has several time zones, the one that most of its people live in.
_MAIN_ZONES: Mapping[str, str] = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
    "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip
_CHINESE = frozenset({"CN", "HK", "MO", "SG", "TW"})


@dataclass(frozen=True, slots=True)
class First:
    """What a marketplace of a country starts with."""

    currency: str
    timezone: str
    languages: tuple[str, ...]


def is_country(code: str) -> bool:
    """Tell whether this is a country's two letters."""
    return code in _codes()


def is_currency(code: str) -> bool:
    """Tell whether this is a currency's three letters."""
    return code in _english().currencies


@lru_cache(1)
def _english() -> Locale:
    return Locale("en")


@lru_cache(1)
def _codes() -> frozenset[str]:
    return frozenset(
        code for code in map(str, _english().territories) if len(code) == 2 and get_territory_currencies(code)
    )


def names(language: str) -> list[tuple[str, str]]:
    """Return countries with their names in a language, by name."""
    territories = Locale.parse(language).territories
    return sorted(((code, str(territories.get(code, code))) for code in _codes()), key=lambda entry: entry[1])


@lru_cache(512)
def first_choices(country: str) -> First:
    """Return the first choices of a country; euro, UTC and English where nothing better is known."""
    currencies = get_territory_currencies(country) if is_country(country) else []
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if zone in available_timezones()]
    zone = _MAIN_ZONES.get(country) or (zones[0] if zones else "UTC")
    if zone not in available_timezones():
        zone = "UTC"
    languages = ("zh", "en") if country in _CHINESE else ("en",)
    return First(currencies[0] if currencies else "EUR", zone, languages)
