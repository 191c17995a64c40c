"""Hours as numbers, as files and tables have them: two decimals, a half rounded up."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from app.domain.roster.working_hours.figures import Amount

HUNDREDTH: Final = Decimal("0.01")
A_HOUR: Final = timedelta(hours=1) // timedelta.resolution


def quantity(amount: Amount) -> Fraction:
    """Hours as a number, or the count."""
    if isinstance(amount, timedelta):
        return Fraction(amount // timedelta.resolution, A_HOUR)
    return Fraction(amount)


def hundredths(number: Fraction) -> Decimal:
    """A number with two decimals."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(HUNDREDTH, ROUND_HALF_UP)


def decimal_hours(amount: Amount) -> Decimal:
    """Hours, or a count, with two decimals."""
    return hundredths(quantity(amount))
