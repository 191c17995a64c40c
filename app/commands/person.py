"""`vakt person`: everything about a number given out, or taken out."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandRefused, command_database, command_settings

if TYPE_CHECKING:
    from app.actions.privacy.personal_data import (
        Erased,
        ErasurePreview,
        OwnLineNumber,
        PersonalData,
        Retained,
    )
    from app.settings import Settings
    from app.store.local_files import FileMention


COPIES: Final = (
    "facts-*"  # what the offline store knows is copied from the database every few minutes
)
UNDERSTOOD: Final = "Erase this number for good?"


@click.group("person")
def command() -> None:
    """What is stored about a telephone number: give it out, or erase it."""


@command.command("export")
@click.argument("number")
@click.option("--as", "who", default="vakt person export", help="Who asks; it is noted.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for person.json and the recordings. [JSON on standard output]",
)
def export(number: str, who: str, out: Path | None) -> None:
    """Give out everything that is stored about NUMBER, in every table.

    Numbers of others are masked; names of those who were rung are not. Read it before
    you hand it on. Recordings are given out too, and that is noted.
    """
    from app.actions.privacy.personal_data import OwnLineNumber, export_person

    digits = _digits(number)
    if out and out.exists():
        raise CommandRefused(f"{out} is there already.")
    beside = _local_files(digits)
    with command_database() as database:
        try:
            found = export_person(database, digits, who, clock.now())
        except OwnLineNumber as desk:
            raise _own_line(digits, desk) from None
    if out:
        _write_folder(out, digits, found, beside)
        click.echo(f"{out}: {_counted({n: len(r) for n, r in found.tables.items()})}")
        return
    voices = {sid: base64.b64encode(wav).decode() for sid, wav in found.media.items()}
    click.echo(_json(_report(digits, found, beside, clock.now()) | {"wav_base64": voices}))


@command.command("erase")
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(number: str, yes: bool) -> None:
    """Take NUMBER out of every table; delete what was spoken and written with it.

    Calls still count in the figures, and tickets stay, without the number.
    """
    from app.actions.privacy.personal_data import (
        CallInProgress,
        OwnLineNumber,
        erase_person,
        preview_erasure,
    )

    digits = _digits(number)
    with command_database() as database:
        try:
            for line in _warnings(preview_erasure(database, digits)):
                click.echo(line, err=True)
            if not yes:
                click.confirm(UNDERSTOOD, abort=True, err=True)
            done = erase_person(database, digits, clock.now())
        except OwnLineNumber as desk:
            raise _own_line(digits, desk) from None
        except CallInProgress:
            raise CommandRefused(
                "A call with this number is going on. Try again when it is over."
            ) from None
    for line in (*_done(done), *_staying(done.stays), *_waiting(_local_files(digits))):
        click.echo(line)


def local_copies(settings: Settings) -> tuple[Path, ...]:
    """Return the folders in which calls wait while the database is away."""
    from app.offline.storage_dirs import storage_dirs

    return storage_dirs(settings.offline_folder, settings.database_url)


def _local_files(digits: str) -> list[FileMention]:
    from app.store.local_files import mentions_in_files

    folders = local_copies(command_settings())
    return list(mentions_in_files(folders, digits, without=COPIES))


def _digits(number: str) -> str:
    from app.domain.numbers import parse_number

    digits = parse_number(number).digits
    if not digits:
        raise CommandRefused(f"“{number}” cannot be read as a telephone number.")
    return digits


def _own_line(digits: str, desk: OwnLineNumber) -> CommandRefused:
    return CommandRefused(f"{digits} is a line of the desk “{desk}”, not a person's number.")


def _report(
    digits: str, found: PersonalData, beside: list[FileMention], at: datetime
) -> dict[str, object]:
    return {
        "number": digits,
        "made_at": at.isoformat(),
        "tables": found.tables,
        "waiting_beside_the_database": [asdict(each) for each in beside],
    }


def _write_folder(out: Path, digits: str, found: PersonalData, beside: list[FileMention]) -> None:
    """Write what only the owner of the folder can read."""
    out.mkdir(mode=0o700, parents=True)
    text = _json(_report(digits, found, beside, clock.now()))
    (out / "person.json").write_text(text, encoding="utf-8")
    for sid, media in found.media.items():
        safe = "".join(sign for sign in sid if sign.isalnum() or sign in "-_")
        (out / f"{safe}.wav").write_bytes(media)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing is stored"


def _warnings(preview: ErasurePreview) -> list[str]:
    told = [f"Stored: {_counted(preview.rows)}"]
    if preview.unacknowledged:
        numbers = ", ".join(str(number) for number in preview.unacknowledged)
        told.append(f"Nobody has accepted {numbers}: nobody could call back after this.")
    return told


def _done(done: Erased) -> list[str]:
    return [
        f"Recordings deleted: {done.recordings}, here and at the provider; "
        f"not fetched any more: {done.not_fetched}",
        f"SMS erased: {done.messages}",
        f"Taken out of: {_counted(done.rows)}",
        "Stays: that the calls took place, when, and how they ended, because figures count them; "
        "their tickets, without the number, until the desk's [retention] ends.",
    ]


def _staying(stays: Retained) -> list[str]:
    told = [
        f"Stays: {document}, a version's exact text, because what was decided by it is explained "
        "by it. Import the document without the number."
        for document in stays.documents
    ]
    told += [
        f"Stays: on the roster “{roster}”, because this number is rung. Take it out of "
        "roster.toml, import, and erase again."
        for roster in stays.rosters
    ]
    return [
        *told,
        "Customer registers, backups and the telephone company's own lists are not reached from "
        "here: see docs/privacy.md.",
    ]


def _waiting(beside: list[FileMention]) -> list[str]:
    if not beside:
        return []
    files = sorted({each.file for each in beside})
    return [
        f"Stays: {len(beside)} rows in {', '.join(files)}, because they wait for the database. "
        "Erase again when they are in it."
    ]
