"""`vakt calls`: calls that were taken, and what happened in each. `vakt call` is a telephone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from app.commands.console import CommandGroup, CommandRefused, command_database, print_transcript
from app.commands.output import columns, no_such_desk, output_language, show_error, written
from app.domain.calls.call import CallOutcome
from app.domain.delivery_errors import delivery_error
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.store.call_lists import CallNotification, CallSummary
    from app.store.desks import LiveDesk


@click.group("calls", cls=CommandGroup)
def command() -> None:
    """The calls that were taken: list them, and tell one turn by turn."""


@command.command("list")
@click.option("--desk", metavar="ID", help="Only of this desk.")
@click.option(
    "--outcome",
    type=click.Choice([each.value for each in CallOutcome]),
    help="Only calls that ended so; failed: without a human, a case or an answer.",
)
@click.option("--open", "is_open", is_flag=True, help="Only calls whose end was never told.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
def list_(desk: str | None, outcome: str | None, is_open: bool, limit: int) -> None:
    """List callers' calls, the newest first."""
    from app.store.call_lists import list_calls
    from app.store.desks import list_desks

    wanted = CallOutcome(outcome) if outcome else None
    only = [desk] if desk else None
    with command_database() as database, database.read() as connection:
        desks = {live.desk.id: live for live in list_desks(connection)}
        if desk and desk not in desks:
            raise CommandRefused(no_such_desk(desk, desks))
        found = list_calls(connection, only, limit=limit, outcome=wanted, is_open=is_open or None)
    for line in columns([_cells(call, _zone(desks.get(call.desk or ""))) for call in found]):
        click.echo(line)
    if not found:
        show_error("command.no_calls")


@command.command("show")
@click.argument("sid")
@click.option("--json", "as_json", is_flag=True, help="As JSON, like GET /api/v1/calls/SID.")
def show(sid: str, as_json: bool) -> None:
    """Tell one call, or call-out, turn by turn, with its reasons, and how its SMS fared."""
    from app.domain.callouts.call_out import is_call_out

    if is_call_out(sid):
        _show_call_out(sid, as_json=as_json)
    else:
        _show_call(sid, as_json=as_json)


def _show_call_out(sid: str, *, as_json: bool) -> None:
    from app.api.v1.call_responses import call_out_response
    from app.store.call_lists import find_call_out
    from app.store.desks import list_desks
    from app.voice_prompts import texts

    with command_database() as database, database.read() as connection:
        found = find_call_out(connection, sid)
        if found is None:
            raise CommandRefused(ref("command.no_such_call_out", sid=sid))
        live = next(iter(list_desks(connection, (found.call_out.desk,))), None)
    transcript = call_out_response(found, live, texts(), output_language())
    if as_json:
        click.echo(json.dumps(transcript.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    print_transcript(transcript.told)


def _show_call(sid: str, *, as_json: bool) -> None:
    from app.api.v1.call_responses import call_response
    from app.store.call_lists import find_call
    from app.store.desks import list_desks
    from app.voice_prompts import texts

    with command_database() as database, database.read() as connection:
        found = find_call(connection, sid)
        if found is None:
            raise CommandRefused(ref("command.no_such_call", sid=sid))
        desks = (found.line.desk,) if found.line.desk else ()
        live = next(iter(list_desks(connection, desks)), None)
    transcript = call_response(found, live, texts(), output_language())
    if as_json:
        click.echo(json.dumps(transcript.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    click.secho("  ".join(_cells(found.line, _zone(live))), bold=True)
    print_transcript(transcript.told)
    for notification in found.notifications:
        click.echo(written(ref("command.call_sms", notice=_notice(notification))))


def _zone(live: LiveDesk | None) -> str:
    from app.domain.texts.written_moments import ZONE_OF_NOBODY

    return live.desk.time_zone if live else ZONE_OF_NOBODY


def _cells(call: CallSummary, zone: str) -> tuple[str, ...]:
    from app.domain.texts.written_moments import moment_ref, spaced

    return (
        call.sid,
        written(moment_ref(call.started_at, zone)),
        call.desk or written(ref("command.no_desk")),
        written(_outcome(call)),
        spaced(call.caller) if call.caller else written(ref("command.withheld_number")),
        written(_ticket(call)),
    )


def _outcome(call: CallSummary) -> MessageRef:
    if call.outcome:
        return MessageRef(f"call_outcome.{call.outcome}")
    return ref("command.call_ended" if call.ended_at else "command.call_goes_on")


def _ticket(call: CallSummary) -> MessageRef:
    if call.ticket:
        return ref("command.call_ticket", number=call.ticket)
    return ref("command.call_without_ticket")


def _notice(notification: CallNotification) -> MessageRef:
    """What became of an SMS: the state is ours, the delivery and the error the network's."""
    return ref(
        "command.sms_to",
        who=notification.person or ref("notified.caller"),
        state=MessageRef(f"notification_state.{notification.state}"),
        delivery=notification.delivery or "",
        error=delivery_error(notification.error or ""),
    )
