"""A table as CSV, as a spreadsheet of the reader's language opens it by itself.

No cell is a formula to it: what comes from outside and begins like one gets an apostrophe.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from app.domain.message_refs import MessageRef
from app.domain.roster.working_hours.numbers_written import decimal_hours
from app.domain.roster.working_hours.tables import Cell, Table
from app.domain.texts.formula_guard import guarded

BYTE_ORDER_MARK: Final = "\ufeff"  # by which Excel knows that it is UTF-8


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """What stands between cells, and before decimals."""

    separator: str
    decimal: str


NORWEGIAN: Final = CsvStyle(";", ",")
ENGLISH: Final = CsvStyle(",", ".")
STYLES: Final = {"nb": NORWEGIAN, "nn": NORWEGIAN, "en": ENGLISH}


def csv_file(table: Table, language: str, write: Callable[[MessageRef], str]) -> str:
    """Write a table in a language, and as its spreadsheets write numbers."""
    style = STYLES[language]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=style.separator, lineterminator="\r\n")
    for row in (table.head, *table.rows):
        writer.writerow([_cell(cell, style, write) for cell in row])
    return BYTE_ORDER_MARK + out.getvalue()


def _cell(cell: Cell, style: CsvStyle, write: Callable[[MessageRef], str]) -> str:
    match cell:
        case None:
            return ""
        case MessageRef():
            return guarded(write(cell))
        case str():
            return guarded(cell)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case timedelta():
            return str(decimal_hours(cell)).replace(".", style.decimal)
        case Decimal():
            return str(cell).replace(".", style.decimal)
        case int():
            return str(cell)
