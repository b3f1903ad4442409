"""Standard rates of tax on goods by country, as the value that a marketplace starts from; each listing may differ."""

from __future__ import annotations

from core.kernel.tenancy import current

# Standard VAT rates in basis points (EU: national rates in force in 2026; reduced rates are the merchant's to set).
STANDARD_BPS = {
    "AT": 2000, "BE": 2100, "BG": 2000, "CY": 1900, "CZ": 2100, "DE": 1900, "DK": 2500, "EE": 2400, "ES": 2100,
    "FI": 2550, "FR": 2000, "GR": 2400, "HR": 2500, "HU": 2700, "IE": 2300, "IT": 2200, "LT": 2100, "LU": 1700,
    "LV": 2100, "MT": 1800, "NL": 2100, "PL": 2300, "PT": 2300, "RO": 2100, "SE": 2500, "SI": 2200, "SK": 2300,
    "GB": 2000, "NO": 2500, "CH": 810, "CN": 1300, "JP": 1000, "BR": 0, "US": 0, "CA": 500, "AU": 1000, "NZ": 1500,
    "SG": 900, "IN": 1800, "KR": 1000, "MX": 1600, "ZA": 1500, "AE": 500, "HK": 0,
}  # fmt: skip


def default_bps() -> int:
    """Return the tenant's standard rate in basis points: its setting `default_tax_bps`, its country's while that is 0."""
    set_rate = current().setting("default_tax_bps")
    return set_rate if isinstance(set_rate, int) and set_rate else STANDARD_BPS.get(current().country, 0)


def prices_include_tax() -> bool:
    """Tell whether prices are written with tax in them; so unless the tenant says otherwise or sits in the US or CA."""
    setting = current().setting("prices_include_tax")
    return setting if isinstance(setting, bool) else current().country not in ("US", "CA")
