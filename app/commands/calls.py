"""`vakt calls`: calls that were taken, and what happened in each. `vakt call` is a telephone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from app.commands.console import CommandRefused, command_database, print_transcript
from app.domain.calls.call import CallOutcome

if TYPE_CHECKING:
    from app.store.call_lists import CallNotification, CallSummary
    from app.store.desks import LiveDesk


@click.group("calls")
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
            known = ", ".join(desks) or "none"
            raise CommandRefused(f"There is no desk “{desk}”. Desks here: {known}.")
        found = list_calls(connection, only, limit=limit, outcome=wanted, is_open=is_open or None)
    for call in found:
        click.echo(_line(call, _zone(desks.get(call.desk or ""))))
    if not found:
        click.echo("There are no such calls.", err=True)


@command.command("show")
@click.argument("sid")
@click.option("--json", "as_json", is_flag=True, help="As JSON, like GET /api/v1/calls/SID.")
def show(sid: str, as_json: bool) -> None:
    """Tell one call turn by turn, with its reasons, and how the SMS about it fared."""
    from app.api.v1.call_responses import call_response
    from app.store.call_lists import find_call
    from app.store.desks import list_desks
    from app.voice_prompts import texts

    with command_database() as database, database.read() as connection:
        found = find_call(connection, sid)
        if found is None:
            raise CommandRefused(f"There is no call “{sid}”. It may have been kept its time.")
        desks = (found.line.desk,) if found.line.desk else ()
        live = next(iter(list_desks(connection, desks)), None)
    transcript = call_response(found, live, texts())
    if as_json:
        click.echo(json.dumps(transcript.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    click.secho(_line(found.line, _zone(live)), bold=True)
    print_transcript(transcript.told)
    for notification in found.notifications:
        click.echo(f"sms    {_notice(notification)}")


def _zone(live: LiveDesk | None) -> str:
    from app.domain.texts.plain import ZONE_OF_NOBODY

    return live.desk.time_zone if live else ZONE_OF_NOBODY


def _line(call: CallSummary, zone: str) -> str:
    from app.domain.texts.plain import moment_text, spaced

    parts: tuple[Any, ...] = (
        call.sid,
        moment_text(call.started_at, zone),
        call.desk or "no desk",
        call.outcome or ("goes on, or its end was never told" if not call.ended_at else "ended"),
        spaced(call.caller) if call.caller else "withheld number",
        f"ticket {call.ticket}" if call.ticket else "no ticket",
    )
    return "  ".join(str(part) for part in parts)


def _notice(notification: CallNotification) -> str:
    who = notification.person or "the caller"
    fared = f", {notification.delivery}" if notification.delivery else ""
    why = f": {notification.error}" if notification.error else ""
    return f"to {who}: {notification.state}{fared}{why}"
