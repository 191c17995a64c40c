"""The whole site away: voice documents that stand at the network and decide nothing.

Everything is fetched with GET, which is all that a store of files answers. With a base
address a desk's documents lead to each other, and whoever answers has to press a key;
one that stands alone cannot ask anything, and rings shorter than a voicemail waits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk, Line
from app.domain.flow import KEY_SECONDS
from app.domain.hunts.hunt import Callee
from app.domain.roles import Role
from app.domain.simulate.site_outage import StaticLinePlan, StaticPlan
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message
from app.gateways.twilio.line_fallback_twiml import MESSAGE_SECONDS, TALK_SECONDS, WHISPER_SECONDS
from app.gateways.twilio.speech import say
from app.gateways.twilio.twiml import (
    CONNECT,
    HANGUP,
    LONGEST_DIAL,
    SHORTEST_DIAL,
    SILENCE_ENDS_RECORDING,
)
from app.gateways.twilio.xml import HEAD, document, verb, words

BEFORE_VOICEMAIL: Final = 15  # the network adds some five
UNDERSTOOD_BY: Final = {"nb": "nn", "nn": "nb"}  # who hears one of them needs not the other

CONNECT_FILE: Final = "connect.xml"


@dataclass(frozen=True, slots=True)
class _StaticWriter:
    """Writes the documents of one desk. `base` ends with a slash; empty where each stands alone."""

    plan: StaticPlan
    texts: Texts
    base: str

    @property
    def desk(self) -> Desk:
        return self.plan.desk

    def line(self, line: StaticLinePlan) -> str:
        """What a caller of the line gets first."""
        if not self.base:
            rung = line.everybody if self.stands_in(line) else line.rung
            return self._document(line.line, self._rings(line.line, rung))
        begins = self._rings(line.line, line.rung)
        return self._document(line.line, begins, self._asks(line))

    def critical(self, line: StaticLinePlan) -> str:
        """What a caller gets who says that it is critical."""
        rings = "".join(self._dials(line.line, line.if_critical))
        return self._document(line.line, self._says(line.line, "lifeline_ringing"), rings)

    def whisper(self, language: str) -> str:
        """What is asked of whoever answers: any key connects, silence hangs up."""
        told = self._notified("whisper_site_outage", language) + self._notified(
            "whisper_site_outage_note", language
        )
        return document(self._gather(CONNECT_FILE, told, WHISPER_SECONDS), HANGUP)

    def thanks(self, language: str) -> str:
        """What follows a message."""
        return document(self._notified("lifeline_taken", language), HANGUP)

    @staticmethod
    def stands_in(line: StaticLinePlan) -> bool:
        """Whether a document that can ask nothing rings those who were to be rung if critical."""
        return any(callee.role is not Role.LAST_RESORT for callee in line.if_critical)

    def _document(self, line: Line, *parts: str) -> str:
        whole = document(*parts, *self._message(line), HANGUP)
        return whole.replace(HEAD, HEAD + f"\n{self._about(line)}\n", 1)

    def _about(self, line: Line) -> str:
        """What somebody reads who finds the document."""
        desk, zone = self.desk, ZoneInfo(self.desk.time_zone)
        made, until = (_wall(at, zone) for at in (self.plan.from_, self.plan.until))
        told = f"{desk.id}, line {line.number}: valid from {made} until {until}"
        return f"<!-- {told.replace('--', '- ')} -->"

    def _rings(self, line: Line, callees: tuple[Callee, ...]) -> str:
        opening = self._says(line, "site_outage")
        if not callees:
            return opening
        return opening + self._says(line, "lifeline_ringing") + "".join(self._dials(line, callees))

    def _dials(self, line: Line, callees: tuple[Callee, ...]) -> Iterator[str]:
        """One after another: of several at once the first voicemail would win."""
        for place, callee in enumerate(callees, 1):
            yield self._dial(line, callee)
            yield self._says(line, "site_outage_helped")
            if place < len(callees):
                yield self._says(line, "site_outage_next")

    def _dial(self, line: Line, callee: Callee) -> str:
        """Without an action the network goes on below, unless the caller has hung up."""
        whisper = {"url": self._address(_whisper_file(callee.language)), "method": "GET"}
        number = verb("Number", words(callee.number), **(whisper if self.base else {}))
        return verb(
            "Dial",
            number,
            timeout=self._seconds(callee),
            timeLimit=TALK_SECONDS,
            callerId=line.number,
        )

    def _seconds(self, callee: Callee) -> int:
        duty, first_line = self.desk.duty, self.desk.first_line
        is_duty = duty is not None and callee.role is not Role.FIRST_LINE
        seconds = duty.ring_seconds if duty and is_duty else first_line.ring_seconds
        longest = LONGEST_DIAL if self.base else BEFORE_VOICEMAIL
        return min(max(seconds, SHORTEST_DIAL), longest)

    def _asks(self, line: StaticLinePlan) -> str:
        if not line.if_critical:
            return ""
        asked = self._says(line.line, "site_outage_critical")
        return self._gather(critical_file(line.line), asked, KEY_SECONDS)

    def _gather(self, file: str, body: str, seconds: int) -> str:
        return verb(
            "Gather",
            body,
            input="dtmf",
            action=self._address(file),
            method="GET",
            timeout=seconds,
            numDigits=1,
            finishOnKey="",
        )

    def _message(self, line: Line) -> tuple[str, ...]:
        """Take a message. Alone there is nowhere to go afterwards: whoever has spoken hangs up."""
        thanks = {"action": self._address(_thanks_file(line.languages[0]))}
        # Without an action the document would begin again; only a very long silence leads there.
        patience = SILENCE_ENDS_RECORDING if self.base else MESSAGE_SECONDS
        record = verb(
            "Record",
            method="GET",
            timeout=patience,
            maxLength=MESSAGE_SECONDS,
            finishOnKey="#",
            playBeep=True,
            **(thanks if self.base else {}),
        )
        told = self._says(line, "site_outage_message")
        return told, record, self._says(line, "no_keys_silence")

    def _says(self, line: Line, key: str) -> str:
        return "".join(self._notified(key, language) for language in spoken_languages(line))

    def _notified(self, key: str, language: str) -> str:
        name = self.desk.spoken_name.in_language(language) or self.desk.name
        message = Message(key, language, (("desk", name),))
        now, zone = self.plan.from_, self.desk.time_zone
        return say(self.texts.render(message, now=now, time_zone=zone, spoken=True), language)

    def _address(self, file: str) -> str:
        return self.base + file


def documents(plan: StaticPlan, texts: Texts, base: str = "") -> Mapping[str, str]:
    """Write a desk's documents, by file name; each line has one, `line_file`.

    With `base`, the address of their folder, they lead to each other; without it every
    line's document stands alone, to be pasted somewhere.
    """
    writer = _StaticWriter(plan, texts, base.rstrip("/") + "/" if base else "")
    lines = {line_file(line.line): writer.line(line) for line in plan.lines}
    return {**_linked(writer), **lines} if base else lines


def _linked(writer: _StaticWriter) -> dict[str, str]:
    """What the lines' documents lead to; it stands first, so that it is there before they are."""
    lines = writer.plan.lines
    spoken = sorted({callee.language for line in lines for callee in line.everybody})
    thanked = sorted({line.line.languages[0] for line in lines})
    return {
        CONNECT_FILE: CONNECT,
        **{_whisper_file(language): writer.whisper(language) for language in spoken},
        **{_thanks_file(language): writer.thanks(language) for language in thanked},
        **{critical_file(e.line): writer.critical(e) for e in lines if e.if_critical},
    }


def spoken_languages(line: Line) -> tuple[str, ...]:
    """Return the line's languages in which a sentence is said, one after another."""
    said: list[str] = []
    for language in line.languages:
        if UNDERSTOOD_BY.get(language) not in said:
            said.append(language)
    return tuple(said)


def line_file(line: Line) -> str:
    """Name the document that a line's number asks for."""
    return f"{line.number.lstrip('+')}.xml"


def critical_file(line: Line) -> str:
    """Name the document of a line for a caller who says that it is critical."""
    return f"{line.number.lstrip('+')}-critical.xml"


def _whisper_file(language: str) -> str:
    return f"whisper-{language}.xml"


def _thanks_file(language: str) -> str:
    return f"thanks-{language}.xml"


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes")
