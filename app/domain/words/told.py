"""Words of a told call: its lines as text, by keys for reviewing or spoken in full.

The format that told_reading.py reads back. No rules of a call, no sentences of our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from app.domain.call import Callee, RungAs, outcome_of
from app.domain.decision import (
    TICKET_NUMBER,
    AcknowledgeTicket,
    AnsweredAgain,
    AttachMessage,
    CancelLeg,
    Code,
    Effect,
    JoinTicket,
    MissedRound,
    Named,
    OpenTicket,
    PlaceLeg,
    Reason,
    RoundUnanswered,
    SendSms,
    Sentence,
    Value,
)
from app.domain.people import NORWAY, Number, in_pairs
from app.domain.rounds_due import NextRound, Then
from app.domain.walk import Facts, Line, Told
from app.domain.words.ordinals import nth
from app.domain.words.texts import Texts

ZONE_OF_NOBODY: Final = "Europe/Oslo"  # of a call to a number that no desk has
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# fmt: off
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# fmt: on
SECOND_TIME: Final = " (second)"  # a wall time that comes twice, its second occurrence
AFTER_CALLBACK: Final = "whisper_caller_away"  # their end listens on, not the caller's
NO_NUMBER_YET: Final = "NNNN"  # of a ticket that nobody has opened
STORY: Final = frozenset({"why", "does"})
NEXT: Final = {
    Then.BEGIN: "round",
    Then.RING_ON: "round",
    Then.LOOK_AGAIN: "look again",
    Then.ALARM: "alarm",
}


class Wording(StrEnum):
    """How much of the sentences a told call shows."""

    KEYS = "keys"  # keys and values: what a reviewer compares
    SPOKEN = "spoken"  # every sentence in full, in the language in which it is heard


@dataclass(frozen=True, slots=True)
class Telling:
    """What wording a told call needs: the facts it was walked on, the texts, and how."""

    facts: Facts
    texts: Texts
    wording: Wording = Wording.KEYS
    language: str = "en"  # of the reasons and of what happens in the house

    @property
    def time_zone(self) -> str:
        """Name the zone in which moments are told."""
        return self.facts.desk.time_zone if self.facts.desk else ZONE_OF_NOBODY

    def in_words(self, sentence: Sentence, now: datetime) -> str:
        """Fill a sentence for the eye, in its own language."""
        values = tuple(
            (name, NO_NUMBER_YET if value == TICKET_NUMBER else value)
            for name, value in sentence.values
        )
        sentence = replace(sentence, values=values)
        return self.texts.render(sentence, now=now, time_zone=self.time_zone, spoken=False)

    def rendered(self, key: str, values: tuple[tuple[str, Value], ...], now: datetime) -> str:
        """Fill one of our texts for the eye."""
        return self.in_words(Sentence(key, self.language, values), now)


def tell(told: Told, telling: Telling) -> list[str]:
    """Word a whole told call, from `call` to `ends`."""
    if told.call.round:
        return list(_round(told, telling))
    lines = list(_head(told, telling))
    for index, line in enumerate(told.lines):
        following = told.lines[index + 1] if index + 1 < len(told.lines) else None
        lines.append(_line(line, following, told, telling))
    lines.append(_worded("ends", outcome_of(told.call).value))
    for each in told.rounds:
        lines += _round(each, telling)
    return [*lines, *(_next(told.next, telling) if told.next else ())]


def _round(told: Told, telling: Telling) -> Iterator[str]:
    """A round of calls: it has no caller who could be named, and no outcome of its own."""
    at = moment_text(told.call.started_at, telling.time_zone)
    yield _worded("round", f"{told.call.round}, {at}")
    yield from (_line(line, None, told, telling) for line in told.lines)


def _next(step: NextRound, telling: Telling) -> Iterator[str]:
    """What would be next for the ticket, and why."""
    at = moment_text(step.at, telling.time_zone)
    yield _worded("next", "nothing" if step.then is Then.LEAVE else f"{NEXT[step.then]}, {at}")
    yield _worded("why", reason_text(step.reason, telling, step.at))


def reason_text(reason: Reason, telling: Telling, now: datetime) -> str:
    """Word one reason."""
    values = reason.values
    if reason.code is Code.TARGET:  # one half of a target may never have been agreed
        given = dict(values)
        values = tuple((n, given.get(n, Named("does.not_agreed"))) for n in ("respond", "solve"))
    return telling.rendered(f"reason.{reason.code}", values, now)


def moment_text(at: datetime, time_zone: str) -> str:
    """Write an instant as the wall shows it: `Sat 21 Nov 2026 23:10`."""
    local = at.astimezone(ZoneInfo(time_zone))
    day = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day} {local:%H:%M}{SECOND_TIME if local.fold else ''}"


def spaced(digits: str) -> str:
    """Write a number for the eye: `+47 49 00 00 11`."""
    return f"{NORWAY} {in_pairs(digits)}" if digits.startswith(NORWAY) else in_pairs(digits)


def _head(told: Told, telling: Telling) -> Iterator[str]:
    call, desk = told.call, telling.facts.desk
    line = desk.line(call.line) if desk else None
    if telling.wording is Wording.KEYS:
        alone = desk and line and [each.kind for each in desk.lines].count(line.kind) == 1
        which = f"{line.kind}" if line and alone else call.line
        to = f"{desk.id} {which}" if desk and line else call.line
    else:
        to = f"{desk.name} {line.kind}" if desk and line else spaced(call.line)
    at = moment_text(call.started_at, telling.time_zone)
    yield _worded("call", f"{to}, from {_caller(call.caller, telling.wording)}, {at}")


def _caller(caller: Number, wording: Wording) -> str:
    if not caller.is_known:
        return caller.kind.value
    return caller.digits if wording is Wording.KEYS else spaced(caller.digits)


def _line(line: Line, following: Line | None, told: Told, telling: Telling) -> str:
    what = line.what
    match what:
        case Sentence():
            return _worded(line.word, _heard(what, told, telling, line.at))
        case Reason():
            return _worded(line.word, reason_text(what, telling, line.at))
        case Callee():
            seconds = f"{line.seconds} s"
            return _worded(line.word, f"{_name(what, telling, line.at)}, {seconds}")
        case str():
            return _worded(line.word, _done(line, following))
        case _:
            return _worded(line.word, _effect(what, told, telling, line.at))


def _worded(word: str, rest: str) -> str:
    """Pad the first word so that what follows stands in one column."""
    padded = f"  {word:<4} " if word in STORY else f"{word:<6} "
    return f"{padded}{rest}".rstrip()


def _done(line: Line, following: Line | None) -> str:
    if not line.seconds:
        return str(line.what)
    heard = following.what if following and following.word == "hears" else None
    stays = line.word == "talks" and isinstance(heard, Sentence) and heard.key != AFTER_CALLBACK
    return f"{line.seconds} s{', stays' if stays else ''}"


def _heard(sentence: Sentence, told: Told, telling: Telling, now: datetime) -> str:
    if telling.wording is Wording.SPOKEN:
        return telling.in_words(sentence, now)
    line = telling.facts.desk.line(told.call.line) if telling.facts.desk else None
    usual = line.languages[0] if line else told.call.language
    other = f"[{sentence.language}] " if sentence.language != usual else ""
    return f"{other}{_by_key(sentence, telling)}"


def _by_key(sentence: Sentence, telling: Telling) -> str:
    values = ", ".join(f"{name} {_raw(value, telling)}" for name, value in sentence.values)
    return f"{sentence.key} ({values})" if values else sentence.key


def _raw(value: Value, telling: Telling) -> str:
    match value:
        case datetime():
            return moment_text(value, telling.time_zone)
        case Named(key):
            return key
        case str() | int():
            return "…" if value == TICKET_NUMBER else str(value)
        case _:
            assert_never(value)


def _name(callee: Callee, telling: Telling, now: datetime) -> str:
    name = callee.name
    if callee.role in (RungAs.LAST_RESORT, RungAs.CALLER):  # without a name of their own
        name = telling.rendered(f"role.{callee.role}", (), now)
    return f"{name} {spaced(callee.number)}"


def _effect(effect: Effect, told: Told, telling: Telling, now: datetime) -> str:
    key, values = _effect_words(effect, told, telling, now)
    return telling.rendered(f"does.{key}", tuple(values.items()), now)


def _effect_words(
    effect: Effect, told: Told, telling: Telling, now: datetime
) -> tuple[str, dict[str, Value]]:
    match effect:
        case OpenTicket():
            return _opened(effect, told, telling)
        case JoinTicket(number, calls):
            return effect.kind, {"ticket": number, "calls": nth(calls)}
        case SendSms(to, sentence):
            person = _person(effect.person, telling)
            receiver = f"{person} {spaced(to)}".strip()
            return effect.kind, {"to": receiver, "words": _written(sentence, telling, now)}
        case AcknowledgeTicket(name=name) | MissedRound(name=name) | AnsweredAgain(name=name):
            return effect.kind, {"name": name}
        case RoundUnanswered(which, rung):
            return effect.kind, {"round": which, "rung": rung}
        case AttachMessage(seconds=seconds):
            return effect.kind, {"seconds": seconds}
        case PlaceLeg(callee=callee):
            return effect.kind, {"name": _name(callee, telling, now)}
        case CancelLeg(leg=leg_id):
            leg = told.call.leg(leg_id)
            name = _name(leg.callee, telling, now) if leg else str(leg_id)
            return effect.kind, {"name": name}
        case _:
            assert_never(effect)


def _opened(effect: OpenTicket, told: Told, telling: Telling) -> tuple[str, dict[str, Value]]:
    number = told.call.ticket.number if told.call.ticket else None
    agreement = effect.agreement or ""
    if telling.wording is Wording.SPOKEN and telling.facts.desk and agreement:
        agreement = telling.facts.desk.agreement(agreement).name
    values: dict[str, Value] = {
        "priority": Named(f"priority.{effect.priority}"),
        "who": Named("does.for_customer" if effect.customer else "does.for_nobody"),
        "customer": _customer(effect.customer or "", telling),
        "agreement": agreement,
    }
    if number is None:
        return effect.kind, values
    return f"{effect.kind}_numbered", {**values, "ticket": number}


def _customer(number: str, telling: Telling) -> str:
    name = next((c.name for c in telling.facts.customers if c.number == number), "")
    return f"{number} {name}".strip() if telling.wording is Wording.SPOKEN else number


def _person(person_id: str | None, telling: Telling) -> str:
    if person_id is None:
        return ""
    person = telling.facts.roster.person(person_id) if telling.facts.roster else None
    return person.name if person else person_id


def _written(sms: Sentence, telling: Telling, now: datetime) -> str:
    if telling.wording is Wording.KEYS:
        return _by_key(sms, telling)
    return telling.in_words(sms, now)
