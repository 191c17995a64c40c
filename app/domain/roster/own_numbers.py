"""The numbers that a person is rung on, and what they may change about them themselves. Pure.

A number that somebody adds rings nobody before a call to it was answered with a key.
"""

from dataclasses import dataclass, replace
from typing import Final

from app.domain.message_refs import MessageError, ref

MOST_NUMBERS: Final = 5  # of one person: a call-out rings each of them in turn
MOST_WAITING: Final = 3


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """`ringing` are rung, in this order; `waiting` are not, until each is confirmed.

    What may not be is a MessageError that says why.
    """

    ringing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def adding(self, number: str) -> "OwnNumbers":
        """Let a number wait for its confirmation."""
        if number in (*self.ringing, *self.waiting):
            raise MessageError(ref("own_numbers.there_already"))
        if len(self.ringing) + len(self.waiting) >= MOST_NUMBERS:
            raise MessageError(ref("own_numbers.too_many", most=MOST_NUMBERS))
        if len(self.waiting) >= MOST_WAITING:
            raise MessageError(ref("own_numbers.too_many_waiting", most=MOST_WAITING))
        return replace(self, waiting=(*self.waiting, number))

    def confirming(self, number: str) -> "OwnNumbers":
        """Ring a number from now on, after the others; one that waits no more stays as it is."""
        if number not in self.waiting:
            return self
        return OwnNumbers((*self.ringing, number), _without(self.waiting, number))

    def removing(self, number: str, *, has_duty: bool) -> "OwnNumbers":
        """Ring a number no more, unless it is the last one of somebody who is to be rung."""
        if number in self.waiting:
            return replace(self, waiting=_without(self.waiting, number))
        self._require(number)
        if has_duty and len(self.ringing) == 1:
            raise MessageError(ref("own_numbers.last_one"))
        return replace(self, ringing=_without(self.ringing, number))

    def moving(self, number: str, by: int) -> "OwnNumbers":
        """Ring a number earlier (-1) or later (1); one at the end stays there."""
        self._require(number)
        place = self.ringing.index(number)
        rest = _without(self.ringing, number)
        to = min(max(place + by, 0), len(rest))
        return replace(self, ringing=(*rest[:to], number, *rest[to:]))

    def _require(self, number: str) -> None:
        if number not in self.ringing:
            raise MessageError(ref("own_numbers.not_there"))


def _without(numbers: tuple[str, ...], number: str) -> tuple[str, ...]:
    return tuple(each for each in numbers if each != number)
