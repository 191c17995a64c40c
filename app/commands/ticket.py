"""`vakt ticket`: the tickets, what happened to each, and what somebody at the desk does with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import click

from app import clock
from app.commands.arguments import LONGEST_NAME
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, output_language, show_error, written
from app.commands.ticket_output import (
    History,
    history_json,
    print_json,
    print_ticket,
    ticket_cells,
    ticket_json,
    ticket_line,
    zone_of,
)
from app.commands.ticket_targets import OF_TICKETS, VIA
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.languages import FOR_ALL_OTHERS
from app.domain.texts.text_parts import LANGUAGES
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_COMMENT, LONGEST_NOTE
from app.domain.workflow.status import Status

if TYPE_CHECKING:
    from app.actions.tickets.move_ticket import TicketChange
    from app.actions.tickets.open_ticket import KeyReused, NotOpened
    from app.domain.access.actor import Actor
    from app.domain.tickets.moves import Refusal
    from app.domain.tickets.new_ticket_input import Invalid
    from app.store import Database

MOST_LISTED: Final = 200


NUMBER = click.argument("number", type=click.IntRange(1, LARGEST_NUMBER))
WHO = click.option("--as", "who", required=True, metavar="NAME", help="Who does it; it is noted.")
NOTE = click.option("--note", default="", metavar="TEXT", help="Why; it is noted.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's fields.")


@click.group("ticket", cls=CommandGroup)
def command() -> None:
    """The tickets: open and list them, see what happened, acknowledge and close them."""


for each in OF_TICKETS:
    command.add_command(each)


@command.command("list")
@click.option("--desk", metavar="ID", help="Only of this desk.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([each.value for each in Status]),
    help="Only those; may be repeated.  [open and acknowledged]",
)
@click.option(
    "--unacknowledged", is_flag=True, help="Only urgent ones that nobody has acknowledged."
)
@click.option(
    "--not-notified", is_flag=True, help="Only those about which somebody was not notified."
)
@click.option("--limit", type=click.IntRange(1, MOST_LISTED), default=50, show_default=True)
@AS_JSON
def list_(
    desk: str | None,
    statuses: tuple[str, ...],
    unacknowledged: bool,
    not_notified: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List the tickets that are not closed, the newest first."""
    from app.store.desks import list_desks
    from app.store.ticket_lists import TicketFilter, list_tickets, rung_about

    asked = TicketFilter(
        desks=[desk] if desk else None,
        statuses=tuple(Status(each) for each in statuses) or None,
        closed=None if statuses else False,
        unacknowledged=unacknowledged or None,
        not_notified=not_notified or None,
        limit=limit + 1,
    )
    with command_database() as database, database.read() as connection:
        desks = {live.desk.id: live.desk for live in list_desks(connection)}
        if desk and desk not in desks:
            raise CommandRefused(no_such_desk(desk, desks))
        found = list_tickets(connection, asked)
        rung = rung_about(connection, [ticket.number for ticket in found])
    shown = found[:limit]
    if as_json:
        print_json(
            [ticket_json(each, rung[each.number], zone_of(desks.get(each.desk))) for each in shown]
        )
        return
    for line in columns([ticket_cells(each, zone_of(desks.get(each.desk))) for each in shown]):
        click.echo(line)
    if not found:
        show_error("command.no_tickets")
    if len(found) > limit:
        show_error("command.more_tickets", most=MOST_LISTED, number=shown[-1].number)


@command.command("show")
@NUMBER
@AS_JSON
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of what happened. [that of vakt; JSON: en]"
)
def show(number: int, as_json: bool, language: str | None) -> None:
    """Tell one ticket and everything that happened to it; also who was not told."""
    from app.api.v1.responses import event_response
    from app.domain.texts.written_moments import moment_ref
    from app.voice_prompts import texts

    with command_database() as database:
        history = _history(database, number)
    if as_json:
        print_json(history_json(history, language or FOR_ALL_OTHERS))
        return
    print_ticket(history)
    chosen, rows = language or output_language(), []
    for event in history.events:
        told = event_response(event, texts(), chosen, history.zone, history.desk)
        rows.append((written(moment_ref(event.at, history.zone)), told.text))
    for line in columns(rows):
        click.echo(line)


@command.command("open")
@click.option("--desk", required=True, metavar="ID", help="The desk that shall have it.")
@click.option(
    "--priority",
    "level",
    required=True,
    type=click.Choice([each.value for each in Priority]),
    help="Critical: the duty is called about it until somebody takes it.",
)
@click.option("--subject", required=True, metavar="TEXT", help="What it is about; the duty hears.")
@click.option("--customer", default="", metavar="NUMBER", help="The customer's number.")
@click.option("--number", default="", metavar="NUMBER", help="Telephone of whom to answer.")
@click.option("--name", default="", metavar="NAME", help="Name of whom to answer.")
@click.option("--email", default="", metavar="ADDRESS", help="Mail of whom to answer.")
@WHO
@NOTE
@click.option("--key", metavar="KEY", help="Two commands with one key open one ticket.")
@AS_JSON
def open_(desk: str, level: str, key: str | None, who: str, as_json: bool, **given: str) -> None:
    """Open a ticket without a call. The duty is called about a critical one, as after a call."""
    from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
    from app.domain.tickets.new_ticket_input import TicketAsked

    asked = TicketAsked(desk=desk, priority=Priority(level), by=_actor(who), **given)
    request = OpenRequest(asked, VIA, key or uuid4().hex)
    with command_database() as database:
        answer = open_asked_ticket(database, request, clock.now())
        if not isinstance(answer, Opened):
            raise CommandRefused(*_why_not_opened(answer))
        history = _history(database, answer.number)
    if as_json:
        print_json(ticket_json(history.ticket, history.rung, history.zone))
    else:
        print_ticket(history)


def _why_not_opened(answer: KeyReused | NotOpened) -> Iterator[str]:
    from app.actions.tickets.open_ticket import KeyReused, NotOpened
    from app.domain.tickets.new_ticket_input import Invalid, Problem

    match answer:
        case KeyReused(number):
            yield _problem(Invalid("key", Problem.KEY_REUSED, str(number)))
        case NotOpened(problems):
            yield from (_problem(each) for each in problems)


def _problem(wrong: Invalid) -> str:
    from app.domain.texts.written_moments import ZONE_OF_NOBODY
    from app.domain.tickets.event_messages import problem_sentence
    from app.voice_prompts import texts

    told = problem_sentence(wrong, output_language())
    text = texts().render(told, now=clock.now(), time_zone=ZONE_OF_NOBODY, spoken=False)
    return f"--{wrong.field}: {text}"


@command.command("acknowledge")
@NUMBER
@WHO
@NOTE
def acknowledge(number: int, who: str, note: str) -> None:
    """Take a ticket, as key 1 on the telephone does: nobody is rung about it any more."""
    from app.actions.tickets.move_ticket import Acknowledge

    _move(number, Acknowledge(), who, note)


@command.command("close")
@NUMBER
@WHO
@NOTE
@click.option("--comment", default="", metavar="TEXT", help="Public: the customer reads it.")
def close(number: int, who: str, note: str, comment: str) -> None:
    """Close a ticket. One that nobody had taken is taken by it too."""
    from app.actions.tickets.move_ticket import Close

    _move(number, Close(comment.strip()), who, note)


@command.command("priority")
@NUMBER
@click.argument("level", type=click.Choice([each.value for each in Priority]))
@WHO
@NOTE
def priority(number: int, level: str, who: str, note: str) -> None:
    """Give a ticket another priority and its targets. The duty is rung about a critical one."""
    from app.actions.tickets.move_ticket import SetPriority

    _move(number, SetPriority(Priority(level)), who, note)


@command.command("moves")
@NUMBER
def moves(number: int) -> None:
    """List the moves that the desk may make with a ticket now, by its workflow."""
    from app.domain.tickets.workflow_moves import moves_of, workflow_of
    from app.domain.workflow.workflow import Mover

    with command_database() as database:
        history = _history(database, number)
    workflow = workflow_of(history.desk)
    language, rows = output_language(), []
    for move in moves_of(history.ticket, workflow, frozenset({Mover.AGENT})):
        to = workflow.find_state(move.to) or workflow.first
        said = ", ".join(move.requires)
        rows.append((move.id, written(move.name_in(language)), f"→ {to.id}", said))
    for line in columns(rows):
        click.echo(line)


@command.command("move")
@NUMBER
@click.argument("move", metavar="MOVE")
@WHO
@click.option("--comment", default="", metavar="TEXT", help="Public: the customer reads it.")
@click.option("--reason", default="", metavar="TEXT", help="Internal: the desk reads it.")
@click.option("--hours", type=click.FloatRange(0, 10_000, min_open=True), help="The estimate.")
def move(number: int, move: str, who: str, comment: str, reason: str, hours: float | None) -> None:
    """Make a move of the desk's workflow: `vakt ticket moves` lists them."""
    from app.actions.tickets.move_ticket import MakeMove
    from app.domain.tickets.workflow_moves import MoveAsked
    from app.domain.workflow.workflow import Mover

    note = _one_line(reason, "--reason", LONGEST_NOTE)
    asked = MoveAsked(move, frozenset({Mover.AGENT}), comment.strip(), note, hours)
    _move(number, MakeMove(asked), who, note)


@command.command("comment")
@NUMBER
@click.argument("text", metavar="TEXT")
@click.option("--internal", is_flag=True, help="For the desk alone.")
@WHO
def comment(number: int, text: str, internal: bool, who: str) -> None:
    """Write on a ticket: the customer reads it, unless it is internal."""
    from app.actions.tickets.move_ticket import WriteComment
    from app.domain.tickets.comments import Comment, Side, Visibility

    body = text.strip()
    if not body or len(body) > LONGEST_COMMENT:
        raise click.BadParameter(written(ref("usage.one_line", most=LONGEST_COMMENT)))
    visibility = Visibility.INTERNAL if internal else Visibility.PUBLIC
    _move(number, WriteComment(Comment(body, Side.DESK, visibility)), who, "")


@command.command("assign")
@NUMBER
@click.argument("to", metavar="NAME", default="")
@WHO
@NOTE
def assign(number: int, to: str, who: str, note: str) -> None:
    """Say who at the desk works on a ticket; without NAME nobody does."""
    from app.actions.tickets.move_ticket import Assign
    from app.domain.tickets.ticket import Assignee

    name = _one_line(to, "NAME", LONGEST_NAME)
    _move(number, Assign(Assignee(name) if name else None), who, note)


@command.command("route")
@NUMBER
@click.argument("group", metavar="GROUP")
@WHO
@NOTE
def route(number: int, group: str, who: str, note: str) -> None:
    """Pass a ticket on to a group of the desk."""
    from app.actions.tickets.move_ticket import Route

    _move(number, Route(group), who, note)


@command.command("call")
@NUMBER
@click.option("--person", metavar="ID", help="Of the desk's roster: rung first.")
@click.option("--telephone", default="", metavar="NAME", help="Of the first line: rung instead.")
@click.option("--outside-hours", is_flag=True, help="Also while the desk is closed.")
@WHO
def call(number: int, person: str | None, telephone: str, outside_hours: bool, who: str) -> None:
    """Call a ticket's customer: somebody is rung first, presses 1, and is connected."""
    from app.actions.tickets.call_customer import CallRefused, CallRequest, call_customer
    from app.domain.access.users import PersonLink
    from app.domain.texts.written_moments import spaced

    with command_database() as database:
        desk = _history(database, number).desk
        whose = PersonLink(desk.roster, person) if desk and desk.roster and person else None
        asked = CallRequest(
            number,
            _actor(who),
            whose,
            f"{VIA} {uuid4().hex}",
            is_confirmed=outside_hours,
            on=telephone,
        )
        answer = call_customer(database, asked, clock.now())
    if answer is None:
        raise CommandRefused(ref("command.no_such_ticket", number=number))
    if isinstance(answer, CallRefused):
        raise CommandRefused(answer.why)
    click.echo(written(ref("command.customer_is_called", number=spaced(answer.number))))


@command.command("undo")
@NUMBER
@WHO
def undo(number: int, who: str) -> None:
    """Undo your last change of a ticket, within ten seconds."""
    from app.actions.tickets.move_ticket import Undo

    _move(number, Undo(), who, "")


def _move(number: int, change: TicketChange, who: str, note: str) -> None:
    from app.actions.tickets.move_ticket import MoveRequest, move_ticket
    from app.domain.tickets.moves import Refused, Unchanged

    actor, note = _actor(who), _one_line(note, "--note", LONGEST_NOTE)
    with command_database() as database:
        outcome = move_ticket(database, MoveRequest(number, change, actor, note), clock.now())
        history = _history(database, number)
    match outcome:
        case Refused(refusal=refusal, by=by, at=at):
            raise CommandRefused(_refused(number, refusal, by, at, history.zone))
        case Unchanged():
            line = ticket_line(history.ticket, history.zone)
            click.echo(f"{line}  {written(ref('command.ticket_unchanged'))}")
        case _:
            click.echo(ticket_line(history.ticket, history.zone))


def _actor(who: str) -> Actor:
    from app.domain.access.actor import Actor, ActorKind

    name = _one_line(who, "--as", LONGEST_NAME)
    if not name:
        raise click.BadParameter(written(ref("usage.no_name")), param_hint="--as")
    return Actor(ActorKind.COMMAND, name, via=VIA)


def _one_line(text: str, option: str, longest: int) -> str:
    words = text.strip()
    if len(words) > longest or (words and not words.isprintable()):
        raise click.BadParameter(written(ref("usage.one_line", most=longest)), param_hint=option)
    return words


def _refused(number: int, refusal: Refusal, by: str, at: datetime | None, zone: str) -> MessageRef:
    from app.domain.texts.written_moments import moment_ref
    from app.domain.tickets.moves import Refusal

    when = ref("command.moved_at", at=moment_ref(at, zone)) if at else ""
    match refusal:
        case Refusal.ALREADY_ACKNOWLEDGED:
            return ref("command.ticket_taken", number=number, who=by, when=when)
        case Refusal.ALREADY_CLOSED:
            return ref("command.ticket_closed", number=number, who=by, when=when)
        case Refusal.NO_SUCH_MOVE | Refusal.NOT_ACKNOWLEDGED:
            return ref("command.ticket_not_moved", number=number)
        case _:
            return MessageRef(f"ticket_refusal.{refusal}")


def _history(database: Database, number: int) -> History:
    from app.store.desks import list_desks
    from app.store.recordings import recordings_of_ticket
    from app.store.ticket_lists import find_ticket, rung_about, ticket_events

    with database.read() as connection:
        ticket = find_ticket(connection, number)
        if ticket is None:
            raise CommandRefused(ref("command.no_such_ticket", number=number))
        desks = {live.desk.id: live.desk for live in list_desks(connection, (ticket.desk,))}
        return History(
            ticket,
            desks.get(ticket.desk),
            ticket_events(connection, number),
            rung_about(connection, [number])[number],
            recordings_of_ticket(connection, number),
        )
