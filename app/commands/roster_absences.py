"""`vakt roster absences`: calendars from which people's absences are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import WholeNumber
from app.commands.console import CommandGroup, command_services, refused_in_words
from app.commands.output import columns, show, show_error, written
from app.commands.user import author
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import moment_ref
from app.domain.tickets.ticket import LARGEST_NUMBER

if TYPE_CHECKING:
    from app.domain.roster.absence_feed import AbsenceFeed
    from app.domain.roster.plan import Roster

DESK = click.argument("desk")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("absences", cls=CommandGroup)
def absences() -> None:
    """Calendars of absences, which the worker reads every quarter of an hour."""


@absences.command("add")
@DESK
@click.argument("person")
@click.option("--dry-run", is_flag=True, help="Only tell what would be read.")
@BY
def add(desk: str, person: str, dry_run: bool, who: str | None) -> None:
    """Read PERSON's absences from a calendar; its iCal address is asked for here.

    What is read now is told first. A calendar that cannot be read is not added.
    """
    from app.actions.roster.absence_feeds import WantedFeed, add_feed, list_feeds, try_feed

    with command_services() as services, refused_in_words():
        roster, _ = list_feeds(services.database, desk)
        url = click.prompt(written(ref("feed.ask")), hide_input=True, prompt_suffix=" ", err=True)
        wanted = WantedFeed(desk, person, str(url))
        read = try_feed(services.database, wanted, services.calendars.fetch, clock.now())
        for each in read:
            from_, to = (moment_ref(at, roster.time_zone) for at in (each.from_, each.to))
            show("feed.absence", from_=from_, to=to)
        show_error("feed.read", count=len(read))
        if not dry_run:
            feed = add_feed(services.database, wanted, author(who))
            show("feed.added", number=feed.id)


@absences.command("list")
@DESK
def list_(desk: str) -> None:
    """List the calendars of DESK's roster, and how reading them went; never their addresses."""
    from app.actions.roster.absence_feeds import list_feeds

    with command_services() as services, refused_in_words():
        roster, found = list_feeds(services.database, desk)
    for line in columns([_cells(roster, each) for each in found]):
        click.echo(line)
    if not found:
        show_error("feed.none")


@absences.command("remove")
@DESK
@click.argument("number", metavar="CALENDAR", type=WholeNumber(0, LARGEST_NUMBER))
@BY
def remove(desk: str, number: int, who: str | None) -> None:
    """Read CALENDAR no more; its absences that are not over are withdrawn."""
    from app.actions.roster.absence_feeds import remove_feed

    with command_services() as services, refused_in_words():
        remove_feed(services.database, desk, number, author(who))
    show("feed.removed", number=number)


def _cells(roster: Roster, feed: AbsenceFeed) -> tuple[str, ...]:
    zone = roster.time_zone
    states: list[MessageRef] = []
    if feed.read_at:
        states.append(ref("feed.read_at", at=moment_ref(feed.read_at, zone)))
    if feed.trouble and feed.failing_since:
        why = MessageRef(f"feed_trouble.{feed.trouble}")
        since = moment_ref(feed.failing_since, zone)
        states.append(ref("feed.failing", since=since, why=why))
    states = states or [ref("feed.not_yet")]
    words = "  ".join(written(each) for each in states)
    return (f"{feed.id:>5}", roster.name_of(feed.person), feed.host, words)
