"""Whatever a caller presses, through the store: every answer leads on, and the call ends."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.calls.answer import Answer
from app.domain.calls.call import Event, Recorded, RingEnded
from app.domain.hunts.instructions import End, Listen, Ring
from app.store import Database
from tests.support.sample_desk import DAY, DUTY, NIGHT, SUPPORT, press, sample_database
from tests.support.stored_call import DrivenCall

CALLS = count(1)
KEYS = st.lists(st.sampled_from(["1", "2", "3", "0", "9", "*", "5", "#", "1001", ""]), max_size=7)


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        yield database


def follows(answer: Answer, keys: Iterator[str]) -> Event:
    """What the network tells next: nobody answers, a short message, the next key or silence."""
    match answer.instruction:
        case Ring():
            return RingEnded("no-answer")
        case Listen():
            return Recorded(4, "RE1")
        case _:
            return press(next(keys, ""))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.sampled_from([SUPPORT, DUTY]), start=st.sampled_from([DAY, NIGHT]), keys=KEYS)
def test_every_turn_of_a_call_is_counted_until_it_ends(
    database: Database, line: str, start: datetime, keys: list[str]
) -> None:
    call = DrivenCall(database, f"CA-keys-{next(CALLS)}", line=line, start=start)
    answer, pressed = call.arrives(), iter(keys)
    for turn in range(1, 60):
        if isinstance(answer.instruction, End):
            break
        answer = call.does(follows(answer, pressed))
        assert (answer.turn, answer.is_repeated, call.stored.turn) == (turn, False, turn)
    assert isinstance(answer.instruction, End)
    assert call.stored.has_ended
