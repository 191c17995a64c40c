"""`vakt demo`: the whole product on this machine, with a night call to watch."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import DecimalNumber
from app.commands.console import CommandRefused, columns_of_terminal, ended_by_signal
from app.commands.output import output_language, show, written
from app.demo.choices import DemoPart
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.demo.environment import DemoEnvironment
    from app.demo.night import Night


SPEED: Final = 4  # seconds of the call in one of ours: the night is over before one yawns


@click.command("demo")
@click.option("--once", is_flag=True, help="End after the night call.")
@click.option("--no-play", is_flag=True, help="Only run; play no call.")
@click.option(
    "--break",
    "parts",
    type=click.Choice([part.value for part in DemoPart]),
    multiple=True,
    help="Break this part of the system during the call; may be given several times.",
)
@click.option(
    "--speed",
    type=DecimalNumber(0.1),
    default=SPEED,
    show_default=True,
    help="Seconds of the call in one of yours.",
)
def command(once: bool, no_play: bool, parts: tuple[str, ...], speed: float) -> None:
    """Run the whole product with a telephone network on this machine, and play a night call.

    Needs no account anywhere. Keeps running until Ctrl-C, so that `vakt call`, `vakt explain`
    and `vakt duty` find it from other terminals; everything is thrown away afterwards.

    With --break, a part of the system is really broken in the middle of the call: you see what
    the caller hears, what the system tells, and what is there once when the part is back.
    """
    from app.demo.environment import NoPort, choose_port, demo_environment
    from app.demo.exchange_client import ExchangeClientRefused
    from app.demo.processes import ProcessDied
    from app.demo.state import running_demo
    from app.settings import SettingsError
    from app.web.pages.assets import AssetsNotBuilt, assets

    if no_play and parts:
        raise click.UsageError(written(ref("usage.no_play_or_break")))
    if running_demo():
        raise CommandRefused(ref("command.demo_is_running"))
    try:
        assets()
    except AssetsNotBuilt as error:
        raise CommandRefused(error.message) from None
    try:
        port = choose_port(os.environ.get("PORT"))
    except NoPort as error:
        raise CommandRefused(error.message) from None
    click.secho(written(ref("command.demo_starts")), dim=True)
    with ended_by_signal():
        try:
            with demo_environment(port) as environment:
                broken = tuple(dict.fromkeys(DemoPart(part) for part in parts))
                stays = not once
                show = None if no_play else partial(_show, environment, broken, speed, stays)
                _run(environment, show, stays=stays)
        except SettingsError as error:
            raise CommandRefused(*error.messages) from None
        except ProcessDied as error:
            ends = ref("command.demo_ends", cause=error.message)
            raise CommandRefused(ends, *error.log) from None
        except ExchangeClientRefused as error:
            raise CommandRefused(ref("command.demo_ends", cause=error.message)) from None


def _run(
    environment: DemoEnvironment, show: Callable[[], list[MessageRef]] | None, *, stays: bool
) -> None:
    from app.demo.state import delete_state, write_state

    write_state(environment.state)
    try:
        address, desks = environment.state.product_url, len(environment.desks)
        click.echo(written(ref("command.demo_is_up", address=address, desks=desks)))
        click.echo()
        faults = show() if show else []
        if stays:
            _stay(environment)
        if faults:
            raise CommandRefused(*faults)
    finally:
        delete_state()


def _show(
    environment: DemoEnvironment, broken: tuple[DemoPart, ...], speed: float, stays: bool
) -> list[MessageRef]:
    """Play the night, or one night for each part that breaks; return what was not as promised."""
    from app.demo.failures import FAILURES
    from app.demo.outage import Outage
    from app.demo.playback import play, play_broken
    from app.demo.wording import DemoWording

    faults: list[MessageRef] = []
    wording, width = DemoWording(output_language()), columns_of_terminal()
    for count, part in enumerate(broken):
        if count:
            click.echo()
        night = _night(environment, FAILURES[part].soon, weeks=count)
        faults += play_broken(Outage(environment, night, part, speed), wording, width)
    if not broken:
        night = _night(environment, ref("command.demo_sleeper"))
        faults += play(environment, night, wording, speed, width)
    if stays:
        _try_next(night)
    return faults


def _night(environment: DemoEnvironment, soon: MessageRef, weeks: int = 0) -> Night:
    from app.demo.night import the_night
    from app.domain.texts.written_moments import moment_ref
    from app.store.people import load_customers

    with environment.services.database.read() as connection:
        customers = {
            live.desk.id: tuple(load_customers(connection, live.desk.id).values())
            for live in environment.desks
        }
    night = the_night(environment.desks, customers, clock.now() + timedelta(weeks=weeks))
    if night is None:
        raise CommandRefused(ref("command.demo_without_night"))
    desk = night.desk.desk
    told = ref(
        "command.demo_night",
        at=moment_ref(night.at, desk.time_zone),
        customer=night.customer,
        desk=desk.name,
        soon=soon,
    )
    click.echo(textwrap.fill(written(told), columns_of_terminal()))
    click.echo()
    return night


def _try_next(night: Night) -> None:
    """Name three commands that go on from here."""
    from app.domain.numbers import NORWAY

    vakt = program()
    # A night later: within an hour the caller would be asked whether it is the same case.
    at = f"{night.at + timedelta(days=1):%Y-%m-%dT%H:%M}"
    line, caller = night.line.removeprefix(NORWAY), night.caller.removeprefix(NORWAY)
    desk = night.desk.desk.id
    click.echo()
    click.secho(written(ref("command.demo_try_next")), bold=True)
    click.echo(f"  {vakt} call --line {line} --from {caller} --at {at}")
    click.echo(f"  {vakt} explain --line {line} --from {caller} --at {at} --keys 1")
    click.echo(f"  {vakt} duty {desk} --at {at}")


def program() -> str:
    """Write `vakt` as it was called here, so that the line can be typed again."""
    if shutil.which("vakt"):
        return "vakt"
    path = Path(sys.argv[0])
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return shlex.quote(str(path))


def _stay(environment: DemoEnvironment) -> None:
    """Run until Ctrl-C."""
    try:
        click.echo()
        for login in environment.logins:
            click.echo(written(login.whose))
            click.echo(f"  {login.page}  {login.email}  {login.password}")
        click.echo()
        click.secho(written(ref("command.demo_runs")), bold=True)
        while True:
            environment.processes.check()
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo()
        show("command.demo_ended")
