"""The other end: what happens on the legs to those whom we ring, in a call or a call-out.

Answering, pressing a key, and how a leg fares. Where each key leads is the table's.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from app.domain.copies import replace
from app.domain.flow import HangUp, Says, walk
from app.domain.hunts import whisper_parts
from app.domain.hunts.acknowledged_menu import CALLER_RINGS_SECONDS, HAS_TICKET_SECONDS
from app.domain.hunts.context import HuntContext
from app.domain.hunts.effects import AnsweredAgain, Trace
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.hunt import Hunt, Leg, LegOutcome
from app.domain.hunts.instructions import (
    Bridge,
    CallCaller,
    End,
    Instruction,
    Silent,
    Whisper,
)
from app.domain.hunts.press_one import (
    AtLeg,
    CalleeMenu,
    CalleeStep,
    CalleeTable,
    Connect,
    EndLeg,
    LegBranch,
    RingCaller,
)
from app.domain.reasons import Code, because
from app.domain.roles import Role
from app.domain.texts.message import Message

# How the network names the end of a leg, and what that means when nobody accepted.
ENDS: Final = {
    "completed": LegOutcome.UNCONFIRMED,
    "busy": LegOutcome.BUSY,
    "no-answer": LegOutcome.NO_ANSWER,
    "failed": LegOutcome.FAILED,
    "canceled": LegOutcome.CANCELLED,
}
# A caller who is called back presses no key: who lifts the receiver is connected.
CALLER_IS_THERE: Final = frozenset({"in-progress", "completed"})

H = TypeVar("H", bound=HuntContext)


@dataclass(frozen=True, slots=True)
class LegDecision:
    """The answer to what happened at a leg: the hunt as it is now, what they hear, and why."""

    hunt: Hunt
    instruction: Instruction
    trace: Trace = ()


@dataclass(frozen=True, slots=True)
class LegTurn(Generic[H]):
    """How far the turn of whoever is rung has come."""

    context: AtLeg[H]
    says: Says = ()
    trace: Trace = ()

    def said(self, *says: Message) -> "LegTurn[H]":
        """Add to what is said."""
        return LegTurn(self.context, (*self.says, *says), self.trace)

    def followed(self, branch: LegBranch) -> tuple["LegTurn[H]", CalleeStep]:
        """Follow the branch a fork chose."""
        at = AtLeg(self.context.context.hunting(branch.hunt), self.context.leg_id)
        return LegTurn(at, self.says, (*self.trace, *branch.trace)), branch.to


def at_leg(context: H, event: LegEvent, table: CalleeTable[H]) -> LegDecision:
    """Answer what happens at the other end."""
    match event:
        case LegAnswered():
            return _answered(context, event, table)
        case LegPressed():
            return _pressed(context, event, table)
        case LegChanged():
            return _changed(context.hunt, event)


def _answered(context: H, event: LegAnswered, table: CalleeTable[H]) -> LegDecision:
    """Tell somebody who lifted the receiver what it is about."""
    leg = context.hunt.leg(event.leg)
    if leg is None or leg.callee.role is Role.CALLER:
        return _late(context.hunt, "leg_answered")
    there = replace(leg, sid=leg.sid or event.sid, placed=True)
    return _walk(context.hunting(context.hunt.having(there)), leg.id, table, CalleeStep.LIFTED)


def _pressed(context: H, event: LegPressed, table: CalleeTable[H]) -> LegDecision:
    """Do what the key says; no key is nobody there."""
    leg = context.hunt.leg(event.leg)
    if leg is None or leg.callee.role is Role.CALLER:
        return _late(context.hunt, "leg_pressed")
    is_theirs = context.hunt.owns_ticket(leg)
    menu = table[CalleeStep.HAS_TICKET if is_theirs else CalleeStep.OFFER]
    assert isinstance(menu, CalleeMenu)
    decision = _walk(context, leg.id, table, menu.leads_to(event.key) or menu.silence)
    if not event.key or leg.callee.person not in context.world.missed:
        return decision
    again = AnsweredAgain(leg.callee.person, leg.callee.name)
    return replace(decision, trace=(again, *decision.trace))


def _changed(hunt: Hunt, event: LegChanged) -> LegDecision:
    """Note how a leg fares; what comes late or twice changes nothing."""
    leg = hunt.leg(event.leg)
    if leg is None:
        return LegDecision(hunt, Silent())
    # A leg that could not be placed at all has no sid: then ringing in order takes over.
    leg = replace(leg, sid=leg.sid or event.sid, placed=leg.placed or bool(event.sid))
    ended = _end_of(leg, event.status)
    hunt = _talking_back(hunt, leg, event.status)
    if ended and leg.outcome is LegOutcome.RINGING:
        leg = replace(leg, outcome=ended)
    return LegDecision(hunt.having(leg), Silent())


def _talking_back(hunt: Hunt, leg: Leg, status: str) -> Hunt:
    """Note whether the caller who was called back is on the line: reported late, they are not."""
    is_caller = leg.callee.role is Role.CALLER
    if status in ENDS and (is_caller or hunt.owns_ticket(leg)):
        return replace(hunt, talks_back=False)
    begins = is_caller and status == "in-progress" and leg.outcome is LegOutcome.RINGING
    return replace(hunt, talks_back=True) if begins else hunt


def _end_of(leg: Leg, status: str) -> LegOutcome | None:
    if leg.callee.role is Role.CALLER and status in CALLER_IS_THERE:
        return LegOutcome.ACCEPTED
    return ENDS.get(status)


def _walk(context: H, leg: int, table: CalleeTable[H], to: CalleeStep) -> LegDecision:
    """Follow the table from a step to where they must do something, or hear the last."""
    turn, to = walk(table, LegTurn(AtLeg(context, leg)), to)
    at, hunt = turn.context, turn.context.context.hunt
    match table[to]:
        case CalleeMenu() as menu if at.leg.heard >= menu.heard_at_most:
            return _heard_enough(turn, table, menu)
        case CalleeMenu() as menu:
            return _listen(turn, menu)
        case HangUp(says):
            return LegDecision(hunt, End((*turn.says, *says(at))), turn.trace)
        case EndLeg() as end:
            return _end(turn, end)
        case Connect():
            minutes = at.context.desk.ceilings.talk_minutes
            bridge = Bridge(from_queue=at.leg.own_call, talk_minutes=minutes)
            return LegDecision(hunt, bridge, turn.trace)
        case RingCaller():
            return LegDecision(hunt, _call_caller(at), turn.trace)
        case point:
            raise AssertionError(f"nobody waits at {point}")


def _heard_enough(
    turn: LegTurn[H], table: CalleeTable[H], menu: CalleeMenu[AtLeg[H]]
) -> LegDecision:
    at = turn.context
    ended = _walk(at.context, at.leg_id, table, menu.silence)
    return replace(ended, trace=(*turn.trace, *ended.trace))


def _listen(turn: LegTurn[H], menu: CalleeMenu[AtLeg[H]]) -> LegDecision:
    at = turn.context
    heard = at.context.hunt.having(replace(at.leg, heard=at.leg.heard + 1))
    says = (*turn.says, *menu.says(at))
    plays = menu.plays(at) if menu.plays else ""
    return LegDecision(heard, Whisper(at.leg_id, says, menu.seconds, plays), turn.trace)


def _end(turn: LegTurn[H], end: EndLeg) -> LegDecision:
    leg, hunt = turn.context.leg, turn.context.context.hunt
    lost = end.outcome is LegOutcome.LATE and leg.outcome is LegOutcome.CANCELLED
    if leg.outcome is LegOutcome.RINGING or lost:
        hunt = hunt.having(replace(leg, outcome=end.outcome))
    says = whisper_parts.words(leg.callee.language, end.key)
    return LegDecision(hunt, End((*turn.says, *says)), turn.trace)


def _call_caller(at: AtLeg[H]) -> CallCaller:
    context, called = at.context, at.context.hunt.legs[-1]
    return CallCaller(
        leg=at.leg_id,
        called=called.id,
        number=called.callee.number,
        caller_id=context.line.number,
        ring_seconds=CALLER_RINGS_SECONDS,
        talk_minutes=context.desk.ceilings.talk_minutes,
        says=whisper_parts.we_call_caller(context, at.callee),
        then=whisper_parts.caller_away(context, at.callee),
        seconds=HAS_TICKET_SECONDS,
    )


def _late(hunt: Hunt, event: str) -> LegDecision:
    return LegDecision(hunt, End(), (because(Code.LATE_EVENT, event=event),))
