"""What a critical caller at night does and hears until somebody is rung."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.config.folder import DeskFolder
from app.domain.desks.customer import Customer
from app.domain.hunts.hunt import Callee
from app.domain.hunts.instructions import numbered
from app.domain.numbers import parse_number
from app.domain.simulate.record import Transcript, TranscriptLine
from app.domain.simulate.simulation import SimulationFacts, simulate
from app.domain.texts.message import Message
from app.voice_prompts import texts
from bench.desks import shipped
from bench.figures import Figure, at_most
from bench.speech import seconds

NIGHT = datetime(2026, 11, 21, 23, 10, tzinfo=ZoneInfo("Europe/Oslo"))
KEYS_GOAL, SECONDS_GOAL = 2, 20
KEYS = ("1", "1", "1")  # more than needed: a call that asks for three is a finding, not a fault
TICKET = 1042
PART = "Known caller, critical, Saturday 23:10: until the first ring"


def figures() -> Iterator[Figure]:
    """Keys and seconds of speech, heard in full, on every line and language that rings the duty."""
    for folder in shipped():
        for line_number, language, facts in _lines(folder):
            transcript = _rung(facts, line_number)
            if transcript:
                name = f"{folder.id} {line_number[-3:]} {language}"
                yield at_most(PART, f"keys, {name}", keys_before_the_ring(transcript), KEYS_GOAL)
                heard = seconds_before_the_ring(transcript)
                yield at_most(PART, f"speech, {name}", heard, SECONDS_GOAL, "s")


def keys_before_the_ring(transcript: Transcript) -> int:
    """How many keys were pressed until somebody was rung."""
    return sum(line.word == "press" for line in _before(transcript))


def seconds_before_the_ring(transcript: Transcript) -> float:
    """How long it all lasts, every sentence heard to its end."""
    says = [line.what for line in _before(transcript) if isinstance(line.what, Message)]
    return sum(seconds(_words(each), each.language) for each in says)


def _before(transcript: Transcript) -> list[TranscriptLine]:
    first = next(at for at, line in enumerate(transcript.lines) if isinstance(line.what, Callee))
    return transcript.lines[:first]


def _words(sentence: Message) -> str:
    transcript = numbered(sentence, TICKET)
    return texts().render(transcript, now=NIGHT, time_zone="Europe/Oslo", spoken=True)


def _lines(folder: DeskFolder) -> Iterator[tuple[str, str, SimulationFacts]]:
    """Every line of a desk as if each of its languages came first, for the first who has duty."""
    desk = folder.desk
    if desk is None or desk.duty is None:
        return
    facts = SimulationFacts(desk, folder.roster, folder.customers or ())
    for line in desk.lines:
        for language in line.languages:
            others = tuple(each for each in line.languages if each != language)
            turned = replace(line, languages=(language, *others))
            lines = tuple(turned if each is line else each for each in desk.lines)
            yield line.number, language, replace(facts, desk=replace(desk, lines=lines))


def _rung(facts: SimulationFacts, line: str) -> Transcript | None:
    """The call of the first customer for whom the duty is rung, or None."""
    for caller in filter(_has_own_phone, facts.customers):
        transcript = simulate(facts, line, parse_number(caller.phones[0]), NIGHT, KEYS)
        if transcript.rings:
            return transcript
    return None


def _has_own_phone(customer: Customer) -> bool:
    return bool(customer.phones)
