"""How `vakt ticket` writes a ticket: as a line of the list, whole, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from app.commands.output import columns, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.domain.desks.desk import Desk
    from app.domain.tickets.events import TicketEvent
    from app.domain.tickets.ticket import Ticket
    from app.store.legs import StoredLeg
    from app.store.ticket_lists import RungAbout


@dataclass(frozen=True, slots=True)
class History:
    """A ticket with all that happened to it."""

    ticket: Ticket
    desk: Desk | None
    events: tuple[TicketEvent, ...]
    rung: RungAbout
    recordings: tuple[str, ...]

    @property
    def zone(self) -> str:
        """Return the time zone in which its moments are told."""
        return zone_of(self.desk)


def zone_of(desk: Desk | None) -> str:
    from app.domain.texts.written_moments import ZONE_OF_NOBODY

    return desk.time_zone if desk else ZONE_OF_NOBODY


def _contact(ticket: Ticket) -> str:
    from app.domain.texts.written_moments import spaced

    number = ticket.contact.number.digits
    if number:
        return spaced(number)
    if ticket.is_from_caller:
        return written(ref("command.withheld_number"))
    return ticket.contact.name or written(ref("command.no_number"))


def ticket_line(ticket: Ticket, zone: str) -> str:
    return "  ".join(ticket_cells(ticket, zone))


def ticket_cells(ticket: Ticket, zone: str) -> tuple[str, ...]:
    from app.domain.texts.written_moments import moment_ref

    customer = (
        ref("command.ticket_customer", number=ticket.customer)
        if ticket.customer
        else ref("command.unknown_customer")
    )
    return (
        str(ticket.number),
        written(moment_ref(ticket.opened_at, zone)),
        ticket.desk,
        written(ref("command.cell", words=MessageRef(f"priority.{ticket.priority}"))),
        written(_status(ticket)),
        _contact(ticket),
        written(customer),
    )


def _status(ticket: Ticket) -> MessageRef:
    status = MessageRef(f"ticket_status.{ticket.status}")
    who = ticket.closed_by or ticket.acknowledged_by
    return (
        ref("command.status_by", status=status, who=who)
        if who
        else ref("command.cell", words=status)
    )


def print_ticket(history: History) -> None:
    click.secho(ticket_line(history.ticket, history.zone), bold=True)
    for line in columns([("", written(label), written(is_)) for label, is_ in _facts(history)]):
        click.echo(line)


def _facts(history: History) -> Iterator[tuple[MessageRef, MessageRef]]:
    """What is known about a ticket, each with its label."""
    from app.domain.texts.written_moments import moment_ref

    ticket, zone, due = history.ticket, history.zone, history.ticket.due
    if ticket.subject:
        yield ref("command.subject"), _as_it_is(ticket.subject)
    if ticket.contact.name:
        yield ref("command.contact"), _as_it_is(ticket.contact.name)
    if ticket.contact.email:
        yield ref("command.email"), _as_it_is(ticket.contact.email)
    not_agreed = ref("not_agreed")
    yield (
        ref("command.respond_by"),
        moment_ref(due.respond_by, zone) if due.respond_by else not_agreed,
    )
    yield ref("command.solve_by"), moment_ref(due.solve_by, zone) if due.solve_by else not_agreed
    if ticket.next_call_out_at:
        yield ref("command.next_call_out"), moment_ref(ticket.next_call_out_at, zone)
    if ticket.call_sid:
        yield ref("command.call"), _as_it_is(ticket.call_sid)
    for sid in history.recordings:
        yield ref("command.recording"), ref("command.recording_listen", sid=sid)
    for call_out in history.rung.call_outs:
        about = ref("command.call_out", number=call_out.number)
        yield from ((about, _rung(leg, zone)) for leg in call_out.legs)
    for back in history.rung.call_backs:
        yield ref("command.call_back"), _rung(back.leg, zone)


def _as_it_is(words: str) -> MessageRef:
    return ref("command.as_it_is", words=words)


def _rung(leg: StoredLeg, zone: str) -> MessageRef:
    from app.domain.texts.written_moments import moment_ref, spaced

    return ref(
        "command.rung",
        at=moment_ref(leg.placed_at, zone),
        who=leg.name or leg.person,
        number=spaced(leg.number) if leg.number else "",
        outcome=MessageRef(f"leg_outcome.{leg.outcome}"),
    )


def ticket_json(ticket: Ticket, rung: RungAbout, zone: str) -> dict[str, Any]:
    from app.api.v1.responses import ticket_response

    return ticket_response(ticket, rung, zone).model_dump(mode="json", by_alias=True)


def history_json(history: History, language: str) -> dict[str, Any]:
    from app.api.v1.responses import event_response
    from app.voice_prompts import texts

    events = [
        event_response(each, texts(), language, history.zone, history.desk)
        for each in history.events
    ]
    return {
        **ticket_json(history.ticket, history.rung, history.zone),
        "events": [event.model_dump(mode="json") for event in events],
        "recordings": list(history.recordings),
    }


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
