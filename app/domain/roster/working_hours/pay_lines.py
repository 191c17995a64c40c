"""The lines of a pay file: one for each employee and wage code, as [pay] of the roster says."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.figures import Amount
from app.domain.roster.working_hours.numbers_written import decimal_hours
from app.domain.roster.working_hours.pay_rules import (
    PLACEHOLDER,
    DecimalSign,
    PayField,
    PayItem,
    PayRules,
)
from app.domain.roster.working_hours.report import HoursReport, PersonsHours
from app.domain.texts.formula_guard import guarded

LINE_END: Final = "\r\n"
SEPARATES: Final = re.compile(r'[;,"\s]+')  # what a name must not bring into a line
SIGNS: Final = {DecimalSign.POINT: ".", DecimalSign.COMMA: ","}

Write = Callable[[MessageRef], str]


class NoPayFile(MessageError):
    """The roster does not say enough for a pay file."""


def pay_file(report: HoursReport, roster: Roster, write: Write) -> str:
    """Write the lines of a report; NoPayFile where somebody with hours has no employee number."""
    pay = roster.pay
    if not pay.wage_codes:
        raise NoPayFile(ref("working_hours.no_pay", roster=roster.id))
    rows = [(each, *row) for each in report.people for row in _rows(each, pay)]
    numbers = dict(pay.employees)
    missing = dict.fromkeys(each.name for each, *_ in rows if each.person not in numbers)
    if missing:
        raise NoPayFile(ref("working_hours.no_employee_number", people=tuple(missing)))
    zone = ZoneInfo(roster.time_zone)
    days = {
        PayField.FROM: str(report.span.from_.astimezone(zone).date()),
        PayField.TO: str((report.span.to - timedelta.resolution).astimezone(zone).date()),
    }
    lines = [pay.header] if pay.header else []
    for person, item, code, quantity in rows:
        number = numbers[person.person]
        if number is not None:
            fields = days | _fields(person, number, write(item_ref(item)))
            fields |= {PayField.WAGE_CODE: code, PayField.QUANTITY: quantity}
            lines.append(_filled(pay.line, fields))
    return "".join(f"{line}{LINE_END}" for line in lines)


def _filled(line: str, fields: dict[PayField, str]) -> str:
    return PLACEHOLDER.sub(lambda found: fields[PayField(found[1])], line)


def item_ref(item: PayItem) -> MessageRef:
    """What is paid, in words."""
    kind = MessageRef(f"hours_figure.{item.kind}")
    return ref("working_hours.converted_item", figure=kind) if item.is_converted else kind


def _rows(person: PersonsHours, pay: PayRules) -> Iterator[tuple[PayItem, str, str]]:
    """What a person is paid for, with its code and how much; nothing of what they have none of."""
    for item, code in pay.wage_codes:
        quantity = decimal_hours(_amount(person, item))
        if quantity:
            yield item, code, str(quantity).replace(".", SIGNS[pay.decimal])


def _amount(person: PersonsHours, item: PayItem) -> Amount:
    figure = next(each for each in person.figures if each.kind is item.kind)
    return (figure.converted or timedelta()) if item.is_converted else figure.amount


def _fields(person: PersonsHours, number: str, what: str) -> dict[PayField, str]:
    return {
        PayField.EMPLOYEE: number,
        PayField.PERSON: person.person,
        PayField.NAME: guarded(SEPARATES.sub(" ", person.name)),
        PayField.WHAT: SEPARATES.sub(" ", what),
    }
