"""A night call during which a part of the system is really broken: before, while, after."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from app import clock
from app.demo.choices import DemoPart
from app.demo.environment import POLL_SECONDS, DemoEnvironment
from app.demo.exchange_client import Event
from app.demo.failures import FAILURES
from app.demo.night import Night
from app.demo.smtp_sink import ReceivedMail
from app.domain.tickets.ticket import Ticket
from app.store.call_lists import StoredCall, find_call
from app.store.tables.outbox import JobState
from app.store.ticket_lists import TicketFilter, list_tickets

LISTENS: Final = 3  # seconds; then the part breaks, and the caller chooses
TALKS: Final = 15  # seconds; then the caller hangs up
MAIL_SECONDS: Final = 60.0  # four tries, twice as far apart each time
BACK_SECONDS: Final = 90.0
OPEN: Final = frozenset({JobState.WAITING, JobState.SENDING})


@dataclass(frozen=True, slots=True)
class OutageSnapshot:
    """What the system tells at one moment, and what has left it for this call."""

    status: int
    ready: Mapping[str, Any]
    tickets: tuple[Ticket, ...]
    past: StoredCall | None
    sms: int  # of the whole site, since the call began


@dataclass(slots=True)
class Outage:
    """One call with one broken part; what was seen is kept for the end."""

    environment: DemoEnvironment
    night: Night
    part: DemoPart
    speed: float = 4  # seconds of the call in one of ours
    sid: str = ""
    heard: list[str] = field(default_factory=list)  # by the caller
    before: OutageSnapshot | None = None
    meanwhile: OutageSnapshot | None = None
    after: OutageSnapshot | None = None
    seconds: float = 0.0  # from its return until nothing waited any more
    _sms: int = 0
    _mails: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)

    def call(self, broke: Callable[[], None]) -> Iterator[Event]:
        """Give the call's events; in the middle of it the part breaks, which `broke` tells.

        The caller has heard the menu and has not chosen yet: the choice, the ringing and
        the acceptance all happen without the part.
        """
        network, night = self.environment.network, self.night
        network.assign(night.personas)
        self._sms, self._mails = len(network.messages()), len(self.environment.smtp_sink.mails)
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
                self._stack.enter_context(FAILURES[self.part].inject(self.environment))
                broke()
                network.press("calls", self.sid, "1")

    def wait_meanwhile(self) -> OutageSnapshot:
        """Look around while the part is away, as soon as there is something to see."""
        seen = self._until(self._is_noticed, MAIL_SECONDS)
        self.meanwhile = seen
        return seen

    def mend(self) -> None:
        """Let the part come back."""
        self._stack.close()

    def wait_until_whole(self) -> OutageSnapshot:
        """Wait until the call is stored, everything has gone out and the system is well."""
        began = clock.seconds()
        self.after = self._until(self._is_whole, BACK_SECONDS)
        self.seconds = clock.seconds() - began
        return self.after

    def look(self) -> OutageSnapshot:
        """Ask the system now."""
        answer = requests.get(f"{self.environment.state.product_url}/readyz", timeout=30)
        with self.environment.services.database.read() as connection:
            past = find_call(connection, self.sid)
            tickets = list_tickets(connection, TicketFilter(call_sid=self.sid)) if self.sid else ()
        sms = len(self.environment.network.messages()) - self._sms
        return OutageSnapshot(answer.status_code, answer.json(), tickets, past, sms)

    @property
    def mails(self) -> list[ReceivedMail]:
        """Return the mails that have come since the call began, without those about its ticket."""
        came = self.environment.smtp_sink.mails[self._mails :]
        with (
            self.environment.services.database.read() as connection
        ):  # a ticket is there before its mail
            tickets = list_tickets(connection, TicketFilter(call_sid=self.sid)) if came else ()
        numbers = [str(ticket.number) for ticket in tickets]
        return [mail for mail in came if not any(each in mail.subject for each in numbers)]

    def sms_are_single(self) -> bool:
        """Tell whether nobody got the same SMS twice."""
        sent = self.environment.network.messages()[self._sms :]
        return all(count == 1 for count in Counter((s["to"], s["body"]) for s in sent).values())

    def _is_noticed(self, seen: OutageSnapshot) -> bool:
        match self.part:
            case DemoPart.DATABASE:
                return seen.status == 503
            case DemoPart.TWILIO:
                return bool(self.mails)
            case DemoPart.WORKER:
                return True

    def _is_whole(self, seen: OutageSnapshot) -> bool:
        past = seen.past
        if past is None or past.line.outcome is None or seen.status != 200:
            return False
        return not any(notification.state in OPEN for notification in past.notifications)

    def _until(self, is_so: Callable[[OutageSnapshot], bool], seconds: float) -> OutageSnapshot:
        give_up = clock.seconds() + seconds
        while not is_so(seen := self.look()) and clock.seconds() < give_up:
            self.environment.processes.check()
            time.sleep(POLL_SECONDS)
        return seen
