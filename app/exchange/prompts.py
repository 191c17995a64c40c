"""Speaks to a party and finds out when its script answers. A key stops the speech."""

from collections.abc import Sequence
from urllib.parse import urljoin

from app.exchange.attributes import Code
from app.exchange.audio import AudioError
from app.exchange.line import Line
from app.exchange.parties import Party
from app.exchange.script import Answer, Timing
from app.exchange.signals import SignalKind
from app.exchange.speech import Timed
from app.exchange.transcript import Json, Kind
from app.exchange.verbs import Pause, Play, Prompt, Say
from app.exchange.webhooks import WebhookFailed

INTERDIGIT_SECONDS = 0.3
ANSWER_KINDS = frozenset({SignalKind.KEY, SignalKind.SPEAK, SignalKind.HANG_UP})


def time_prompts(line: Line, prompts: Sequence[Prompt], url: str) -> list[Timed]:
    """How long each prompt lasts; one whose audio cannot be fetched is left out, with an alert."""
    timed = []
    for prompt in prompts:
        try:
            timed.append(line.office.measure.time(absolute(prompt, url)))
        except AudioError as error:
            line.alert(WebhookFailed(Code.HTTP_FAILURE, url, str(error)))
    return timed


def absolute(prompt: Prompt, url: str) -> Prompt:
    """The prompt with a relative address of its audio resolved."""
    return Play(urljoin(url, prompt.url), prompt.loop) if isinstance(prompt, Play) else prompt


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
    dropped = line.plan.drop(party.sid, ANSWER_KINDS - {SignalKind.HANG_UP})
    keys = "".join(signal.key for signal in dropped)
    if keys:
        line.write(Kind.KEYS_LOST, party=party.sid, keys=keys)
