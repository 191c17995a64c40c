"""Plays a night call in front of a visitor: as it is, or with a part of the system broken in it."""

from collections.abc import Iterable

import click

from app.demo.contact_names import contact_names
from app.demo.environment import DemoEnvironment
from app.demo.failures import FAILURES
from app.demo.night import Night
from app.demo.outage import Outage
from app.demo.outage_report import faults, in_short, meanwhile
from app.demo.side_by_side import SideBySide
from app.demo.summary import CallLeft, settled, summary
from app.demo.wording import DemoWording
from app.domain.calls.call import CallOutcome
from app.domain.message_refs import MessageRef, ref


def play(
    environment: DemoEnvironment, night: Night, wording: DemoWording, speed: float, width: int
) -> list[MessageRef]:
    """Play the night in two columns, and tell what it left behind; return what was not promised."""
    names = contact_names(environment.desks, wording) | {night.caller: night.customer}
    environment.network.assign(night.personas)
    columns = SideBySide(names, night.desk.desk.time_zone, wording, width)
    asked = {"at": night.at.isoformat(), "script": ["1@sentence"], "speed": speed}
    sid = environment.network.phone(night.caller, night.line, **asked)
    for row in columns.head(night.caller, night.line, night.at):
        click.echo(row)
    for event in environment.network.events(sid):
        for row in columns.rows(event):
            click.echo(row)
    past = settled(environment.services.database, sid)
    if past is None:
        return [ref("command.call_unknown")]
    click.echo()
    left = CallLeft(past, environment.services, environment.network, names)
    _tell(summary(left, wording, width))
    outcome = past.line.outcome
    if outcome is CallOutcome.CONNECTED:
        return []
    return [ref("demo.night_ended_as", outcome=MessageRef(f"call_outcome.{outcome}"))]


def play_broken(outage: Outage, wording: DemoWording, width: int) -> list[MessageRef]:
    """Play the night and break a part of the system in it; return what was not as promised."""
    environment, night, failure = outage.environment, outage.night, FAILURES[outage.part]
    names = contact_names(environment.desks, wording) | {night.caller: night.customer}
    columns = SideBySide(names, night.desk.desk.time_zone, wording, width)
    for row in columns.head(night.caller, night.line, night.at):
        click.echo(row)
    for event in outage.call(lambda: click.echo(columns.rule(failure.breaks))):
        for row in columns.rows(event):
            click.echo(row)
    click.echo()
    _tell(meanwhile(outage, outage.wait_meanwhile(), wording, width))
    outage.mend()
    click.echo(f"\n{columns.rule(failure.back)}")
    past = outage.wait_until_whole().past
    if past:
        left = CallLeft(past, environment.services, environment.network, names)
        _tell(summary(left, wording, width, with_reasons=False))
    click.echo()
    click.secho(wording.write(ref("demo.in_short", part=failure.name)), bold=True)
    _tell(in_short(outage, wording, width))
    return faults(outage)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
