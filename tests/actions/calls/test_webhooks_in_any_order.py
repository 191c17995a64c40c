"""Whatever order and number of repeated webhooks: one call makes one ticket."""

from collections.abc import Callable
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.actions.calls.answer import UnknownCall
from app.domain.calls.call import Recorded, RingEnded
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.tickets.events import TicketEventKind
from app.store import Database
from app.store.call_lists import find_call
from app.store.tables import JobKind, JobRow, TicketEventRow, TicketRow
from app.store.ticket_lists import TicketFilter, list_tickets
from tests.support.sample_desk import DUTY, later, number, press
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn

CALLS = count(1)

Webhook = Callable[[Database, str, int], object]


def _turn(n: int, event: object) -> Webhook:
    return lambda database, sid, second: take_turn(database, sid, n, event, later(second))  # type: ignore[arg-type]


def _leg(event: LegAnswered | LegPressed | LegChanged, heard: int | None = None) -> Webhook:
    return lambda database, sid, second: take_leg_turn(
        database, sid, event, later(second), heard=heard
    )


ARRIVES: Webhook = lambda database, sid, second: answer_call(  # noqa: E731
    database, sid, DUTY, number(), later(second)
)
HANGS_UP: Webhook = lambda database, sid, second: hang_up(database, sid, later(second))  # noqa: E731

# As it happens: critical, the first number sleeps, the second accepts, they talk, the end.
IN_ORDER: dict[str, Webhook] = {
    "arrives": ARRIVES,
    "confirms": _turn(1, press("1")),
    "leg 1 rings": _leg(LegChanged(1, "ringing", "CB1")),
    "leg 1 answers": _leg(LegAnswered(1, "CB1")),
    "leg 1 sleeps": _leg(LegPressed(1, ""), heard=1),
    "leg 1 ends": _leg(LegChanged(1, "completed", "CB1")),
    "ring 1 ends": _turn(2, RingEnded("completed", bridged=False)),
    "leg 2 answers": _leg(LegAnswered(2, "CB2")),
    "leg 2 accepts": _leg(LegPressed(2, "1"), heard=1),
    "leg 1 accepts late": _leg(LegPressed(1, "1"), heard=2),
    "leg 2 ends": _leg(LegChanged(2, "completed", "CB2")),
    "ring 2 ends": _turn(3, RingEnded("completed", bridged=True)),
    "wants again": _turn(4, press("1")),
    "speaks": _turn(5, Recorded(4, "RE1")),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    storm=st.lists(st.sampled_from([*IN_ORDER]), max_size=25),
    hangs_up_at=st.none() | st.integers(0, 30),
)
def test_one_call_makes_one_ticket(
    database: Database, storm: list[str], hangs_up_at: int | None
) -> None:
    sid = f"CA{next(CALLS)}"
    posts = [*storm, *IN_ORDER]
    for second, name in enumerate(posts):
        if second == hangs_up_at:
            HANGS_UP(database, sid, second)
        try:
            IN_ORDER[name](database, sid, second)
        except UnknownCall:  # nothing of this call is known before it has arrived
            assert not set(posts[: second + 1]) & {"arrives"}
    HANGS_UP(database, sid, len(posts))
    _holds_together(database, sid, has_ticket=hangs_up_at is None)


def _holds_together(database: Database, sid: str, *, has_ticket: bool) -> None:
    with database.read() as connection:
        past = find_call(connection, sid)
        tickets = list_tickets(connection, TicketFilter(call_sid=sid))
        sms = (
            select(JobRow.person, func.count())
            .where(JobRow.call_sid == sid, JobRow.kind == JobKind.SMS)
            .group_by(JobRow.person)
        )
        told = dict(tuple(row) for row in connection.execute(sms))
        taken = connection.execute(
            select(func.count())
            .select_from(TicketEventRow)
            .join(TicketRow, TicketRow.number == TicketEventRow.ticket)
            .where(TicketRow.call_sid == sid, TicketEventRow.kind == TicketEventKind.ACKNOWLEDGED)
        ).scalar_one()
    assert past
    assert past.line.outcome
    assert len(tickets) == (1 if past.call.ticket else 0)
    assert not has_ticket or len(tickets) == 1
    assert [ticket.number for ticket in tickets] == [past.line.ticket] * len(tickets)
    assert set(told.values()) <= {1}
    assert taken <= 1
    assert [leg.leg for leg in past.legs] == [leg.id for leg in past.call.legs]
    assert [leg.outcome for leg in past.legs] == [leg.outcome for leg in past.call.legs]
