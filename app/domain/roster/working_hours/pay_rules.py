"""What a pay file looks like: its line, who has which employee number, what has which wage code.

Values only; the lines are pay_lines.py.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.reasons import FigureKind

# Visma Lønn's standard format, which Visma.net Payroll reads too: fields 1 and 2 are 0, numbers
# have a decimal point, texts stand in quotation marks, and each line ends with a semicolon.
VISMA: Final = '0;0;{employee};{wage_code};0.00;{quantity};0.00;0.00;;;"";"";"";"";"";"";'
PLACEHOLDER: Final = re.compile(r"\{([a-z_]*)\}")
CONVERTED: Final = "_converted"


class PayField(StrEnum):
    """What can stand in a line, in braces."""

    EMPLOYEE = "employee"
    WAGE_CODE = "wage_code"
    QUANTITY = "quantity"
    PERSON = "person"
    NAME = "name"
    WHAT = "what"
    FROM = "from"
    TO = "to"


NEEDED: Final = (PayField.EMPLOYEE, PayField.WAGE_CODE, PayField.QUANTITY)


class DecimalSign(StrEnum):
    """How a number is written."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class PayItem:
    """What is paid: a figure, or what home duty in it comes to."""

    kind: FigureKind
    is_converted: bool = False

    @property
    def key(self) -> str:
        """What it is called in [pay.wage_codes]."""
        return f"{self.kind}{CONVERTED if self.is_converted else ''}"


# Hours of duty, of which a part is home duty that can be converted by itself.
CONVERTIBLE: Final = (
    FigureKind.WEEKDAY,
    FigureKind.EVENING,
    FigureKind.NIGHT,
    FigureKind.SATURDAY,
    FigureKind.SUNDAY,
    FigureKind.EVE,
    FigureKind.HOLIDAY,
    FigureKind.ANY_EVENING,
    FigureKind.ANY_NIGHT,
)
PAY_ITEMS: Final = {
    item.key: item
    for item in (
        *(PayItem(kind) for kind in FigureKind),
        *(PayItem(kind, is_converted=True) for kind in CONVERTIBLE),
    )
}


@dataclass(frozen=True, slots=True)
class PayRules:
    """[pay] of a roster. An employee number of None says that somebody is not paid by this file."""

    employees: tuple[tuple[str, str | None], ...] = ()
    wage_codes: tuple[tuple[PayItem, str], ...] = ()
    line: str = VISMA
    header: str = ""
    decimal: DecimalSign = DecimalSign.POINT


NO_PAY: Final = PayRules()
