"""The call flow: every place in a call, what is said there, and where each key leads.

Read this first. The questions it asks of the world are in identity.py, forks.py,
case.py and ringing.py, the sentences in sayings.py; decide.py walks it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain import case, closing_words, forks, identity, ringing, rounds, sayings
from app.domain.call import Place
from app.domain.decision import Sentence
from app.domain.sight import Go, Sight

Says = Callable[[Sight], tuple[Sentence, ...]]
Question = Callable[[Sight], Go]

MISSES_ALLOWED: Final = 3  # prompts without a valid key


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something and go on."""

    says: Says
    then: Place


@dataclass(frozen=True, slots=True)
class Fork:
    """Ask the world where to go; `to` are the places that it may answer."""

    asks: Question
    to: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """Ask the caller for one key. Everywhere also: 0 a human, 9 next language, * repeats."""

    says: Says
    keys: Mapping[str, Place] = field(default_factory=dict)
    zero: Place = Place.HUMAN_WANTED
    silence: Place = Place.NO_VALID_KEY
    prompts: int = MISSES_ALLOWED  # how often it is asked before silence counts
    other: Place | None = None  # where any other key leads; None: it is a miss


@dataclass(frozen=True, slots=True)
class Number:
    """Ask the caller for a number that ends with #."""

    says: Says
    asks: Callable[[Sight, str], Go | None]  # None: no such number
    unknown: Says
    zero: Place = Place.HUMAN_WANTED
    silence: Place = Place.NO_VALID_KEY


@dataclass(frozen=True, slots=True)
class Tone:
    """Record what the caller says after the tone."""

    says: Says
    then: Place
    max_seconds: Callable[[Sight], int]
    is_measured: bool = False  # how much of it is sound decides what follows


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring those whom the fork before chose; `unanswered` chooses the next ones."""

    unanswered: Place
    seconds: Callable[[Sight], int]


@dataclass(frozen=True, slots=True)
class Waits:
    """Nobody listens here: the legs that ring tell how it goes on; `unanswered` rings the next."""

    unanswered: Place


@dataclass(frozen=True, slots=True)
class Last:
    """Say something and hang up."""

    says: Says


def fork(asks: Question, *to: Place) -> Fork:
    """Write a fork on one line of the table."""
    return Fork(asks, to)


Stop = Menu | Number | Tone | Rings | Waits | Last
Point = Tell | Fork | Stop

FLOW: Final[Mapping[Place, Point]] = {
    # who calls, and what may they
    Place.ARRIVAL: fork(
        forks.which_line,
        Place.UNKNOWN_LINE,
        Place.HELD_OFF,
        Place.CLOSED_TO_CALLER,
        Place.GREETING,
        Place.DUTY_MENU,
    ),
    Place.UNKNOWN_LINE: Last(sayings.unknown_line),
    Place.HELD_OFF: Last(sayings.held_off),
    Place.CLOSED_TO_CALLER: Tone(
        sayings.closed_to_caller,
        Place.SPOKEN_WHEN_CLOSED,
        sayings.message_seconds,
        is_measured=True,
    ),
    Place.SPOKEN_WHEN_CLOSED: fork(case.spoken_when_closed, Place.SILENCE, Place.MESSAGE_TAKEN),
    Place.GREETING: Tell(sayings.greeting, Place.IS_SAME_CASE),
    Place.IS_SAME_CASE: fork(forks.is_same_case, Place.SAME_CASE, Place.NEW_CASE),
    Place.SAME_CASE: Menu(
        sayings.same_case,
        {"1": Place.JOIN_CASE},
        other=Place.NEW_CASE,
        silence=Place.NEW_CASE,
        prompts=2,
    ),
    Place.JOIN_CASE: fork(case.join_case, Place.RING_WHO_HAS_IT, Place.NEW_CASE),
    Place.RING_WHO_HAS_IT: fork(
        ringing.ring_who_has_it, Place.WHO_HAS_IT_RINGS, Place.WHO_SHALL_ANSWER
    ),
    Place.WHO_HAS_IT_RINGS: Rings(Place.RING_WHO_HAS_IT, ringing.duty_seconds),
    Place.NEW_CASE: fork(forks.new_case, Place.DUTY_MENU, Place.WHO_IS_IT),
    Place.WHO_IS_IT: fork(identity.who_is_it, Place.CUSTOMER_NUMBER, Place.IS_SERVED),
    Place.CUSTOMER_NUMBER: Number(
        sayings.ask_customer_number, identity.customer_of, sayings.customer_number_unknown
    ),
    Place.IS_SERVED: fork(identity.is_served, Place.NOT_SERVED, Place.HAS_TELEPHONE),
    Place.NOT_SERVED: Menu(
        sayings.not_served, zero=Place.MESSAGE_WANTED, silence=Place.GOODBYE, prompts=1
    ),
    Place.HAS_TELEPHONE: fork(forks.has_telephone, Place.NO_TELEPHONE, Place.PRIORITY_MENU),
    Place.NO_TELEPHONE: Menu(sayings.no_telephone, zero=Place.MESSAGE_WANTED),
    # what is it about
    Place.PRIORITY_MENU: Menu(
        sayings.priority_menu,
        {
            "1": Place.CRITICAL_CONFIRM,
            "2": Place.CHOSE_HIGH,
            "3": Place.CHOSE_MEDIUM,
            "4": Place.CHOSE_LOW,
        },
    ),
    Place.CRITICAL_CONFIRM: Menu(
        sayings.critical_confirm, {"1": Place.CHOSE_CRITICAL, "2": Place.PRIORITY_MENU}
    ),
    Place.CHOSE_CRITICAL: fork(forks.chose_critical, Place.OPEN_TICKET),
    Place.CHOSE_HIGH: fork(forks.chose_high, Place.OPEN_TICKET),
    Place.CHOSE_MEDIUM: fork(forks.chose_medium, Place.OPEN_TICKET, Place.NETWORK_QUESTION),
    Place.CHOSE_LOW: fork(forks.chose_low, Place.OPEN_TICKET, Place.NETWORK_QUESTION),
    Place.NETWORK_QUESTION: Menu(
        sayings.network_question, {"1": Place.NETWORK_AWAY, "2": Place.USE_THE_PORTAL}
    ),
    Place.NETWORK_AWAY: fork(forks.network_away, Place.OPEN_TICKET),
    Place.USE_THE_PORTAL: fork(forks.use_the_portal, Place.PORTAL_TOLD),
    Place.PORTAL_TOLD: Menu(
        sayings.use_portal, zero=Place.MESSAGE_WANTED, silence=Place.GOODBYE, prompts=1
    ),
    # the duty line
    Place.DUTY_MENU: Menu(sayings.duty_menu, {"1": Place.DUTY_CONFIRMED, "2": Place.WHO_IS_IT}),
    Place.DUTY_CONFIRMED: fork(forks.duty_confirmed, Place.OPEN_TICKET),
    # the ticket, and who answers it
    Place.OPEN_TICKET: fork(case.open_ticket, Place.WHO_SHALL_ANSWER, Place.RING_WHO_HAS_IT),
    Place.WHO_SHALL_ANSWER: fork(
        forks.who_shall_answer, Place.RING_FIRST_LINE, Place.RING_DUTY, Place.MESSAGE
    ),
    Place.RING_FIRST_LINE: fork(
        ringing.ring_first_line, Place.FIRST_LINE_RINGS, Place.FIRST_LINE_SILENT
    ),
    Place.FIRST_LINE_RINGS: Rings(Place.RING_FIRST_LINE, ringing.first_line_seconds),
    Place.FIRST_LINE_SILENT: fork(forks.may_duty_take_over, Place.RING_DUTY, Place.MESSAGE),
    Place.RING_DUTY: fork(ringing.ring_duty, Place.DUTY_RINGS, Place.MESSAGE),
    Place.DUTY_RINGS: Rings(Place.RING_DUTY, ringing.duty_seconds),
    # no key, or 0: a human or a message
    Place.NO_VALID_KEY: fork(forks.no_valid_key, Place.SPEAK, Place.HUMAN_WANTED),
    Place.HUMAN_WANTED: fork(case.human_wanted, Place.RING_FIRST_LINE, Place.MESSAGE),
    Place.MESSAGE_WANTED: fork(case.message_wanted, Place.MESSAGE),
    Place.SPEAK: Tone(
        sayings.no_keys_speak, Place.SPOKEN, sayings.message_seconds, is_measured=True
    ),
    Place.SPOKEN: fork(case.spoken, Place.SILENCE, Place.RING_DUTY, Place.MESSAGE_TAKEN),
    Place.MESSAGE: Tone(closing_words.message, Place.MESSAGE_TAKEN, sayings.message_seconds),
    # the end
    Place.MESSAGE_TAKEN: Last(closing_words.message_taken),
    Place.TALK_ENDED: Menu(
        sayings.talk_ended, {"1": Place.RING_AGAIN}, silence=Place.GOODBYE, prompts=1
    ),
    Place.RING_AGAIN: fork(
        ringing.ring_again, Place.RING_FIRST_LINE, Place.RING_DUTY, Place.RING_WHO_HAS_IT
    ),
    Place.SILENCE: Last(sayings.no_keys_silence),
    Place.GOODBYE: Last(sayings.goodbye),
    # a round of calls about a ticket that nobody has accepted: it has no caller's end
    Place.ROUND: fork(rounds.ring_round, Place.ROUND_RINGS, Place.ROUND_OVER),
    Place.ROUND_RINGS: Waits(Place.ROUND),
    Place.ROUND_OVER: Last(sayings.nothing),
}
