"""A call that took place is told as it was foreseen: the same lines in the same order."""

import re

from app.actions.simulate.simulate_call import SimulationRequest, simulate_call
from app.api.v1.call_responses import transcript_context, transcript_of
from app.domain.calls.call import RingEnded
from app.domain.simulate.simulation import RingResult, simulate
from app.domain.simulate.transcript import TranscriptRenderer, Wording, transcript_lines
from app.store import Database
from app.store.call_lists import find_call
from app.store.desks import find_desk
from app.voice_prompts import texts
from tests.support.sample_desk import CALLER, DESK, DUTY, NIGHT, SUPPORT, number, sample_database
from tests.support.stored_call import DrivenCall


def stored(database: Database, sid: str = "CA1") -> list[str]:
    with database.read() as connection:
        past = find_call(connection, sid)
        live = find_desk(connection, DESK)
    assert past
    renderer = transcript_context(past, live, texts())
    return transcript_lines(
        transcript_of(past), TranscriptRenderer(renderer.facts, texts(), Wording.KEYS)
    )


def simulation(database: Database, line: str, keys: list[str], *ringing: RingResult) -> list[str]:
    facts = simulate_call(
        database, SimulationRequest(line, CALLER, "2026-11-21T23:10"), NIGHT
    ).facts
    told = simulate(facts, line, number(), NIGHT, keys, ringing or (RingResult("no_answer"),))
    return transcript_lines(told, TranscriptRenderer(facts, texts()))


def alike(lines: list[str]) -> list[str]:
    """Without what only a real call knows: the ticket's number, and how long they talked."""
    text = "\n".join(lines[1:]).replace("opens ticket 1001,", "opens ticket,")
    text = text.replace("ticket 1001", "ticket …")
    return re.sub(r"\d+ s\b(?! to)", "N s", text).splitlines()


def test_somebody_sleeps_and_the_next_one_accepts(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        call = DrivenCall(database)
        call.arrives()
        call.presses("1")
        call.does(RingEnded("no-answer"))
        call.somebody_accepts(2)
        call.does(RingEnded("completed", bridged=True, caller_gone=True))
        rings = (RingResult("no_answer"), RingResult("accepted"))
        assert alike(stored(database)) == alike(simulation(database, DUTY, ["1"], *rings))


def test_a_caller_who_hangs_up_in_the_menu(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        call = DrivenCall(database, line=SUPPORT)
        call.arrives()
        call.presses("1", "2")
        call.hangs_up()
        lines = stored(database)
        assert alike(lines) == alike(simulation(database, SUPPORT, ["1", "2"]))
        assert lines[-2:] == ["hangs up", "ends   abandoned"]


def test_what_the_rung_one_hears_is_not_told_as_the_callers(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        call = DrivenCall(database)
        call.arrives()
        call.presses("1")
        call.somebody_accepts(1)
        assert not any("whisper" in line for line in stored(database))
