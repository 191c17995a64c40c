"""The call flow: every place in a call, what is said there, and where each key leads.

Read this first. The questions it asks of the world are in forks.py, case.py and
ringing.py, the sentences in sayings.py; decide.py walks it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain import case, forks, ringing, sayings
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
    """Ask the world where to go."""

    asks: Question


@dataclass(frozen=True, slots=True)
class Menu:
    """Ask the caller for one key. Everywhere also: 0 a human, 9 next language, * repeats."""

    says: Says
    keys: Mapping[str, Place] = field(default_factory=dict)
    zero: Place = Place.HUMAN_WANTED
    silence: Place = Place.NO_VALID_KEY
    prompts: int = MISSES_ALLOWED  # how often it is asked before silence counts


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


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring those whom the fork before chose; `unanswered` chooses the next ones."""

    unanswered: Place
    seconds: Callable[[Sight], int]


@dataclass(frozen=True, slots=True)
class Last:
    """Say something and hang up."""

    says: Says


Stop = Menu | Number | Tone | Rings | Last
Point = Tell | Fork | Stop

FLOW: Final[Mapping[Place, Point]] = {
    # who calls, and what may they
    Place.ARRIVAL: Fork(forks.which_line),
    Place.UNKNOWN_LINE: Last(sayings.unknown_line),
    Place.GREETING: Tell(sayings.greeting, Place.WHO_IS_IT),
    Place.WHO_IS_IT: Fork(forks.who_is_it),
    Place.CUSTOMER_NUMBER: Number(
        sayings.ask_customer_number, forks.customer_of, sayings.customer_number_unknown
    ),
    Place.IS_SERVED: Fork(forks.is_served),
    Place.NOT_SERVED: Menu(
        sayings.not_served, zero=Place.MESSAGE_WANTED, silence=Place.GOODBYE, prompts=1
    ),
    Place.HAS_TELEPHONE: Fork(forks.has_telephone),
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
    Place.CHOSE_CRITICAL: Fork(forks.chose_critical),
    Place.CHOSE_HIGH: Fork(forks.chose_high),
    Place.CHOSE_MEDIUM: Fork(forks.chose_medium),
    Place.CHOSE_LOW: Fork(forks.chose_low),
    Place.NETWORK_QUESTION: Menu(
        sayings.network_question, {"1": Place.NETWORK_AWAY, "2": Place.USE_THE_PORTAL}
    ),
    Place.NETWORK_AWAY: Fork(forks.network_away),
    Place.USE_THE_PORTAL: Fork(forks.use_the_portal),
    Place.PORTAL_TOLD: Menu(
        sayings.use_portal, zero=Place.MESSAGE_WANTED, silence=Place.GOODBYE, prompts=1
    ),
    # the duty line
    Place.DUTY_MENU: Menu(sayings.duty_menu, {"1": Place.DUTY_CONFIRMED, "2": Place.WHO_IS_IT}),
    Place.DUTY_CONFIRMED: Fork(forks.duty_confirmed),
    # the ticket, and who answers it
    Place.OPEN_TICKET: Fork(case.open_ticket),
    Place.WHO_SHALL_ANSWER: Fork(forks.who_shall_answer),
    Place.RING_FIRST_LINE: Fork(ringing.ring_first_line),
    Place.FIRST_LINE_RINGS: Rings(Place.RING_FIRST_LINE, ringing.first_line_seconds),
    Place.FIRST_LINE_SILENT: Fork(forks.may_duty_take_over),
    Place.RING_DUTY: Fork(ringing.ring_duty),
    Place.DUTY_RINGS: Rings(Place.RING_DUTY, ringing.duty_seconds),
    # no key, or 0: a human or a message
    Place.NO_VALID_KEY: Fork(forks.no_valid_key),
    Place.HUMAN_WANTED: Fork(case.human_wanted),
    Place.MESSAGE_WANTED: Fork(case.message_wanted),
    Place.SPEAK: Tone(sayings.no_keys_speak, Place.SPOKEN, sayings.message_seconds),
    Place.SPOKEN: Fork(case.spoken),
    Place.MESSAGE: Tone(sayings.message, Place.MESSAGE_TAKEN, sayings.message_seconds),
    # the end
    Place.MESSAGE_TAKEN: Last(sayings.message_taken),
    Place.TALK_ENDED: Menu(
        sayings.talk_ended, {"1": Place.RING_AGAIN}, silence=Place.GOODBYE, prompts=1
    ),
    Place.RING_AGAIN: Fork(ringing.ring_again),
    Place.SILENCE: Last(sayings.no_keys_silence),
    Place.GOODBYE: Last(sayings.goodbye),
}
