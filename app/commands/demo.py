"""`vakt demo`: the whole product on this machine, with a night call to watch."""

import os
import shlex
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from app import clock
from app.commands.common import Refused, columns_of_terminal, ended_politely
from app.demo.house import DemoHouse, NoPort, choose_port, demo_house
from app.demo.network import NetworkRefused
from app.demo.night import Night, the_night
from app.demo.phone_book import phone_book
from app.demo.processes import ProcessDied
from app.demo.side_by_side import SideBySide
from app.demo.state import forget_state, running_demo, write_state
from app.demo.summary import settled, summary
from app.domain.call import CallOutcome
from app.domain.people import NORWAY
from app.domain.words.told import moment_text
from app.store.people import load_customers

SPEED: Final = 4  # seconds of the call in one of ours: the night is over before one yawns


@click.command("demo")
@click.option("--once", is_flag=True, help="End after the night call.")
@click.option("--no-play", is_flag=True, help="Only run; play no call.")
def command(once: bool, no_play: bool) -> None:
    """Run the whole product with a telephone network on this machine, and play a night call.

    Needs no account anywhere. Keeps running until Ctrl-C, so that `vakt call`, `vakt explain`
    and `vakt duty` find it from other terminals; everything is thrown away afterwards.
    """
    if running_demo():
        raise Refused("A demo is running already; end it first, or use it from here: vakt call")
    try:
        port = choose_port(os.environ.get("PORT"))
    except NoPort as error:
        raise Refused(str(error)) from None
    click.secho("Vaktlinje. Web, worker and a telephone network are starting …", dim=True)
    with ended_politely():
        try:
            with demo_house(port) as house:
                _run(house, stays=not once, no_play=no_play)
        except (ProcessDied, NetworkRefused) as error:
            raise Refused(f"The demo cannot go on: {error}") from None


def _run(house: DemoHouse, *, stays: bool, no_play: bool) -> None:
    write_state(house.state)
    try:
        click.echo(f"{house.state.product_url} is up, with {len(house.desks)} desks.\n")
        night = None if no_play else _night(house)
        outcome = play(house, night) if night else CallOutcome.CONNECTED
        if night:
            _try_next(night)
        if stays:
            click.secho("\nRunning until Ctrl-C.", bold=True)
            _wait(house)
        if outcome is not CallOutcome.CONNECTED:
            raise Refused(f"The night call ended as “{outcome}”, and should have been connected.")
    finally:
        forget_state()


def play(house: DemoHouse, night: Night) -> CallOutcome | None:
    """Play the night in two columns, and tell what it left behind; return how it ended."""
    names = phone_book(house.desks) | {night.caller: night.customer}
    house.network.seat(night.personas)
    columns = SideBySide(names, night.desk.desk.time_zone, columns_of_terminal())
    asked = {"at": night.at.isoformat(), "script": ["1@sentence"], "speed": SPEED}
    sid = house.network.phone(night.caller, night.line, **asked)
    for row in columns.head(night.caller, night.line, night.at):
        click.echo(row)
    for event in house.network.events(sid):
        for row in columns.rows(event):
            click.echo(row)
    past = settled(house.database, sid)
    if past is None:
        raise Refused("The product knows nothing of the call.")
    click.echo()
    for row in summary(past, house.database, house.network, names, width=columns_of_terminal()):
        click.echo(row)
    return past.line.outcome


def _night(house: DemoHouse) -> Night:
    with house.database.read() as connection:
        customers = {
            live.desk.id: tuple(load_customers(connection, live.desk.id).values())
            for live in house.desks
        }
    night = the_night(house.desks, customers, clock.now())
    if night is None:
        raise Refused("No desk in rosters/ has a duty line and two persons on duty.")
    moment = moment_text(night.at, night.desk.desk.time_zone)
    click.echo(f"{moment}. Somebody at {night.customer} calls the duty of {night.desk.desk.name}.")
    click.echo("The first person on duty is fast asleep.\n")
    return night


def _try_next(night: Night) -> None:
    """Name three commands that go on from here."""
    vakt = program()
    # A night later: within an hour the caller would be asked whether it is the same case.
    at = f"{night.at + timedelta(days=1):%Y-%m-%dT%H:%M}"
    line, caller = night.line.removeprefix(NORWAY), night.caller.removeprefix(NORWAY)
    desk = night.desk.desk.id
    click.secho("\nTry next, in another terminal:", bold=True)
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


def _wait(house: DemoHouse) -> None:
    try:
        while True:
            house.processes.check()
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo("\nEnded; everything was thrown away.")
