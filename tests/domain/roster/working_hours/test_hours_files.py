"""The files of a report, to the letter: CSV in two languages, Visma's line, one of one's own."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from app.domain.config.roster_document import read_roster
from app.domain.message_refs import MessageRef
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.csv_file import BYTE_ORDER_MARK, csv_file
from app.domain.roster.working_hours.pay_lines import NoPayFile, pay_file
from app.domain.roster.working_hours.report import HoursReport, report
from app.domain.roster.working_hours.tables import hours_table, tables
from app.gateways.xlsx import workbook
from app.voice_prompts import texts
from tests.domain.roster.working_hours.counted_rota import called_out, sources, span
from tests.support.written import english

ROSTER = """
id = "drift"
time_zone = "Europe/Oslo"

[people.kari]
name = "=Kari; Duty 1"
phones = ["+4749000011"]

[people.ola]
name = "Ola"
phones = ["+4749000012"]

[[rotations]]
id = "primary"
role = "primary"
kind = "weekly"
handover = "08:00"
handover_day = "monday"
start = 2026-01-05
members = ["kari", "ola"]

[pay.employees]
kari = 1001
ola = "none"

[pay.wage_codes]
converted = 10100
saturday_converted = 10200
night = 10300
call_out_time = 10400
nights = 10500
"""
# Kari's week ends on Monday 08:00; then it is Ola's.
WEEKEND = span("2026-01-09 16:00", "2026-01-12 12:00")
CALLED = called_out("kari", "2026-01-11 02:10", "2026-01-11 03:05", confirmed=True)


def roster(text: str = ROSTER) -> Roster:
    read = read_roster(text, "roster.toml")
    assert read.value, [english(each.message) for each in read.diagnostics]
    return read.value


def reported(of: Roster) -> HoursReport:
    return report(sources(of, call_outs=[CALLED]), WEEKEND)


def in_nynorsk(message: MessageRef) -> str:
    return texts().write(message, "nn")


def csv_of(language: str) -> str:
    def write(message: MessageRef) -> str:
        return texts().write(message, language)

    return csv_file(hours_table(reported(roster()), roster()), language, write)


def test_a_norwegian_spreadsheet_gets_semicolons_and_decimal_commas() -> None:
    written = csv_of("nn")
    assert written.startswith(BYTE_ORDER_MARK)
    head, kari, ola, end = written.split("\r\n")
    assert head.split(";")[5:8] == ["Vakt", "Dagtid", "Kveld"]
    # 64 hours, less the 55 minutes in which she was called out; a seventh of that, and they.
    assert kari == (
        '2026-01-09;2026-01-12;kari;1001;"\'=Kari; Duty 1";64,00;3,00;4,00;9,00;24,00;24,00;'
        "0,00;0,00;12,00;27,00;3;2;0;1;0,92;0,00;63,08;9,01;9,93"
    )
    assert ola.startswith("2026-01-09;2026-01-12;ola;;Ola;0,00;")
    assert end == ""


def test_an_english_one_gets_commas_and_decimal_points() -> None:
    head, kari, *_ = csv_of("en").split("\r\n")
    assert head.split(",")[:6] == [
        f"{BYTE_ORDER_MARK}From",
        "To",
        "Id",
        "Employee number",
        "Name",
        "Duty",
    ]
    assert ",'=Kari; Duty 1,64.00,3.00,4.00,9.00,24.00,24.00,0.00,0.00,12.00,27.00,3," in kari


def test_visma_gets_its_standard_line_for_each_wage_code() -> None:
    assert pay_file(reported(roster()), roster(), in_nynorsk) == (
        '0;0;1001;10100;0.00;9.01;0.00;0.00;;;"";"";"";"";"";"";\r\n'
        '0;0;1001;10200;0.00;3.43;0.00;0.00;;;"";"";"";"";"";"";\r\n'
        '0;0;1001;10300;0.00;9.00;0.00;0.00;;;"";"";"";"";"";"";\r\n'
        '0;0;1001;10400;0.00;0.92;0.00;0.00;;;"";"";"";"";"";"";\r\n'
        '0;0;1001;10500;0.00;3.00;0.00;0.00;;;"";"";"";"";"";"";\r\n'
    )


def test_a_roster_has_a_line_of_its_own_and_no_name_breaks_it() -> None:
    own = """[pay]
line = "{from};{to};{employee};{person};{name};{wage_code};{what};{quantity}"
header = "Fra;Til;Nr;Id;Navn;Art;Hva;Antall"
decimal = "comma"

[pay.employees]"""
    of = roster(ROSTER.replace("[pay.employees]", own))
    first, second, third, *_ = pay_file(reported(of), of, in_nynorsk).split("\r\n")
    assert first == "Fra;Til;Nr;Id;Navn;Art;Hva;Antall"
    assert second == "2026-01-09;2026-01-12;1001;kari;'=Kari Duty 1;10100;Omrekna;9,01"
    assert third.endswith(";10200;Laurdag omrekna;3,43")


def test_nobody_with_hours_is_left_out_of_a_pay_file_without_a_word() -> None:
    of = roster(ROSTER.replace("kari = 1001\n", ""))
    with pytest.raises(NoPayFile) as refused:
        pay_file(reported(of), of, in_nynorsk)
    assert "=Kari; Duty 1" in english(refused.value.message)


def test_a_roster_that_says_nothing_of_pay_has_no_pay_file() -> None:
    of = roster(ROSTER.partition("[pay.employees]")[0])
    with pytest.raises(NoPayFile) as refused:
        pay_file(reported(of), of, in_nynorsk)
    assert "[pay.wage_codes]" in english(refused.value.message)


# --- the workbook, read by its own parts --------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MADE_AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def parts(content: bytes) -> dict[str, ElementTree.Element]:
    with ZipFile(BytesIO(content)) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xml")
        }


def rows_of(content: bytes, sheet: int) -> list[list[str]]:
    """The cells as they stand: texts by their own table, numbers as they are written."""
    found = parts(content)
    shared = ["".join(item.itertext()) for item in found["xl/sharedStrings.xml"]]
    rows = []
    for row in found[f"xl/worksheets/sheet{sheet}.xml"].iter(f"{MAIN}row"):
        cells = []
        for cell in row:
            value = cell.findtext(f"{MAIN}v", "")
            cells.append(shared[int(value)] if cell.get("t") == "s" else value)
        rows.append(cells)
    return rows


def test_the_workbook_has_a_sheet_for_everything_and_no_formula() -> None:
    of = roster()
    content = workbook(tables(reported(of), of), in_nynorsk, MADE_AT)
    found = parts(content)
    names = [sheet.get("name") for sheet in found["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    assert names == [
        "Timar",
        "Balanse i året",
        "Vakter",
        "Utkallingar",
        "Broten kvile",
        "Rettingar",
        "Rekna slik",
    ]
    assert not any(list(each.iter(f"{MAIN}f")) for each in found.values())

    head, kari, *_ = rows_of(content, 1)
    assert head[4:6] == ["Namn", "Vakt"]
    assert kari[:6] == ["2026-01-09", "2026-01-12", "kari", "1001", "=Kari; Duty 1", "64"]
    _, call_out = rows_of(content, 4)
    assert call_out[0] == "=Kari; Duty 1"
    assert float(call_out[1]) == pytest.approx(46033 + (2 * 60 + 10) / 1440)  # 11 Jan 2026 02:10
    assert call_out[4] == "stadfesta av vedkomande"
    assert [
        "Omrekna",
        "heimevakt × 1/7 (aml. § 10-4 tredje ledd: som hovudregel minst 1/7)",
    ] in rows_of(content, 7)


def test_the_same_report_is_the_same_workbook() -> None:
    of = roster()
    once, again = (workbook(tables(reported(of), of), in_nynorsk, MADE_AT) for _ in range(2))
    assert once == again


def test_a_report_of_nobody_is_a_workbook_too() -> None:
    of = replace(roster(), people=(), layers=())
    content = workbook(tables(reported(of), of), in_nynorsk, MADE_AT)
    assert len(rows_of(content, 1)) == 1
