"""`vakt roster request`: cover that is asked for, and swaps, as a coordinator handles them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import WholeNumber, check_option
from app.commands.console import CommandGroup, CommandRefused, command_database, refused_in_words
from app.commands.output import output_language, show_error
from app.commands.user import author
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.ticket import LARGEST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.roster.duty_requests import DutyRequest
    from app.domain.roster.plan import Roster

ROLES: Final = ("primary", "backup")
MOVES: Final = ("yes", "no", "approve", "refuse", "withdraw", "undo")
DESK = click.argument("desk")
FROM = click.option("--from", "from_", required=True, metavar="WHEN", help="From when.")
TO = click.option("--to", required=True, metavar="WHEN", help="Until when.")
ROLE = click.option("--role", type=click.Choice(ROLES), help="Only the shifts in this role.")
REASON = click.option("--reason", default="", metavar="TEXT", help="Why; those asked read it.")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("request", cls=CommandGroup)
def request() -> None:
    """Requests between colleagues: for cover, and swaps.

    Those who are asked get an SMS and a mail, and answer on the page; here for others.
    """


@request.command("cover")
@DESK
@click.argument("person")
@FROM
@TO
@click.option(
    "--ask", "people", multiple=True, required=True, metavar="PERSON", help="Whom to ask."
)
@ROLE
@REASON
@BY
def cover(
    desk: str,
    person: str,
    from_: str,
    to: str,
    people: tuple[str, ...],
    role: str | None,
    reason: str,
    who: str | None,
) -> None:
    """Ask several at once to take each of PERSON's shifts of a time: the first yes has it."""
    from app.actions.roster.requests_of_desk import ShiftOf, ask_at_desk

    _check(("from", from_), ("to", to))
    with command_database() as database, refused_in_words():
        shift = ShiftOf(person, from_, to, role)
        found = ask_at_desk(database, desk, shift, people, reason, author(who))
    _show(found.roster, found.requests)


@request.command("swap")
@DESK
@click.argument("person")
@FROM
@TO
@click.option("--with", "other", required=True, metavar="PERSON", help="Whose shift is wanted.")
@click.option("--their-from", required=True, metavar="WHEN", help="From when theirs is.")
@click.option("--their-to", required=True, metavar="WHEN", help="Until when.")
@REASON
@BY
def swap(desk: str, person: str, other: str, who: str | None, reason: str, **when: str) -> None:
    """Offer PERSON's shift for another one's."""
    from app.actions.roster.requests_of_desk import ShiftOf, offer_at_desk

    _check(*((name.strip("_").replace("_", "-"), text) for name, text in when.items()))
    with command_database() as database, refused_in_words():
        slot = ShiftOf(person, when["from_"], when["to"])
        wanted = ShiftOf(other, when["their_from"], when["their_to"])
        found = offer_at_desk(database, desk, slot, wanted, reason, author(who))
    _show(found.roster, found.requests)


@request.command("list")
@DESK
@click.option("--all", "every", is_flag=True, help="Also those that are answered, or over.")
def list_(desk: str, every: bool) -> None:
    """List the requests that wait for an answer."""
    from app.actions.roster.requests_of_desk import requests_of_desk

    with command_database() as database, refused_in_words():
        found = requests_of_desk(database, desk, every=every)
    _show(found.roster, found.requests)
    if not found.requests:
        show_error("duty_request.none")


@request.command("move")
@DESK
@click.argument("number", metavar="REQUEST", type=WholeNumber(0, LARGEST_NUMBER))
@click.argument("move", metavar="MOVE", type=click.Choice(MOVES))
@click.option("--for", "person", default="", metavar="PERSON", help="Who says yes or no.")
@BY
def move(desk: str, number: int, move: str, person: str, who: str | None) -> None:
    """Say yes or no for somebody, approve or refuse a swap, withdraw REQUEST or undo it."""
    from app.actions.roster.requests_of_desk import move_at_desk
    from app.domain.roster.duty_requests import RequestMove

    with command_database() as database, refused_in_words():
        by = author(who)
        roster, done = move_at_desk(database, desk, number, RequestMove(move), person, by)
    if done.refused:
        raise CommandRefused(done.refused)
    _show(roster, (done.request,))


def _check(*options: tuple[str, str]) -> None:
    for name, text in options:
        check_option(f"--{name}", text)


def _show(roster: Roster, found: Iterable[DutyRequest]) -> None:
    """Each request on a line, its moments on the roster's wall."""
    from app.domain.roster.request_notices import request_text
    from app.voice_prompts import texts

    for each in found:
        line = ref(
            "duty_request.line",
            number=each.id,
            kind=MessageRef(f"duty_request_kind.{each.kind}"),
            what=request_text(each, roster),
            state=MessageRef(f"duty_request_state.{each.state}"),
        )
        now, zone = clock.now(), roster.time_zone
        click.echo(texts().tell(line, output_language(), now=now, time_zone=zone))
