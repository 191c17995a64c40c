"""decide(call, event, world, now) -> Decision: the one function that every call goes through.

Walks the table in calls/flows/caller.py from where the call stands to where it must wait again.
Pure: the live call, what-if, the told calls and the replay all use it.
"""

from datetime import datetime
from typing import assert_never

from app.domain.calls import closing_prompts, outages, prompts
from app.domain.calls.call import (
    Arrived,
    Call,
    Event,
    HungUp,
    PinEntered,
    Pressed,
    Recorded,
    RingEnded,
    Step,
)
from app.domain.calls.call_ticket import attach, left_by_lifeline, notify_ticket_owner
from app.domain.calls.context import CallContext
from app.domain.calls.decision import Decision
from app.domain.calls.flows.callee import FOR_CALLER
from app.domain.calls.flows.caller import (
    AFFECTED_KEY,
    FLOW,
    HUMAN_KEY,
    KEYS_OF_EVERY_PROMPT,
    LANGUAGE_KEY,
    REPEAT_KEY,
    STAFF_KEY,
    CallersMenu,
    NumberPrompt,
    PinPrompt,
    RecordMessage,
)
from app.domain.calls.ring_end import ring_ended
from app.domain.calls.turn_builder import (
    TurnBuilder,
    decided,
    ended_silently,
    follow,
    too_late,
    wait_here,
    walk_on,
)
from app.domain.copies import replace
from app.domain.flow import MISSES_ALLOWED, STEPS_PER_TURN, Menu
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import End, Silent
from app.domain.hunts.legs import at_leg
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.hunts.world import World
from app.domain.reasons import Code, because
from app.domain.texts.message import Message


def decide(call: Call, event: Event, world: World, now: datetime) -> Decision:
    """Answer one event with the call as it is now, what to say or ring, and why."""
    builder = TurnBuilder(CallContext(call, world, now))
    match event:
        case Arrived():
            return walk_on(builder, Step.ARRIVAL)
        case Pressed():
            return _pressed(builder, event)
        case PinEntered():
            return _pin_entered(builder, event)
        case Recorded():
            return _recorded(builder, event)
        case RingEnded():
            return ring_ended(builder, event)
        case HungUp():
            return _hung_up(builder)
        case LegAnswered() | LegPressed() | LegChanged():
            return _at_leg(builder.context, event)
        case _:
            assert_never(event)


# --- what the caller does ---------------------------------------------------------------


def _pressed(builder: TurnBuilder, event: Pressed) -> Decision:
    call, context = builder.context.call, builder.context
    if call.has_ended:
        return too_late(builder, "pressed")
    if call.turn >= _turns_allowed(context):
        return _too_many_turns(builder)
    if call.staff and context.world.staff is None:
        return walk_on(builder.changed(staff="", misses=0), Step.STAFF_AWAY)
    match FLOW[call.step]:
        case Menu() as menu:
            return _menu_key(builder, menu, event.digits)
        case PinPrompt() as pin if not _is_key_of_everywhere(builder, event.digits):
            return _missed(builder, pin, ())
        case PinPrompt() as pin:
            return _key_of_everywhere(builder, pin, event.digits)
        case NumberPrompt() as number:
            return _number_keys(builder, number, event)
        case _:
            return wait_here(builder.traced(because(Code.LATE_EVENT, event="pressed")))


def _pin_entered(builder: TurnBuilder, event: PinEntered) -> Decision:
    """Let somebody of the roster into their menu; whatever keeps them out sounds the same.

    One that comes where a customer's number is asked for is no such number.
    """
    call, world = builder.context.call, builder.context.world
    if call.has_ended:
        return too_late(builder, "pressed")
    stop = FLOW[call.step]
    if isinstance(stop, NumberPrompt):
        return _unknown_number(builder, stop) if event.is_checked else _missed(builder, stop, ())
    if not isinstance(stop, PinPrompt):
        return wait_here(builder.traced(because(Code.LATE_EVENT, event="pressed")))
    if not event.is_checked or (event.person and world.staff is None):
        return walk_on(builder.changed(misses=0), Step.STAFF_AWAY)
    if world.staff is None:
        return _missed(builder.traced(because(Code.PIN_WRONG)), stop, stop.wrong(builder.context))
    person = world.staff
    builder = builder.changed(
        misses=0, staff=person.person, informed=True, language=person.language or call.language
    )
    return walk_on(builder.traced(because(Code.PIN_RIGHT, name=person.name)), stop.then)


def _at_leg(context: CallContext, event: LegEvent) -> Decision:
    """Answer whoever is rung."""
    decision = at_leg(context, event, FOR_CALLER)
    call = replace(context.call, hunt=decision.hunt)
    return Decision(call, decision.instruction, decision.trace)


def _menu_key(builder: TurnBuilder, menu: CallersMenu, key: str) -> Decision:
    if _is_key_of_everywhere(builder, key) and key not in menu.keys:
        return _key_of_everywhere(builder, menu, key)
    to = menu.leads_to(key, builder.context.call.misses)
    if to is None:
        return _ask_again(builder, prompts.not_understood(builder.context) if key else ())
    return walk_on(builder.changed(misses=0), to)


def _number_keys(builder: TurnBuilder, number: NumberPrompt, event: Pressed) -> Decision:
    if _is_key_of_everywhere(builder, event.digits):
        return _key_of_everywhere(builder, number, event.digits)
    if not (event.digits or event.finished):
        return _missed(builder, number, ())
    found = number.asks(builder.context, event.digits)
    if found is None:
        return _unknown_number(builder, number)
    builder, to = follow(builder.changed(misses=0), found)
    return walk_on(builder, to)


def _unknown_number(builder: TurnBuilder, number: NumberPrompt) -> Decision:
    unknown = because(Code.CUSTOMER_NUMBER_UNKNOWN)
    return _missed(builder.traced(unknown), number, number.unknown(builder.context))


def _is_key_of_everywhere(builder: TurnBuilder, key: str) -> bool:
    context = builder.context
    return (
        key in KEYS_OF_EVERY_PROMPT
        or (key == AFFECTED_KEY and context.may_be_affected)
        or (key == STAFF_KEY and context.may_show_pin)
    )


def _key_of_everywhere(
    builder: TurnBuilder, stop: CallersMenu | NumberPrompt | PinPrompt, key: str
) -> Decision:
    """The keys that work at every prompt: 0, *, where there is another language 9, and 8."""
    language = prompts.next_language(builder.context)
    if key == HUMAN_KEY and stop.zero:
        return walk_on(builder.changed(misses=0).traced(because(Code.WANTS_HUMAN)), stop.zero)
    if key == LANGUAGE_KEY and language:
        return _speak_another_language(builder, language)
    if key == REPEAT_KEY:
        return wait_here(builder.changed(misses=0).said(*prompts.outage(builder.context)))
    if key == AFFECTED_KEY:
        return _affected(builder)
    if key == STAFF_KEY:
        return walk_on(builder.changed(misses=0, pin_asked=True), Step.STAFF_PIN)
    return _missed(builder, stop, prompts.not_understood(builder.context))


def _affected(builder: TurnBuilder) -> Decision:
    """Note who is to be told when the outage is over; who cannot be told stays where they are."""
    why = outages.why_not_noted(builder.context)
    if why is None:
        return walk_on(builder.changed(misses=0), Step.AFFECTED)
    return wait_here(
        builder.changed(misses=0).traced(why).said(*prompts.not_noted(builder.context, why))
    )


def _speak_another_language(builder: TurnBuilder, language: str) -> Decision:
    """Repeat in the language, and offer the one after it until all have been offered."""
    builder = builder.changed(misses=0, language=language)
    builder = builder.traced(because(Code.LANGUAGE_CHOSEN, language=language))
    builder = builder.said(*prompts.outage(builder.context))
    is_last_offer = prompts.next_language(builder.context) == builder.context.line.languages[0]
    return wait_here(builder if is_last_offer else builder.said(*prompts.offer(builder.context)))


def _missed(
    builder: TurnBuilder, stop: CallersMenu | NumberPrompt | PinPrompt, says: tuple[Message, ...]
) -> Decision:
    """Ask again, until the prompts are used up."""
    if builder.context.call.misses + 1 >= MISSES_ALLOWED:
        return walk_on(builder.changed(misses=0), stop.silence)
    return _ask_again(builder, says)


def _ask_again(builder: TurnBuilder, says: tuple[Message, ...]) -> Decision:
    misses = builder.context.call.misses + 1
    return wait_here(builder.changed(misses=misses).said(*says))


def _recorded(builder: TurnBuilder, event: Recorded) -> Decision:
    """Keep what was spoken, also when the caller has hung up in the meantime."""
    if event.by_lifeline and builder.context.world.desk:
        return _left_by_lifeline(builder, event)
    call = builder.context.call
    stop = FLOW[call.step]
    if not isinstance(stop, RecordMessage):
        return too_late(builder, "recorded")
    builder = builder.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    spoken = walk_on(builder, stop.then)
    attached = attach(spoken.call, event.recording, event.seconds)
    again = notify_ticket_owner(builder.context.of(spoken.call))
    decision = replace(spoken, trace=(*spoken.trace, *attached, *again))
    return ended_silently(decision, builder) if event.caller_gone or call.has_ended else decision


def _left_by_lifeline(builder: TurnBuilder, event: Recorded) -> Decision:
    """Keep what a caller said to whom nothing else could be answered."""
    builder = builder.changed(
        message_seconds=event.seconds, heard_seconds=event.heard, recording=event.recording
    )
    builder, to = follow(builder, left_by_lifeline(builder.context, rang_duty=event.rang_duty))
    builder = builder.changed(step=to).traced(
        *attach(builder.context.call, event.recording, event.seconds)
    )
    return ended_silently(decided(builder, Silent()), builder)


def _hung_up(builder: TurnBuilder) -> Decision:
    """The caller is gone. A ticket stays; whoever still rings is stopped."""
    context = builder.context
    if context.call.has_ended:
        return Decision(context.call, Silent())
    left, stopped = stop_ringing(context.hunt, LegOutcome.CANCELLED)
    builder = builder.changed(
        hung_up=True,
        ended_at=context.now,
        hunt=left,
        talked=context.call.talked or context.call.hunt.accepted_leg is not None,
    )
    return Decision(builder.context.call, Silent(), stopped)


def _turns_allowed(context: CallContext) -> int:
    return context.desk.ceilings.turns_per_call if context.world.desk else STEPS_PER_TURN


def _too_many_turns(builder: TurnBuilder) -> Decision:
    """End a call that goes round and round; a ticket that it has stays."""
    says = closing_prompts.call_too_long(builder.context)
    builder = builder.changed(ended_at=builder.context.now, informed=True)
    builder = builder.traced(because(Code.CEILING, limit=_turns_allowed(builder.context)))
    return decided(builder, End(says))
