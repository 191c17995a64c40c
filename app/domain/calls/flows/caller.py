"""The call flow: every step of a call, what is said there, and where each key leads.

Read this first. The questions it asks of the world are in identity.py, forks.py,
call_ticket.py and ringing.py, the messages in prompts.py; decide.py walks it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.calls import (
    call_ticket,
    closing_prompts,
    forks,
    identity,
    outages,
    prompts,
    ringing,
    staff,
)
from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.flow import MISSES_ALLOWED, Fork, HangUp, Menu, Say, Says
from app.domain.hunts.who_is_rung import duty_seconds, first_line_seconds

# The keys that work at every prompt; `*` says it again, 8 means something in a known outage.
HUMAN_KEY: Final = "0"
LANGUAGE_KEY: Final = "9"
AFFECTED_KEY: Final = "8"
STAFF_KEY: Final = "7"  # on a number of the roster
REPEAT_KEY: Final = "*"
KEYS_OF_EVERY_PROMPT: Final = frozenset({HUMAN_KEY, LANGUAGE_KEY, REPEAT_KEY})
# Each means something wherever digits are keyed, when it comes without others.
KEYS_ALONE: Final = KEYS_OF_EVERY_PROMPT | {AFFECTED_KEY, STAFF_KEY}

Words = Callable[[CallContext], Says]
Question = Callable[[CallContext], Branch]
CallersMenu = Menu[CallContext, Step]
CallFork = Fork[CallContext, Step, Branch]


@dataclass(frozen=True, slots=True)
class NumberPrompt:
    """Ask the caller for a number that ends with #."""

    says: Words
    asks: Callable[[CallContext, str], Branch | None]  # None: no such number
    unknown: Words
    zero: Step = Step.HUMAN_WANTED
    silence: Step = Step.NO_VALID_KEY


@dataclass(frozen=True, slots=True)
class PinPrompt:
    """Ask for a PIN that ends with #; what is keyed is looked at before, and stored nowhere."""

    says: Words
    wrong: Words
    then: Step
    silence: Step
    zero: Step = Step.HUMAN_WANTED


@dataclass(frozen=True, slots=True)
class RecordMessage:
    """Record what the caller says after the tone."""

    says: Words
    then: Step
    max_seconds: Callable[[CallContext], int]
    is_measured: bool = False  # how much of it is sound decides what follows


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring those whom the fork before chose; `unanswered` chooses the next ones."""

    unanswered: Step
    seconds: Callable[[CallContext], int]


def fork(asks: Question, *to: Step) -> CallFork:
    """Write a fork on one line of the table."""
    return Fork(asks, to)


def menu(
    says: Words,
    keys: Mapping[str, Step] = MappingProxyType({}),
    *,
    zero: Step = Step.HUMAN_WANTED,
    silence: Step = Step.NO_VALID_KEY,
    prompts: int = MISSES_ALLOWED,
    other: Step | None = None,
    plays: Callable[[CallContext], str] | None = None,
) -> CallersMenu:
    """Ask the caller for one key. Everywhere also: 0 a human, 9 next language, * repeats."""
    return Menu(says, keys, silence, prompts, other, zero, plays)


Stop = CallersMenu | NumberPrompt | PinPrompt | RecordMessage | Rings | HangUp[CallContext]
Point = Say[CallContext, Step] | CallFork | Stop

# What somebody of the roster does with a ticket that is read to them.
OF_TICKET: Final = {
    "1": Step.STAFF_TICKET_DONE,
    "2": Step.STAFF_NEXT_TICKET,
    "3": Step.STAFF_MESSAGE,
}

FLOW: Final[Mapping[Step, Point]] = {
    # who calls, and what may they
    Step.ARRIVAL: fork(
        forks.which_line,
        Step.UNKNOWN_LINE,
        Step.SCREENED,
        Step.CLOSED_TO_CALLER,
        Step.GREETING,
        Step.DUTY_GREETING,
    ),
    Step.UNKNOWN_LINE: HangUp(prompts.unknown_line),
    Step.SCREENED: HangUp(prompts.screened),
    Step.CLOSED_TO_CALLER: RecordMessage(
        prompts.closed_to_caller,
        Step.SPOKEN_WHEN_CLOSED,
        prompts.message_seconds,
        is_measured=True,
    ),
    Step.SPOKEN_WHEN_CLOSED: fork(call_ticket.spoken_when_closed, Step.SILENCE, Step.MESSAGE_TAKEN),
    Step.GREETING: Say(prompts.greeting, Step.IS_SAME_TICKET),
    Step.AFFECTED: fork(outages.note_affected, Step.NOTED, Step.NEW_TICKET),
    Step.NOTED: menu(prompts.noted, {"1": Step.NOT_THE_OUTAGE}, silence=Step.GOODBYE, prompts=1),
    Step.NOT_THE_OUTAGE: fork(outages.something_else, Step.NEW_TICKET),
    Step.IS_SAME_TICKET: fork(forks.is_same_ticket, Step.SAME_TICKET, Step.NEW_TICKET),
    Step.SAME_TICKET: menu(
        prompts.same_ticket,
        {"1": Step.JOIN_TICKET},
        other=Step.NEW_TICKET,
        silence=Step.NEW_TICKET,
        prompts=2,
    ),
    Step.JOIN_TICKET: fork(call_ticket.join_ticket, Step.RING_TICKET_OWNER, Step.NEW_TICKET),
    Step.RING_TICKET_OWNER: fork(
        ringing.ring_ticket_owner, Step.TICKET_OWNER_RINGS, Step.WHO_SHALL_ANSWER
    ),
    Step.TICKET_OWNER_RINGS: Rings(Step.RING_TICKET_OWNER, duty_seconds),
    Step.NEW_TICKET: fork(forks.new_ticket, Step.DUTY_MENU, Step.WHO_IS_IT),
    Step.WHO_IS_IT: fork(identity.who_is_it, Step.CUSTOMER_NUMBER, Step.IS_SERVED),
    Step.CUSTOMER_NUMBER: NumberPrompt(
        prompts.ask_customer_number, identity.customer_of, prompts.customer_number_unknown
    ),
    Step.IS_SERVED: fork(identity.is_served, Step.NOT_SERVED, Step.HAS_TELEPHONE),
    Step.NOT_SERVED: menu(
        prompts.not_served, zero=Step.MESSAGE_WANTED, silence=Step.GOODBYE, prompts=1
    ),
    Step.HAS_TELEPHONE: fork(forks.has_telephone, Step.NO_TELEPHONE, Step.PRIORITY_MENU),
    Step.NO_TELEPHONE: menu(prompts.no_telephone, zero=Step.MESSAGE_WANTED),
    # what is it about
    Step.PRIORITY_MENU: menu(
        prompts.priority_menu,
        {
            "1": Step.CRITICAL_CONFIRM,
            "2": Step.CHOSE_HIGH,
            "3": Step.CHOSE_MEDIUM,
            "4": Step.CHOSE_LOW,
        },
    ),
    Step.CRITICAL_CONFIRM: menu(
        prompts.critical_confirm, {"1": Step.CHOSE_CRITICAL, "2": Step.PRIORITY_MENU}
    ),
    Step.CHOSE_CRITICAL: fork(forks.chose_critical, Step.OPEN_TICKET),
    Step.CHOSE_HIGH: fork(forks.chose_high, Step.OPEN_TICKET),
    Step.CHOSE_MEDIUM: fork(forks.chose_medium, Step.OPEN_TICKET, Step.NETWORK_QUESTION),
    Step.CHOSE_LOW: fork(forks.chose_low, Step.OPEN_TICKET, Step.NETWORK_QUESTION),
    Step.NETWORK_QUESTION: menu(
        prompts.network_question, {"1": Step.NETWORK_AWAY, "2": Step.USE_THE_PORTAL}
    ),
    Step.NETWORK_AWAY: fork(forks.network_away, Step.OPEN_TICKET),
    Step.USE_THE_PORTAL: fork(forks.use_the_portal, Step.PORTAL_GIVEN),
    Step.PORTAL_GIVEN: menu(
        prompts.use_portal, zero=Step.MESSAGE_WANTED, silence=Step.GOODBYE, prompts=1
    ),
    # the duty line
    Step.DUTY_GREETING: Say(prompts.duty_greeting, Step.DUTY_MENU),
    Step.DUTY_MENU: menu(prompts.duty_menu, {"1": Step.DUTY_CONFIRMED, "2": Step.WHO_IS_IT}),
    Step.DUTY_CONFIRMED: fork(forks.duty_confirmed, Step.OPEN_TICKET),
    # the ticket, and who answers it
    Step.OPEN_TICKET: fork(call_ticket.open_ticket, Step.WHO_SHALL_ANSWER, Step.RING_TICKET_OWNER),
    Step.WHO_SHALL_ANSWER: fork(
        forks.who_shall_answer, Step.RING_FIRST_LINE, Step.RING_DUTY, Step.MESSAGE
    ),
    Step.RING_FIRST_LINE: fork(
        ringing.ring_first_line, Step.FIRST_LINE_RINGS, Step.FIRST_LINE_SILENT
    ),
    Step.FIRST_LINE_RINGS: Rings(Step.RING_FIRST_LINE, first_line_seconds),
    Step.FIRST_LINE_SILENT: fork(forks.may_duty_take_over, Step.RING_DUTY, Step.MESSAGE),
    Step.RING_DUTY: fork(ringing.ring_duty, Step.DUTY_RINGS, Step.MESSAGE),
    Step.DUTY_RINGS: Rings(Step.RING_DUTY, duty_seconds),
    # no key, or 0: a human or a message
    Step.NO_VALID_KEY: fork(forks.no_valid_key, Step.SPEAK, Step.HUMAN_WANTED),
    Step.HUMAN_WANTED: fork(call_ticket.human_wanted, Step.RING_FIRST_LINE, Step.MESSAGE),
    Step.MESSAGE_WANTED: fork(call_ticket.message_wanted, Step.MESSAGE),
    Step.SPEAK: RecordMessage(
        prompts.no_keys_speak, Step.SPOKEN, prompts.message_seconds, is_measured=True
    ),
    Step.SPOKEN: fork(call_ticket.spoken, Step.SILENCE, Step.RING_DUTY, Step.MESSAGE_TAKEN),
    Step.MESSAGE: RecordMessage(
        closing_prompts.message, Step.MESSAGE_TAKEN, prompts.message_seconds
    ),
    # somebody of the roster who has pressed 7
    Step.STAFF_PIN: PinPrompt(
        staff.ask_pin, staff.wrong_pin, Step.STAFF_MENU, silence=Step.NEW_TICKET
    ),
    Step.STAFF_MENU: menu(
        staff.choices,
        {
            "1": Step.STAFF_TICKETS,
            "2": Step.STAFF_DUTY,
            "3": Step.STAFF_SHIFT,
            "4": Step.STAFF_OUTAGE,
        },
        silence=Step.GOODBYE,
    ),
    Step.STAFF_TICKETS: fork(staff.first_ticket, Step.STAFF_TICKET, Step.STAFF_NOTHING),
    Step.STAFF_TICKET: menu(
        staff.read_ticket,
        OF_TICKET,
        silence=Step.GOODBYE,
    ),
    Step.STAFF_MESSAGE: fork(staff.message, Step.STAFF_MESSAGE_PLAYS, Step.STAFF_NOTHING),
    Step.STAFF_MESSAGE_PLAYS: menu(
        staff.after_message, OF_TICKET, silence=Step.GOODBYE, plays=staff.callers_message
    ),
    Step.STAFF_TICKET_DONE: Say(staff.result, Step.STAFF_NEXT_TICKET),
    Step.STAFF_NEXT_TICKET: fork(staff.next_ticket, Step.STAFF_TICKET, Step.STAFF_MENU),
    Step.STAFF_DUTY: fork(staff.ask_duty, Step.STAFF_DUTY_ASKED, Step.STAFF_NOTHING),
    Step.STAFF_DUTY_ASKED: menu(
        staff.duty_question, {"1": Step.STAFF_DONE, "2": Step.STAFF_MENU}, silence=Step.GOODBYE
    ),
    Step.STAFF_SHIFT: fork(staff.ask_shift, Step.STAFF_SHIFT_ASKED, Step.STAFF_NOTHING),
    Step.STAFF_SHIFT_ASKED: menu(
        staff.shift_question, {"1": Step.STAFF_DONE, "2": Step.STAFF_MENU}, silence=Step.GOODBYE
    ),
    Step.STAFF_OUTAGE: fork(staff.ask_outage, Step.STAFF_OUTAGE_ASKED),
    Step.STAFF_OUTAGE_ASKED: menu(
        staff.outage_question, {"1": Step.STAFF_DONE, "2": Step.STAFF_MENU}, silence=Step.GOODBYE
    ),
    Step.STAFF_DONE: Say(staff.result, Step.STAFF_MENU),
    Step.STAFF_NOTHING: Say(staff.nothing, Step.STAFF_MENU),
    Step.STAFF_AWAY: Say(staff.not_now, Step.NEW_TICKET),
    # the end
    Step.MESSAGE_TAKEN: HangUp(closing_prompts.message_taken),
    Step.TALK_ENDED: menu(
        prompts.talk_ended, {"1": Step.RING_AGAIN}, silence=Step.GOODBYE, prompts=1
    ),
    Step.RING_AGAIN: fork(
        ringing.ring_again, Step.RING_FIRST_LINE, Step.RING_DUTY, Step.RING_TICKET_OWNER
    ),
    Step.SILENCE: HangUp(prompts.no_keys_silence),
    Step.GOODBYE: HangUp(prompts.goodbye),
}
