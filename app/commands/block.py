"""`vakt block`: numbers whose calls a desk does not take."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import check_option, refused_as
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, show, show_error, why, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.actions.desks.block_numbers import Blocked
    from app.domain.access.audit import Author
    from app.store import Database
    from app.store.blocked_numbers import Block


LONGEST_REASON: Final = 500
VIA: Final = "vakt block"
NUMBER = click.argument("number")
DESK = click.option("--desk", required=True, metavar="ID", help="At this desk.")


@click.group("block", cls=CommandGroup)
def command() -> None:
    """Numbers whose calls a desk does not take: robots, and telephones in pockets.

    A caller with an open critical ticket is answered all the same.
    """


@command.command("add")
@NUMBER
@DESK
@click.option("--reason", required=True, help="Why; somebody will ask.")
@click.option("--until", metavar="WHEN", help="When it expires. [when it is removed]")
@click.option("--as", "who", default=VIA, help="Who blocks it; it is noted.")
def add(number: str, desk: str, reason: str, until: str | None, who: str) -> None:
    """Block NUMBER. Blocking it again gives it the new reason and expiry."""
    from app.actions.desks.block_numbers import NotBlocked, block_number
    from app.store.blocked_numbers import Block

    now = clock.now()
    check_option("--until", until)
    with command_database() as database:
        zone = _zone(database, desk)
        block = Block(
            desk=desk,
            digits=_digits_to_block(number),
            reason=reason.strip()[:LONGEST_REASON],
            until=_moment(until, zone),
            author=who,
            at=now,
        )
        try:
            blocked = block_number(database, block, _author(who, now))
        except NotBlocked as error:
            raise CommandRefused(why(error)) from None
    for line in columns([_cells(block, zone, now)]):
        click.echo(line)
    _warn(blocked)


@command.command("list")
@click.option("--desk", metavar="ID", help="Only of this desk.")
def list_(desk: str | None) -> None:
    """List the blocked numbers, also those whose time is over."""
    from app.store.blocked_numbers import list_blocks
    from app.store.desks import list_desks

    now = clock.now()
    with command_database() as database:
        if desk:
            _zone(database, desk)
        with database.read() as connection:
            blocks = list_blocks(connection, [desk] if desk else None)
            zones = {live.desk.id: live.desk.time_zone for live in list_desks(connection)}
    for line in columns([_cells(block, zones[block.desk], now) for block in blocks]):
        click.echo(line)
    if not blocks:
        show_error("command.no_blocks")


@command.command("remove")
@NUMBER
@DESK
def remove(number: str, desk: str) -> None:
    """Answer NUMBER again."""
    from app.actions.desks.block_numbers import unblock_number
    from app.domain.texts.written_moments import spaced

    digits = _digits(number)
    with command_database() as database:
        _zone(database, desk)
        gone = unblock_number(database, desk, digits, _author(VIA, clock.now()))
    if not gone:
        raise CommandRefused(ref("command.not_blocked", number=spaced(digits), desk=desk))
    show("command.unblocked", number=spaced(digits), desk=desk)


@command.command("withheld")
@DESK
@click.option("--minutes", type=click.IntRange(1, 1440), default=60, show_default=True)
@click.option("--open", "opens", is_flag=True, help="Let them through again.")
@click.option("--as", "who", default=VIA, help="Who closes; the contacts are told.")
def withheld(desk: str, minutes: int, opens: bool, who: str) -> None:
    """Close the desk for a while to callers who withhold their number.

    They hear so, and may leave a message: a critical one rings the duty in a call-out. All contacts
    of the desk are told. A contact, or somebody on the roster, does the same for an hour by SMS
    to one of the desk's lines: CLOSE HIDDEN, and OPEN HIDDEN.
    """
    from app.actions.desks.withheld_numbers import WithheldRequest, close_desk, open_desk
    from app.domain.texts.written_moments import moment_ref

    now = clock.now()
    request = WithheldRequest(who, now, f"{now:%Y%m%dT%H%M%S}")
    with command_database() as database:
        zone = _zone(database, desk)
        if opens:
            open_desk(database, desk, request)
            show("command.withheld_opened", desk=desk)
            return
        until = close_desk(database, desk, request, timedelta(minutes=minutes))
    show("command.withheld_closed", desk=desk, until=moment_ref(until, zone))


def _digits(number: str) -> str:
    from app.domain.numbers import parse_number

    digits = parse_number(number).digits
    if not digits:
        raise CommandRefused(ref("block.no_number", number=number))
    return digits


def _digits_to_block(number: str) -> str:
    """Refuse a number that cannot exist: it was typed wrongly."""
    from app.actions.desks.block_numbers import NotBlocked, read_number_to_block

    try:
        return read_number_to_block(number)
    except NotBlocked as error:
        raise CommandRefused(why(error)) from None


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


def _moment(text: str | None, zone: str) -> datetime | None:
    from app.domain.texts.operator_input import read_when

    with refused_as("--until"):
        return None if text is None else read_when(text, zone)


def _cells(block: Block, zone: str, now: datetime) -> tuple[str, ...]:
    from app.domain.texts.written_moments import moment_ref, spaced

    number = spaced(block.digits) if block.digits else written(ref("command.withheld_numbers"))
    until = _until(block, zone, now)
    by = ref("command.blocked_by", who=block.author, at=moment_ref(block.at, zone))
    why = block.reason if block.digits else ref("command.closed_to_withheld")
    reason = ref("command.blocked_until", until=until, reason=why)
    return (block.desk, number, written(reason), written(by))


def _until(block: Block, zone: str, now: datetime) -> MessageRef:
    from app.domain.texts.written_moments import moment_ref

    if block.until is None:
        return ref("command.until_removed")
    until = moment_ref(block.until, zone)
    if block.has_expired(now):
        return ref("command.until_expired", at=until)
    return ref("command.until", at=until)


def _warn(blocked: Blocked) -> None:
    for name in blocked.customers:
        show_error("command.blocked_customer", name=name)
    if blocked.has_open_critical:
        show_error("command.blocked_but_critical")
