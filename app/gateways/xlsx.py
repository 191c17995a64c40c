"""Workbooks for spreadsheets, written by XlsxWriter. What stands in them is the tables' matter."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.message_refs import MessageRef
from app.domain.roster.working_hours.tables import Table

# A text stays a text, whatever it begins with.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}
LONGEST_NAME: Final = 31  # of a sheet
WIDEST: Final = 420  # pixels of a column
# Formats that every spreadsheet has, and writes as its country does.
HOURS_FORMAT: Final = 2
MOMENT_FORMAT: Final = 22


def workbook(
    tables: Iterable[Table], write: Callable[[MessageRef], str], made_at: datetime
) -> bytes:
    """Write a sheet for each table."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        book.set_properties({"created": made_at})
        formats = {
            "head": book.add_format({"bold": True}),
            "hours": book.add_format({"num_format": HOURS_FORMAT}),
            "moment": book.add_format({"num_format": MOMENT_FORMAT}),
        }
        for table in tables:
            sheet = book.add_worksheet(write(table.name)[:LONGEST_NAME])
            _fill(sheet, table, write, formats)
    return out.getvalue()


def _fill(
    sheet: Worksheet,
    table: Table,
    write: Callable[[MessageRef], str],
    formats: dict[str, Format],
) -> None:
    for column, head in enumerate(table.head):
        sheet.write_string(0, column, write(head), formats["head"])
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            known = write(cell) if isinstance(cell, MessageRef) else cell
            _write(sheet, (line, column), known, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofit(WIDEST)


def _write(
    sheet: Worksheet,
    at: tuple[int, int],
    cell: str | int | Decimal | timedelta | datetime | None,
    formats: dict[str, Format],
) -> None:
    match cell:
        case None:
            sheet.write_blank(*at, None)
        case str():
            sheet.write_string(*at, cell)
        case datetime():
            sheet.write_datetime(*at, cell.replace(tzinfo=None), formats["moment"])
        case timedelta():
            sheet.write_number(*at, cell / timedelta(hours=1), formats["hours"])
        case Decimal():
            sheet.write_number(*at, float(cell), formats["hours"])
        case int():
            sheet.write_number(*at, cell)
