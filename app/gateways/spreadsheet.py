"""The first visible sheet of a workbook (XLSX) read as rows of text, by openpyxl.

Anybody may have made it. An XLSX file is a zip of XML: how much comes out of it is looked at
before anything is unpacked.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from app.domain.message_refs import MessageError, ref

SIGNATURE: Final = b"PK\x03\x04"
OF_OLD: Final = b"\xd0\xcf\x11\xe0"  # XLS, and what a password protects: told as no XLSX
LARGEST_UNPACKED: Final = 30_000_000  # bytes, all parts together
MOST_PARTS: Final = 500
MOST_ROWS: Final = 60_000
MOST_COLUMNS: Final = 40
LEADING_ZEROS: Final = re.compile("0+")  # a format that shows a number with that many digits
# What openpyxl and the standard library say of a file that is no workbook, or a broken one.
UNREADABLE: Final = (
    BadZipFile,
    zlib.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)


def is_workbook(content: bytes) -> bool:
    """Tell whether a file begins as a workbook does."""
    return content.startswith((SIGNATURE, OF_OLD))


def read_sheet(content: bytes) -> list[tuple[str, ...]]:
    """Return the rows of the first sheet that people see; MessageError for no such, or too much."""
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
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise MessageError(ref("spreadsheet.unreadable"))
        sheet.reset_dimensions()  # what a file says of its size need not be so
        # One more than is taken: a row may end far to the right, and is not filled up to there.
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1)):
            texts = [_text(cell) for cell in row]
            if number >= MOST_ROWS or any(texts[MOST_COLUMNS:]):
                raise MessageError(ref("spreadsheet.too_large", most=MOST_ROWS))
            while texts and not texts[-1]:
                texts.pop()
            yield tuple(texts)
    finally:
        book.close()


def _text(cell: Any) -> str:
    """Write a cell as it is shown: a number without a fraction as digits, with its zeros."""
    if cell.data_type == "e":
        raise MessageError(ref("spreadsheet.error_value", cell=cell.coordinate, value=cell.value))
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return str(value).lower()
        case int() | float() as value if value == value // 1:
            zeros = LEADING_ZEROS.fullmatch(cell.number_format)
            return str(int(value)).zfill(len(zeros[0]) if zeros else 0)
        case datetime() | date() | time() as value:
            return value.isoformat()
        case value:
            return " ".join(str(value).split())
