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
from app.commands.console import (
    CommandGroup,
    CommandRefused,
    command_database,
    command_settings,
    refused_in_words,
)
from app.commands.output import ask_to_go_on, show, written
from app.domain.message_refs import MessageRef, ref

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
VIA: Final = "vakt person export"


@click.group("person", cls=CommandGroup)
def command() -> None:
    """What is stored about a number, or about a user: give it out, or erase it."""


@command.command("export")
@click.argument("number", metavar="NUMBER|EMAIL")
@click.option("--as", "who", default=VIA, help="Who asks; it is noted.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for person.json and the recordings. [JSON on standard output]",
)
def export(number: str, who: str, out: Path | None) -> None:
    """Give out everything that is stored about NUMBER, or about the user with EMAIL.

    Numbers of others are masked; names of those who were rung are not. Read it before
    you hand it on. Recordings are given out too, and that is noted.
    """
    from app.actions.privacy.personal_data import OwnLineNumber, export_person

    if out and out.exists():
        raise CommandRefused(ref("command.already_there", path=str(out)))
    if "@" in number:
        _export_user(number, out)
        return

    digits = _digits(number)
    beside = _local_files(digits)
    with command_database() as database:
        try:
            found = export_person(database, digits, who, clock.now())
        except OwnLineNumber as desk:
            raise _own_line(digits, desk) from None
    if out:
        _write_folder(out, digits, found, beside)
        counts = _counted({name: len(rows) for name, rows in found.tables.items()})
        show("command.person_written", folder=str(out), counts=counts)
        return
    voices = {sid: base64.b64encode(wav).decode() for sid, wav in found.media.items()}
    click.echo(_json(_report(digits, found, beside, clock.now()) | {"wav_base64": voices}))


@command.command("erase")
@click.argument("number", metavar="NUMBER|EMAIL")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(number: str, yes: bool) -> None:
    """Take NUMBER out of every table; delete what was spoken and written with it.

    Calls still count in the figures, and tickets stay, without the number. The user with
    EMAIL is disabled, and loses name, address, roles and logins.
    """
    from app.actions.privacy.personal_data import (
        CallInProgress,
        OwnLineNumber,
        erase_person,
        preview_erasure,
    )

    if "@" in number:
        _erase_user(number, yes)
        return
    digits = _digits(number)
    with command_database() as database:
        try:
            for line in _warnings(preview_erasure(database, digits)):
                click.echo(written(line), err=True)
            if not yes:
                ask_to_go_on(ref("command.erase_sure"))
            done = erase_person(database, digits, clock.now())
        except OwnLineNumber as desk:
            raise _own_line(digits, desk) from None
        except CallInProgress:
            raise CommandRefused(ref("command.call_in_progress")) from None
    for line in (*_done(done), *_staying(done.stays), *_waiting(_local_files(digits))):
        click.echo(written(line))


def _export_user(email: str, out: Path | None) -> None:
    from app.actions.privacy.user_data import export_user
    from app.domain.access.users import read_email

    with command_database() as database, refused_in_words():
        tables = export_user(database, read_email(email))
    report: dict[str, object] = {"email": email, "made_at": clock.now().isoformat()}
    text = _json(report | {"tables": tables})
    if out is None:
        click.echo(text)
        return
    _write_report(out, text)
    counts = _counted({name: len(rows) for name, rows in tables.items()})
    show("command.person_written", folder=str(out), counts=counts)


def _erase_user(email: str, yes: bool) -> None:
    from app.actions.privacy.user_data import erase_user
    from app.commands.user import author
    from app.domain.access.users import read_email

    with command_database() as database, refused_in_words():
        if not yes:
            ask_to_go_on(ref("command.erase_sure"))
        done = erase_user(database, read_email(email), author(None))
    show("command.erased_from", counts=_counted(done))
    show("user_command.erasure_leaves")


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
        raise CommandRefused(ref("command.no_telephone_number", number=number))
    return digits


def _own_line(digits: str, desk: OwnLineNumber) -> CommandRefused:
    return CommandRefused(ref("command.number_is_line", number=digits, desk=str(desk)))


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
    _write_report(out, _json(_report(digits, found, beside, clock.now())))
    for sid, media in found.media.items():
        safe = "".join(sign for sign in sid if sign.isalnum() or sign in "-_")
        (out / f"{safe}.wav").write_bytes(media)


def _write_report(out: Path, text: str) -> None:
    """Write what only the owner of the folder can read."""
    out.mkdir(mode=0o700, parents=True)
    (out / "person.json").write_text(text, encoding="utf-8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _counted(counts: dict[str, int]) -> MessageRef:
    """Write how many rows there are of each table, by the table's own name."""
    tables = tuple(f"{name} {count}" for name, count in counts.items())
    return ref("command.tables", tables=tables) if tables else ref("command.nothing_stored")


def _warnings(preview: ErasurePreview) -> list[MessageRef]:
    told = [ref("command.stored", counts=_counted(preview.rows))]
    if preview.unacknowledged:
        told.append(ref("command.erase_unacknowledged", tickets=tuple(preview.unacknowledged)))
    return told


def _done(done: Erased) -> list[MessageRef]:
    return [
        ref(
            "command.recordings_erased",
            recordings=done.recordings,
            not_fetched=done.not_fetched,
        ),
        ref("command.sms_erased", count=done.messages),
        ref("command.erased_from", counts=_counted(done.rows)),
        ref("command.calls_stay"),
    ]


def _staying(stays: Retained) -> list[MessageRef]:
    return [
        *(ref("command.document_stays", document=document) for document in stays.documents),
        *(ref("command.roster_stays", roster=roster) for roster in stays.rosters),
        ref("command.not_reached"),
    ]


def _waiting(beside: list[FileMention]) -> list[MessageRef]:
    if not beside:
        return []
    files = tuple(sorted({each.file for each in beside}))
    return [ref("command.files_stay", count=len(beside), files=files)]
