"""`vakt import`: rosters of other products as drafts of our documents, and the proof of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandRefused, refused_in_words
from app.commands.output import show, show_error, written
from app.domain.imports.source_schedule import Source
from app.domain.message_refs import MessageError, ref
from app.domain.texts.written_moments import moment_ref

if TYPE_CHECKING:
    from app.domain.imports.draft import Draft
    from app.domain.imports.proof import Difference, Proof
    from app.domain.roster.plan import Roster
    from app.domain.time.intervals import Interval

DAYS: Final = 90
MOST_BYTES: Final = 32 * 1024 * 1024
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("source", type=click.Choice([each.value for each in Source]))
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Here a folder is made for each schedule.",
)
@click.option(
    "--proof",
    "proofs",
    multiple=True,
    metavar="[ROSTER=]FILE",
    help="The source's own final schedule, as iCal or JSON; ROSTER of several.",
)
@click.option("--from", "first", metavar="DATE", help="The first of the 90 days. [today]")
def command(
    source: str, files: tuple[Path, ...], out: Path, proofs: tuple[str, ...], first: str | None
) -> None:
    """Make a draft roster.toml of each schedule in FILES, which SOURCE has exported.

    Nothing becomes live by it. With --proof the draft is compared with what SOURCE itself says,
    minute by minute for 90 days; it ends with 1 where a single one differs.
    """
    from app.domain.imports.read_source import read_drafts

    with refused_in_words():
        drafts = read_drafts(Source(source), [(str(file), _text(file)) for file in files])
        targets = _targets(drafts, out)
        finals = _finals(drafts, proofs)
        differs = False
        for draft, target in zip(drafts, targets, strict=True):
            roster = _write(draft, target)
            for file in finals.get(draft.roster.id, ()):
                differs |= not _prove(draft, roster, file, first)
    if differs:
        raise click.exceptions.Exit(1)


def _targets(drafts: tuple[Draft, ...], out: Path) -> list[Path]:
    """Where the drafts are written; nothing that is there already is written over."""
    targets = [out / draft.roster.id / "roster.toml" for draft in drafts]
    twice = {each for each in targets if targets.count(each) > 1}
    for target in targets:
        if target in twice:
            raise MessageError(ref("import.same_name", file=str(target)))
        if target.exists():
            raise MessageError(ref("import.is_there", file=str(target)))
    return targets


def _finals(drafts: tuple[Draft, ...], proofs: tuple[str, ...]) -> dict[str, list[Path]]:
    """The files of final schedules, by the roster that they are for."""
    ids = tuple(draft.roster.id for draft in drafts)
    found: dict[str, list[Path]] = {}
    for given in proofs:
        roster, equals, name = given.partition("=")
        if not equals or roster not in ids:
            if len(ids) > 1:
                raise MessageError(ref("import.which_roster", file=given, rosters=ids))
            roster, name = ids[0], given
        if not Path(name).is_file():
            raise MessageError(ref("import.no_file", file=name))
        found.setdefault(roster, []).append(Path(name))
    return found


def _write(draft: Draft, target: Path) -> Roster:
    """Write a draft and tell of it; return it as its document is read."""
    from app.domain.config.roster_document import read_roster
    from app.domain.config.roster_writing import write_roster

    text = write_roster(draft.roster)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    click.echo(target)
    for note in draft.notes:
        show_error("import.look_at", what=note)
    read = read_roster(text, str(target))
    if read.value is None:
        raise CommandRefused(*(each.message for each in read.diagnostics))
    return read.value


def _prove(draft: Draft, roster: Roster, file: Path, first: str | None) -> bool:
    from app.domain.imports.final_shifts import read_final_shifts
    from app.domain.imports.proof import compare

    span = _span(roster, first)
    final = read_final_shifts(_text(file), str(file), draft.source, span)
    proof = compare(draft, roster, final, span)
    _tell(proof, roster)
    return proof.holds


def _span(roster: Roster, first: str | None) -> Interval:
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from app.domain.time.intervals import Interval
    from app.domain.time.parsing import read_date
    from app.domain.time.wall_time import starts_at, wall

    zone = ZoneInfo(roster.time_zone)
    day = read_date(first) if first else clock.now().astimezone(zone).date()
    last = day + timedelta(days=DAYS)
    return Interval(starts_at(wall(day, 0), zone), starts_at(wall(last, 0), zone))


def _tell(proof: Proof, roster: Roster) -> None:
    zone = roster.time_zone
    from_, to = (moment_ref(each, zone) for each in (proof.span.from_, proof.span.to))
    show("import.proof", roster=roster.id, minutes=proof.minutes, from_=from_, to=to)
    for each in proof.differences:
        click.echo(_line(each, zone))


def _line(each: Difference, zone: str) -> str:
    nobody = (written(ref("import.nobody")),)
    return written(
        ref(
            "import.difference",
            from_=moment_ref(each.when.from_, zone),
            to=moment_ref(each.when.to, zone),
            theirs=each.theirs or nobody,
            ours=each.ours or nobody,
        )
    )


def _text(file: Path) -> str:
    if file.stat().st_size > MOST_BYTES:
        raise MessageError(ref("import.too_large", file=str(file), most=MOST_BYTES // 1024**2))
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MessageError(ref("import.no_text", file=str(file))) from None
