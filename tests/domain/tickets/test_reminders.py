"""A customer who has answered is not reminded, and their case is neither put away nor forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Side, Visibility
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.reminders import (
    Signs,
    customer_reminder,
    signs_of,
    silent_at,
    system_move,
)
from app.domain.tickets.ticket import Source, Ticket, Work
from app.domain.time.business_time import Minutes, Target
from app.domain.time.calendars import ROUND_THE_CLOCK_ID
from app.domain.workflow.built_in import SUPPORT_WEB
from app.domain.workflow.status import Status
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import desk_of, shipped

DESK: Final = replace(
    desk_of(shipped("prokom")),
    workflow=SUPPORT_WEB,
    silence=Target(Minutes(60), ROUND_THE_CLOCK_ID),
)
MONDAY: Final = oslo("2026-11-02 10:00")
LATER: Final = MONDAY + timedelta(days=90)
HOUR: Final = timedelta(hours=1)
WAITING: Final = ("solution_proposed", "waiting_for_customer", "frozen", "solved")


def waiting(state: str) -> Ticket:
    work = Work(state, since=MONDAY)
    found = SUPPORT_WEB.find_state(state)
    assert found
    return Ticket(
        "prokom",
        Source.PORTAL,
        Priority.LOW,
        MONDAY - HOUR,
        1001,
        status=found.counts_as,
        work=work,
        paused_since=MONDAY,
    )


def wrote(side: Side, at: datetime) -> TicketEvent:
    facts = {"side": str(side), "visibility": str(Visibility.PUBLIC)}
    return TicketEvent(at, TicketEventKind.COMMENTED, "somebody", facts)


@pytest.mark.parametrize("state", WAITING)
def test_who_has_answered_is_not_reminded_and_their_case_not_put_away(state: str) -> None:
    ticket = waiting(state)
    asked = signs_of(ticket, (wrote(Side.DESK, MONDAY),))
    assert customer_reminder(DESK, ticket, asked, LATER)
    assert silent_at(DESK, ticket, asked) is None

    at = MONDAY + 5 * HOUR
    history = (wrote(Side.DESK, MONDAY), wrote(Side.CUSTOMER, at), wrote(Side.CUSTOMER, at + HOUR))
    signs = signs_of(ticket, history)
    assert customer_reminder(DESK, ticket, signs, LATER) is None
    assert system_move(DESK, ticket, replace(signs, customer_reminders=2), LATER) is None
    assert silent_at(DESK, ticket, signs) == at + HOUR, "writing again puts nothing off"

    answered = signs_of(ticket, (*history, wrote(Side.DESK, at + 2 * HOUR)))
    assert answered.customer_at is None
    assert customer_reminder(DESK, ticket, answered, LATER)
    assert silent_at(DESK, ticket, answered) is None


def test_what_the_customer_wrote_with_a_move_is_no_later_sign() -> None:
    ticket = waiting("frozen")
    signs = signs_of(ticket, (wrote(Side.CUSTOMER, MONDAY),))
    assert signs == Signs(MONDAY)


def test_an_inactive_case_is_closed_unless_its_customer_wrote() -> None:
    ticket = waiting("inactive")
    assert ticket.status is Status.WAITING
    assert system_move(DESK, ticket, Signs(MONDAY), LATER)
    assert system_move(DESK, ticket, Signs(MONDAY, customer_at=MONDAY + HOUR), LATER) is None


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2027-01-30 19:59", None),  # at once
        ("2027-01-30 20:00", "2027-01-31 08:00"),
        ("2027-01-31 03:00", "2027-01-31 08:00"),
        ("2027-03-28 01:30", "2027-03-28 08:00"),  # the clocks are put forward
        ("2027-10-31 02:30", "2027-10-31 08:00"),  # and back
    ],
)
def test_nobody_is_woken_by_a_reminder_or_by_what_the_product_does(
    now: str, at: str | None
) -> None:
    told = customer_reminder(DESK, waiting("waiting_for_customer"), Signs(MONDAY), oslo(now))
    move = system_move(DESK, waiting("inactive"), Signs(MONDAY), oslo(now))
    for found in (told, move):
        assert found
        assert max(found[0], oslo(now)) == oslo(at or now)


def test_who_was_reached_by_the_last_reminder_alone_is_not_put_away() -> None:
    """The desk was told that the case is not closed by itself."""
    ticket = waiting("waiting_for_customer")
    not_reached = TicketEvent(
        MONDAY + HOUR, TicketEventKind.CUSTOMER_NOT_REMINDED, facts={"count": 1}
    )
    reached = TicketEvent(LATER - HOUR, TicketEventKind.CUSTOMER_REMINDED, facts={"count": 2})
    assert system_move(DESK, ticket, signs_of(ticket, (not_reached, reached)), LATER) is None
    assert system_move(DESK, ticket, signs_of(ticket, (reached,)), LATER), "both were missed"
