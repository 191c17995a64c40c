"""What a party's script answers to a prompt, and when."""

from collections.abc import Sequence

from app.exchange.documents.verbs import Pause
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Party
from app.exchange.people.script import Answer, Timing
from app.exchange.records.signals import SignalKind
from app.exchange.records.transcript import Kind
from app.exchange.sound.speech import Timed

INTERDIGIT_SECONDS = 0.3
_SAID = frozenset({SignalKind.KEY, SignalKind.SPEAK})


def plan_answer(line: Line, party: Party, timed: Sequence[Timed]) -> Answer | None:
    """Takes the next answer of the party's script and plans it against this prompt; None when the
    script has nothing more to say, or a human being answers instead.
    """
    if party.call.is_live or not party.answers:
        return None
    answer = party.answers.popleft()
    after = _begins(line, answer, timed)
    if answer.speak is not None:
        line.plan_signal(
            party, SignalKind.SPEAK, 0.0, seconds=answer.speak, is_noise=answer.is_noise
        )
        after = answer.speak
    for key in answer.keys:
        line.plan_signal(party, SignalKind.KEY, after, key=key)
        after += INTERDIGIT_SECONDS
    if answer.hangs_up:
        line.plan_signal(party, SignalKind.HANG_UP, after)
    return answer


def _begins(line: Line, answer: Answer, timed: Sequence[Timed]) -> float:
    reaction = line.office.config.reaction_seconds
    match answer.timing:
        case Timing.AT_ONCE:
            return 0.0
        case Timing.SECONDS:
            return answer.seconds
        case Timing.SENTENCE:
            return _first_sentence(timed) + reaction
        case Timing.PROMPT:
            return sum(one.seconds for one in timed) + reaction


def _first_sentence(timed: Sequence[Timed]) -> float:
    before = 0.0
    for one in timed:
        if not isinstance(one.prompt, Pause):
            return before + one.first_sentence
        before += one.seconds
    return before


def drop_answer(line: Line, party: Party) -> None:
    """Forgets what is left of a planned answer; keys that nobody heard are written down."""
    dropped = line.plan.drop(party.sid, _SAID)
    keys = "".join(signal.key for signal in dropped)
    if keys:
        line.write(Kind.KEYS_LOST, party=party.sid, keys=keys)
