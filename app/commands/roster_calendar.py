"""`vakt roster calendar`: private addresses at which calendar programs fetch a roster's shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.commands.arguments import WholeNumber
from app.commands.console import CommandGroup, command_database, refused_in_words
from app.commands.output import columns, show, show_error, written
from app.commands.user import author
from app.domain.message_refs import ref
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import moment_ref
from app.domain.tickets.ticket import LARGEST_NUMBER

if TYPE_CHECKING:
    from app.domain.roster.plan import Roster
    from app.store.roster_calendars import RosterCalendar

DESK = click.argument("desk")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("calendar", cls=CommandGroup)
def calendar() -> None:
    """Private addresses of DESK's shifts for Outlook, Google, iPhone and other calendars."""


@calendar.command("add")
@DESK
@click.option("--person", metavar="ID", help="Only this person's own shifts. [everybody's]")
@click.option("--language", type=click.Choice(LANGUAGES), help="[the person's, else nb]")
@BY
def add(desk: str, person: str | None, language: str | None, who: str | None) -> None:
    """Make an address and print it: the only time that it is shown.

    The second line is the same as a link to subscribe by, which an iPhone needs.
    """
    from app.actions.roster.calendars import PATH, WantedCalendar, create_calendar
    from app.settings import Settings

    wanted = WantedCalendar(desk, person, language)
    with command_database() as database, refused_in_words():
        secret = create_calendar(database, wanted, author(who))
    address = f"{Settings().public_url}{PATH}/{secret}.ics"
    click.echo(address)
    click.echo(f"webcal://{address.partition('://')[2]}")
    show_error("calendar.keep_address")


@calendar.command("list")
@DESK
def list_(desk: str) -> None:
    """List the calendars of DESK's roster, and when each was fetched; never their addresses."""
    from app.actions.roster.calendars import list_calendars

    with command_database() as database, refused_in_words():
        roster, found = list_calendars(database, desk)
    for line in columns([_cells(roster, each) for each in found]):
        click.echo(line)
    if not found:
        show_error("calendar.none")


@calendar.command("revoke")
@DESK
@click.argument("number", metavar="CALENDAR", type=WholeNumber(0, LARGEST_NUMBER))
@BY
def revoke(desk: str, number: int, who: str | None) -> None:
    """Take the address of CALENDAR away, by its number in the list, at once."""
    from app.actions.roster.calendars import revoke_calendar

    with command_database() as database, refused_in_words():
        revoke_calendar(database, desk, number, author(who))
    show("calendar.revoked", number=number)


def _cells(roster: Roster, of: RosterCalendar) -> tuple[str, ...]:
    whose = roster.name_of(of.person) if of.person else written(ref("calendar.everybody"))
    fetched = (
        ref("command.last_used", day=moment_ref(of.last_used_at, roster.time_zone))
        if of.last_used_at
        else ref("command.never_used")
    )
    return (f"{of.id:>5}", whose, of.language, written(fetched))
