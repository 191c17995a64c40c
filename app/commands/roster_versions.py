"""`vakt roster versions`: every version of a desk's roster, and the difference between two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import WholeNumber, check_option
from app.commands.console import command_database, refused_in_words
from app.commands.output import columns, written
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import moment_ref

if TYPE_CHECKING:
    from app.actions.roster.versions import ComparedVersions
    from app.domain.roster.entries import RosterEntry
    from app.domain.roster.entry_effect import OpenedGap
    from app.domain.roster.versions import RosterChange

LIMIT: Final = WholeNumber(1, 200)


@click.command("versions")
@click.argument("desk")
@click.option("--limit", type=LIMIT, default=50, show_default=True, help="How many are listed.")
@click.option("--from", "from_", metavar="WHEN", help="Compare the roster as it stood then …")
@click.option("--to", metavar="WHEN", help="… with how it stood then. [now]")
def versions(desk: str, limit: int, from_: str | None, to: str | None) -> None:
    """List what was changed in DESK's roster, the newest first: who, when, what and why.

    With --from the difference between two versions: the text, the entries, and what it means
    for the shifts of the next 90 days.
    """
    from app.actions.roster.versions import compare_versions_of_desk, list_versions_of_desk

    check_option("--from", from_)
    check_option("--to", to)
    with command_database() as database, refused_in_words():
        if from_:
            told = compare_versions_of_desk(database, desk, from_, to, clock.now())
            for line in _difference(told):
                click.echo(line)
            return
        roster, found = list_versions_of_desk(database, desk, None, limit)
    zone = roster.time_zone
    rows = [
        (each.at.isoformat(), each.author.name, what)
        for each in found
        for what in _what(each, zone)
    ]
    for line in columns(rows):
        click.echo(line)


def _what(change: RosterChange, zone: str) -> Iterator[str]:
    if change.document:
        told = written(ref("roster_versions.document", number=change.document.number))
        yield ". ".join(filter(None, (told, change.document.remark)))
    for entry in change.added:
        what = written(ref("roster_versions.added", what=_entry(entry, zone)))
        yield ". ".join(filter(None, (what, entry.dated.note)))
    for entry in change.withdrawn:
        yield written(ref("roster_versions.withdrawn", what=_entry(entry, zone)))


def _entry(entry: RosterEntry, zone: str) -> MessageRef:
    dated = entry.dated
    return ref(
        "roster_versions.entry",
        kind=MessageRef(f"entry_kind.{entry.kind}"),
        person=dated.person,
        from_=moment_ref(dated.from_, zone),
        to=moment_ref(dated.to, zone),
    )


def _difference(told: ComparedVersions) -> Iterator[str]:
    zone = told.roster.plan.time_zone
    for entry in told.added:
        yield written(ref("roster_versions.added", what=_entry(entry, zone)))
    for entry in told.withdrawn:
        yield written(ref("roster_versions.withdrawn", what=_entry(entry, zone)))
    for each in told.plan.people:
        hours = {
            "before": each.before.total_seconds() / 3600,
            "after": each.after.total_seconds() / 3600,
        }
        yield written(ref("roster_versions.hours", name=told.names.name_of(each.person), **hours))
    yield from _gaps("opens", told.plan.opened, zone)
    yield from _gaps("closes", told.plan.closed, zone)
    if told.plan.changes_nothing:
        yield written(MessageRef("roster_versions.same_duty"))
    for hunk in told.lines:
        yield f"@@ {hunk[0].before or hunk[0].after} @@"
        yield from (f"{line.sign}{line.text}" for line in hunk)


def _gaps(what: str, gaps: tuple[OpenedGap, ...], zone: str) -> Iterator[str]:
    for gap in gaps:
        for each in gap.when:
            ends = {"from_": moment_ref(each.from_, zone), "to": moment_ref(each.to, zone)}
            yield written(ref(f"roster_versions.{what}", desk=gap.desk, **ends))
