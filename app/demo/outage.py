"""A night call during which a part of the house is really broken: before, while, after."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from app import clock
from app.demo.broken import BREAKS, Part
from app.demo.house import DemoHouse
from app.demo.letter_box import Letter
from app.demo.network import Event
from app.demo.night import Night
from app.store.call_lists import PastCall, find_call
from app.store.tables.outbox import JobState
from app.store.ticket_lists import Ticket, TicketFilter, list_tickets

LISTENS: Final = 3  # seconds; then the part breaks, and the caller chooses
TALKS: Final = 15  # seconds; then the caller hangs up
FOUND_SECONDS: Final = 20.0  # the house looks every five seconds whether it is well
MAIL_SECONDS: Final = 60.0  # four tries, twice as far apart each time
BACK_SECONDS: Final = 90.0
POLL_SECONDS: Final = 0.1
OPEN: Final = frozenset({JobState.WAITING, JobState.SENDING})


@dataclass(frozen=True, slots=True)
class Look:
    """What the house tells at one moment, and what has left it for this call."""

    status: int
    ready: Mapping[str, Any]
    tickets: tuple[Ticket, ...]
    past: PastCall | None
    sms: int  # of the whole house, since the call began


@dataclass(slots=True)
class Outage:
    """One call with one broken part; what was seen is kept for the end."""

    house: DemoHouse
    night: Night
    part: Part
    speed: float = 4  # seconds of the call in one of ours
    sid: str = ""
    heard: list[str] = field(default_factory=list)  # by the caller
    before: Look | None = None
    meanwhile: Look | None = None
    after: Look | None = None
    seconds: float = 0.0  # from its return until nothing waited any more
    _sms: int = 0
    _letters: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)

    def call(self, broke: Callable[[], None]) -> Iterator[Event]:
        """Give the call's events; in the middle of it the part breaks, which `broke` tells.

        The caller has heard the menu and has not chosen yet: the choice, the ringing and
        the acceptance all happen without the part.
        """
        network, night = self.house.network, self.night
        network.seat(night.personas)
        self._sms, self._letters = len(network.messages()), len(self.house.letter_box.letters)
        self.before = self.look()
        script = [f"talk-hangup@{TALKS}"]
        asked = {"at": night.at.isoformat(), "script": script, "speed": self.speed, "live": True}
        self.sid = network.phone(night.caller, night.line, **asked)
        is_broken = False
        for event in network.events(self.sid):
            yield event
            if event["kind"] == "hears":
                self.heard.append(str(event["text"]))
            if event["kind"] == "hears" and not is_broken:
                is_broken = True
                time.sleep(LISTENS / self.speed)
                self._stack.enter_context(BREAKS[self.part].broken(self.house))
                broke()
                network.press("calls", self.sid, "1")

    def wait_meanwhile(self) -> Look:
        """Look around while the part is away, as soon as there is something to see."""
        seen = self._until(self._is_noticed, MAIL_SECONDS)
        self.meanwhile = seen
        return seen

    def mend(self) -> None:
        """Let the part come back."""
        self._stack.close()

    def wait_until_whole(self) -> Look:
        """Wait until the call is stored, everything has gone out and the house is well."""
        began = clock.seconds()
        self.after = self._until(self._is_whole, BACK_SECONDS)
        self.seconds = clock.seconds() - began
        return self.after

    def look(self) -> Look:
        """Ask the house now."""
        answer = requests.get(f"{self.house.state.product_url}/readyz", timeout=30)
        with self.house.database.read() as connection:
            past = find_call(connection, self.sid)
            tickets = list_tickets(connection, TicketFilter(call_sid=self.sid)) if self.sid else ()
        sms = len(self.house.network.messages()) - self._sms
        return Look(answer.status_code, answer.json(), tickets, past, sms)

    @property
    def letters(self) -> list[Letter]:
        """Return the mails that have come since the call began, without those about its ticket."""
        came = self.house.letter_box.letters[self._letters :]
        with self.house.database.read() as connection:  # a ticket is there before its mail
            tickets = list_tickets(connection, TicketFilter(call_sid=self.sid)) if came else ()
        numbers = [str(ticket.number) for ticket in tickets]
        return [letter for letter in came if not any(each in letter.subject for each in numbers)]

    def sms_are_single(self) -> bool:
        """Tell whether nobody got the same SMS twice."""
        sent = self.house.network.messages()[self._sms :]
        return all(count == 1 for count in Counter((s["to"], s["body"]) for s in sent).values())

    def _is_noticed(self, seen: Look) -> bool:
        match self.part:
            case Part.DATABASE:
                return seen.status == 503
            case Part.TWILIO:
                return bool(self.letters)
            case Part.WORKER:
                return True

    def _is_whole(self, seen: Look) -> bool:
        past = seen.past
        if past is None or past.line.outcome is None or seen.status != 200:
            return False
        return not any(notice.state in OPEN for notice in past.notices)

    def _until(self, is_so: Callable[[Look], bool], seconds: float) -> Look:
        give_up = clock.seconds() + seconds
        while not is_so(seen := self.look()) and clock.seconds() < give_up:
            self.house.processes.check()
            time.sleep(POLL_SECONDS)
        return seen
