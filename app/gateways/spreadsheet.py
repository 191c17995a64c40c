"""The first sheet of a workbook (XLSX) read as rows of text, by openpyxl. Anybody may have made it.

An XLSX file is a zip of XML: how much comes out of it is looked at before anything is unpacked.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from app.domain.message_refs import MessageError, ref

SIGNATURE: Final = b"PK\x03\x04"
LARGEST_UNPACKED: Final = 30_000_000  # bytes, all parts together
MOST_PARTS: Final = 500
MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 40
# What openpyxl and the standard library say of a file that is no workbook, or a broken one.
UNREADABLE: Final = (BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError, SyntaxError)


def is_workbook(content: bytes) -> bool:
    """Tell whether a file begins as a workbook does."""
    return content.startswith(SIGNATURE)


def read_sheet(content: bytes) -> list[tuple[str, ...]]:
    """Return the rows of the first sheet; MessageError for what is none, or far too large."""
    try:
        _look_inside(content)
        return list(_rows(content))
    except UNREADABLE as wrong:
        if isinstance(wrong, MessageError):
            raise
        raise MessageError(ref("spreadsheet.unreadable")) from wrong


def _look_inside(content: bytes) -> None:
    """Refuse a small file that becomes a huge one. The sizes that a zip names are its limits:
    whatever unpacks to more is broken.
    """
    with ZipFile(BytesIO(content)) as parts:
        found = parts.infolist()
    if len(found) > MOST_PARTS or sum(each.file_size for each in found) > LARGEST_UNPACKED:
        raise MessageError(ref("spreadsheet.too_large", most=MOST_ROWS))
    if any(each.flag_bits & 1 for each in found):
        raise MessageError(ref("spreadsheet.encrypted"))
    stored = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(each.compress_type not in stored for each in found):
        raise MessageError(ref("spreadsheet.unreadable"))


def _rows(content: bytes) -> Iterator[tuple[str, ...]]:
    # It takes 0.2 s to load, and few processes ever read a workbook.
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise MessageError(ref("spreadsheet.unreadable"))
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if number >= MOST_ROWS or any(row[MOST_COLUMNS:]):
                raise MessageError(ref("spreadsheet.too_large", most=MOST_ROWS))
            yield tuple(_text(value) for value in row[:MOST_COLUMNS])
    finally:
        book.close()


def _text(value: Any) -> str:
    """Write a cell as it is read: a number without a fraction as digits."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return " ".join(str(value).split())
