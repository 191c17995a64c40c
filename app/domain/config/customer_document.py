"""customers.csv read and written: rows of customers, or every diagnostic."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.domain.config.clean_text import strange_sign
from app.domain.config.csv_text import read_rows, write_rows
from app.domain.config.diagnostics import (
    Diagnostic,
    DiagnosticSeverity,
    ReadResult,
    did_you_mean,
    errors,
    in_order,
)
from app.domain.config.document import LARGEST_CSV, too_large
from app.domain.config.phone_part import read_number, split_numbers, why_unusual
from app.domain.desks.customer import Customer
from app.domain.mail_addresses import PUBLIC_DOMAINS, is_mail_domain
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.toml_positions import Position

COLUMNS: Final = (
    "number",
    "name",
    "agreement",
    "phones",
    "shared_phones",
    "class",
    "owner",
    "mail_domains",
)
LIST: Final = re.compile(r"[;,/|\s]+")
NEEDED: Final = ("number", "name", "agreement")
# Keyed on a telephone and ended with #; 9 and 0 alone are keys of their own.
NUMBER: Final = re.compile(r"[0-9]{2,8}")
LONGEST_NAME: Final = 60

Customers = tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A customer and the line on which its row begins."""

    line: int
    customer: Customer


@dataclass(slots=True)
class Sheet:
    """The rows under reading: diagnostics so far, and what has been seen on which line."""

    file: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    personal: dict[str, int] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)

    def note(self, line: int, message: MessageRef, severity: DiagnosticSeverity) -> None:
        """Note a diagnostic on a line."""
        self.diagnostics.append(Diagnostic(self.file, Position(line), severity, message))

    def error(self, line: int, message: MessageRef) -> None:
        """Note an error on a line."""
        self.note(line, message, DiagnosticSeverity.ERROR)


def read_customers(text: str, file: str) -> ReadResult[Customers]:
    """Read customers.csv; without a value where an error refuses it, with every diagnostic in
    order.
    """
    rows = read_customer_rows(text, file)
    customers = None if rows.value is None else tuple(row.customer for row in rows.value)
    return ReadResult(customers, rows.diagnostics)


def read_customer_rows(text: str, file: str) -> ReadResult[tuple[Row, ...]]:
    """Read customers.csv with the lines of its rows."""
    if len(text) > LARGEST_CSV:
        return ReadResult(None, (too_large(file, len(text), LARGEST_CSV),))
    sheet = Sheet(file)
    rows = tuple(_rows(text.removeprefix("\ufeff"), sheet))
    for number in sheet.shared.keys() & sheet.personal.keys():
        line, other = sheet.shared[number], sheet.personal[number]
        message = ref("diagnostic.shared_and_personal.same_file", number=number, line=other)
        sheet.error(line, message)
    refused = errors(sheet.diagnostics)
    return ReadResult(None if refused else rows, in_order(sheet.diagnostics), rows)


def _rows(text: str, sheet: Sheet) -> Iterator[Row]:
    columns: list[str] | None = None
    for row in read_rows(text, COLUMNS):
        if row.wrong:
            sheet.error(row.line, row.wrong)
        elif columns is None:
            columns = _columns([cell.lower() for cell in row.cells], row.line, sheet)
            if not columns:
                return
        else:
            customer = _customer(list(row.cells), columns, row.line, sheet)
            if customer:
                yield Row(row.line, customer)
    if columns is None and not sheet.diagnostics:
        sheet.error(1, ref("diagnostic.no_columns", columns=",".join(COLUMNS)))


def _columns(cells: list[str], line: int, sheet: Sheet) -> list[str]:
    for name in cells:
        if name not in COLUMNS:
            message = ref("diagnostic.unknown_column", word=name, hint=did_you_mean(name, COLUMNS))
            sheet.error(line, message)
        elif cells.count(name) > 1:
            sheet.error(line, ref("diagnostic.column_twice", name=name))
    missing = [name for name in NEEDED if name not in cells]
    if missing:
        sheet.error(line, ref("diagnostic.missing_column", names=tuple(missing)))
    return [] if missing else cells


def _customer(cells: list[str], columns: list[str], line: int, sheet: Sheet) -> Customer | None:
    if len(cells) != len(columns):
        message = ref("diagnostic.wrong_width", values=len(cells), columns=len(columns))
        sheet.error(line, message)
        return None
    values = dict(zip(columns, cells, strict=True))
    number, name = values["number"], values["name"]
    if not NUMBER.fullmatch(number):
        message = ref("diagnostic.bad_customer_number", number=number)
        sheet.error(line, message)
    elif number in sheet.numbers:
        message = ref("diagnostic.customer_twice", number=number, line=sheet.numbers[number])
        sheet.error(line, message)
    sheet.numbers.setdefault(number, line)
    strange = strange_sign(name)
    if not name or len(name) > LONGEST_NAME or strange:
        sheet.error(line, _bad_name(strange))
    if not values["agreement"]:
        sheet.error(line, ref("diagnostic.missing.agreement", number=number))
    return Customer(
        number=number,
        name=name,
        agreement=values["agreement"],
        phones=tuple(_phones(values.get("phones", ""), line, sheet, sheet.personal)),
        shared_phones=tuple(_phones(values.get("shared_phones", ""), line, sheet, sheet.shared)),
        caller_class=values.get("class", ""),
        owner=values.get("owner", ""),
        mail_domains=tuple(_mail_domains(values.get("mail_domains", ""), line, sheet)),
    )


def _mail_domains(cell: str, line: int, sheet: Sheet) -> Iterator[str]:
    for domain in dict.fromkeys(each.lower().lstrip("@") for each in LIST.split(cell) if each):
        if not is_mail_domain(domain):
            sheet.error(line, ref("diagnostic.bad_mail_domain", domain=domain[:60]))
        elif domain in PUBLIC_DOMAINS:
            sheet.error(line, ref("diagnostic.public_mail_domain", domain=domain))
        else:
            yield domain


def _bad_name(strange: MessageRef | None) -> MessageRef:
    if strange:
        return ref("diagnostic.bad_name.sign", most=LONGEST_NAME, sign=strange)
    return ref("diagnostic.bad_name.length", most=LONGEST_NAME)


def _phones(cell: str, line: int, sheet: Sheet, seen: dict[str, int]) -> Iterator[str]:
    for text in dict.fromkeys(split_numbers(cell)):
        try:
            number = read_number(text).digits
        except MessageError as wrong:
            said = ref("diagnostic.unreadable_number.in_list", why=wrong.message)
            sheet.error(line, said)
            continue
        if odd := why_unusual(number):
            sheet.note(line, odd, DiagnosticSeverity.WARNING)
        if seen is sheet.personal and seen.get(number, line) != line:
            message = ref("diagnostic.number_of_two.customers", number=number, line=seen[number])
            sheet.note(line, message, DiagnosticSeverity.WARNING)
        seen.setdefault(number, line)
        yield number


def customer_cells(customer: Customer) -> tuple[str, ...]:
    """Return the cells of a customer's row, in the order of COLUMNS."""
    return (
        customer.number,
        customer.name,
        customer.agreement,
        " ".join(customer.phones),
        " ".join(customer.shared_phones),
        customer.caller_class,
        customer.owner,
        " ".join(customer.mail_domains),
    )


def write_customers(customers: Customers) -> str:
    """Write customers as customers.csv; read again they are equal."""
    return write_rows((COLUMNS, *(customer_cells(each) for each in customers)))
