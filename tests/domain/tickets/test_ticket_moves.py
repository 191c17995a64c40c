"""What may be done with a ticket, in every state, by the same person and by another."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.desks.desk import Priority
from app.domain.tickets.moves import (
    Acknowledge,
    Close,
    Move,
    Moved,
    Outcome,
    Refusal,
    Refused,
    SetPriority,
    TicketState,
    TicketStatus,
    Unchanged,
    decide_move,
)

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OPEN = TicketState(1001, "fjordhjelp", TicketStatus.OPEN, Priority.MEDIUM)
TAKEN = replace(
    OPEN, status=TicketStatus.ACKNOWLEDGED, acknowledged_by="Vakt 1", acknowledged_at=AT
)
CLOSED = replace(TAKEN, status=TicketStatus.CLOSED, closed_by="Teamleiar", closed_at=AT)
RAISE = SetPriority(Priority.CRITICAL)


@pytest.mark.parametrize(
    ("ticket", "move", "by", "expected"),
    [
        (OPEN, Acknowledge(), "Vakt 1", Moved(TicketStatus.ACKNOWLEDGED, acknowledges=True)),
        (OPEN, Close(), "Vakt 1", Moved(TicketStatus.CLOSED, acknowledges=True)),
        (OPEN, RAISE, "Vakt 1", Moved(TicketStatus.OPEN)),
        (OPEN, SetPriority(Priority.MEDIUM), "Vakt 1", Unchanged()),
        (TAKEN, Acknowledge(), "Vakt 1", Unchanged()),
        (
            TAKEN,
            Acknowledge(),
            "Vakt 2",
            Refused(Refusal.ALREADY_ACKNOWLEDGED, "Vakt 1", AT),
        ),
        (TAKEN, Close(), "Vakt 2", Moved(TicketStatus.CLOSED)),
        (TAKEN, RAISE, "Vakt 2", Moved(TicketStatus.ACKNOWLEDGED)),
        (CLOSED, Close(), "Teamleiar", Unchanged()),
        (CLOSED, Close(), "Vakt 1", Refused(Refusal.ALREADY_CLOSED, "Teamleiar", AT)),
        (CLOSED, Acknowledge(), "Vakt 1", Refused(Refusal.ALREADY_CLOSED, "Teamleiar", AT)),
        (CLOSED, RAISE, "Teamleiar", Refused(Refusal.ALREADY_CLOSED, "Teamleiar", AT)),
    ],
)
def test_each_move_in_each_state(
    ticket: TicketState, move: Move, by: str, expected: Outcome
) -> None:
    assert decide_move(ticket, move, by) == expected
