"""A round that took place is told from its stored turns as it was when it was walked."""

from pathlib import Path

import pytest

from app.domain.call import Event
from app.domain.decision import Decision
from app.domain.round_house import OnFacts
from app.domain.words.retelling import Happening, retell
from app.domain.words.told import Telling, tell
from app.domain.words.told_reading import read_told
from app.voice_prompts import texts
from tests.tell import CALLS, facts_of, told_calls, walked

NAMES = {
    str(path.relative_to(CALLS))[:-4]: path
    for path in told_calls()
    if read_told(path.read_text("utf-8")).rounds
}


class Remembering(OnFacts):
    """A house of facts that keeps every turn, as rows would."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.turns: list[tuple[str, Happening]] = []

    def __call__(self, call, event: Event, now) -> Decision:  # type: ignore[no-untyped-def]
        decision = super().__call__(call, event, now)
        happening = Happening(now, event, decision.story, decision.script)
        self.turns.append((call.sid, happening))
        return decision


@pytest.mark.parametrize("name", NAMES)
def test_a_round_is_retold_as_it_was_walked(name: str) -> None:
    script = read_told(Path(NAMES[name]).read_text("utf-8"))
    facts = facts_of(script)
    house, telling = Remembering(facts), Telling(facts, texts())
    told = walked(script, house)
    assert told.rounds
    for walked_round in told.rounds:
        call = walked_round.call
        happenings = [turn for sid, turn in house.turns if sid == call.sid]
        assert tell(retell(call, happenings), telling) == tell(walked_round, telling)
