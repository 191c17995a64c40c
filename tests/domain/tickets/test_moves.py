"""What may be done with a ticket, in every status, by the same person and by another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.moves import (
    Refusal,
    Refused,
    Unchanged,
    acknowledge_by_telephone,
    move,
    set_priority,
)
from app.domain.tickets.outcome import (
    InboxEvent,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
)
from app.domain.tickets.status import MOVES, UNSOLVED, Status
from app.domain.tickets.ticket import Acknowledged, Closed, Source, Ticket
from tests.support.shipped_desks import desk_of, shipped

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=5)
DESK = desk_of(shipped("brukarstotte"))
OPEN = Ticket("brukarstotte", Source.CALL, Priority.MEDIUM, AT, 1001, agreement="standard")
TAKEN = replace(OPEN, status=Status.ACKNOWLEDGED, acknowledged=Acknowledged("Vakt 1", AT, "vakt-1"))
CLOSED = replace(TAKEN, status=Status.CLOSED, closed=Closed("Teamleiar", AT))
ALREADY = Refused(Refusal.ALREADY_ACKNOWLEDGED, "Vakt 1", AT)
IS_CLOSED = Refused(Refusal.ALREADY_CLOSED, "Teamleiar", AT)
NO_SUCH = Refused(Refusal.NO_SUCH_MOVE, "", None)


def somebody(name: str) -> Actor:
    return Actor(ActorKind.COMMAND, name, via="vakt ticket")


def in_status(status: Status) -> Ticket:
    match status:
        case Status.OPEN:
            return OPEN
        case Status.CLOSED:
            return CLOSED
        case _:
            return replace(TAKEN, status=status)


@pytest.mark.parametrize(
    ("ticket", "to", "by", "expected"),
    [
        (TAKEN, Status.ACKNOWLEDGED, "Vakt 1", Unchanged()),
        (TAKEN, Status.ACKNOWLEDGED, "Vakt 2", ALREADY),
        (TAKEN, Status.OPEN, "Vakt 1", NO_SUCH),
        (CLOSED, Status.CLOSED, "Teamleiar", Unchanged()),
        (CLOSED, Status.CLOSED, "Vakt 1", IS_CLOSED),
        (CLOSED, Status.ACKNOWLEDGED, "Vakt 1", IS_CLOSED),
        (CLOSED, Status.IN_PROGRESS, "Teamleiar", IS_CLOSED),
        (in_status(Status.WAITING), Status.WAITING, "Vakt 2", Unchanged()),
        (in_status(Status.SOLVED), Status.ACKNOWLEDGED, "Vakt 2", ALREADY),
        (in_status(Status.SOLVED), Status.WAITING, "Vakt 2", NO_SUCH),
    ],
)
def test_a_move_that_is_not_made_says_why(
    ticket: Ticket, to: Status, by: str, expected: Unchanged | Refused
) -> None:
    assert move(ticket, to, somebody(by), NOW) == expected


def test_whoever_closes_a_ticket_that_nobody_had_has_it_too() -> None:
    done = move(OPEN, Status.CLOSED, somebody("Vakt 2"), NOW, "a false alarm")
    assert isinstance(done, Outcome)
    assert done.ticket.acknowledged == Acknowledged("Vakt 2", NOW)
    assert done.ticket.closed == Closed("Vakt 2", NOW)
    assert [(each.kind, each.facts.get("note")) for each in done.events] == [
        (TicketEventKind.ACKNOWLEDGED, None),
        (TicketEventKind.CLOSED, "a false alarm"),
    ]


def test_going_on_with_one_that_nobody_had_tells_from_where_to_where() -> None:
    done = move(OPEN, Status.IN_PROGRESS, somebody("Vakt 2"), NOW, "restarting it")
    assert isinstance(done, Outcome)
    assert [each.kind for each in done.events] == [
        TicketEventKind.ACKNOWLEDGED,
        TicketEventKind.MOVED,
    ]
    assert done.events[1].facts == {
        "was": "open", "status": "in_progress", "note": "restarting it", "via": "vakt ticket",
    }  # fmt: skip


@given(st.sampled_from(Status), st.sampled_from(Status), st.sampled_from(["Vakt 1", "Vakt 2"]))
def test_only_what_the_table_allows_is_done_and_then_all_of_it(
    was: Status, to: Status, by: str
) -> None:
    before = in_status(was)
    done = move(before, to, somebody(by), NOW)
    assert isinstance(done, Outcome) is (to in MOVES[was])
    if not isinstance(done, Outcome):
        return
    after = done.ticket
    assert after.status is to
    assert after.acknowledged, "whoever moves a ticket has it"
    assert after.acknowledged == (before.acknowledged or Acknowledged(by, NOW))
    assert bool(after.closed) is (to is Status.CLOSED)
    assert done.events, "nothing changes without an event"
    assert all((event.who, event.at) == (by, NOW) for event in done.events)
    assert done.effects == (ReviewCallOuts(),)
    assert (
        replace(after, status=was, acknowledged=before.acknowledged, closed=before.closed) == before
    ), "a move changes nothing else"


@given(st.lists(st.tuples(st.sampled_from(Status), st.sampled_from(["A", "B"])), max_size=12))
def test_whatever_is_tried_a_ticket_never_opens_again_and_keeps_who_was_first(
    tries: list[tuple[Status, str]],
) -> None:
    ticket, first = OPEN, None
    for to, by in tries:
        done = move(ticket, to, somebody(by), NOW)
        if isinstance(done, Outcome):
            ticket, first = done.ticket, first or by
        assert ticket.acknowledged_by == first
        assert (ticket.status is Status.OPEN) is (first is None)
        if ticket.status is Status.CLOSED:
            assert not isinstance(move(ticket, Status.IN_PROGRESS, somebody(by), NOW), Outcome)


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_the_same_again_by_the_same_person_changes_nothing(was: Status, to: Status) -> None:
    done = move(in_status(was), to, somebody("Vakt 1"), NOW)
    if isinstance(done, Outcome):
        assert move(done.ticket, to, somebody("Vakt 1"), NOW) == Unchanged()


def test_every_status_leads_to_closed_and_closed_leads_nowhere() -> None:
    assert set(MOVES) == set(Status)
    assert MOVES[Status.CLOSED] == frozenset()
    assert all(Status.CLOSED in MOVES[each] for each in Status if each is not Status.CLOSED)
    assert not any(Status.OPEN in to for to in MOVES.values())
    assert set(Status) - set(UNSOLVED) == {Status.SOLVED, Status.CLOSED}


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
