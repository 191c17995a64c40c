"""Which calls come, who answers them, and which kill falls when: all of it from one seed.

Pure. A kill belongs to a call, not to a clock: it falls when that call has begun, so that the same
seed is as rough on a slow machine as on a fast one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

DUTY, NIGHT, DAY, COUNTER = "+4720000710", "+4720000700", "+4720000750", "+4720000780"
LINES = (DUTY, NIGHT, DAY, COUNTER)
STAFF = (
    "+4749007701",
    "+4720007701",
    "+4749007702",
    "+4749007703",
    "+4749007704",
    "+4749007705",
    "+4749007790",
    "+4749007501",
    "+4749007502",
    "+4749007511",
    "+4749007601",
    "+4749007602",
)
CONTACTS = "+47490079"  # all of theirs begin like this
CALLS_A_KILL = 15  # on average one kill falls in so many calls


class Victim(StrEnum):
    """What is killed with -9."""

    WEB_PROCESS = "one web process"
    MASTER = "the web's master"
    WEB = "all of the web"
    WORKER = "the worker"
    DATABASE = "the database"
    EVERYTHING = "everything at once"


ODDS = {
    Victim.WEB_PROCESS: 4,
    Victim.MASTER: 2,
    Victim.WEB: 2,
    Victim.WORKER: 4,
    Victim.DATABASE: 4,
    Victim.EVERYTHING: 1,
}

# Seconds until it is started again. Twilio waits 15 s for an answer, and a process needs some to
# start; a database may be away for longer than a statement waits for it (4 s).
AWAY = {
    Victim.WEB_PROCESS: (0.0, 0.0),  # their own supervisor starts them again, at once
    Victim.MASTER: (0.0, 0.0),
    Victim.WEB: (0.0, 0.0),
    Victim.WORKER: (0.05, 3.0),
    Victim.DATABASE: (0.05, 7.0),
    Victim.EVERYTHING: (0.05, 1.5),
}


class Moment(StrEnum):
    """The worst instants: all else is as good as any other."""

    ANY = "after a while"
    AT_A_TICKET = "when a ticket is stored, and its number perhaps not said"
    AT_AN_SMS = "when an SMS has left, and that is perhaps not noted"


@dataclass(frozen=True, slots=True)
class Kill:
    """It falls when this call has begun, at this moment or after `delay` seconds; `away` seconds
    later the victim is started again.
    """

    after_call: int
    victim: Victim
    moment: Moment
    delay: float
    away: float


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of caller: the line, what they do at each prompt, and how often they come."""

    name: str
    weight: int
    line: str
    script: tuple[str, ...]


STORIES = (
    Story("critical, on the duty line", 22, DUTY, ("1", "speak 6")),
    Story("critical, and says nothing", 4, DUTY, ("1", "-")),
    Story("critical, hangs up while it rings", 8, DUTY, ("1", "ring-hangup@7")),
    Story("critical, hangs up in the message", 6, DUTY, ("1", "speak 4 hangup")),
    Story("critical, hangs up at the tone", 3, DUTY, ("1", "hangup@1")),
    Story("critical, hangs up in the talk", 5, DUTY, ("1", "speak 5", "talk-hangup@6")),
    Story("critical, and wants to be connected again", 4, DUTY, ("1", "1", "speak 5")),
    Story("no keys, speaks", 4, DUTY, ("-", "-", "-", "speak 6")),
    Story("no keys, only noise", 2, DUTY, ("-", "-", "-", "noise 6")),
    Story("no keys, not a sound", 2, DUTY, ("-", "-", "-", "-")),
    Story("wrong keys first", 3, DUTY, ("5", "7", "1", "speak 5")),
    Story("hangs up in the menu", 4, DUTY, ("hangup@2",)),
    Story("critical, by the support line", 6, NIGHT, ("1", "1", "speak 6")),
    Story("high, leaves a message", 5, NIGHT, ("2", "speak 6")),
    Story("wants a human at night", 3, NIGHT, ("0", "speak 4")),
    Story("hangs up when asked if it is critical", 2, NIGHT, ("1", "hangup")),
    Story("critical, by day", 8, DAY, ("1", "1", "speak 5")),
    Story("high, by day", 6, DAY, ("2", "speak 5")),
    Story("hangs up in the queue", 3, DAY, ("2", "wait-hangup@6", "ring-hangup@6")),
    Story("wants a human by day", 2, DAY, ("0", "speak 5")),
    Story("medium, at the counter", 5, COUNTER, ("3", "speak 5")),
    Story("critical, at the counter", 3, COUNTER, ("1", "1", "speak 6")),
    Story("hangs up at the counter", 2, COUNTER, ("2", "ring-hangup@5")),
)
AGAIN = Story("calls again about the same case", 8, DUTY, ("1", "1", "speak 5"))
AGAIN_AFTER = 25  # calls in between

PERSONAS: Mapping[str, int] = {
    "accepts": 40,
    "slow_accept": 5,
    "repeats": 5,
    "passes": 8,
    "sleeper": 12,
    "voicemail": 10,
    "drops": 6,
    "no_answer": 10,
    "busy": 5,
    "failed": 3,
}
ATTEMPTS = 500  # that each telephone's row of people lasts for


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to place."""

    number: int
    story: str
    caller: str
    line: str
    script: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole storm."""

    seed: int
    calls: tuple[PlannedCall, ...]
    kills: tuple[Kill, ...]
    people: Mapping[str, list[Any]]


def make_plan(seed: int, calls: int) -> Plan:
    """The storm of this seed; the same one every time."""
    dice = Random(seed)
    return Plan(seed, tuple(_calls(dice, calls)), tuple(_kills(dice, calls)), _people(dice))


def _calls(dice: Random, calls: int) -> list[PlannedCall]:
    made: list[PlannedCall] = []
    for number in range(calls):
        stories = (*STORIES, AGAIN) if number >= AGAIN_AFTER else STORIES
        [story] = dice.choices(stories, [each.weight for each in stories])
        who = f"+474908{number:04}"
        if story is AGAIN:
            who = made[dice.randrange(number - AGAIN_AFTER + 1)].caller
        made.append(PlannedCall(number, story.name, who, story.line, story.script))
    return made


def _kills(dice: Random, calls: int) -> list[Kill]:
    """None in the first three calls: the system is to have begun. Each victim has its turn."""
    number = max(len(Victim), calls // CALLS_A_KILL)
    after = sorted(dice.randrange(3, max(4, calls)) for _ in range(number))
    victims = [*Victim] * max(1, number // len(Victim) // 3)
    victims += dice.choices([*ODDS], [*ODDS.values()], k=number - len(victims))
    dice.shuffle(victims)
    return [_kill(dice, call, victim) for call, victim in zip(after, victims, strict=True)]


def _kill(dice: Random, after_call: int, victim: Victim) -> Kill:
    worst = Moment.AT_AN_SMS if victim is Victim.WORKER else Moment.AT_A_TICKET
    return Kill(
        after_call,
        victim,
        moment=dice.choice([Moment.ANY, worst]),
        delay=round(dice.uniform(0, 0.8), 3),
        away=round(dice.uniform(*AWAY[victim]), 3),
    )


def _people(dice: Random) -> dict[str, list[Any]]:
    return {number: [_person(dice) for _ in range(ATTEMPTS)] + ["accepts"] for number in STAFF}


def _person(dice: Random) -> dict[str, Any]:
    [name] = dice.choices([*PERSONAS], [*PERSONAS.values()])
    ends = dice.choice(["caller", "callee"])
    return {"persona": name, "talks": dice.randrange(5, 30), "ends_talk": ends}
