"""`vakt prove`: the coming year walked ahead, and the calls in it that would reach nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import WholeNumber, check_option, refused_as
from app.commands.console import (
    CommandRefused,
    columns_of_terminal,
    command_database,
    is_terminal,
)
from app.commands.output import no_such_desk, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.actions.simulate.prove import ProofWindow
    from app.commands.prove_text import ProofLine
    from app.domain.simulate.proof.differences import Differences
    from app.domain.simulate.proof.proof import Proof


MARK_WIDTH: Final = 8
MONTHS: Final = 12
LONGEST: Final = 60


@click.command("prove")
@click.argument("desk")
@click.argument(
    "draft", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--months",
    type=WholeNumber(1, LONGEST),
    default=MONTHS,
    show_default=True,
    help="How far to look ahead.",
)
@click.option(
    "--at", metavar="WHEN", help="From when; without an offset the desk's wall time. [now]"
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all times.")
def command(desk: str, draft: Path | None, months: int, at: str | None, as_json: bool) -> None:
    """Walk every kind of call through the coming year, and tell which would reach nobody.

    DESK is a desk's id as it is live, or the path of its folder, which needs no database.
    With the folder DRAFT only what it would change is told.

    Looks at every instant at which opening hours or the duty change, and at both sides of
    it: each line, agreement and priority, with those who are rung answering and not.

    Exit code 1 where the documents promise somebody and there is nobody: an hour of duty
    that nobody covers, a critical call of an agreement with duty that rings nobody.
    """
    from app.actions.simulate.prove import ProofWindow, UnknownDesk, UnreadableFolder

    check_option("--at", at)
    window = ProofWindow(clock.now(), at, months)
    try:
        with refused_as("--at"):
            found = _found(desk, draft, window)
    except UnknownDesk as unknown:
        raise CommandRefused(no_such_desk(unknown.desk, unknown.known)) from None
    except UnreadableFolder as unreadable:
        raise CommandRefused(
            *(each.line for each in unreadable.diagnostics), unreadable.reason
        ) from None
    is_live = draft is None and not _is_path(desk)
    _print_json(found) if as_json else _print(found, is_live=is_live)
    if found.has_holes:
        raise CommandRefused(ref("proof.has_holes"))


def _found(desk: str, draft: Path | None, window: ProofWindow) -> Proof | Differences:
    from app.actions.simulate.prove import prove_draft, prove_folder, prove_live
    from app.commands.desk_files import read_desk_folder

    if _is_path(desk):
        if draft:
            raise click.UsageError(written(ref("usage.draft_of_folder")))
        folder = Path(desk)
        return prove_folder(read_desk_folder(folder), window)
    with command_database() as database:
        if draft:
            return prove_draft(database, desk, read_desk_folder(draft, desk), window)
        return prove_live(database, desk, window)


def _is_path(desk: str) -> bool:
    """An id has no slash, so `./mine` is a folder whatever the desks are called."""
    return "/" in desk or desk.startswith(".")


def _print_json(found: Proof | Differences) -> None:
    from app.commands.prove_json import differences_out, proof_out
    from app.domain.simulate.proof.proof import Proof

    out = proof_out(found) if isinstance(found, Proof) else differences_out(found)
    click.echo(json.dumps(out, indent=2, ensure_ascii=False))


def _print(found: Proof | Differences, *, is_live: bool) -> None:
    from app.commands.prove_text import changed, head, page
    from app.domain.simulate.proof.proof import Proof

    if isinstance(found, Proof):
        click.secho(written(head(found)), bold=True)
        _print_page(page(found, is_live=is_live))
    else:
        click.secho(written(ref("proof.draft", of=head(found.draft))), bold=True)
        _print_page(changed(found))


def _print_page(told: tuple[ProofLine, ...]) -> None:
    from app.commands.prove_text import COLOURS

    for mark, what, below in told:
        name = f"{written(MessageRef(f'proof_mark.{mark}')):<{MARK_WIDTH}}"
        click.echo(f"{click.style(name, fg=COLOURS[mark])}{_wrapped(written(what))}")
        for line in below:
            click.secho(f"{' ' * MARK_WIDTH}{line}", dim=True)


def _wrapped(what: str) -> str:
    """As long as the terminal is wide; a file or pipe gets whole lines."""
    if not is_terminal():
        return what
    indent = " " * MARK_WIDTH
    room = columns_of_terminal() - MARK_WIDTH
    return click.wrap_text(what, room, subsequent_indent="").replace("\n", f"\n{indent}")
