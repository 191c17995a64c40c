"""What a row of the queue says is next for a ticket, and by when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.desk import Priority
from app.domain.tickets.next_deadline import DeadlineKind, NextDeadline, next_deadline
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Source, Ticket
from app.domain.workflow.status import Status

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
AT_ONE, AT_FIVE = NOON + timedelta(hours=1), NOON + timedelta(hours=5)
TICKET = Ticket("fjordhjelp", Source.STAFF, Priority.HIGH, NOON, due=Deadlines(AT_ONE, AT_FIVE))

instants = st.none() | st.integers(0, 600).map(lambda minutes: NOON + timedelta(minutes=minutes))
tickets = st.builds(
    Ticket,
    st.just("fjordhjelp"),
    st.just(Source.STAFF),
    st.sampled_from(Priority),
    st.just(NOON),
    status=st.sampled_from(Status),
    due=st.builds(Deadlines, instants, instants),
    paused_since=instants,
    responded_at=instants,
)


def test_the_customer_waits_for_an_answer_first() -> None:
    assert next_deadline(TICKET) == NextDeadline(DeadlineKind.RESPOND, AT_ONE)


def test_an_answered_one_is_to_be_solved() -> None:
    answered = replace(TICKET, responded_at=NOON)
    assert next_deadline(answered) == NextDeadline(DeadlineKind.SOLVE, AT_FIVE)


def test_a_solution_that_is_due_before_the_answer_comes_first() -> None:
    turned = replace(TICKET, due=Deadlines(AT_FIVE, AT_ONE))
    assert next_deadline(turned) == NextDeadline(DeadlineKind.SOLVE, AT_ONE)


def test_while_its_clocks_stand_it_tells_since_when() -> None:
    waiting = replace(TICKET, status=Status.WAITING, paused_since=NOON)
    assert next_deadline(waiting) == NextDeadline(DeadlineKind.STANDS, NOON)
    assert next_deadline(waiting).due_at is None


def test_what_was_never_agreed_has_no_deadline() -> None:
    bare = replace(TICKET, due=Deadlines(None, None))
    assert next_deadline(bare) == NextDeadline(DeadlineKind.NOT_AGREED)


def test_an_hour_before_it_is_near_and_a_moment_after_it_is_overdue() -> None:
    due = next_deadline(TICKET)
    assert [due.is_near(AT_ONE - timedelta(minutes=m)) for m in (61, 60)] == [False, True]
    assert [due.is_overdue(at) for at in (AT_ONE, AT_ONE + timedelta(seconds=1))] == [False, True]


@given(tickets)
def test_a_deadline_is_always_one_that_was_agreed_and_is_open(ticket: Ticket) -> None:
    due = next_deadline(ticket).due_at
    if ticket.status in (Status.SOLVED, Status.CLOSED) or ticket.paused_since:
        assert due is None
    else:
        open_ones = {ticket.due.solve_by, None if ticket.responded_at else ticket.due.respond_by}
        assert due == min((at for at in open_ones if at), default=None)


def test_a_temporary_solution_stops_the_clock_where_the_level_says_so() -> None:
    helped = replace(TICKET, workaround_at=NOON)
    assert next_deadline(replace(helped, responded_at=NOON)).kind is DeadlineKind.SOLVE
    enough = replace(helped, due=replace(TICKET.due, workaround_stops=True))
    assert next_deadline(enough) == NextDeadline(DeadlineKind.RESPOND, AT_ONE)
    answered = replace(enough, responded_at=NOON)
    assert next_deadline(answered) == NextDeadline(DeadlineKind.NOT_AGREED)
