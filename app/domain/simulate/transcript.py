"""A transcript as text, by keys for reviewing or spoken in full.

The format that told_call_reader.py reads back. No rules of a call, no sentences of our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from app.domain.callouts.next_call_out import Escalate, LookAt, NextCallOut, RingNow, Stop
from app.domain.calls.call import outcome_of
from app.domain.hunts import effects
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.hunt import Callee
from app.domain.message_refs import ref
from app.domain.numbers import Number, NumberKind
from app.domain.reasons import Code, Reason
from app.domain.roles import Role
from app.domain.simulate.record import CallOutTranscript, Transcript, TranscriptLine
from app.domain.simulate.simulation import SimulationFacts
from app.domain.simulate.transcript_words import TranscriptWord, worded
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import (
    TICKET_NUMBER,
    Message,
    MessageRef,
    Value,
    nth,
)
from app.domain.texts.written_moments import ZONE_OF_NOBODY, moment_ref, moment_text, spaced
from app.domain.tickets.ticket import NOT_GIVEN

# Their end listens on, not the caller's.
AFTER_CALLBACK: Final = frozenset({"whisper_caller_away", "whisper_contact_away"})
NO_NUMBER_YET: Final = "NNNN"  # of a ticket that nobody has opened
NEXT: Final = {RingNow: "round", LookAt: "look_again", Escalate: "alarm", Stop: "nothing"}


class Wording(StrEnum):
    """How much of the sentences a transcript shows."""

    KEYS = "keys"  # keys and values: what a reviewer compares
    SPOKEN = "spoken"  # every sentence in full, in the language in which it is heard


@dataclass(frozen=True, slots=True)
class TranscriptRenderer:
    """What writing a transcript needs: the facts it was simulated on, the texts, and how."""

    facts: SimulationFacts
    texts: Texts
    wording: Wording = Wording.KEYS
    language: str = "en"  # of everything but what somebody hears

    @property
    def time_zone(self) -> str:
        """Name the zone in which moments are told."""
        return self.facts.desk.time_zone if self.facts.desk else ZONE_OF_NOBODY

    def write(self, text: MessageRef) -> str:
        """Write one of our texts: by key in English, as in told calls."""
        return self.texts.write(text, "en" if self.wording is Wording.KEYS else self.language)

    def worded(self, word: str, rest: str) -> str:
        """Write a line with its first word."""
        return worded(TranscriptWord(word), rest, self._word)

    def _word(self, word: TranscriptWord) -> str:
        return word.value if self.wording is Wording.KEYS else self.write(word.text)

    def moment(self, at: datetime) -> str:
        """Write an instant on the desk's wall."""
        if self.wording is Wording.KEYS:
            return moment_text(at, self.time_zone)
        return self.write(moment_ref(at, self.time_zone))

    def in_words(self, message: Message, now: datetime) -> str:
        """Fill a sentence for the eye, in its own language."""
        values = tuple(
            (name, NO_NUMBER_YET if value == TICKET_NUMBER else value)
            for name, value in message.values
        )
        message = replace(message, values=values)
        return self.texts.render(message, now=now, time_zone=self.time_zone, spoken=False)

    def rendered(self, key: str, values: tuple[tuple[str, Value], ...], now: datetime) -> str:
        """Fill one of our texts for the eye."""
        return self.in_words(Message(key, self.language, values), now)


def transcript_lines(transcript: Transcript, renderer: TranscriptRenderer) -> list[str]:
    """Write a whole transcript, from `call` to `ends`."""
    lines = list(_head(transcript, renderer))
    for index, line in enumerate(transcript.lines):
        following = transcript.lines[index + 1] if index + 1 < len(transcript.lines) else None
        lines.append(_line(line, following, transcript.call, renderer))
    lines.append(renderer.worded("ends", _outcome(transcript, renderer)))
    for each in transcript.call_outs:
        lines += call_out_lines(each, renderer)
    step, at = transcript.next, transcript.next_at
    return [*lines, *(_next(step, at, renderer) if step and at else ())]


def call_out_lines(transcript: CallOutTranscript, renderer: TranscriptRenderer) -> list[str]:
    """Write a call-out: it has no caller who could be named, and no outcome of its own."""
    call_out = transcript.call_out
    at = renderer.moment(call_out.started_at)
    head = renderer.worded("round", f"{call_out.number}, {at}")
    return [head, *(_line(line, None, call_out, renderer) for line in transcript.lines)]


def _outcome(transcript: Transcript, renderer: TranscriptRenderer) -> str:
    outcome = outcome_of(transcript.call)
    if renderer.wording is Wording.KEYS:
        return outcome.value
    return renderer.write(MessageRef(f"call_outcome.{outcome}"))


def _next(step: NextCallOut, at: datetime, renderer: TranscriptRenderer) -> Iterator[str]:
    """What would be next for the ticket, and why."""
    what = renderer.write(MessageRef(f"transcript_next.{NEXT[type(step)]}"))
    when = "" if isinstance(step, Stop) else f", {renderer.moment(at)}"
    yield renderer.worded("next", f"{what}{when}")
    yield renderer.worded("why", reason_text(step.reason, renderer, at))


def reason_text(reason: Reason, renderer: TranscriptRenderer, now: datetime) -> str:
    """Word one reason."""
    values = reason.values
    if reason.code is Code.TARGET:  # one half of a target may never have been agreed
        given = dict(values)
        values = tuple(
            (n, given.get(n, MessageRef("does.not_agreed"))) for n in ("respond", "solve")
        )
    return renderer.rendered(reason.ref.key, values, now)


def _head(transcript: Transcript, renderer: TranscriptRenderer) -> Iterator[str]:
    call, desk = transcript.call, renderer.facts.desk
    line = desk.line(call.line) if desk else None
    if renderer.wording is Wording.KEYS:
        alone = desk and line and [each.kind for each in desk.lines].count(line.kind) == 1
        which = f"{line.kind}" if line and alone else call.line
        to = f"{desk.id} {which}" if desk and line else call.line
    else:
        kind = renderer.write(MessageRef(f"line_kind.{line.kind}")) if line else ""
        to = f"{desk.name} {kind}" if desk and line else spaced(call.line)
    caller, at = _caller(call.caller, renderer), renderer.moment(call.started_at)
    head = renderer.write(ref("transcript_head", to=to, caller=caller, at=at))
    yield renderer.worded("call", head)


def _caller(caller: Number, renderer: TranscriptRenderer) -> str:
    is_by_key = renderer.wording is Wording.KEYS
    if caller.is_known:
        return caller.digits if is_by_key else spaced(caller.digits)
    if is_by_key:
        return caller.kind.value
    is_withheld = caller.kind is NumberKind.WITHHELD
    return renderer.write(ref("caller_withheld" if is_withheld else "caller_malformed"))


def _line(
    line: TranscriptLine,
    following: TranscriptLine | None,
    holder: HuntHolder,
    renderer: TranscriptRenderer,
) -> str:
    what = line.what
    match what:
        case Message():
            return renderer.worded(line.word, _heard(what, holder, renderer, line.at))
        case Reason():
            return renderer.worded(line.word, reason_text(what, renderer, line.at))
        case Callee():
            seconds = f"{line.seconds} s"
            return renderer.worded(line.word, f"{_name(what, renderer, line.at)}, {seconds}")
        case str():
            return renderer.worded(line.word, _done(line, following, renderer))
        case _:
            return renderer.worded(line.word, _effect(what, holder, renderer, line.at))


def _done(
    line: TranscriptLine, following: TranscriptLine | None, renderer: TranscriptRenderer
) -> str:
    if not line.seconds:
        return str(line.what)
    heard = following.what if following and following.word == "hears" else None
    stays = line.word == "talks" and isinstance(heard, Message) and heard.key not in AFTER_CALLBACK
    if stays:
        return renderer.write(ref("transcript_stays", seconds=line.seconds))
    return f"{line.seconds} s"


def _heard(
    message: Message, holder: HuntHolder, renderer: TranscriptRenderer, now: datetime
) -> str:
    if renderer.wording is Wording.SPOKEN:
        return renderer.in_words(message, now)
    line = renderer.facts.desk.line(holder.line) if renderer.facts.desk else None
    usual = line.languages[0] if line else holder.language
    other = f"[{message.language}] " if message.language != usual else ""
    return f"{other}{_by_key(message, renderer)}"


def _by_key(message: Message, renderer: TranscriptRenderer) -> str:
    values = ", ".join(f"{name} {_raw(value, renderer)}" for name, value in message.values)
    return f"{message.key} ({values})" if values else message.key


def _raw(value: Value, renderer: TranscriptRenderer) -> str:
    match value:
        case datetime():
            return moment_text(value, renderer.time_zone)
        case MessageRef(key):
            return key
        case str() | int():
            return "…" if value == TICKET_NUMBER else str(value)
        case _:
            assert_never(value)


def _name(callee: Callee, renderer: TranscriptRenderer, now: datetime) -> str:
    name = callee.name
    if callee.role in (Role.LAST_RESORT, Role.CALLER):  # without a name of their own
        name = renderer.rendered(f"role.{callee.role}", (), now)
    return f"{name} {spaced(callee.number)}"


def _effect(
    effect: effects.Effect, holder: HuntHolder, renderer: TranscriptRenderer, now: datetime
) -> str:
    key, values = _effect_words(effect, holder, renderer, now)
    return renderer.rendered(f"does.{key}", tuple(values.items()), now)


def _effect_words(
    effect: effects.Effect, holder: HuntHolder, renderer: TranscriptRenderer, now: datetime
) -> tuple[str, dict[str, Value]]:
    match effect:
        case effects.OpenTicket():
            return _opened(effect, holder, renderer)
        case effects.JoinTicket(number, calls):
            return effect.kind, {"ticket": number, "calls": nth(calls)}
        case effects.SendSms(to, message):
            person = _person(effect.person, renderer)
            receiver = f"{person} {spaced(to)}".strip()
            return effect.kind, {"to": receiver, "words": _written(message, renderer, now)}
        case (
            effects.AcknowledgeTicket(name=name)
            | effects.MissedCallOut(name=name)
            | effects.AnsweredAgain(name=name)
        ):
            return effect.kind, {"name": name}
        case effects.WatchOutage(to=to):
            return effect.kind, {"to": spaced(to)}
        case effects.CallOutUnanswered(which, rung):
            return effect.kind, {"call_out_number": which, "rung": rung}
        case effects.AttachMessage(seconds=seconds):
            return effect.kind, {"seconds": seconds}
        case effects.PlaceLeg() | effects.CancelLeg():
            return effect.kind, {"name": _name_at_leg(effect, holder, renderer, now)}
        case _:
            assert_never(effect)


def _name_at_leg(
    effect: effects.PlaceLeg | effects.CancelLeg,
    holder: HuntHolder,
    renderer: TranscriptRenderer,
    now: datetime,
) -> str:
    if isinstance(effect, effects.PlaceLeg):
        return _name(effect.callee, renderer, now)
    leg = holder.hunt.leg(effect.leg)
    return _name(leg.callee, renderer, now) if leg else str(effect.leg)


def _opened(
    effect: effects.OpenTicket, holder: HuntHolder, renderer: TranscriptRenderer
) -> tuple[str, dict[str, Value]]:
    number, new = holder.ticket.number if holder.ticket else NOT_GIVEN, effect.new
    agreement = new.agreement or ""
    if renderer.wording is Wording.SPOKEN and renderer.facts.desk and agreement:
        agreement = renderer.facts.desk.agreement(agreement).name
    values: dict[str, Value] = {
        "priority": MessageRef(f"priority.{new.priority}"),
        "who": MessageRef("does.for_customer" if new.customer else "does.for_nobody"),
        "customer": _customer(new.customer or "", renderer),
        "agreement": agreement,
    }
    if not number:
        return effect.kind, values
    return f"{effect.kind}_numbered", {**values, "ticket": number}


def _customer(number: str, renderer: TranscriptRenderer) -> str:
    name = next((c.name for c in renderer.facts.customers if c.number == number), "")
    return f"{number} {name}".strip() if renderer.wording is Wording.SPOKEN else number


def _person(person_id: str | None, renderer: TranscriptRenderer) -> str:
    if person_id is None:
        return ""
    person = renderer.facts.roster.person(person_id) if renderer.facts.roster else None
    return person.name if person else person_id


def _written(sms: Message, renderer: TranscriptRenderer, now: datetime) -> str:
    if renderer.wording is Wording.KEYS:
        return _by_key(sms, renderer)
    return renderer.in_words(sms, now)
