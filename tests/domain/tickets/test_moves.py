"""What may be done with a ticket, in every status, by the same person and by another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.moves import (
    Refusal,
    Refused,
    Unchanged,
    acknowledge,
    acknowledge_by_telephone,
    set_priority,
)
from app.domain.tickets.outcome import (
    InboxEvent,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
)
from app.domain.tickets.ticket import Acknowledged, Closed, Source, Ticket
from app.domain.workflow.status import Status
from tests.support.shipped_desks import desk_of, shipped

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=5)
DESK = desk_of(shipped("brukarstotte"))
OPEN = Ticket("brukarstotte", Source.CALL, Priority.MEDIUM, AT, 1001, agreement="standard")
TAKEN = replace(OPEN, status=Status.ACKNOWLEDGED, acknowledged=Acknowledged("Vakt 1", AT, "vakt-1"))
CLOSED = replace(TAKEN, status=Status.CLOSED, closed=Closed("Teamleiar", AT))
ALREADY = Refused(Refusal.ALREADY_ACKNOWLEDGED, "Vakt 1", AT)
IS_CLOSED = Refused(Refusal.ALREADY_CLOSED, "Teamleiar", AT)


def somebody(name: str) -> Actor:
    return Actor(ActorKind.COMMAND, name, via="vakt ticket")


def test_whoever_is_first_has_it() -> None:
    done = acknowledge(OPEN, somebody("Vakt 2"), NOW, "calls back")
    assert isinstance(done, Outcome)
    assert done.ticket == replace(
        OPEN, status=Status.ACKNOWLEDGED, acknowledged=Acknowledged("Vakt 2", NOW)
    )
    [event] = done.events
    assert (event.kind, event.facts["note"]) == (TicketEventKind.ACKNOWLEDGED, "calls back")
    assert done.effects == (ReviewCallOuts(),)


@pytest.mark.parametrize(
    ("ticket", "by", "expected"),
    [
        (TAKEN, "Vakt 1", Unchanged()),
        (TAKEN, "Vakt 2", ALREADY),
        (CLOSED, "Vakt 1", IS_CLOSED),
        (CLOSED, "Teamleiar", IS_CLOSED),
    ],
)
def test_who_comes_later_is_told_who_was_first(
    ticket: Ticket, by: str, expected: Unchanged | Refused
) -> None:
    assert acknowledge(ticket, somebody(by), NOW) == expected


def test_a_ticket_on_which_somebody_works_can_be_taken_and_stays_where_it_is() -> None:
    frozen = replace(OPEN, status=Status.WAITING)  # by the customer, before anybody had it
    done = acknowledge(frozen, somebody("Vakt 2"), NOW)
    assert isinstance(done, Outcome)
    assert done.ticket.status is Status.WAITING


# --- by a key on the telephone ------------------------------------------------------------


def test_who_was_never_connected_gives_the_ticket_up_to_whoever_is() -> None:
    vakt_2 = Actor(ActorKind.TELEPHONE, "Vakt 2", "vakt-2")
    done = acknowledge_by_telephone(TAKEN, vakt_2, NOW, "vakt-1")
    assert isinstance(done, Outcome)
    assert done.ticket.acknowledged == Acknowledged("Vakt 2", NOW, "vakt-2")
    assert acknowledge_by_telephone(TAKEN, vakt_2, NOW, None) == ALREADY
    assert acknowledge_by_telephone(TAKEN, vakt_2, NOW, "vakt-3") == ALREADY
    assert acknowledge_by_telephone(CLOSED, vakt_2, NOW, "vakt-1") == IS_CLOSED


# --- another priority ---------------------------------------------------------------------


def test_a_ticket_made_critical_rings_the_duty_from_now_on() -> None:
    done = set_priority(OPEN, Priority.CRITICAL, somebody("Vakt 2"), DESK, NOW, "all are out")
    assert isinstance(done, Outcome)
    assert (done.ticket.priority, done.ticket.is_urgent) == (Priority.CRITICAL, True)
    assert done.ticket.urgent_since == NOW
    assert done.effects == (
        NotifyInbox(InboxEvent.PRIORITY_CHANGED, Priority.MEDIUM),
        ReviewCallOuts(),
    )
    [event] = done.events
    assert (event.facts["was"], event.facts["priority"]) == ("medium", "critical")


def test_nobody_is_rung_about_one_that_somebody_has_or_that_is_less_urgent() -> None:
    for ticket, level in ((TAKEN, Priority.CRITICAL), (OPEN, Priority.LOW)):
        done = set_priority(ticket, level, somebody("Vakt 2"), DESK, NOW)
        assert isinstance(done, Outcome)
        assert done.effects[-1] == ReviewCallOuts()
        assert done.ticket.status is ticket.status


def test_the_same_priority_and_a_closed_ticket_are_left_as_they_are() -> None:
    by = somebody("Vakt 2")
    assert set_priority(OPEN, Priority.MEDIUM, by, DESK, NOW) == Unchanged()
    assert set_priority(CLOSED, Priority.HIGH, by, DESK, NOW) == IS_CLOSED


def test_a_priority_at_a_desk_that_is_no_more_has_no_targets() -> None:
    done = set_priority(OPEN, Priority.CRITICAL, somebody("Vakt 2"), None, NOW)
    assert isinstance(done, Outcome)
    assert done.ticket.due.respond_by is None
    assert done.ticket.is_urgent
