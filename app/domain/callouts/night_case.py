"""What the night page shows to whoever of the duty was told about a ticket, and what they may do.

The same facts as in their SMS and in what they hear on the telephone, and no others: whoever has
the link needs no login.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.callouts.call_out import CallOut
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.context import CallOutContext
from app.domain.callouts.next_call_out import goes_on, policy_of
from app.domain.callouts.ring_again import is_rung_now, may_ask_again
from app.domain.desks.priority_names import priority_name
from app.domain.hunts.hunt import Leg, LegOutcome
from app.domain.hunts.whisper_parts import duty_note
from app.domain.numbers import is_costly, is_emergency
from app.domain.roster.on_duty import Person
from app.domain.texts.message import Value
from app.domain.tickets.ticket import RingAgain, Ticket

MOST_SMS: Final = 4
MOST_SIGNS: Final = 500  # of each


class Standing(StrEnum):
    """How the ticket stands for the reader."""

    NOBODY_HAS_IT = "nobody_has_it"
    YOURS = "yours"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LastRing:
    """Who rings in the last call-out about the ticket, and how the reader's own leg stands."""

    rings_now: str = ""  # a name, where somebody else is rung
    own_leg: Leg | None = None  # the reader's telephone that rings
    has_passed_on: bool = False


@dataclass(frozen=True, slots=True)
class NightCase:
    """A ticket as its night page shows it."""

    ticket: Ticket
    reader: Person
    desk: str
    desk_number: str
    time_zone: str
    language: str
    priority: Value
    standing: Standing
    taken_by: str = ""
    taken_at: datetime | None = None
    customer: str = ""
    note: str = ""
    written: tuple[str, ...] = ()  # by SMS, as long as it is kept
    number: str = ""  # of whom to call, where there is one that reaches them
    last_ring: LastRing = LastRing()
    may_ring_again: bool = False
    pause: RingAgain | None = None  # that goes on, of somebody on duty
    waits_for: str = ""  # the name of whoever has it, where that is not the reader

    @property
    def needs_facts(self) -> bool:
        """Tell whether the reader may need to know who it was, and what about."""
        return self.standing in (Standing.NOBODY_HAS_IT, Standing.YOURS)

    @property
    def may_call(self) -> bool:
        """Tell whether a button rings the number: none that costs extra, and no emergency one."""
        return bool(self.number) and not (is_costly(self.number) or is_emergency(self.number))


def night_case(context: CallOutContext, reader: Person, about: CallsAbout) -> NightCase:
    """Gather what the page shows; who called is told only while the reader may need it."""
    ticket, desk, now = context.call_out.ticket, context.desk, context.now
    language = reader.language or context.line.languages[0]
    standing = _standing(ticket, reader)
    needs_facts = standing in (Standing.NOBODY_HAS_IT, Standing.YOURS)
    pause = policy_of(ticket, about, context.world, now).pause
    if pause and pause.until <= now:
        pause = None
    customer = desk.customer_name(context.customer) if context.customer else ""
    return NightCase(
        ticket=ticket,
        reader=reader,
        desk=desk.name,
        desk_number=context.line.number,
        time_zone=desk.time_zone,
        language=language,
        priority=priority_name(desk, ticket.priority, language),
        standing=standing,
        taken_by=ticket.closed_by or ticket.acknowledged_by or "",
        taken_at=ticket.closed_at or ticket.acknowledged_at,
        customer=customer if needs_facts else "",
        note=duty_note(context, language) if needs_facts else "",
        number=context.callers_number if needs_facts else "",
        last_ring=last_ring(about.last, reader.id),
        may_ring_again=may_ring_again(context, about, reader.id),
        pause=pause,
        waits_for=_name_of(context, pause.person, reader) if pause else "",
    )


def may_ring_again(context: CallOutContext, about: CallsAbout, person: str) -> bool:
    """Tell whether somebody may be rung again in a while, and nobody about it before."""
    ticket, now = context.call_out.ticket, context.now
    return (
        may_ask_again(ticket, about, person)
        and goes_on(ticket, policy_of(ticket, about, context.world, now), now)
        and is_rung_now(context.world, person, now)
    )


def _name_of(context: CallOutContext, person: str, reader: Person) -> str:
    """Name somebody else of the roster."""
    roster = context.world.roster
    return roster.name_of(person) if roster and person != reader.id else ""


def shown_words(written: tuple[str, ...]) -> tuple[str, ...]:
    """Return the newest of what was written, shortened: the page stays small."""
    return tuple(
        words if len(words) <= MOST_SIGNS else f"{words[: MOST_SIGNS - 1]}…"
        for words in written[-MOST_SMS:]
    )


def last_ring(last: CallOut | None, person: str) -> LastRing:
    """Say who rings in a call-out, and what the reader can do about it."""
    if last is None:
        return LastRing()
    own = [leg for leg in last.legs if leg.callee.person == person]
    has_passed_on = any(leg.outcome is LegOutcome.PASSED for leg in own)
    if last.has_ended:
        return LastRing(has_passed_on=has_passed_on)
    others = (leg.callee.name for leg in last.ringing if leg.callee.person != person)
    ringing = next((leg for leg in own if leg.outcome is LegOutcome.RINGING), None)
    return LastRing(next(others, ""), ringing, has_passed_on)


def _standing(ticket: Ticket, reader: Person) -> Standing:
    if ticket.closed:
        return Standing.CLOSED
    if ticket.acknowledged is None:
        return Standing.NOBODY_HAS_IT
    is_theirs = ticket.acknowledged.person == reader.id
    return Standing.YOURS if is_theirs else Standing.TAKEN
