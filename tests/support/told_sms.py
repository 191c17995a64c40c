"""Conversations by SMS as they are told: who wrote what, what was answered, what others were told.

    Duty 2 > TA VAKT
    Duty 2 < Fjordhjelp: Du har vakten …

`>` is what somebody writes; `<` is what comes to them, as the answer or a moment later from the
outbox. What begins with neither goes on with the line above. `+ 61 min` lets time go by, and
`(note)` runs something that the test gives.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.actions.messages.take_sms import take_sms
from app.domain.texts.message import Message
from app.store import Database
from app.store.codec import message_of, read_facts
from app.store.sms import ReceivedSms
from app.store.tables import JobKind, JobRow
from app.voice_prompts import texts
from tests.support.sample_desk import DUTY, NIGHT

WRITES: Final = re.compile(r"(?P<who>[^<>]+) > (?P<body>.*)")
GETS: Final = re.compile(r"(?P<who>[^<>]+) < (?P<body>.*)")
PAUSE: Final = re.compile(r"\+ (?P<minutes>\d+) min")
DOES: Final = re.compile(r"\((?P<what>.+)\)")
TEXTS: Final = texts()


@dataclass
class Conversation:
    """People with their numbers, and the moment up to which it is told."""

    database: Database
    numbers: Mapping[str, str]
    does: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    line: str = DUTY
    now: datetime = NIGHT
    count: int = 0
    seen: int = 0

    def reads(self, told: str) -> None:
        """Play a conversation, and compare every SMS with what is told."""
        wanted = told_lines(told)
        played = self.played(wanted)
        assert played == wanted, "it went like this:\n" + "\n".join(played)

    def played(self, told: list[str]) -> list[str]:
        """Play what people write; what they write and get, line by line."""
        lines: list[str] = []
        for line in told:
            if writes := WRITES.fullmatch(line):
                lines += [line, *self.writes(writes["who"], writes["body"])]
            elif pause := PAUSE.fullmatch(line):
                self.now += timedelta(minutes=int(pause["minutes"]))
                lines.append(line)
            elif does := DOES.fullmatch(line):
                self.does[does["what"]]()
                lines.append(line)
        return lines

    def writes(self, who: str, body: str, sid: str = "") -> list[str]:
        """Have somebody write an SMS; what they and others get."""
        self.count += 1
        self.now += timedelta(seconds=10)
        sms = ReceivedSms(sid or f"SM{self.count}", self.line, self.numbers[who], body)
        taken = take_sms(self.database, sms, self.now)
        told = [f"{who} < {self.said(each)}" for each in taken.replies]
        return told + self.sent()

    def said(self, message: Message) -> str:
        """A message as it reads on a telephone."""
        zone = "Europe/Oslo"
        return TEXTS.render(message, now=self.now, time_zone=zone, spoken=False)

    def sent(self) -> list[str]:
        """What the outbox has for people by SMS since it was last looked at."""
        sms = select(JobRow.id, JobRow.payload).where(
            JobRow.kind == JobKind.SMS, JobRow.id > self.seen
        )
        with self.database.read() as connection:
            rows = connection.execute(sms.order_by(JobRow.id)).all()
        self.seen = max([self.seen, *(row.id for row in rows)])
        names = {number: name for name, number in self.numbers.items()}
        payloads = [read_facts(row.payload) for row in rows]
        return [
            f"{names[str(each['to'])]} < {self.said(message_of(each['message']))}"
            for each in payloads
        ]


def told_lines(told: str) -> list[str]:
    """A conversation line by line."""
    lines: list[str] = []
    for line in (each.strip() for each in told.splitlines()):
        if any(form.fullmatch(line) for form in (WRITES, GETS, PAUSE, DOES)):
            lines.append(line)
        elif line:
            lines[-1] += f" {line}"
    return lines
