"""Speaks to a participant: what is said, how long it lasts, and the key that stops it."""

from collections.abc import Sequence

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant
from exchange.documents.verbs import Pause, Play, Prompt, Say
from exchange.error_codes import ErrorCode
from exchange.json_values import Json
from exchange.product.webhooks import WebhookFailed
from exchange.records.transcript import Kind
from exchange.sound.audio import AudioError
from exchange.sound.speech import Timed
from exchange.verbs.context import VerbContext


def time_prompts(context: VerbContext, prompts: Sequence[Prompt]) -> list[Timed]:
    """How long each prompt lasts; one whose audio cannot be fetched is left out, with an alert."""
    timed = []
    for prompt in prompts:
        try:
            timed.append(context.active_call.network.measure.time(_absolute(context, prompt)))
        except AudioError as error:
            context.active_call.alert(
                WebhookFailed(ErrorCode.HTTP_FAILURE, context.url, str(error))
            )
    return timed


def _absolute(context: VerbContext, prompt: Prompt) -> Prompt:
    return Play(context.absolute(prompt.url), prompt.loop) if isinstance(prompt, Play) else prompt


def speak(
    active_call: ActiveCall, participant: Participant, timed: Sequence[Timed], *, listening: bool
) -> str | None:
    """Plays prompts one after the other; while listening, the first key ends them and is given."""
    for at, one in enumerate(timed):
        _write(active_call, participant, one)
        began = active_call.timeline.elapsed
        if not listening:
            active_call.wait_out(one.seconds)
            continue
        key = active_call.wait_key(participant, one.seconds)
        if key is not None:
            _write_cut(
                active_call, participant, one, active_call.timeline.elapsed - began, timed[at + 1 :]
            )
            return key
    return None


def _write(active_call: ActiveCall, participant: Participant, one: Timed) -> None:
    who: dict[str, Json] = {"leg": participant.sid} if participant.is_leg else {}
    seconds = round(one.seconds, 3)
    match one.prompt:
        case Say(text=text, language=language, voice=voice):
            kind = Kind.WHISPER_HEARS if participant.is_leg else Kind.HEARS
            active_call.write(
                kind, text=text, language=language, voice=voice, seconds=seconds, **who
            )
        case Play(url=url):
            active_call.write(Kind.PLAYS, url=url, seconds=seconds, **who)
        case Pause():
            active_call.write(Kind.PAUSES, seconds=seconds, **who)


def _write_cut(
    active_call: ActiveCall,
    participant: Participant,
    cut: Timed,
    heard: float,
    unheard: Sequence[Timed],
) -> None:
    if heard >= cut.seconds and not unheard:
        return
    texts: list[Json] = [one.prompt.text for one in unheard if isinstance(one.prompt, Say)]
    active_call.write(
        Kind.INTERRUPTED,
        participant=participant.sid,
        text=cut.prompt.text if isinstance(cut.prompt, Say) else None,
        heard_seconds=round(heard, 3),
        cut_seconds=round(cut.seconds - heard, 3),
        unheard=texts,
        unheard_seconds=round(sum(one.seconds for one in unheard), 3),
    )
