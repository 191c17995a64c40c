"""`vakt outage`: what a desk's callers are told of an outage, and its end."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import check_option, refused_as
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, show, show_error, why, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.actions.desks.outages import OutageRequest
    from app.domain.access.audit import Author
    from app.store import Database
    from app.store.outages import StoredOutage

DESK = click.option("--desk", required=True, metavar="ID", help="At this desk.")
SINCE = click.option("--since", metavar="WHEN", help="Since when. [now, or as it was]")
NB = click.option("--nb", default="", help="What is said of it in Bokmål.")
NN = click.option("--nn", default="", help="In Nynorsk.")
EN = click.option("--en", default="", help="In English.")
WHO = click.option("--as", "who", default="", help="Who says so; it is noted.")


@click.group("outage", cls=CommandGroup)
def command() -> None:
    """Outages that a desk knows of: its callers hear of them, and press 8 to be told the end."""


@command.command("list")
@click.option("--desk", metavar="ID", help="Only of this desk.")
def list_(desk: str | None) -> None:
    """List the outages, the newest first."""
    from app.store.desks import list_desks
    from app.store.outages import list_outages

    with command_database() as database:
        if desk:
            _zone(database, desk)
        with database.read() as connection:
            found = list_outages(connection, [desk] if desk else None)
            zones = {live.desk.id: live.desk.time_zone for live in list_desks(connection)}
    for line in columns([_cells(each, zones[each.desk]) for each in found]):
        click.echo(line)
    if not found:
        show_error("command.no_outages")


@command.command("mark")
@DESK
@SINCE
@NB
@NN
@EN
@WHO
def mark(desk: str, since: str | None, nb: str, nn: str, en: str, who: str) -> None:
    """Have callers told of an outage from now on. A desk knows of one at a time."""
    from app.actions.desks.outages import OutageRefused, mark_outage

    check_option("--since", since)
    with command_database() as database:
        asked = _asked(since, _zone(database, desk), {"nb": nb, "nn": nn, "en": en})
        try:
            mark_outage(database, desk, asked, _author(who, clock.now()))
        except OutageRefused as error:
            raise CommandRefused(why(error)) from None
    show("command.outage_marked", desk=desk)


@command.command("change")
@DESK
@SINCE
@NB
@NN
@EN
@WHO
def change(desk: str, since: str | None, nb: str, nn: str, en: str, who: str) -> None:
    """Say something else of it; words that are not given are not said any more."""
    from app.actions.desks.outages import OutageRefused, change_known_outage

    check_option("--since", since)
    with command_database() as database:
        asked = _asked(since, _zone(database, desk), {"nb": nb, "nn": nn, "en": en})
        there = _there(database, desk)
        try:
            change_known_outage(database, desk, there, asked, _author(who, clock.now()))
        except OutageRefused as error:
            raise CommandRefused(why(error)) from None
    show("command.outage_changed", desk=desk)


@command.command("end")
@DESK
@WHO
def end(desk: str, who: str) -> None:
    """Say that it is over: whoever has pressed 8 gets an SMS."""
    from app.actions.desks.outages import OutageRefused, end_known_outage

    with command_database() as database:
        _zone(database, desk)
        there = _there(database, desk)
        try:
            ended = end_known_outage(database, desk, there, _author(who, clock.now()))
        except OutageRefused as error:
            raise CommandRefused(why(error)) from None
    show("command.outage_ended", desk=desk, count=ended.told)


def _there(database: Database, desk: str) -> int:
    """Return the outage that the desk knows of; refuse where it knows of none."""
    from app.actions.desks.outages import outage_now

    there = outage_now(database, desk)
    if there is None:
        raise CommandRefused(ref("outage_refused.none", desk=desk))
    return there.known.id


def _asked(since: str | None, zone: str, words: dict[str, str]) -> OutageRequest:
    from app.actions.desks.outages import OutageRequest
    from app.domain.texts.operator_input import read_when

    with refused_as("--since"):
        return OutageRequest(read_when(since, zone) if since else None, words)


def _author(who: str, now: datetime) -> Author:
    from app.domain.access.actor import command_line
    from app.domain.access.audit import Author

    return Author(command_line(getpass.getuser(), who), now)


def _zone(database: Database, desk: str) -> str:
    """Return the desk's time zone; refuse one that is none."""
    from app.store.desks import find_desk, list_desks

    with database.read() as connection:
        live = find_desk(connection, desk)
        known = [each.desk.id for each in list_desks(connection)]
    if live is None:
        raise CommandRefused(no_such_desk(desk, known))
    return live.desk.time_zone


def _cells(outage: StoredOutage, zone: str) -> tuple[str, ...]:
    from app.domain.texts.written_moments import moment_ref

    since = moment_ref(outage.known.since, zone)
    state: MessageRef = ref("command.outage_open", since=since)
    if outage.ended_at and outage.ended_by:
        until, who = moment_ref(outage.ended_at, zone), outage.ended_by.name
        state = ref("command.outage_over", since=since, until=until, who=who)
    told = ref("command.outage_watchers", count=outage.watchers)
    words = " / ".join(text for _, text in outage.known.words.by_language)
    return (outage.desk, written(state), written(told), words)
