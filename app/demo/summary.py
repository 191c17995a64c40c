"""What a call left behind, for the terminal: outcome, ticket, SMS and reasons."""

import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import click

from app import clock
from app.api.v1.call_responses import transcript_context, transcript_of
from app.demo.contact_names import named
from app.demo.exchange_client import ExchangeClient
from app.domain.calls.call import CallOutcome
from app.domain.desks.desk import Desk
from app.domain.reasons import Reason
from app.domain.simulate.transcript import TranscriptRenderer, reason_text, transcript_lines
from app.domain.texts.plain import moment_text
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.call_lists import StoredCall, find_call
from app.store.desks import LiveDesk, list_desks
from app.store.ticket_lists import find_ticket
from app.voice_prompts import texts

SETTLED_SECONDS: Final = 8.0
POLL_SECONDS: Final = 0.1
LABEL: Final = 9  # the column of the labels
NOT_AGREED: Final = "not agreed"


def settled(database: Database, sid: str) -> StoredCall | None:
    """Wait until the call has its outcome and its SMS have gone out; return it as it is stored."""
    give_up = clock.seconds() + SETTLED_SECONDS
    while True:
        with database.read() as connection:
            past = find_call(connection, sid)
        over = past is not None and past.line.outcome is not None
        if (
            over
            and past
            and all(notification.sid or notification.error for notification in past.notifications)
        ):
            return past
        if clock.seconds() > give_up:
            return past
        time.sleep(POLL_SECONDS)


def stored_transcript_lines(past: StoredCall, database: Database) -> list[str]:
    """Tell the call again as it is stored, line by line."""
    return transcript_lines(transcript_of(past), _telling(past, database))


def summary(
    past: StoredCall,
    database: Database,
    network: ExchangeClient,
    names: Mapping[str, str],
    *,
    width: int,
    with_reasons: bool = True,
) -> Iterator[str]:
    """Give outcome, ticket, SMS and, unless they were told before, reasons as printable lines."""
    renderer = _telling(past, database)
    outcome = past.line.outcome or CallOutcome.FAILED
    colour = "red" if outcome is CallOutcome.FAILED else "green"
    yield f"{label('ends')}{click.style(str(outcome), fg=colour, bold=True)}"
    with database.read() as connection:
        ticket = find_ticket(connection, past.line.ticket) if past.line.ticket else None
    if ticket and renderer.facts.desk:
        yield from _ticket(ticket, renderer.facts.desk)
    for name, sms in _labelled("sms", sms_of(past, network)):
        yield f"{name}{named(str(sms['to']), names)}"
        for part in textwrap.wrap(str(sms["body"]), width - LABEL):
            yield f"{label('')}{click.style(part, fg='magenta')}"
    if with_reasons:
        yield from _reasons(past, renderer)


def _telling(past: StoredCall, database: Database) -> TranscriptRenderer:
    live: LiveDesk | None = None
    if past.line.desk:
        with database.read() as connection:
            live = next(iter(list_desks(connection, (past.line.desk,))), None)
    return transcript_context(past, live, texts())


def _ticket(ticket: Ticket, desk: Desk) -> Iterator[str]:
    zone = desk.time_zone
    answer = moment_text(ticket.due.respond_by, zone) if ticket.due.respond_by else NOT_AGREED
    solved = moment_text(ticket.due.solve_by, zone) if ticket.due.solve_by else NOT_AGREED
    customer = f"customer {ticket.customer}" if ticket.customer else "unknown customer"
    yield (
        f"{label('ticket')}{click.style(str(ticket.number), bold=True)}, {ticket.priority}, "
        f"{customer}, {ticket.status}"
    )
    yield f"{label('')}answer by: {answer}; solved by: {solved}"
    if ticket.is_unacknowledged:
        unacknowledged = click.style("unacknowledged", fg="red")
        yield f"{label('')}{unacknowledged}: {_next_call_out(ticket, zone)}"
    if ticket.acknowledged_by and ticket.acknowledged_at:
        taken = moment_text(ticket.acknowledged_at, zone)
        yield f"{label('')}taken by {ticket.acknowledged_by}, {taken}"


def _next_call_out(ticket: Ticket, zone: str) -> str:
    if ticket.next_call_out_at is None:
        return "nobody has taken it, and nobody is called about it again"
    at = moment_text(ticket.next_call_out_at, zone)
    return f"nobody has taken it; call-outs made {ticket.call_outs_made}, the next about {at}"


def sms_of(past: StoredCall, network: ExchangeClient) -> list[dict[str, Any]]:
    """Return the call's SMS that have gone out."""
    ours = {notification.sid for notification in past.notifications}
    return [message for message in network.messages() if message["sid"] in ours]


def _reasons(past: StoredCall, renderer: TranscriptRenderer) -> Iterator[str]:
    told = [
        reason_text(part, renderer, turn.at)
        for turn in past.turns
        for part in turn.trace
        if isinstance(part, Reason)
    ]
    for name, text in _labelled("why", told):
        yield f"{name}{text}"


def _labelled(name: str, things: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for count, thing in enumerate(things):
        yield label(name if count == 0 else ""), thing


def label(name: str) -> str:
    """Write a label in its column."""
    return click.style(f"{name:<{LABEL}}", dim=True)
