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
from app.demo.summary import settled, summary
from app.domain.calls.call import CallOutcome


def play(environment: DemoEnvironment, night: Night, speed: float, width: int) -> list[str]:
    """Play the night in two columns, and tell what it left behind; return what was not promised."""
    names = contact_names(environment.desks) | {night.caller: night.customer}
    environment.network.assign(night.personas)
    columns = SideBySide(names, night.desk.desk.time_zone, width)
    asked = {"at": night.at.isoformat(), "script": ["1@sentence"], "speed": speed}
    sid = environment.network.phone(night.caller, night.line, **asked)
    for row in columns.head(night.caller, night.line, night.at):
        click.echo(row)
    for event in environment.network.events(sid):
        for row in columns.rows(event):
            click.echo(row)
    past = settled(environment.database, sid)
    if past is None:
        return ["The product knows nothing of the call."]
    click.echo()
    for row in summary(past, environment.database, environment.network, names, width=width):
        click.echo(row)
    outcome = past.line.outcome
    if outcome is CallOutcome.CONNECTED:
        return []
    return [f"The night call ended as “{outcome}”, and should have been connected."]


def play_broken(outage: Outage, width: int) -> list[str]:
    """Play the night and break a part of the system in it; return what was not as promised."""
    environment, night, words = outage.environment, outage.night, FAILURES[outage.part]
    names = contact_names(environment.desks) | {night.caller: night.customer}
    columns = SideBySide(names, night.desk.desk.time_zone, width)
    for row in columns.head(night.caller, night.line, night.at):
        click.echo(row)
    for event in outage.call(lambda: click.echo(columns.rule(words.breaks))):
        for row in columns.rows(event):
            click.echo(row)
    click.echo()
    _tell(meanwhile(outage, outage.wait_meanwhile(), width))
    outage.mend()
    click.echo(f"\n{columns.rule(words.back)}")
    past = outage.wait_until_whole().past
    if past:
        left = (past, environment.database, environment.network, names)
        _tell(summary(*left, width=width, with_reasons=False))
    click.secho(f"\nIn short, without {words.name}:", bold=True)
    _tell(in_short(outage, width))
    return faults(outage)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
