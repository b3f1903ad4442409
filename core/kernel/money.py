"""Exact amounts of money: integers in a currency's minor unit, and the few rules of arithmetic that keep sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from core.kernel.errors import Invalid, _

# ISO 4217: currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


class CurrencyMismatch(TypeError):
    """Two amounts of different currencies met in one sum; no rule converts (R8)."""


def exponent(currency: str) -> int:
    """Return the number of decimal digits of the currency's minor unit by ISO 4217."""
    return _EXPONENTS.get(currency, 2)


def round_half_up(value: Fraction) -> int:
    """Round to the nearest integer; a tie goes away from zero (R1)."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value.numerator), value.denominator)
    return sign * (whole + (1 if 2 * rest >= value.denominator else 0))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units of an ISO 4217 currency; negative amounts are debts or reversals."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a plain decimal such as "12.50". Raise Invalid for other text or too many decimals."""
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            raise Invalid("money.not_a_number", _("{text} is not an amount"), text=text[:40]) from None
        scaled = value.scaleb(exponent(currency)) if value.is_finite() else value
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) >= 2**62:
            raise Invalid("money.not_exact", _("{text} is not an exact amount of {currency}"),
                          text=text[:40], currency=currency)  # fmt: skip
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, value: Decimal, currency: str) -> Money:
        """Round a decimal of major units half up to the minor unit."""
        scaled = value.scaleb(exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact, with all decimals of the currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> None:
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} do not add")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        if type(factor) is not int:
            raise TypeError("money is multiplied by whole numbers; use share() for rates")
        return Money(self.minor * factor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        self._same(other)
        return self.minor >= other.minor

    def share(self, bps: int) -> Money:
        """Return so many basis points of the amount, rounded half up once."""
        return Money(round_half_up(Fraction(self.minor * bps, 10_000)), self.currency)

    def net_of(self, tax_bps: int) -> Money:
        """Return the part before tax of a tax-inclusive amount (R3): round(gross / (1 + rate))."""
        return Money(round_half_up(Fraction(self.minor * 10_000, 10_000 + tax_bps)), self.currency)

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum amounts of one currency; nothing sums to zero of it. Raise CurrencyMismatch otherwise."""
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result


def spread(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split an amount over weights by largest remainder; ties go to the earlier part (R2).

    The parts always sum to the whole. Weights are not negative; if all are zero the parts are equal.
    """
    if not weights:
        if amount:
            raise ValueError("an amount cannot be spread over nothing")
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("weights are not negative")
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole, sign = sum(shares), -1 if amount.minor < 0 else 1
    floors = [abs(amount.minor) * share // whole for share in shares]
    left = abs(amount.minor) - sum(floors)
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(abs(amount.minor) * shares[i] % whole), i))
    for index in by_remainder[:left]:
        floors[index] += 1
    return [Money(sign * part, amount.currency) for part in floors]


def cumulative_part(frozen: Money, so_far: int, whole: int, already: Money) -> Money:
    """Return what a further partial reversal takes of a frozen amount (R4, R4a).

    `so_far` of `whole` (units, uses, months or minor units) are reversed including this step; `already` was
    given by earlier steps. The parts of a full reversal sum to the frozen amount in whatever steps.
    """
    if not 0 <= so_far <= whole or whole <= 0:
        raise ValueError(f"{so_far} of {whole} is no share")
    due = Money(round_half_up(Fraction(frozen.minor * so_far, whole)), frozen.currency)
    return due - already
