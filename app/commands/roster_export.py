"""`vakt roster export`: a desk's roster as it is live."""

from __future__ import annotations

from pathlib import Path

import click

from app import clock
from app.commands.console import CommandRefused, command_database
from app.commands.output import output_language


@click.command("export")
@click.argument("desk")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, like GET …/desks/DESK/roster.")
def export(desk: str, file: Path | None, as_json: bool) -> None:
    """Write DESK's roster.toml to FILE, or show it.

    The imported text, as long as the entries in it are those in force; else they stand at its end.
    """
    from app.actions.roster.entries import EntryRefused
    from app.actions.roster.live_roster import load_live_roster
    from app.domain.roster.entry_messages import refusal_message
    from app.voice_prompts import texts

    with command_database() as database:
        found = load_live_roster(database, desk)
    if isinstance(found, EntryRefused):
        message = refusal_message(found.refusal, desk, 0, output_language())
        raise CommandRefused(
            texts().render(message, now=clock.now(), time_zone="UTC", spoken=False)
        )
    text = found.text
    if as_json:
        from app.api.v1.rotation_responses import roster_response

        text = roster_response(found).model_dump_json(by_alias=True, indent=2) + "\n"
    if file is None:
        click.echo(text, nl=False)
        return
    file.write_text(text, "utf-8", newline="")
    click.echo(file)
