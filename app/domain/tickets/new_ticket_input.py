"""What somebody writes who opens a ticket by hand, read into a NewTicket or all that is wrong."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk, Priority
from app.domain.numbers import NOBODY, Number, NumberKind, can_exist, parse_number
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.ticket import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_SUBJECT,
    Contact,
    Source,
    WakesDuty,
)

EMAIL: Final = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+\.[^\s@<>,;:\"()\[\].]+")


class Problem(StrEnum):
    """What can be wrong with a field. The texts are ticket_problem.* in tickets.toml."""

    UNKNOWN_DESK = "unknown_desk"
    UNKNOWN_CUSTOMER = "unknown_customer"
    MISSING = "missing"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"  # a sign that is neither seen nor spoken
    NO_SUCH_NUMBER = "no_such_number"  # no network has such a number
    NO_EMAIL = "no_email"
    KEY_REUSED = "key_reused"  # it belongs to another request, which opened the ticket `value`


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong with one field; `limit` is how long it may be."""

    field: str
    problem: Problem
    value: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class TicketAsked:
    """What is asked for, as it was written. Empty is what was left out."""

    desk: str
    priority: Priority
    subject: str
    by: Actor
    customer: str = ""
    number: str = ""
    name: str = ""
    email: str = ""
    note: str = ""


def read_asked(
    asked: TicketAsked, desk: Desk | None, customer: Customer | None
) -> NewTicket | tuple[Invalid, ...]:
    """Return the ticket to open, or everything that keeps it from being opened.

    A critical one may wake the duty whatever the customer has agreed: whoever opens it has
    judged that it is critical, as a caller has who confirms it on the duty line.
    """
    wrong = tuple(_problems(asked, desk, customer))
    if wrong:
        return wrong
    is_critical = asked.priority is Priority.CRITICAL
    return NewTicket(
        source=Source.STAFF,
        priority=asked.priority,
        contact=Contact(_number(asked.number), tidy(asked.name), asked.email.strip()),
        subject=tidy(asked.subject),
        customer=customer.number if customer else None,
        agreement=customer.agreement if customer else None,
        wakes_duty=WakesDuty.CONFIRMED if is_critical else WakesDuty.BY_AGREEMENT,
        by=asked.by,
        note=tidy(asked.note),
    )


def tidy(text: str) -> str:
    """Return a text on one line: composed letters, single plain spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _problems(
    asked: TicketAsked, desk: Desk | None, customer: Customer | None
) -> Iterator[Invalid]:
    if desk is None:
        yield Invalid("desk", Problem.UNKNOWN_DESK, asked.desk)
    elif asked.customer and customer is None:
        yield Invalid("customer", Problem.UNKNOWN_CUSTOMER, asked.customer)
    if not any(sign.isalnum() for sign in asked.subject):
        yield Invalid("subject", Problem.MISSING)
    yield from _text("subject", asked.subject, LONGEST_SUBJECT)
    yield from _text("name", asked.name, LONGEST_NAME)
    yield from _text("note", asked.note, LONGEST_NOTE)
    yield from _text("email", asked.email, LONGEST_EMAIL)
    if asked.email.strip() and not EMAIL.fullmatch(asked.email.strip()):
        yield Invalid("email", Problem.NO_EMAIL, asked.email[:LONGEST_EMAIL])
    if asked.number.strip() and not _exists(parse_number(asked.number)):
        yield Invalid("number", Problem.NO_SUCH_NUMBER, asked.number[:LONGEST_EMAIL])


def _text(field: str, text: str, longest: int) -> Iterator[Invalid]:
    words = tidy(text)
    if len(words) > longest:
        yield Invalid(field, Problem.TOO_LONG, limit=longest)
    if not words.isprintable():
        yield Invalid(field, Problem.UNREADABLE)


def _number(text: str) -> Number:
    return parse_number(text) if text.strip() else NOBODY


def _exists(number: Number) -> bool:
    if number.kind in (NumberKind.MALFORMED, NumberKind.WITHHELD):
        return False
    return number.kind is NumberKind.SHORT or can_exist(number.digits)
