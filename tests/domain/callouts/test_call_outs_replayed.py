"""A call-out that took place is told from its stored turns as it was when it was simulated."""

from datetime import datetime
from pathlib import Path

import pytest

from app.domain.callouts.call_out import CallOut
from app.domain.callouts.decision import CallOutDecision
from app.domain.callouts.events import CallOutEvent
from app.domain.simulate.record import TurnRecord
from app.domain.simulate.replay import replay_call_out
from app.domain.simulate.transcript import TranscriptRenderer, call_out_lines
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
    """An installation of facts that keeps every turn of a call-out, as rows would."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.turns: list[tuple[str, TurnRecord[CallOutEvent]]] = []

    def decide_call_out(
        self, call_out: CallOut, event: CallOutEvent, now: datetime
    ) -> CallOutDecision:
        decision = super().decide_call_out(call_out, event, now)
        record = TurnRecord(now, event, decision.trace, decision.instruction)
        self.turns.append((call_out.sid, record))
        return decision


@pytest.mark.parametrize("name", NAMES)
def test_a_round_is_retold_as_it_was_walked(name: str) -> None:
    script = read_told_call(Path(NAMES[name]).read_text("utf-8"))
    facts = facts_of(script)
    house, renderer = Remembering(facts), TranscriptRenderer(facts, texts())
    transcript = simulated(script, house)
    assert transcript.call_outs
    for walked in transcript.call_outs:
        records = [turn for sid, turn in house.turns if sid == walked.call_out.sid]
        told = replay_call_out(walked.call_out, records)
        assert call_out_lines(told, renderer) == call_out_lines(walked, renderer)
