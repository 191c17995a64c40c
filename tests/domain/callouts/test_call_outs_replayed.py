"""A call-out that took place is told from its stored turns as it was when it was simulated."""

from pathlib import Path

import pytest

from app.domain.calls.call import Event
from app.domain.calls.decision import Decision
from app.domain.simulate.replay import TurnRecord, replay
from app.domain.simulate.transcript import TranscriptRenderer, transcript_lines
from app.voice_prompts import texts
from tests.support.call_out_facts import CallOutsOnFacts
from tests.support.told_call_reader import read_told_call
from tests.support.told_calls import CALLS, facts_of, simulated, told_calls

NAMES = {
    str(path.relative_to(CALLS))[:-4]: path
    for path in told_calls()
    if read_told_call(path.read_text("utf-8")).call_outs
}


class Remembering(CallOutsOnFacts):
    """An installation of facts that keeps every turn, as rows would."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.turns: list[tuple[str, TurnRecord]] = []

    def __call__(self, call, event: Event, now) -> Decision:  # type: ignore[no-untyped-def]
        decision = super().__call__(call, event, now)
        happening = TurnRecord(now, event, decision.trace, decision.instruction)
        self.turns.append((call.sid, happening))
        return decision


@pytest.mark.parametrize("name", NAMES)
def test_a_round_is_retold_as_it_was_walked(name: str) -> None:
    script = read_told_call(Path(NAMES[name]).read_text("utf-8"))
    facts = facts_of(script)
    house, renderer = Remembering(facts), TranscriptRenderer(facts, texts())
    transcript = simulated(script, house)
    assert transcript.call_outs
    for walked_call_out in transcript.call_outs:
        call = walked_call_out.call
        happenings = [turn for sid, turn in house.turns if sid == call.sid]
        assert transcript_lines(replay(call, happenings), renderer) == transcript_lines(
            walked_call_out, renderer
        )
