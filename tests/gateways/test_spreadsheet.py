"""Workbooks that anybody may have made: read as rows of text, or refused in words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.domain.message_refs import MessageError
from app.gateways.spreadsheet import LARGEST_UNPACKED, is_workbook, read_sheet


def workbook(fill: Callable[[Worksheet], object]) -> bytes:
    out = BytesIO()
    with Workbook(out) as book:
        fill(book.add_worksheet())
    return out.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, change(text) if part == name else text)
    return out.getvalue()


def test_cells_are_text_as_people_see_it() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["number", "name"])
        sheet.write_row(2, 0, [9001, "Skogli\nskule", 4749009001.0, True])

    found = read_sheet(workbook(fill))
    assert found == [("number", "name"), (), ("9001", "Skogli skule", "4749009001", "true")]
    assert is_workbook(workbook(fill))


def test_digits_are_those_that_the_sheet_shows() -> None:
    out = BytesIO()
    with Workbook(out) as book:
        zeros = book.add_format({"num_format": "00000"})
        sheet = book.add_worksheet()
        sheet.write(0, 0, 123, zeros)
        sheet.write(0, 1, 12.5, zeros)
        sheet.write(0, 2, 123456.0, zeros)
    assert read_sheet(out.getvalue()) == [("00123", "12.5", "123456")]


def test_the_first_sheet_that_people_see_is_read() -> None:
    out = BytesIO()
    with Workbook(out) as book:
        old, new = book.add_worksheet("old"), book.add_worksheet("new")
        old.write(0, 0, "old")
        old.hide()
        new.write(0, 0, "new")
        new.activate()
        new.set_first_sheet()
    assert read_sheet(out.getvalue()) == [("new",)]


def test_a_cell_that_could_not_be_worked_out_is_no_name() -> None:
    with pytest.raises(MessageError) as refused:
        read_sheet(workbook(lambda sheet: sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")))
    assert dict(refused.value.message.values) == {"cell": "B4", "value": "#DIV/0!"}


def cut_short() -> bytes:
    """A part of it that no longer unpacks."""
    content = bytearray(workbook(lambda sheet: sheet.write(0, 0, "a")))
    at = content.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    content[at : at + 20] = b"\xff" * 20
    return bytes(content)


def a_text_that_is_none() -> bytes:
    """Its cell names a shared text, and there is none with that number."""
    plain = workbook(lambda sheet: sheet.write(0, 0, "a"))
    name = "xl/worksheets/sheet1.xml"
    return with_part(plain, name, lambda text: text.replace(b"<v>0<", b"<v>7<"))


def a_bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (LARGEST_UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    return out.getvalue()


def far_away() -> bytes:
    return workbook(lambda sheet: sheet.write(1_048_575, 16_383, "x"))


def many_laughs() -> bytes:
    """An entity of entities of entities, which would be a thousand million letters."""
    entities = ['<!ENTITY e0 "ha">']
    entities += [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    head = f"<!DOCTYPE sst [{''.join(entities)}]><sst".encode()
    plain = workbook(lambda sheet: sheet.write(0, 0, "a"))
    return with_part(
        plain,
        "xl/sharedStrings.xml",
        lambda text: text.replace(b"<sst", head, 1).replace(b">a<", b">&e9;<"),
    )


def a_liar() -> bytes:
    """It names a size that is smaller than what it unpacks to."""
    plain = bytearray(workbook(lambda sheet: sheet.write(0, 0, "a")))
    at = plain.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    plain[at : at + 4] = (1).to_bytes(4, "little")
    return bytes(plain)


@pytest.mark.parametrize("make", [a_bomb, far_away, many_laughs])
def test_what_would_become_huge_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(MessageError):
        read_sheet(make())


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"x" * 400,
        a_liar(),
        a_bomb()[:200],
        cut_short(),
        a_text_that_is_none(),
    ],
)
def test_what_is_broken_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(MessageError) as refused:
        read_sheet(content)
    assert refused.value.message.key == "spreadsheet.unreadable"
    assert is_workbook(content)
