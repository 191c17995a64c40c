"""`vakt desk`: check, import and export desk folders."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandGroup, CommandRefused, command_database, command_services
from app.commands.output import no_such_desk, show_error, why, written
from app.commands.ticket_targets import desk_escalation
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.actions.desks.import_desks import ImportedDesk
    from app.composition import Services
    from app.domain.config.diagnostics import Diagnostics
    from app.domain.config.folder import DeskFolder
    from app.domain.roster.entries_import import EntriesImport
    from app.store.people import TooManyRemoved


PATHS: Final = click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="PATH…",
)


@click.group("desk", cls=CommandGroup)
def command() -> None:
    """Check, import and export desk folders.

    A PATH is a desk's folder with its desk.toml, or a folder that holds such folders.
    """


command.add_command(desk_escalation)


@command.command("check")
@PATHS
def check(paths: tuple[Path, ...]) -> None:
    """Tell every fault of desk folders, with file and line. Needs no database.

    Errors refuse (exit code 1), warnings do not.
    """
    from app.actions.desks.import_desks import LOOKS_AHEAD
    from app.domain.config.cross_checks import cross_check
    from app.domain.config.diagnostics import errors, in_order

    folders = read_paths(paths)
    now = clock.now()
    diagnostics = in_order(
        (
            *(diagnostic for folder in folders for diagnostic in folder.diagnostics),
            *cross_check(folders, now, now + LOOKS_AHEAD),
        )
    )
    _print_outcome(diagnostics)
    checked = _count(folders, diagnostics)
    if errors(diagnostics):
        raise CommandRefused(checked)
    click.echo(written(checked))


@command.command("import")
@PATHS
@click.option("--allow-removals", is_flag=True, help="Even if more than a tenth of them go.")
@click.option("--replace-edits", is_flag=True, help="Even if what was entered on a page goes.")
@click.option("--remark", default="", help="Why; kept with the version.")
def import_(
    paths: tuple[Path, ...], allow_removals: bool, replace_edits: bool, remark: str
) -> None:
    """Make desk folders live, all of them or none.

    Errors refuse and the live versions go on. Customers are added, changed and removed
    row by row; more than a tenth removed is refused unless allowed. So is a document that
    lacks what somebody entered on a page.
    """
    from app.actions.desks.import_desks import ImportRefused, import_desks
    from app.domain.access.actor import command_line
    from app.store.desks import Edit, LineTaken
    from app.store.people import TooManyRemoved

    folders = read_paths(paths)
    edit = Edit(command_line(getpass.getuser()), clock.now(), remark)
    with command_services() as services:
        try:
            done = import_desks(
                services.database,
                folders,
                edit,
                may_remove=allow_removals,
                replace_edits=replace_edits,
            )
        except ImportRefused as refused:
            _print_outcome(refused.diagnostics)
            raise CommandRefused(
                _count(folders, refused.diagnostics), ref("command.nothing_imported")
            ) from None
        except TooManyRemoved as refused:
            raise CommandRefused(*_too_many_removed(refused)) from None
        except LineTaken as refused:
            taken = ref("command.line_taken", number=refused.number, desk=refused.desk)
            raise CommandRefused(taken, ref("command.nothing_imported")) from None
        _print_outcome(done.warnings)
        for imported in done.desks:
            click.echo(written(_imported(imported)))
        _refresh_lifeline(services)


def _too_many_removed(refused: TooManyRemoved) -> tuple[MessageRef, MessageRef]:
    removed = ref(
        "command.too_many_removed", desk=refused.desk, removed=refused.removed, of=refused.of
    )
    return removed, ref("command.allow_removals")


@command.command("export")
@click.argument("desk")
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
def export(desk: str, path: Path) -> None:
    """Write DESK as it is live to the folder PATH, which is made if it is not there."""
    from app.actions.roster.entries_in_files import roster_text
    from app.domain.config.customer_document import write_customers
    from app.domain.config.folder import FILES
    from app.store.desks import desk_texts, find_desk, list_desks
    from app.store.people import load_customers

    with command_database() as database, database.read() as connection:
        found = desk_texts(connection, desk)
        customers = load_customers(connection, desk)
        live = find_desk(connection, desk)
        known = [each.desk.id for each in list_desks(connection)]
        if found and live and live.roster:
            found = found[0], roster_text(connection, live.roster.id, found[1])
    if found is None:
        raise CommandRefused(no_such_desk(desk, known))
    in_order_of_number = tuple(customers[number] for number in sorted(customers))
    contents = (*found, write_customers(in_order_of_number))
    path.mkdir(parents=True, exist_ok=True)
    for name, text in zip(FILES, contents, strict=True):
        if text:
            (path / name).write_text(text, "utf-8", newline="")
            click.echo(path / name)
    if path.resolve().name != desk:
        show_error("command.folder_name", desk=desk)


def read_paths(paths: Sequence[Path]) -> list[DeskFolder]:
    """Read every desk folder at or right below the paths."""
    from app.commands.desk_files import desk_folders, read_desk_folder

    return [
        read_desk_folder(folder, within=path if folder != path else None)
        for path in paths
        for folder in desk_folders(path)
    ]


def _refresh_lifeline(services: Services) -> None:
    """Write this machine's file for when all else fails; a web elsewhere writes its own."""
    from app.offline.refresher import OfflineRefresher

    refresher = OfflineRefresher(services.database, (services.lifeline_file,))
    for failed in refresher.refresh(clock.now()).failed:
        raise CommandRefused(
            ref("command.lifeline_not_written", why=why(failed.error)),
            ref("command.desks_are_live"),
        )


def _print_outcome(diagnostics: Diagnostics) -> None:
    for diagnostic in diagnostics:
        click.echo(written(diagnostic.line), err=True)


def _count(folders: Sequence[DeskFolder], diagnostics: Diagnostics) -> MessageRef:
    from app.domain.config.diagnostics import errors

    wrong = len(errors(diagnostics))
    return ref(
        "command.desks_checked",
        desks=len(folders),
        errors=wrong,
        warnings=len(diagnostics) - wrong,
    )


def _imported(done: ImportedDesk) -> MessageRef:
    changes = tuple(_changes(done))
    if not changes:
        return ref("command.desk_unchanged", desk=done.desk)
    return ref("command.desk_imported", desk=done.desk, changes=changes)


def _changes(done: ImportedDesk) -> Iterator[MessageRef]:
    if done.desk_is_new:
        yield ref("command.new_desk_version")
    if done.roster_is_new:
        yield ref("command.new_roster_version")
    if counted := tuple(_entries(done.entries)):
        yield ref("command.entries_imported", counts=counted)
    if customers := done.customers.counted:
        yield ref(
            "command.customers_imported",
            added=customers.added,
            changed=customers.changed,
            removed=customers.removed,
        )
    if customers.kept:
        yield ref("command.customers_kept", count=customers.kept)
    if customers.taken_over:
        yield ref("command.customers_taken_over", count=customers.taken_over)


def _entries(changes: EntriesImport) -> Iterator[MessageRef]:
    if changes.add:
        yield ref("command.entries_added", count=len(changes.add))
    if changes.withdraw:
        yield ref("command.entries_withdrawn", count=len(changes.withdraw))
    if changes.not_in_file:
        yield ref("command.entries_not_in_file", count=len(changes.not_in_file))
