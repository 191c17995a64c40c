"""`vakt roster`: a desk's roster written out; its overrides and absences."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import WholeNumber, check_option
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, output_language, show_error, written
from app.commands.roster_absences import absences
from app.commands.roster_calendar import calendar
from app.commands.roster_export import export
from app.commands.roster_hours import hours
from app.commands.roster_numbers import numbers
from app.commands.roster_pins import pin
from app.commands.roster_requests import request
from app.commands.roster_shifts import shift
from app.commands.roster_versions import versions
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.ticket import LARGEST_NUMBER

if TYPE_CHECKING:
    from app.actions.roster.entries import EntryRefused, EntryResult
    from app.domain.roster.entries import RosterEntry
    from app.domain.texts.message import Message
    from app.domain.toml_positions import TomlValue

KINDS: Final = ("override", "absence")
NUMBER = WholeNumber(0, LARGEST_NUMBER)
DESK = click.argument("desk")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("roster", cls=CommandGroup)
def command() -> None:
    """Who takes turns, who is on duty beside that, and for how long."""


command.add_command(export)
command.add_command(calendar)
command.add_command(hours)
command.add_command(absences)
command.add_command(request)
command.add_command(numbers)
command.add_command(pin)
command.add_command(shift)
command.add_command(versions)


@command.group("entry")
def entry() -> None:
    """Overrides and absences of a roster: add, list and withdraw them.

    Callers hear a change at their next turn.
    """


@entry.command("add")
@DESK
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("who_is_it", metavar="PERSON")
@click.option("--from", "from_", required=True, metavar="WHEN", help="From when.")
@click.option("--to", required=True, metavar="WHEN", help="Until when.")
@click.option("--role", metavar="ROLE", help="What an override takes: primary or backup.")
@click.option("--instead-of", metavar="PERSON", help="Only where this person would have been.")
@click.option("--leave-gaps", is_flag=True, help="Not the time that nobody has.")
@click.option("--reason", metavar="TEXT", help="Why; it is told with who is on duty.")
@click.option("--agreed", multiple=True, metavar="PERSON", help="Who was asked and said yes.")
@click.option("--dry-run", is_flag=True, help="Only tell what it would change.")
@BY
def add(
    desk: str,
    kind: str,
    who_is_it: str,
    agreed: tuple[str, ...],
    dry_run: bool,
    who: str | None,
    **given: object,
) -> None:
    """Add an override (PERSON takes a role) or an absence (PERSON cannot be rung).

    PERSON is the name in [people] of roster.toml. The same entry again is the one that is there.

    \b
    vakt roster entry add drift override kari --role primary --from 2026-12-24T16:00
    --to 2026-12-26T08:00
    """  # noqa: D301 - \b is click's mark for lines it must not join
    from app.actions.roster.entries import EntryRefused, EntryRequest, add_entry
    from app.domain.access.actor import command_line
    from app.domain.roster.entries import EntryKind
    from app.domain.roster.entry_messages import added_message

    values = {"person": who_is_it, **_values(given)}
    for key in ("from", "to"):
        check_option(f"--{key}", str(values[key]))
    now = clock.now()
    by = command_line(getpass.getuser(), who or "")
    request = EntryRequest(desk, EntryKind(kind), values, by, dry_run, agreed=frozenset(agreed))
    with command_database() as database:
        done = add_entry(database, request, now)
    if isinstance(done, EntryRefused):
        raise _refused(done, desk)
    _print(done, added_message(done.entry, done.is_done, output_language()), now)


@entry.command("list")
@DESK
@click.option("--all", "every", is_flag=True, help="Also what is over, and what was withdrawn.")
@click.option("--revision", type=NUMBER, help="Those in force at a revision of the roster.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, like the API.")
def list_(desk: str, every: bool, revision: int | None, as_json: bool) -> None:
    """List the entries in force, in the order in which they were added: the later wins."""
    from app.actions.roster.entries import EntryRefused, EntryScope, list_entries
    from app.api.v1.roster_responses import entries_response

    scope = EntryScope.ALL if every else EntryScope.COMING
    with command_database() as database:
        found = list_entries(database, desk, scope, clock.now(), revision)
    if isinstance(found, EntryRefused):
        raise _refused(found, desk)
    if as_json:
        click.echo(entries_response(found).model_dump_json(by_alias=True, indent=2))
        return
    for line in columns([_cells(each, found.plan.time_zone) for each in found.entries]):
        click.echo(line)
    show_error("command.roster_revision", revision=found.revision, count=len(found.entries))


@entry.command("withdraw")
@DESK
@click.argument("number", metavar="ENTRY", type=NUMBER)
@BY
def withdraw(desk: str, number: int, who: str | None) -> None:
    """Take ENTRY back, by its number in the list. It stays listed with --all."""
    from app.actions.roster.entries import EntryRefused, withdraw_entry
    from app.domain.access.actor import command_line
    from app.domain.roster.entry_messages import withdrawn_message

    now, by = clock.now(), command_line(getpass.getuser(), who or "")
    with command_database() as database:
        done = withdraw_entry(database, desk, number, by, now)
    if isinstance(done, EntryRefused):
        raise _refused(done, desk, number)
    assert done.entry  # only a dry run has none
    _print(done, withdrawn_message(done.entry, done.is_done, output_language()), now)


def _values(given: dict[str, object]) -> dict[str, TomlValue]:
    """The options as the keys that roster.toml has for them."""
    values: dict[str, TomlValue] = {
        "role": given["role"],
        "instead_of": given["instead_of"],
        "from": given["from_"],
        "to": given["to"],
        "fills": False if given["leave_gaps"] else None,
        "note": given["reason"],
    }
    return {key: value for key, value in values.items() if value is not None}


def _print(done: EntryResult, message: Message, now: datetime) -> None:
    """What was done on standard output, what to mind on standard error."""
    from app.domain.roster.entry_messages import effect_messages
    from app.voice_prompts import texts

    effect, zone = done.effect, done.plan.time_zone

    def render(each: Message) -> str:
        return texts().render(each, now=now, time_zone=zone, spoken=False)

    click.echo(render(message))
    if done.entry and done.entry.withdrawal and not done.is_done:
        return
    for each in effect_messages(effect, output_language()):
        click.echo(render(each))
    for remark in effect.why:
        click.echo(written(remark.ref), err=True)


def _refused(refused: EntryRefused, desk: str, number: int = 0) -> CommandRefused:
    from app.domain.roster.entry_messages import refusal_message
    from app.voice_prompts import texts

    message = refusal_message(refused.refusal, desk, number, output_language())
    text = texts().render(message, now=clock.now(), time_zone="UTC", spoken=False)
    return CommandRefused(text, *(each.message for each in refused.diagnostics))


def _cells(entry: RosterEntry, zone: str) -> tuple[str, ...]:
    from app.domain.roster.entries import identity_of
    from app.domain.texts.written_moments import moment_ref

    what = identity_of(entry.dated)
    from_, to = moment_ref(what.from_, zone), moment_ref(what.to, zone)
    return (
        f"{entry.id:>5}",
        written(MessageRef(f"entry_kind.{what.kind}")),
        what.person,
        written(ref("command.entry_span", from_=from_, to=to)),
        "  ".join(written(each) for each in _remarks(entry, zone)),
    )


def _remarks(entry: RosterEntry, zone: str) -> Iterator[MessageRef]:
    """What not every entry has, then who made it and who withdrew it."""
    from app.domain.roster.entries import identity_of
    from app.domain.texts.written_moments import moment_ref

    what, note, gone = identity_of(entry.dated), entry.dated.note, entry.withdrawal
    if what.role:
        yield MessageRef(f"role.{what.role}")
    if what.instead_of:
        yield ref("command.entry_instead_of", person=what.instead_of)
    if not what.fills:
        yield ref("command.entry_leaves_gaps")
    if note:
        yield ref("command.entry_note", note=note)
    if entry.is_correction:
        yield MessageRef("roster_page.correction")
    if yes := tuple(each.person for each in entry.consents if each.has_agreed):
        yield ref("roster_page.has_agreed", names=yes)
    if unasked := tuple(each.person for each in entry.consents if not each.has_agreed):
        yield ref("roster_page.not_asked", names=unasked)
    yield ref("command.entry_by", who=entry.author.name, at=moment_ref(entry.made_at, zone))
    if gone:
        yield ref("command.entry_withdrawn", who=gone.by.name, at=moment_ref(gone.at, zone))
