"""A ticket given back or passed on, and undone: by whom, and what it leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.moves import Refusal, Refused, acknowledge
from app.domain.tickets.outcome import Outcome, ReviewCallOuts
from app.domain.tickets.release import (
    Released,
    Undoing,
    pass_on,
    release,
    undo_acknowledgement,
    undo_release,
)
from app.domain.tickets.ticket import Acknowledged, Closed, Source, Ticket
from app.domain.workflow.status import Status

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=5)
OPEN = Ticket("brukarstotte", Source.CALL, Priority.CRITICAL, AT, 1001, is_urgent=True)
HAD = Acknowledged("Vakt 1", AT, "vakt-1")
TAKEN = replace(OPEN, status=Status.ACKNOWLEDGED, acknowledged=HAD)
CLOSED = replace(TAKEN, status=Status.CLOSED, closed=Closed("Teamleiar", AT))
ONE = Actor(ActorKind.PERSON, "Vakt 1", "vakt-1", "sms")
TWO = Actor(ActorKind.PERSON, "Vakt 2", "vakt-2", "sms")
UNDOING = Undoing("Vakt 1", "OK 1001")


def done(outcome: Outcome | Refused) -> Ticket:
    assert isinstance(outcome, Outcome)
    assert outcome.effects == (ReviewCallOuts(),), "whether somebody is rung is looked at anew"
    assert len(outcome.events) == 1
    return outcome.ticket


def test_who_gives_it_back_leaves_it_as_new() -> None:
    after = done(release(TAKEN, ONE, NOW))
    assert after == replace(OPEN, released_at=NOW)
    assert after.urgent_since == NOW, "call-outs about it begin anew"


def test_passing_on_what_nobody_has_does_not_make_it_newer() -> None:
    after = done(pass_on(OPEN, ONE, NOW))
    assert (after.passed_on_by, after.urgent_since) == (("vakt-1",), AT)
    assert done(pass_on(after, TWO, NOW)).passed_on_by == ("vakt-1", "vakt-2")


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        (release(OPEN, ONE, NOW), Refusal.NOT_ACKNOWLEDGED),
        (release(TAKEN, TWO, NOW), Refusal.ALREADY_ACKNOWLEDGED),
        (release(CLOSED, ONE, NOW), Refusal.ALREADY_CLOSED),
        (pass_on(TAKEN, TWO, NOW), Refusal.ALREADY_ACKNOWLEDGED),
        (pass_on(CLOSED, ONE, NOW), Refusal.ALREADY_CLOSED),
        (undo_acknowledgement(OPEN, "vakt-1", TWO, NOW, UNDOING), Refusal.NOT_ACKNOWLEDGED),
        (undo_acknowledgement(TAKEN, "vakt-2", TWO, NOW, UNDOING), Refusal.ALREADY_ACKNOWLEDGED),
        (
            undo_release(TAKEN, Released("vakt-2", HAD), ONE, NOW, UNDOING),
            Refusal.ALREADY_ACKNOWLEDGED,
        ),
        (undo_release(CLOSED, Released("vakt-1", HAD), ONE, NOW, UNDOING), Refusal.ALREADY_CLOSED),
    ],
)
def test_what_is_not_theirs_is_not_given_away(outcome: Outcome | Refused, refusal: Refusal) -> None:
    assert isinstance(outcome, Refused)
    assert outcome.refusal is refusal


@given(st.sampled_from([release, pass_on]), st.sampled_from([OPEN, TAKEN]))
def test_undoing_leads_back_to_who_had_it(how: type, before: Ticket) -> None:
    outcome = how(before, ONE, NOW)
    if not isinstance(outcome, Outcome):
        return
    back = done(
        undo_release(done(outcome), Released("vakt-1", before.acknowledged), TWO, NOW, UNDOING)
    )
    assert replace(back, released_at=None) == before


def test_undoing_an_acknowledgement_leads_back_to_nobody() -> None:
    outcome = acknowledge(OPEN, ONE, NOW)
    assert isinstance(outcome, Outcome)
    back = done(undo_acknowledgement(outcome.ticket, "vakt-1", TWO, NOW, UNDOING))
    assert replace(back, released_at=None) == OPEN
