"""One call of a story: what the network heard, and what the product's API tells of it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exchange.records.calls import CallResource, Direction
from exchange.records.transcript import Event, Kind

if TYPE_CHECKING:
    from tests.end_to_end.product import RunningProduct


class CallRecord:
    """A call by its sid. The network's side can be asked at any time, the API's when it is over."""

    def __init__(self, product: RunningProduct, sid: str, mark: int) -> None:
        self.product = product
        self.sid = sid
        self.mark = mark

    # What the network heard -----------------------------------------------------------------

    @property
    def events(self) -> tuple[Event, ...]:
        return self.product.exchange.events(self.sid)

    @property
    def heard(self) -> list[str]:
        """The sentences that the caller heard, in order."""
        return [str(event.facts["text"]) for event in self._of(Kind.HEARS)]

    def hears(self, *sentences: str) -> CallRecord:
        """The caller heard these, in this order, whatever else was said in between."""
        heard = iter(self.heard)
        for sentence in sentences:
            assert any(sentence in each for each in heard), f"{sentence!r} not in {self.heard}"
        return self

    def hears_never(self, sentence: str) -> CallRecord:
        assert not any(sentence in each for each in self.heard), self.heard
        return self

    @property
    def rang(self) -> list[str]:
        """The numbers that rang for this call, in order."""
        return [leg.called for leg in self.phones]

    @property
    def talks(self) -> list[float]:
        """How long each talk lasted, in seconds."""
        return [float(str(event.facts["seconds"])) for event in self._of(Kind.TALKS)]

    @property
    def phones(self) -> list[CallResource]:
        """Every telephone that rang for this call: on its own line, or as a call of its own."""
        calls = self.product.exchange.network.calls
        placed = {leg["sid"] for leg in self.product.rows("legs", call_sid=self.sid) if leg["sid"]}
        own = [c for c in calls.all() if c.direction is Direction.OUTBOUND_API and c.sid in placed]
        return [*calls.legs_of(self.sid), *reversed(own)]

    def whispered(self, number: str) -> list[str]:
        """What was said into this telephone."""
        legs = [leg for leg in self.phones if leg.called == number]
        return [
            str(event.facts["text"])
            for leg in legs
            for event in leg.transcript.events()
            if (event.kind is Kind.WHISPER_HEARS and event.facts.get("leg") == leg.sid)
            or (event.kind is Kind.HEARS and leg.parent_sid is None)
        ]

    def sms_to(self, number: str) -> list[str]:
        """The messages that this telephone has received since the call began."""
        return [m.body for m in self.product.messages(self.mark) if m.to == number]

    @property
    def sms(self) -> list[str]:
        """Who has received a message since the call began."""
        return sorted(m.to for m in self.product.messages(self.mark))

    def tells_at_most(self, *numbers: str) -> None:
        """Nobody else has received a message, and nobody two.

        Whoever is on duty gets none when the ticket is taken before it can be sent.
        """
        assert not Counter(self.sms) - Counter(numbers), self.sms

    def _of(self, kind: Kind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]

    # What the API tells ---------------------------------------------------------------------

    @cached_property
    def stored(self) -> Any:
        return self.product.get(f"/calls/{self.sid}")

    @property
    def outcome(self) -> str:
        return str(self.stored["outcome"])

    @property
    def legs(self) -> list[tuple[str, str]]:
        """Who was rung, and how that ended."""
        return [(leg["name"], leg["outcome"]) for leg in self.stored["legs"]]

    @property
    def reasons(self) -> list[str]:
        return [reason["code"] for reason in self.stored["reasons"]]

    @cached_property
    def tickets(self) -> list[Any]:
        return list(self.product.get("/tickets", call_sid=self.sid))

    @property
    def ticket(self) -> Any:
        """The call's one ticket."""
        assert len(self.tickets) == 1, self.tickets
        return self.tickets[0]
