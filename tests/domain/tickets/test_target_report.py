"""How targets were kept, counted over tickets as they stand."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.message_refs import ref
from app.domain.overview.target_table import target_table
from app.domain.tickets.clocks import met_at, pause_clock, respond, resume_clock
from app.domain.tickets.escalation_preview import foreseen_ticket
from app.domain.tickets.target_report import (
    Margins,
    ReportedTicket,
    Result,
    result_of,
    target_report,
)
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Closed, Ticket
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import desk_of, shipped

DESK: Final = desk_of(shipped("kundeservice"))
BY: Final = Actor(ActorKind.COMMAND, "Kundeservice 1")
MONDAY: Final = oslo("2026-11-23 08:00")
HIGH: Final = foreseen_ticket(DESK, Priority.HIGH, MONDAY)  # answer 09:00, solution 12:00
NOW: Final = oslo("2026-11-24 08:00")


def reported(ticket: Ticket) -> ReportedTicket:
    """The ticket as the store yields it for figures."""
    return ReportedTicket(
        ticket.agreement,
        ticket.priority,
        ticket.opened_at,
        ticket.due.respond_by,
        ticket.due.solve_by,
        ticket.due.workaround_stops,
        ticket.paused_since,
        ticket.responded_at,
        ticket.workaround_at,
        ticket.closed_at,
        ticket.pauses,
    )


MOMENTS: Final = st.one_of(
    st.none(), st.integers(0, 600).map(lambda count: MONDAY + timedelta(minutes=count))
)


@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.booleans())
def test_what_figures_know_of_a_ticket_is_what_its_clocks_say(
    responded: datetime | None,
    workaround: datetime | None,
    paused: datetime | None,
    done: datetime | None,
    stops: bool,
) -> None:
    ticket = replace(
        HIGH,
        responded_at=responded,
        workaround_at=workaround,
        paused_since=paused,
        closed=Closed("Kundeservice 1", done) if done else None,
        due=replace(HIGH.due, workaround_stops=stops),
    )
    for kind in TargetKind:
        assert reported(ticket).met_at(kind) == met_at(ticket, kind)


def closed(ticket: Ticket, at: str) -> Ticket:
    return replace(ticket, closed=Closed("Kundeservice 1", oslo(at)))


@pytest.mark.parametrize(
    ("ticket", "response", "solution"),
    [
        (HIGH, Result.MISSED, Result.MISSED),  # it is the next day, and nobody did anything
        (closed(HIGH, "2026-11-23 11:30"), Result.MISSED, Result.MET),
        (closed(HIGH, "2026-11-23 11:40"), Result.MISSED, Result.NEAR),  # 20 of 240 minutes left
        (closed(HIGH, "2026-11-23 12:01"), Result.MISSED, Result.MISSED),
        (respond(HIGH, BY, oslo("2026-11-23 08:30")).ticket, Result.MET, Result.MISSED),
        (respond(HIGH, BY, oslo("2026-11-23 08:56")).ticket, Result.NEAR, Result.MISSED),
        (pause_clock(HIGH, oslo("2026-11-23 08:30")), Result.RUNNING, Result.RUNNING),
        (pause_clock(HIGH, oslo("2026-11-23 12:30")), Result.MISSED, Result.MISSED),
        (
            closed(pause_clock(HIGH, oslo("2026-11-23 11:00")), "2026-11-23 15:00"),
            Result.MISSED,
            Result.MET,  # solved at eleven, and closed when the customer said so
        ),
    ],
)
def test_a_target_is_met_just_met_missed_or_running(
    ticket: Ticket, response: Result, solution: Result
) -> None:
    found = [result_of(Margins(DESK), reported(ticket), kind, NOW) for kind in TargetKind]
    assert found == [response, solution]


def test_a_month_counts_what_was_opened_in_it_and_how_long_it_waited() -> None:
    waits = pause_clock(HIGH, oslo("2026-11-23 08:30"))
    waited = resume_clock(waits, DESK, oslo("2026-11-23 10:30"))
    october = foreseen_ticket(DESK, Priority.LOW, oslo("2026-10-31 23:30"))
    rows = target_report(DESK, map(reported, (waited, HIGH, october)), NOW)
    assert [(row.month, row.kind) for row in rows] == [
        (date(2026, 11, 1), TargetKind.RESPONSE),
        (date(2026, 11, 1), TargetKind.SOLUTION),
        (date(2026, 10, 1), TargetKind.RESPONSE),
        (date(2026, 10, 1), TargetKind.SOLUTION),
    ]
    assert (rows[0].tickets, rows[0].pauses, rows[0].paused) == (2, 1, timedelta(hours=2))
    assert (rows[0].count(Result.MISSED), rows[0].kept_percent) == (2, 0)


def test_what_was_not_agreed_is_neither_met_nor_missed_and_says_so() -> None:
    silent = replace(DESK, targets=())
    ticket = reported(foreseen_ticket(silent, Priority.HIGH, MONDAY))
    rows = target_report(silent, (ticket,), NOW)
    assert [row.kept_percent for row in rows] == [None, None]
    assert [row[-3] for row in target_table(rows).rows] == [ref("not_agreed")] * 2
