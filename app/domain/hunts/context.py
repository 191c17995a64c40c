"""What whoever rings people can see: the same of a call and of a call-out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, Self

from app.domain.desks.customer import Customer
from app.domain.desks.desk import Agreement, Desk, Line
from app.domain.hunts.hunt import Hunt, Leg
from app.domain.hunts.shared_numbers import SharedBy, shared_by
from app.domain.hunts.world import World
from app.domain.numbers import Number
from app.domain.tickets.ticket import Ticket, WakesDuty


class HuntHolder(Protocol):
    """The call, or the call-out, in which people are rung."""

    @property
    def sid(self) -> str: ...
    @property
    def desk(self) -> str | None: ...
    @property
    def line(self) -> str: ...
    @property
    def caller(self) -> Number: ...
    @property
    def language(self) -> str: ...
    @property
    def customer(self) -> str | None: ...
    @property
    def agreement(self) -> str | None: ...
    @property
    def ticket(self) -> Ticket | None: ...
    @property
    def recording(self) -> str: ...
    @property
    def hunt(self) -> Hunt: ...
    @property
    def legs(self) -> tuple[Leg, ...]: ...
    @property
    def wakes_duty(self) -> WakesDuty: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def has_ended(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class RingRules:
    """By what rules people are rung: what differs between a call and a call-out."""

    own_calls: bool  # every leg is a call of its own, placed by the worker
    hourly_limits: bool  # the desk's limits per hour hold, and those of waking for strangers
    sms: str  # to those on duty; with `_unknown_customer` where the customer is not known
    sends_note: bool  # and with the desk's note about such a ticket
    keeps_pauses: bool  # whoever asked to be rung again later is not rung before


FOR_CALLER: Final = RingRules(
    own_calls=False,
    hourly_limits=True,
    sms="sms_duty",
    sends_note=True,
    keeps_pauses=False,  # that the caller calls again is news
)
# A call-out is bounded by its own times, and all strangers' call-outs together ring no more often
# than one ticket's: a full hour must not end one.
IN_CALL_OUT: Final = RingRules(
    own_calls=True,
    hourly_limits=False,
    sms="sms_call_out",
    sends_note=False,
    keeps_pauses=True,
)


class HuntContext(ABC):
    """A call, or a call-out, in its world at one moment."""

    __slots__ = ()

    world: World
    now: datetime

    @property
    @abstractmethod
    def holder(self) -> HuntHolder:
        """Return the call or the call-out."""

    @property
    @abstractmethod
    def rules(self) -> RingRules:
        """Return by what rules people are rung in it."""

    @property
    @abstractmethod
    def waiting_number(self) -> str:
        """Return the number of the caller who waits; empty where nobody waits."""

    @property
    @abstractmethod
    def is_stranger(self) -> bool:
        """Tell whether whoever it is about is no known customer."""

    @abstractmethod
    def hunting(self, hunt: Hunt) -> Self:
        """Return what is seen when the hunt stands like this."""

    @property
    def hunt(self) -> Hunt:
        """Return who has been rung, and who accepted."""
        return self.holder.hunt

    @property
    def ticket(self) -> Ticket | None:
        """Return the ticket that people are rung about, once there is one."""
        return self.holder.ticket

    @property
    def desk(self) -> Desk:
        """Return the desk of the line; asked only where the line has one."""
        assert self.world.desk is not None
        return self.world.desk

    @property
    def line(self) -> Line:
        """Return the line that was called; asked only where the desk has it."""
        assert self.world.line is not None
        return self.world.line

    @property
    def agreement(self) -> Agreement:
        """Return the caller's agreement; the default one while nobody knows the caller.

        A call-out may come when the desk has the agreement no more: the default one too.
        """
        own = (each for each in self.desk.agreements if each.id == self.holder.agreement)
        return next(own, None) or self.desk.default_agreement()

    @property
    def customer(self) -> Customer | None:
        """Return the customer, once the caller is known to belong to one."""
        return next((c for c in self.world.customers if c.number == self.holder.customer), None)

    def desk_name(self, language: str) -> str:
        """Return the desk's name as it is spoken."""
        return self.desk.spoken_name.in_language(language) or self.desk.name

    @property
    def has_customers_number(self) -> bool:
        """Tell whether the caller's number is a known customer's, not withheld or nobody's we know.

        A customer number that is keyed does not change that: anybody can key one.
        """
        digits = self.holder.caller.digits
        return bool(digits) and any(c.answers_to(digits) for c in self.world.customers)

    @property
    def rings_this_hour(self) -> int:
        """Return the attempts that count for this caller: strangers never use up the customers'."""
        return self.world.strangers.rings if self.is_stranger else self.world.rings_this_hour

    def may_wake(self, person: str) -> bool:
        """Tell whether somebody of the duty may be woken; strangers' calls may not for ever."""
        if not (self.is_stranger and self.rules.hourly_limits):
            return True
        limit = self.desk.ceilings.stranger_wakes_per_hour
        return self.world.strangers.wakes_of(person) < limit

    @property
    def caller_shared_by(self) -> SharedBy | None:
        """Say why the caller's number does not tell who calls; None where it is one person's."""
        world, caller = self.world, self.holder.caller
        return shared_by(caller, world.desk, world.roster, is_line=world.caller_is_line)

    @property
    def callers_number(self) -> str:
        """Return the number that reaches the caller; empty where it would reach somebody else."""
        return "" if self.caller_shared_by else self.holder.caller.digits
