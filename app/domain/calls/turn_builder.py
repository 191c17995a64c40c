"""One turn through the table in calls/flows/caller.py, to the next step where it must wait.

What the caller does is decide.py's; how ringing ends is ring_end.py's.
"""

from dataclasses import dataclass

from app.domain.calls import prompts
from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.calls.decision import Decision
from app.domain.calls.flows.caller import FLOW, NumberPrompt, PinPrompt, RecordMessage, Rings
from app.domain.copies import replace
from app.domain.flow import KEY_SECONDS, Fork, HangUp, Menu, Say, walk
from app.domain.hunts.effects import Effect, Trace
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Ask, End, Instruction, Listen, Ring
from app.domain.hunts.who_is_rung import stop_ringing
from app.domain.reasons import Code, Reason, because
from app.domain.texts.message import Message


@dataclass(frozen=True, slots=True)
class TurnBuilder:
    """How far a turn has come: the context, what has been said and what has happened so far."""

    context: CallContext
    says: tuple[Message, ...] = ()
    trace: Trace = ()

    def traced(self, *trace: Effect | Reason) -> "TurnBuilder":
        """Add to the trace."""
        return TurnBuilder(self.context, self.says, (*self.trace, *trace))

    def said(self, *says: Message) -> "TurnBuilder":
        """Add to what is said."""
        return TurnBuilder(self.context, (*self.says, *says), self.trace)

    def followed(self, branch: Branch) -> tuple["TurnBuilder", Step]:
        """Follow the branch a fork chose."""
        return follow(self, branch)

    def changed(self, **changes: object) -> "TurnBuilder":
        """Change the call."""
        return TurnBuilder(self.context.with_call(**changes), self.says, self.trace)


def walk_on(builder: TurnBuilder, to: Step) -> Decision:
    """Follow the table from a step to the next one where the call must wait."""
    builder, to = walk(FLOW, builder, to)
    return wait_here(builder.changed(step=to))


def follow(builder: TurnBuilder, go: Branch) -> tuple[TurnBuilder, Step]:
    """Follow the branch a fork chose. A ticket that was opened on it is told at once."""
    ticket, before = go.call.ticket, builder.context.call
    is_new = ticket is not None and before.ticket is None and go.to is not Step.MESSAGE_TAKEN
    was_asked = before.step is Step.SAME_TICKET
    builder = TurnBuilder(builder.context.of(go.call), builder.says, (*builder.trace, *go.trace))
    if is_new and not go.call.joined:
        builder = builder.said(*prompts.ticket_opened(builder.context))
    elif is_new and not was_asked:
        builder = builder.said(*prompts.ticket_registered(builder.context))
    return builder, go.to


def wait_here(builder: TurnBuilder) -> Decision:
    """Wait here: ask, listen, ring, or end the call."""
    context = builder.context
    match FLOW[context.call.step]:
        case Menu(says, plays=plays):
            heard = (*builder.says, *says(context))
            played = plays(context) if plays else ""
            return decided(builder, Ask(heard, KEY_SECONDS, plays=played))
        case NumberPrompt(says):
            heard, may_be_pin = (*builder.says, *says(context)), context.call.pin_asked
            return decided(builder, Ask(heard, KEY_SECONDS, digits=None, is_secret=may_be_pin))
        case PinPrompt(says):
            heard = (*builder.says, *says(context))
            return decided(builder, Ask(heard, KEY_SECONDS, digits=None, is_secret=True))
        case RecordMessage(says, _, max_seconds, is_measured):
            heard = (*builder.says, *says(context))
            return decided(builder, Listen(heard, max_seconds(context), is_measured))
        case Rings(_, seconds):
            return decided(builder, _ring(builder, seconds(context)))
        case HangUp(says):
            ended = builder.changed(ended_at=context.now)
            return decided(ended, End((*builder.says, *says(context))))
        case Say() | Fork():
            return walk_on(builder, context.call.step)


def _ring(builder: TurnBuilder, seconds: int) -> Instruction:
    context = builder.context
    rings = context.call.ringing
    return Ring(
        says=(*builder.says, *prompts.ringing(context, rings)),
        legs=tuple(leg.id for leg in rings),
        callees=tuple(leg.callee for leg in rings),
        seconds=seconds,
        talk_minutes=context.desk.ceilings.talk_minutes,
        at_once=len(rings) > 1,
    )


def decided(builder: TurnBuilder, instruction: Instruction) -> Decision:
    """Answer with an instruction, and the trace of the turn."""
    return Decision(builder.context.call, instruction, builder.trace)


def ended_silently(decision: Decision, builder: TurnBuilder) -> Decision:
    """Nobody hears it any more: no more than what the system must know follows."""
    left, stopped = stop_ringing(decision.call.hunt, LegOutcome.CANCELLED)
    call = replace(
        decision.call,
        hunt=left,
        hung_up=True,
        ended_at=builder.context.call.ended_at or builder.context.now,
    )
    return Decision(call, End(), (*decision.trace, *stopped))


def too_late(builder: TurnBuilder, event: str) -> Decision:
    """Change nothing: what happened came after the end."""
    return Decision(builder.context.call, End(), (because(Code.LATE_EVENT, event=event),))
