"""`vakt call`: a telephone in the terminal, through the local exchange."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

import click

from app import clock
from app.commands.arguments import AT, CALLER, LINE, DecimalNumber, check_option, refused_as
from app.commands.console import (
    CommandRefused,
    columns_of_terminal,
    command_settings,
    ended_by_signal,
    is_terminal,
    print_transcript,
)
from app.commands.output import output_language, written
from app.demo.choices import Holder
from app.domain.message_refs import MessageError, ref

if TYPE_CHECKING:
    from app.composition import Services
    from app.demo.exchange_client import ExchangeClient
    from app.demo.side_by_side import SideBySide
    from app.demo.wording import DemoWording
    from app.store.desks import LiveDesk


LIVE: Final = 1  # a second is a second
SCRIPTED: Final = 8  # nobody waits for whom
WITHHELD: Final = "anonymous"  # what the network sends for a withheld number
TALKS: Final = 20


@dataclass(frozen=True, slots=True)
class Phoning:
    """What was asked for: who calls whom, when, and who sits where."""

    line: str
    caller: str
    at: str | None
    keys: tuple[str, ...]
    holder: Holder | None  # who is held at this terminal, if anybody
    personas: tuple[str, ...]
    speed: float


class AskedCall(TypedDict):
    """Who calls whom, when, and who answers, as it was typed."""

    line: str
    caller: str
    at: str | None
    personas: tuple[str, ...]


@click.command("call")
@LINE
@CALLER
@AT
@click.option("--keys", metavar="KEYS", help="The caller's answers: 1001#,1,1. [you press them]")
@click.option(
    "--as",
    "holder",
    type=click.Choice([each.value for each in Holder]),
    help="Whose telephone you hold; the other is a persona. [caller, without --keys]",
)
@click.option(
    "--persona",
    "personas",
    multiple=True,
    metavar="[NUMBER=]NAME",
    help="Who is rung: accepts, passes, sleeper, voicemail, no_answer, busy … [accepts]",
)
@click.option("--speed", type=DecimalNumber(0.01), help="How much faster than real time.")
def command(
    keys: str | None, holder: str | None, speed: float | None, **asked: Unpack[AskedCall]
) -> None:
    """Phone a line, through signed HTTP between a telephone network and the product.

    Uses the running demo, or starts a throw-away one. In a terminal the caller's telephone
    and the rung ones stand side by side; into a file or pipe the told call is written.

    \b
    vakt call --line +4720000210 --from +4749002001 --at 2026-11-21T23:10
    vakt call --line +4720000210 --from +4749002001 --keys 1 --persona sleeper
    vakt call --line +4720000210 --from +4749002001 --keys 1 --as duty
    """  # noqa: D301 - \b is click's mark for lines it must not join
    from app.demo.environment import NoPort
    from app.demo.exchange_client import ExchangeClientRefused
    from app.demo.processes import ProcessDied
    from app.domain.texts.operator_input import read_keys
    from app.settings import SettingsError

    held = Holder(holder) if holder else (None if keys is not None else Holder.CALLER)
    if held and not sys.stdin.isatty():
        raise click.UsageError(written(ref("usage.keys_without_terminal")))
    if held is Holder.CALLER and keys is not None:
        raise click.UsageError(written(ref("usage.keys_or_caller")))
    check_option("--at", asked["at"])
    phoning = Phoning(
        **asked,
        keys=_read(read_keys, keys or "", "--keys") if held is not Holder.CALLER else (),
        holder=held,
        speed=speed if speed is not None else (LIVE if held else SCRIPTED),
    )
    try:
        with refused_as("--at"), ended_by_signal(), _somewhere() as (services, network):
            _phone(phoning, services, network)
    except ProcessDied as error:
        not_made = ref("command.call_not_made", cause=error.message)
        raise CommandRefused(not_made, *error.log) from None
    except SettingsError as error:
        raise CommandRefused(*error.messages) from None
    except (ExchangeClientRefused, NoPort) as error:
        raise CommandRefused(ref("command.call_not_made", cause=error.message)) from None


def _read(reader: Any, text: str, option: str) -> Any:
    try:
        return reader(text)
    except MessageError as error:
        raise click.BadParameter(written(error.message), param_hint=option) from None


@contextmanager
def _somewhere() -> Iterator[tuple[Services, ExchangeClient]]:
    """Find the running demo, or start an installation that is thrown away after the call."""
    from app.composition import build_services
    from app.demo.environment import choose_port, demo_environment
    from app.demo.exchange_client import ExchangeClient
    from app.demo.state import running_demo

    demo = running_demo()
    if demo:
        services = build_services(command_settings(database_url=demo.database_url))
        try:
            yield services, ExchangeClient(demo.exchange_url, demo.exchange_secret)
        finally:
            services.close()
        return
    click.secho(written(ref("command.call_starts_network")), dim=True, err=True)
    with demo_environment(choose_port(None)) as environment:
        yield environment.services, environment.network


def _phone(asked: Phoning, services: Services, network: ExchangeClient) -> None:
    from app.actions.simulate.simulate_call import posted_number, read_caller
    from app.demo.contact_names import contact_names
    from app.demo.side_by_side import SideBySide
    from app.demo.wording import DemoWording
    from app.domain.texts.operator_input import read_when
    from app.domain.texts.written_moments import ZONE_OF_NOBODY
    from app.store.desks import list_desks

    with services.database.read() as connection:
        desks = list_desks(connection)
        line = posted_number(connection, asked.line, clock.now())
    desk = _desk_of(desks, line)
    zone = desk.desk.time_zone if desk else ZONE_OF_NOBODY
    at = clock.now() if asked.at is None else read_when(asked.at, zone)
    network.assign(_assignments(asked, desks))
    number = read_caller(asked.caller)
    caller = number.digits or (asked.caller if number.kind == "malformed" else WITHHELD)
    wording = DemoWording(output_language())
    names = contact_names(desks, wording)
    columns = SideBySide(names, zone, wording, columns_of_terminal())
    sid = network.phone(
        caller,
        line,
        at=at.isoformat(),
        script=[*asked.keys, "hangup"] if asked.holder is not Holder.CALLER else [],
        live=asked.holder is Holder.CALLER,
        speed=asked.speed,
    )
    _follow(asked, network, sid, columns, (caller, line, at))
    _left_behind(services, network, sid, names, wording)


def _follow(
    asked: Phoning,
    network: ExchangeClient,
    sid: str,
    columns: SideBySide,
    head: tuple[str, str, datetime],
) -> None:
    """Show the call while it lasts; whoever is held here has the keys meanwhile."""
    from app.demo.call_follower import CallFollower
    from app.demo.exchange_client import ExchangeClientRefused
    from app.demo.telephone import HINTS, TerminalTelephone, single_keys

    hint = columns.wording.show_hint
    watched = is_terminal()
    for row in columns.head(*head) if watched else ():
        click.echo(row)
    telephone = TerminalTelephone(network, asked.holder, sid, hint) if asked.holder else None
    over = threading.Event()
    hands = threading.Thread(target=telephone.hold, args=(over,)) if telephone else None
    if asked.holder:
        hint(HINTS[asked.holder])
    with single_keys() if telephone else nullcontext():
        try:
            if hands:
                hands.start()
            for event in CallFollower(network, sid).events():
                for row in columns.rows(event) if watched else ():
                    click.echo(row)
                if telephone:
                    telephone.hear(event)
        except KeyboardInterrupt:
            with suppress(ExchangeClientRefused):
                network.do("calls", sid, "hangup")
        finally:
            over.set()
            if hands:
                hands.join()


def _left_behind(
    services: Services,
    network: ExchangeClient,
    sid: str,
    names: Mapping[str, str],
    wording: DemoWording,
) -> None:
    from app.demo.summary import CallLeft, settled, stored_transcript_lines, summary

    past = settled(services.database, sid)
    if past is None:
        raise CommandRefused(ref("command.call_unknown"))
    watched = is_terminal()
    if not watched:
        print_transcript(stored_transcript_lines(past, services, wording.language))
    click.echo()
    left = CallLeft(past, services, network, names)
    for row in summary(left, wording, columns_of_terminal(), with_reasons=watched):
        click.echo(row)


def _desk_of(desks: tuple[LiveDesk, ...], line: str) -> LiveDesk | None:
    return next((live for live in desks if live.desk.line(line)), None)


def _assignments(asked: Phoning, desks: tuple[LiveDesk, ...]) -> dict[str, object]:
    """Say who sits at every number that can be rung: whoever was named, else who accepts."""
    from app.actions.simulate.simulate_call import read_caller
    from app.demo.environment import everybody

    # A caller at this terminal hangs up by hand; so the other one ends the talk.
    manners = {"talks": TALKS, "ends_talk": "callee" if asked.holder is Holder.CALLER else "caller"}
    assignments: dict[str, object] = {
        each: {"persona": "accepts"} | manners for each in everybody(desks)
    }
    if asked.holder is Holder.DUTY:
        assignments = dict.fromkeys(assignments, "human")
    for persona in asked.personas:
        number, given, name = persona.rpartition("=")
        seated = {"persona": name} | manners
        if given:
            assignments[read_caller(number).digits or number] = seated
        else:
            assignments = {each: dict(seated) for each in assignments}
    return assignments
