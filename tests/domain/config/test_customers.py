"""customers.csv: what refuses it, what is only pointed out, and that it survives a call-out
trip.
"""

import csv
import unicodedata
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.customer_document import read_customers, write_customers
from app.domain.config.folder_reader import read_folder
from app.domain.desks.customer import Customer
from app.domain.message_refs import ref
from tests.domain.config.desk_texts import CUSTOMERS, DESK, ROSTER, changed, codes, folder
from tests.support.written import english, in_language

REFUSED = [
    ("9002,", "9,", "bad_customer_number", 3),
    ("9002,", "123456789,", "bad_customer_number", 3),
    ("9002,", "abc,", "bad_customer_number", 3),
    ("9002,", "9001,", "customer_twice", 3),
    ("Fyret", "", "bad_name", 3),
    ("Fyret", "x" * 61, "bad_name", 3),
    ("web", "", "missing", 3),
    ("web", "wbe", "unknown_agreement", 3),
    ("+4749009002", "nobody", "unreadable_number", 3),
    ("+4749009002", "490 09 00", "unreadable_number", 3),
    ("+4749009002", "112", "unreadable_number", 3),
    ("+4749009002", "+4720009101", "shared_and_personal", 2),
    ("+4749009002,,", "+4749009002,,pupil", "unknown_class", 3),
    ("+4749009002,,", "+4749009002", "wrong_width", 3),
    ("number,name", "nummer,name", "unknown_column", 1),
    ("number,name", "name", "missing_column", 1),
    ("shared_phones", "phones", "column_twice", 1),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), REFUSED)
def test_a_row_that_cannot_be_right_is_refused_on_its_line(
    old: str, new: str, code: str, line: int
) -> None:
    read = folder(customers=changed(CUSTOMERS, old, new))

    told = [
        (diagnostic.code, diagnostic.position.line)
        for diagnostic in read.diagnostics
        if diagnostic.is_error
    ]
    assert (code, line) in told
    assert {diagnostic.file for diagnostic in read.diagnostics} == {"havna/customers.csv"}


def test_every_bad_row_is_told_at_once() -> None:
    text = CUSTOMERS + "1,A,full,,,\n9003,B,ful,,,\n9004,C,full,x,,\n"

    read = folder(customers=text)

    assert codes(read.diagnostics) == [
        "bad_customer_number",
        "unknown_agreement",
        "unreadable_number",
    ]
    assert [diagnostic.position.line for diagnostic in read.diagnostics] == [4, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        CUSTOMERS.replace(",", ";"),
        CUSTOMERS.replace(",", "\t"),
        "sep=;\n" + CUSTOMERS.replace(",", ";"),
        "\ufeffsep=,\r\n" + CUSTOMERS,
        '"sep=\t"\n' + CUSTOMERS.replace(",", "\t"),
        CUSTOMERS.replace("number,name", "Number, NAME "),
        CUSTOMERS.replace("\n", "\r"),
    ],
    ids=["semicolons", "tabs", "sep=;", "sep=,", "sep=tab", "capitals", "old line ends"],
)
def test_the_ways_of_spreadsheets_to_write_a_table_are_all_read(text: str) -> None:
    read = read_customers(text, "customers.csv")

    assert read.diagnostics == ()
    assert read.value == read_customers(CUSTOMERS, "customers.csv").value


def test_a_table_in_utf_16_is_read_and_one_in_another_alphabet_is_told_how_to_be_saved() -> None:
    files = {"desk.toml": DESK, "roster.toml": ROSTER}

    wide = read_folder({**files, "customers.csv": CUSTOMERS.encode("utf-16")}, "havna")
    old = read_folder({**files, "customers.csv": "number,name\n1,Ås".encode("cp1252")}, "havna")

    assert wide.diagnostics == ()
    assert wide.customers
    assert "save it as “CSV UTF-8”" in english(old.diagnostics[0].message)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+47 490 02 001", ["+4749002001"]),
        ("490 02 001", ["+4749002001"]),
        ("\u202a+47 490 02 001\u202c", ["+4749002001"]),
        ("+47\u00a0490\u00a002\u00a0001", ["+4749002001"]),
        ("49002001 490 02 002", ["+4749002001", "+4749002002"]),
        ("+47 490 02 001; +47 490 02 002", ["+4749002001", "+4749002002"]),
        ("49 00 20 01 49 00 20 02", ["+4749002001", "+4749002002"]),
        ("'+4749002001", ["+4749002001"]),
        ('"=""+4749002001"""', ["+4749002001"]),
    ],
)
def test_a_number_is_read_however_it_is_parted(cell: str, numbers: list[str]) -> None:
    read = read_customers(changed(CUSTOMERS, "+4749009002", cell), "customers.csv")

    assert read.diagnostics == ()
    assert read.value
    assert list(read.value[1].phones) == numbers


def test_what_has_no_one_meaning_is_told_with_how_to_write_it() -> None:
    [diagnostic] = read_customers(
        changed(CUSTOMERS, "+4749009002", "490 02 00"), "customers.csv"
    ).diagnostics

    why = ref("diagnostic.unreadable_number.unreadable", text="490 02 00")
    assert diagnostic.message == ref("diagnostic.unreadable_number.in_list", why=why)
    assert in_language(diagnostic.message, "nb") == (
        "«490 02 00» kan ikke leses som et telefonnummer; flere numre skilles med semikolon"
    )


def test_a_composed_letter_is_the_letter_and_what_nobody_sees_is_left_out() -> None:
    text = changed(CUSTOMERS, "Fyret", "A\u030asen\u00a0fyr\u200e")

    read = read_customers(text, "customers.csv")

    assert read.value
    assert read.value[1].name == "Åsen fyr"


def test_a_sign_that_cannot_stand_in_a_name_is_named() -> None:
    [diagnostic] = read_customers(
        changed(CUSTOMERS, "Fyret", "Fy\x07ret"), "customers.csv"
    ).diagnostics

    assert "without a control character (U+0007)" in english(diagnostic.message)


def test_rows_after_one_that_cannot_be_read_are_read_all_the_same() -> None:
    text = CUSTOMERS + '9003,"Open,full,,,\n9,X,full,,,\n'

    told = [(f.code, f.position.line) for f in read_customers(text, "customers.csv").diagnostics]

    assert told == [("not_csv", 4), ("bad_customer_number", 5)]


@pytest.mark.parametrize("name", ["=1+1", "+47", "-2", "@SUM(A1)", "'=x", "''+y", "'quoted'"])
def test_an_exported_name_is_no_formula_and_is_itself_when_it_comes_back(name: str) -> None:
    rows = (Customer("9001", name, "full", ("+4749009001",)),)

    text = write_customers(rows)

    for cell in next(csv.reader([text.split("\n")[1]])):
        assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert read_customers(text, "customers.csv").value == rows


def test_an_empty_file_is_told_what_its_first_line_is() -> None:
    assert codes(read_customers("", "customers.csv").diagnostics) == ["no_columns"]


def test_a_quote_that_never_ends_is_refused_where_the_row_begins() -> None:
    read = read_customers(CUSTOMERS + '9003,"Open,full,,,\n', "customers.csv")

    assert codes(read.diagnostics) == ["not_csv"]
    assert read.diagnostics[0].position.line == 4


def test_lines_are_right_after_a_name_that_spans_two() -> None:
    text = CUSTOMERS + '9003,"two\nlines",full,,,\n9,X,full,,,\n'

    read = read_customers(text, "customers.csv")

    told = [(diagnostic.code, diagnostic.position.line) for diagnostic in read.diagnostics]
    assert told == [("bad_name", 4), ("bad_customer_number", 6)]


def test_a_mark_before_the_text_and_windows_lines_are_no_fault() -> None:
    text = "\ufeff" + CUSTOMERS.replace("\n", "\r\n")

    read = read_customers(text, "customers.csv")

    assert read.diagnostics == ()
    assert read.value
    assert [customer.number for customer in read.value] == ["9001", "9002"]


def test_numbers_may_be_separated_by_spaces_or_semicolons() -> None:
    text = changed(CUSTOMERS, "+4749009002", "49009002; +4749009003 0047 49009004")

    read = read_customers(changed(text, "0047 49009004", "004749009004"), "customers.csv")

    assert read.value
    assert read.value[1].phones == ("+4749009002", "+4749009003", "+4749009004")


def test_one_persons_number_under_two_customers_is_pointed_out() -> None:
    read = folder(customers=changed(CUSTOMERS, "+4749009002", "+4749009001"))

    assert codes(read.diagnostics) == ["number_of_two"]
    assert not read.is_refused


def test_a_switchboard_may_be_that_of_several_customers() -> None:
    read = folder(customers=changed(CUSTOMERS, "+4749009002,", "+4749009002,+4720009101"))

    assert read.diagnostics == ()


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out() -> None:
    read = read_customers("agreement,number,name\nfull,9001,Brygga\n", "customers.csv")

    assert read.value == (Customer("9001", "Brygga", "full"),)


NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30
).map(partial(unicodedata.normalize, "NFC"))
NUMBERS = st.integers(0, 9999)


@st.composite
def customers(draw: st.DrawFn) -> tuple[Customer, ...]:
    numbers = draw(st.lists(st.from_regex(r"[0-9]{2,8}", fullmatch=True), unique=True, max_size=6))
    return tuple(
        Customer(
            number,
            draw(NAMES),
            draw(NAMES),
            tuple(f"+474900{n:04d}" for n in draw(st.lists(NUMBERS, unique=True, max_size=3))),
            tuple(f"+472000{n:04d}" for n in draw(st.lists(NUMBERS, unique=True, max_size=2))),
            draw(st.sampled_from(["", "pupil"])),
        )
        for number in numbers
    )


@given(customers())
@settings(max_examples=50)
def test_customers_that_are_written_and_read_again_are_equal(rows: tuple[Customer, ...]) -> None:
    assert read_customers(write_customers(rows), "customers.csv").value == rows


def test_ten_thousand_customers_are_read_in_one_go() -> None:
    rows = tuple(
        Customer(f"{n:06d}", f"Customer {n}", "full", (f"+474900{n % 10_000:04d}",))
        for n in range(10_000)
    )

    read = read_customers(write_customers(rows), "customers.csv")

    assert read.value == rows


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("kommune.example skule.kommune.example", ""),
        ("@Kommune.example; skule.example", ""),
        ("kommune", "bad_mail_domain"),
        ("kari@kommune.example", "bad_mail_domain"),
        ("gmail.com", "public_mail_domain"),
        ("kommune.example, Hotmail.com", "public_mail_domain"),
    ],
)
def test_a_mail_domain_is_the_customers_own_and_nobody_elses(cell: str, code: str) -> None:
    text = f'number,name,agreement,mail_domains\n9001,Skogli,standard,"{cell}"\n'
    read = read_customers(text, "customers.csv")
    assert [each.code for each in read.diagnostics] == ([code] if code else [])
    if read.value:
        [customer] = read.value
        assert customer.has_mail_address("Kari@KOMMUNE.example") is ("ommune.example" in cell)
        assert not customer.has_mail_address("kari@evil-kommune.example")
