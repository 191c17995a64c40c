"""[pay] of roster.toml: the lines of a pay file."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.message_refs import MessageError, ref
from app.domain.roles import ROTATION_ROLES
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.pay_rules import (
    NEEDED,
    NO_PAY,
    PAY_ITEMS,
    PLACEHOLDER,
    VISMA,
    DecimalSign,
    PayField,
    PayItem,
    PayRules,
)

PRESETS: Final = {"visma": VISMA}
NOT_PAID_HERE: Final = "none"
PAY_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")


def pay(part: TableReader | None, people: Collection[str]) -> PayRules:
    """Read who has which number, what has which code, and how a line is written."""
    if part is None:
        return NO_PAY
    line = part.parsed("line", _line, VISMA)
    header = part.text("header", "") if part.has("header") else ""
    decimal = part.choice("decimal", DecimalSign, DecimalSign.POINT)
    employees = tuple(_employees(part.table("employees", needed=True), people))
    codes = tuple(_wage_codes(part.table("wage_codes", needed=True)))
    part.close()
    return PayRules(employees, codes, line, header, decimal)


def unnumbered(top: TableReader, roster: Roster) -> None:
    """Warn of those who take turns and have no employee number: their file would be refused."""
    numbered = dict(roster.pay.employees)
    turns = (layer for layer in roster.layers if layer.role in ROTATION_ROLES)
    members = (each for layer in turns for each in layer.members)
    missing = tuple(each for each in dict.fromkeys(members) if each not in numbered)
    if top.has("pay") and missing:
        said = ref("diagnostic.no_employee_number", people=missing, none=NOT_PAID_HERE)
        top.document.warn(("pay", "employees"), said)


def _line(text: str) -> str:
    if text in PRESETS:
        return PRESETS[text]
    fields = PLACEHOLDER.findall(text)
    unknown = next((each for each in fields if each not in list(PayField)), None)
    if unknown is not None:
        known = tuple(str(each) for each in PayField)
        raise MessageError(ref("diagnostic.bad_pay_line.field", field=unknown, fields=known))
    missing = tuple(str(each) for each in NEEDED if each not in fields)
    if missing:
        raise MessageError(ref("diagnostic.bad_pay_line.missing", fields=missing))
    return text


def _employees(
    part: TableReader | None, people: Collection[str]
) -> Iterator[tuple[str, str | None]]:
    for person in part.values if part else ():
        assert part
        part.known(person, person, people, "person")
        number = _code(part, person)
        if number:
            yield person, None if number == NOT_PAID_HERE else number


def _wage_codes(part: TableReader | None) -> Iterator[tuple[PayItem, str]]:
    for key in part.values if part else ():
        assert part
        part.known(key, key, PAY_ITEMS, "figure")
        code = _code(part, key)
        if code and key in PAY_ITEMS:
            yield PAY_ITEMS[key], code


def _code(part: TableReader, key: str) -> str:
    """A number or code of the pay system: digits may stand without quotation marks."""
    part.has(key)
    value = part.values[key]
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    text = text or part.text_at(key, value)
    if text and not PAY_CODE.fullmatch(text):
        part.error(key, ref("diagnostic.bad_pay_code", text=text[:40]))
        return ""
    return text
