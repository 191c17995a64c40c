"""`vakt ticket escalation`, `hold-escalation`, `workaround` …: targets of a ticket and a desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import check_option, checked_name, refused_as
from app.commands.console import CommandRefused, command_database
from app.commands.output import columns, no_such_desk, show, written
from app.commands.ticket_output import print_json, ticket_line, zone_of
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_NOTE

if TYPE_CHECKING:
    from app.actions.tickets.change_targets import AgreeDate, HoldEscalation, TargetChange
    from app.actions.tickets.preview_escalation import ShownEscalation, ShownLevel
    from app.domain.tickets.moves import Refused

NUMBER = click.argument("number", type=click.IntRange(1, LARGEST_NUMBER))
WHO = click.option("--as", "who", required=True, metavar="NAME", help="Who decides; it is noted.")
REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is noted.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's fields.")
VIA: Final = "vakt ticket"


@click.command("escalation")
@NUMBER
@AS_JSON
def escalation(number: int, as_json: bool) -> None:
    """Tell when each level of a ticket's escalation is reached if nobody does anything.

    By the desk's basis, and by both beside each other; and when somebody was told.
    """
    from app.actions.tickets.preview_escalation import levels_of_ticket

    with command_database() as database, database.read() as connection:
        shown = levels_of_ticket(connection, number)
    if shown is None:
        raise CommandRefused(ref("command.no_such_ticket", number=number))
    _print(shown, as_json=as_json)


@click.command("escalation")
@click.argument("desk")
@click.option(
    "--priority",
    type=click.Choice([each.value for each in Priority]),
    help="Only of this one.  [each]",
)
@click.option("--opened", metavar="WHEN", help="When the ticket would be opened.  [now]")
@AS_JSON
def desk_escalation(desk: str, priority: str | None, opened: str | None, as_json: bool) -> None:
    """Tell when each level would be reached for a ticket that is opened at DESK then."""
    from app.actions.tickets.preview_escalation import levels_of_desk
    from app.store.desks import list_desks

    check_option("--opened", opened)
    level = Priority(priority) if priority else None
    with command_database() as database, database.read() as connection, refused_as("--opened"):
        shown = levels_of_desk(connection, desk, level, opened, clock.now())
        if shown is None:
            raise CommandRefused(no_such_desk(desk, [e.desk.id for e in list_desks(connection)]))
    _print(shown, as_json=as_json)


@click.command("hold-escalation")
@NUMBER
@click.option("--until", metavar="WHEN", help="Then it goes on by itself.  [until it is released]")
@WHO
@REASON
def hold_escalation(number: int, until: str | None, who: str, reason: str) -> None:
    """Tell nobody of a ticket as it grows older, until the hold is over or released."""
    from app.actions.tickets.change_targets import HoldEscalation

    check_option("--until", until)
    with refused_as("--until"):
        _change(number, HoldEscalation(until or ""), who, reason)


@click.command("release-escalation")
@NUMBER
@WHO
@REASON
def release_escalation(number: int, who: str, reason: str) -> None:
    """Let a ticket's escalation go on: what was reached meanwhile is told at once."""
    from app.actions.tickets.change_targets import TargetChange

    _change(number, TargetChange.RELEASE_ESCALATION, who, reason)


@click.command("workaround")
@NUMBER
@click.option("--withdrawn", is_flag=True, help="It did not hold: the clock has run all along.")
@WHO
@REASON
def workaround(number: int, withdrawn: bool, who: str, reason: str) -> None:
    """Note that a temporary solution is in place: for some levels it meets the target."""
    from app.actions.tickets.change_targets import TargetChange

    change = TargetChange.WITHDRAW_WORKAROUND if withdrawn else TargetChange.NOTE_WORKAROUND
    _change(number, change, who, reason)


@click.command("agree-date")
@NUMBER
@click.argument("when", required=False)
@click.option("--withdrawn", is_flag=True, help="It is taken back: the target holds again.")
@WHO
@REASON
def agree_date(number: int, when: str | None, withdrawn: bool, who: str, reason: str) -> None:
    """Note that the customer is content with a solution by WHEN, instead of the target."""
    from app.actions.tickets.change_targets import AgreeDate, TargetChange

    if (when is None) is not withdrawn:
        raise click.UsageError(written(ref("usage.date_or_withdrawn")))
    if when is None:
        _change(number, TargetChange.WITHDRAW_DATE, who, reason)
        return
    check_option("WHEN", when)
    with refused_as("WHEN"):
        _change(number, AgreeDate(when), who, reason)


OF_TICKETS: Final = (escalation, hold_escalation, release_escalation, workaround, agree_date)


def _change(
    number: int, change: TargetChange | AgreeDate | HoldEscalation, who: str, reason: str
) -> None:
    from app.actions.tickets.change_targets import TargetRequest, change_targets
    from app.domain.access.actor import Actor, ActorKind
    from app.domain.tickets.moves import Refused, Unchanged
    from app.store.desks import list_desks
    from app.store.ticket_lists import find_ticket

    why = reason.strip()
    if not why or len(why) > LONGEST_NOTE or not why.isprintable():
        wrong = written(ref("usage.name_length", most=LONGEST_NOTE))
        raise click.BadParameter(wrong, param_hint="--reason")
    by = Actor(ActorKind.COMMAND, checked_name(who, "--as"), via=VIA)
    with command_database() as database:
        outcome = change_targets(database, TargetRequest(number, change, by, why), clock.now())
        with database.read() as connection:
            ticket = find_ticket(connection, number)
            desks = list_desks(connection, (ticket.desk,)) if ticket else ()
    if ticket is None:
        raise CommandRefused(ref("command.no_such_ticket", number=number))
    if isinstance(outcome, Refused):
        raise CommandRefused(_refused(number, outcome))
    line = ticket_line(ticket, zone_of(desks[0].desk if desks else None))
    is_same = isinstance(outcome, Unchanged)
    click.echo(f"{line}  {written(ref('command.ticket_unchanged'))}" if is_same else line)


def _refused(number: int, refused: Refused) -> MessageRef:
    from app.domain.tickets.moves import Refusal

    if refused.refusal in (Refusal.NO_DATE, Refusal.NOT_AHEAD):
        return MessageRef(f"ticket_refusal.{refused.refusal}")
    return ref("command.ticket_closed", number=number, who=refused.by, when="")


def _print(shown: ShownEscalation, *, as_json: bool) -> None:
    if as_json:
        from app.api.v1.ticket_targets import level_response

        levels = [level_response(each, shown.zone) for each in shown.levels]
        print_json([each.model_dump(mode="json") for each in levels])
    elif not shown.levels:
        show("command.no_escalation")
    else:
        head = ("priority", "target", "level", "deadline", "elapsed", "overrun", "told", "notified")
        cells = [[written(ref(f"escalation_column.{name}")) for name in head]]
        for line in columns([*cells, *(_cells(each, shown.zone) for each in shown.levels)]):
            click.echo(line.rstrip())


def _cells(shown: ShownLevel, zone: str) -> Sequence[str]:
    from app.domain.texts.written_moments import moment_ref

    row, escalation = shown.row, shown.row.escalation
    soon = f" ({written(ref('command.forewarning'))})" if escalation.is_forewarning else ""
    instants = (escalation.deadline, row.elapsed_at, row.overrun_at)
    told = row.to.contact.role if row.to else ""
    if row.to and row.to.at != escalation.reached_at:
        told = f"{told}, {written(moment_ref(row.to.at, zone))}"
    return (
        written(ref("command.cell", words=MessageRef(f"priority.{shown.priority}"))),
        written(ref("command.cell", words=MessageRef(f"target_kind.{escalation.kind}"))),
        f"{escalation.level}{soon}",
        *(written(moment_ref(at, zone)) if at else "" for at in instants),
        told,
        written(moment_ref(shown.notified_at, zone)) if shown.notified_at else "",
    )
