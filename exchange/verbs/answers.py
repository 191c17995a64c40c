"""What a participant's script answers to a prompt, and when."""

from collections.abc import Sequence

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant
from exchange.documents.verbs import Pause
from exchange.people.script import PersonaAnswer, Timing
from exchange.records.signals import SignalKind
from exchange.records.transcript import Kind
from exchange.sound.speech import Timed

INTERDIGIT_SECONDS = 0.3
_SAID = frozenset({SignalKind.KEY, SignalKind.SPEAK})


def plan_answer(
    active_call: ActiveCall, participant: Participant, timed: Sequence[Timed]
) -> PersonaAnswer | None:
    """Takes the next answer of the participant's script and plans it against this prompt; None
    when the
    script has nothing more to say, or a human being answers instead.
    """
    if participant.call.is_live or not participant.answers:
        return None
    answer = participant.answers.popleft()
    after = _begins(active_call, answer, timed)
    if answer.speak is not None:
        active_call.plan_signal(
            participant, SignalKind.SPEAK, 0.0, seconds=answer.speak, is_noise=answer.is_noise
        )
        after = answer.speak
    for key in answer.keys:
        active_call.plan_signal(participant, SignalKind.KEY, after, key=key)
        after += INTERDIGIT_SECONDS
    if answer.hangs_up:
        active_call.plan_signal(participant, SignalKind.HANG_UP, after)
    return answer


def _begins(active_call: ActiveCall, answer: PersonaAnswer, timed: Sequence[Timed]) -> float:
    reaction = active_call.network.config.reaction_seconds
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


def drop_answer(active_call: ActiveCall, participant: Participant) -> None:
    """Forgets what is left of a planned answer; keys that nobody heard are written down."""
    dropped = active_call.plan.drop(participant.sid, _SAID)
    keys = "".join(signal.key for signal in dropped)
    if keys:
        active_call.write(Kind.KEYS_LOST, participant=participant.sid, keys=keys)
