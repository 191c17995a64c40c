"""Who is on a line, and the ways in which a wait on it can end."""

from collections import deque
from dataclasses import dataclass, field

from exchange.people.script import PersonaAnswer, Script
from exchange.records.calls import CallResource
from exchange.records.signals import RedirectTarget


class ParticipantHungUp(Exception):
    """A participant has left the line."""

    def __init__(self, participant: str) -> None:
        super().__init__(participant)
        self.participant = participant


class Dequeued(Exception):
    """Somebody has fetched the caller out of the queue."""


class Redirected(Exception):
    """The REST API sends the call elsewhere."""

    def __init__(self, target: RedirectTarget) -> None:
        super().__init__(target.url)
        self.target = target


@dataclass(slots=True)
class Participant:
    """Somebody with a telephone on a line, and what is left of their script.

    `lets_talk`: how long a scripted caller fetched from a queue stays on, if it is they who end it.
    """

    call: CallResource
    answers: deque[PersonaAnswer] = field(default_factory=deque)
    ring_hang_up: float | None = None
    talk_hang_up: float | None = None
    wait_hang_up: float | None = None
    lets_talk: float | None = None
    is_leg: bool = False

    @property
    def sid(self) -> str:
        """The CallSid."""
        return self.call.sid


def participant_of(call: CallResource, script: Script) -> Participant:
    """A caller with a script before them."""
    hang_ups = script.ring_hang_up, script.talk_hang_up, script.wait_hang_up
    return Participant(call, deque(script.answers), *hang_ups)
