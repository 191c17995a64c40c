"""Opening a ticket: from a call, by somebody at the desk, from a form, a mail or an alert alike."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.access.actor import Actor
from app.domain.desks.desk import Agreement, Desk, LineKind, Priority
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.outcome import (
    InboxEvent,
    NotifyCustomer,
    NotifyInbox,
    Outcome,
    ReviewCallOuts,
    TicketEffect,
)
from app.domain.tickets.targets import deadlines
from app.domain.tickets.ticket import NO_CONTACT, Contact, Source, Ticket, WakesDuty, Work


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is asked for. Without `line` and `language` they are the desk's own.

    `by` is who opened it where it was not the caller; `note` is what they remark.
    """

    source: Source
    priority: Priority
    contact: Contact = NO_CONTACT
    subject: str = ""
    customer: str | None = None
    agreement: str | None = None
    wakes_duty: WakesDuty = WakesDuty.BY_AGREEMENT
    line: str = ""
    language: str = ""
    no_keys: bool = False
    call_sid: str | None = None
    by: Actor | None = None
    note: str = ""
    group: str = ""  # of the desk, that gets it


def open_ticket(new: NewTicket, desk: Desk, now: datetime) -> Outcome:
    """Open a ticket with what was agreed for it. The duty is called about an urgent one."""
    agreement = agreement_of(desk, new.agreement)
    ticket = Ticket(
        desk=desk.id,
        source=new.source,
        priority=new.priority,
        opened_at=now,
        contact=new.contact,
        subject=new.subject,
        customer=new.customer,
        agreement=agreement.id,
        due=deadlines(desk, agreement.id, new.priority, now),
        is_urgent=desk.is_urgent(new.priority, agreement.id),
        wakes_duty=new.wakes_duty,
        work=Work(desk.workflow.first.id, group=new.group),
        line=new.line or call_out_line(desk),
        language=new.language or desk.language,
        no_keys=new.no_keys,
        call_sid=new.call_sid,
        calls=1 if new.call_sid else 0,
    )
    return opened(ticket, new)


def opened(ticket: Ticket, new: NewTicket) -> Outcome:
    """Tell what follows from a ticket that was opened."""
    effects: tuple[TicketEffect, ...] = (NotifyInbox(InboxEvent.OPENED),)
    if ticket.contact.email:
        effects = (*effects, NotifyCustomer())
    if ticket.is_urgent:
        effects = (*effects, ReviewCallOuts())
    return Outcome(ticket, (_opened_event(new, ticket.opened_at),), effects)


def asked_for(ticket: Ticket) -> NewTicket:
    """Return what was asked for when a ticket was opened, where only the ticket is left."""
    return NewTicket(
        ticket.source,
        ticket.priority,
        ticket.contact,
        ticket.subject,
        ticket.customer,
        ticket.agreement,
        ticket.wakes_duty,
        ticket.line,
        ticket.language,
        ticket.no_keys,
        ticket.call_sid,
    )


def agreement_of(desk: Desk, agreement: str | None) -> Agreement:
    """Return the agreement with this id; the default one where the desk has none such."""
    own = (each for each in desk.agreements if each.id == agreement)
    return next(own, None) or desk.default_agreement()


def call_out_line(desk: Desk) -> str:
    """Return the number from which the duty is called about a ticket without a line of its own."""
    duty = (line.number for line in desk.lines if line.kind is LineKind.DUTY)
    any_line = (line.number for line in desk.lines)
    return next(duty, None) or next(any_line, "")


def _opened_event(new: NewTicket, now: datetime) -> TicketEvent:
    if new.by is None:
        return TicketEvent(now, TicketEventKind.OPENED)
    return event_by(TicketEventKind.OPENED, new.by, now, new.note)
