"""What a call left behind, for the terminal: outcome, ticket, SMS and reasons."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import click

from app import clock
from app.actions.calls.transcripts import transcript_context, transcript_of
from app.composition import Services
from app.demo.contact_names import named
from app.demo.environment import POLL_SECONDS
from app.demo.exchange_client import ExchangeClient
from app.demo.wording import DemoWording
from app.domain.calls.call import CallOutcome
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import Reason
from app.domain.simulate.transcript import TranscriptRenderer, reason_text, transcript_lines
from app.domain.texts.written_moments import moment_ref
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.call_lists import StoredCall, find_call
from app.store.desks import LiveDesk, list_desks
from app.store.ticket_lists import find_ticket

SETTLED_SECONDS: Final = 60.0  # a busy machine may have taken the call without its database


@dataclass(frozen=True, slots=True)
class CallLeft:
    """A call that is over, where its traces are found, and whose numbers are whose."""

    past: StoredCall
    services: Services
    network: ExchangeClient
    names: Mapping[str, str]


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


def stored_transcript_lines(past: StoredCall, services: Services, language: str) -> list[str]:
    """Tell the call again as it is stored, line by line."""
    return transcript_lines(transcript_of(past), _renderer(past, services, language))


def summary(
    left: CallLeft, wording: DemoWording, width: int, *, with_reasons: bool = True
) -> Iterator[str]:
    """Give outcome, ticket, SMS and, unless they were told before, reasons as printable lines."""
    past = left.past
    renderer = _renderer(past, left.services, wording.language)
    yield _outcome(past.line.outcome or CallOutcome.FAILED, wording)
    with left.services.database.read() as connection:
        ticket = find_ticket(connection, past.line.ticket) if past.line.ticket else None
    if ticket and renderer.facts.desk:
        yield from _ticket(ticket, renderer.facts.desk, wording)
    for count, sms in enumerate(sms_of(past, left.network)):
        label = ref("demo.label_sms") if count == 0 else None
        yield f"{wording.label(label)}{named(str(sms['to']), left.names)}"
        yield from wording.wrapped(None, str(sms["body"]), width, fg="magenta")
    if with_reasons:
        yield from _reasons(past, renderer, wording)


def _renderer(past: StoredCall, services: Services, language: str) -> TranscriptRenderer:
    live: LiveDesk | None = None
    if past.line.desk:
        with services.database.read() as connection:
            live = next(iter(list_desks(connection, (past.line.desk,))), None)
    return transcript_context(past, live, services.texts, language)


def _outcome(outcome: CallOutcome, wording: DemoWording) -> str:
    colour = "red" if outcome is CallOutcome.FAILED else "green"
    words = wording.write(MessageRef(f"call_outcome.{outcome}"))
    return f"{wording.label(ref('demo.label_ends'))}{click.style(words, fg=colour, bold=True)}"


def _ticket(ticket: Ticket, desk: Desk, wording: DemoWording) -> Iterator[str]:
    zone, due = desk.time_zone, ticket.due
    number = click.style(str(ticket.number), bold=True)
    told = ref(
        "demo.ticket",
        priority=MessageRef(f"priority.{ticket.priority}"),
        who=_customer(ticket),
        status=MessageRef(f"ticket_status.{ticket.status}"),
    )
    yield f"{wording.label(ref('demo.label_ticket'))}{number}{wording.write(told)}"
    yield wording.label() + wording.write(
        ref(
            "demo.answer_and_solve_by",
            answer=moment_ref(due.respond_by, zone) if due.respond_by else ref("not_agreed"),
            solve=moment_ref(due.solve_by, zone) if due.solve_by else ref("not_agreed"),
        )
    )
    if ticket.is_unacknowledged:
        unacknowledged = click.style(wording.write(ref("demo.unacknowledged")), fg="red")
        yield f"{wording.label()}{unacknowledged}: {wording.write(_next_call_out(ticket, zone))}"
    if ticket.acknowledged_by and ticket.acknowledged_at:
        at = moment_ref(ticket.acknowledged_at, zone)
        taken = ref("demo.taken_by", name=ticket.acknowledged_by, at=at)
        yield f"{wording.label()}{wording.write(taken)}"


def _customer(ticket: Ticket) -> MessageRef:
    if not ticket.customer:
        return ref("does.for_nobody")
    return ref("does.for_customer", customer=ticket.customer)


def _next_call_out(ticket: Ticket, zone: str) -> MessageRef:
    if ticket.next_call_out_at is None:
        return ref("demo.nobody_is_called_again")
    at = moment_ref(ticket.next_call_out_at, zone)
    return ref("demo.next_call_out", made=ticket.call_outs_made, at=at)


def sms_of(past: StoredCall, network: ExchangeClient) -> list[dict[str, Any]]:
    """Return the call's SMS that have gone out."""
    ours = {notification.sid for notification in past.notifications}
    return [message for message in network.messages() if message["sid"] in ours]


def _reasons(past: StoredCall, renderer: TranscriptRenderer, wording: DemoWording) -> Iterator[str]:
    told = [
        reason_text(part, renderer, turn.at)
        for turn in past.turns
        for part in turn.trace
        if isinstance(part, Reason)
    ]
    for count, text in enumerate(told):
        yield f"{wording.label(ref('demo.label_why') if count == 0 else None)}{text}"
