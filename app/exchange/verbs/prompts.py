"""Speaks to a party: what is said, how long it lasts, and the key that stops it."""

from collections.abc import Sequence

from app.exchange.documents.verbs import Pause, Play, Prompt, Say
from app.exchange.error_codes import Code
from app.exchange.json_values import Json
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Party
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.transcript import Kind
from app.exchange.sound.audio import AudioError
from app.exchange.sound.speech import Timed
from app.exchange.verbs.steps import Stage


def time_prompts(stage: Stage, prompts: Sequence[Prompt]) -> list[Timed]:
    """How long each prompt lasts; one whose audio cannot be fetched is left out, with an alert."""
    timed = []
    for prompt in prompts:
        try:
            timed.append(stage.line.office.measure.time(_absolute(stage, prompt)))
        except AudioError as error:
            stage.line.alert(WebhookFailed(Code.HTTP_FAILURE, stage.url, str(error)))
    return timed


def _absolute(stage: Stage, prompt: Prompt) -> Prompt:
    return Play(stage.absolute(prompt.url), prompt.loop) if isinstance(prompt, Play) else prompt


def speak(line: Line, party: Party, timed: Sequence[Timed], *, listening: bool) -> str | None:
    """Plays prompts one after the other; while listening, the first key ends them and is given."""
    for at, one in enumerate(timed):
        _write(line, party, one)
        began = line.timeline.elapsed
        if not listening:
            line.wait_out(one.seconds)
            continue
        key = line.wait_key(party, one.seconds)
        if key is not None:
            _write_cut(line, party, one, line.timeline.elapsed - began, timed[at + 1 :])
            return key
    return None


def _write(line: Line, party: Party, one: Timed) -> None:
    who: dict[str, Json] = {"leg": party.sid} if party.is_leg else {}
    seconds = round(one.seconds, 3)
    match one.prompt:
        case Say(text=text, language=language, voice=voice):
            kind = Kind.WHISPER_HEARS if party.is_leg else Kind.HEARS
            line.write(kind, text=text, language=language, voice=voice, seconds=seconds, **who)
        case Play(url=url):
            line.write(Kind.PLAYS, url=url, seconds=seconds, **who)
        case Pause():
            line.write(Kind.PAUSES, seconds=seconds, **who)


def _write_cut(
    line: Line, party: Party, cut: Timed, heard: float, unheard: Sequence[Timed]
) -> None:
    if heard >= cut.seconds and not unheard:
        return
    texts: list[Json] = [one.prompt.text for one in unheard if isinstance(one.prompt, Say)]
    line.write(
        Kind.INTERRUPTED,
        party=party.sid,
        text=cut.prompt.text if isinstance(cut.prompt, Say) else None,
        heard_seconds=round(heard, 3),
        cut_seconds=round(cut.seconds - heard, 3),
        unheard=texts,
        unheard_seconds=round(sum(one.seconds for one in unheard), 3),
    )
