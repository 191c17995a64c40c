"""`vakt preflight`: is everything ready to go live? Prints what the checks find, and refuses."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from app.commands.arguments import WholeNumber
from app.commands.console import CommandRefused
from app.commands.output import written
from app.preflight.finding import Mark

if TYPE_CHECKING:
    from app.preflight.checklist import CheckResult
    from app.preflight.facts import PreflightFacts
    from app.preflight.finding import Finding


COLOURS: Final = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.ERROR: "red"}
WIDTH: Final = max(len(mark) for mark in Mark) + 1


@click.command("preflight")
@click.option("--live", metavar="NUMBER", help="Ring this number and write to it; asks for a key.")
@click.option("--yes", is_flag=True, help="Ring without asking, and also whom no desk knows.")
@click.option(
    "--wait",
    type=WholeNumber(1, 900),
    default=180,
    show_default=True,
    help="Seconds to wait for key and reply.",
)
@click.option("--json", "as_json", is_flag=True, help="The same for a program.")
def command(live: str | None, yes: bool, wait: int, as_json: bool) -> None:
    """Look at everything that a night needs, and tell what is missing and what to do.

    Settings, database, worker, the account and its numbers, duty and people. Changes nothing.
    An error refuses (exit code 1), a warning does not.

    With --live one call and one SMS go to a number: whoever has it presses 1 and replies 1,
    and the number counts as tried for 180 days.
    """
    number = _number(live) if live else ""
    found: list[CheckResult] = []
    for told in _look(number, yes, wait):
        if not as_json:
            _print(told, is_first=not found or found[-1].heading != told.heading)
        found.append(told)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo(f"\n{_summary(found)}")
    if any(told.finding.mark is Mark.ERROR for told in found):
        raise CommandRefused("Not ready.")


def _number(text: str) -> str:
    from app.domain.config.phone_part import read_number
    from app.domain.message_refs import MessageError
    from app.domain.numbers import NumberKind, parse_number

    read = parse_number(text)
    if not read.digits.startswith("+") or read.kind is NumberKind.SHORT:
        raise click.UsageError(f"--live: {text} is no telephone number such as +4749000011")
    try:
        return read_number(text).digits
    except MessageError as wrong:
        raise click.UsageError(f"--live: {written(wrong.message)}") from None


def _look(number: str, yes: bool, wait: int) -> Iterator[CheckResult]:
    """Yield what the checks find, and then what comes of the trial, where one is asked for."""
    from app.preflight.checklist import CheckResult, judge
    from app.preflight.collect import gather
    from app.preflight.finding import error
    from app.settings import SettingsError, read_web_settings

    try:
        settings = read_web_settings()
    except SettingsError as wrong:
        do = "Set it; docs/settings.md has them all"
        for each in wrong.mistakes:
            yield CheckResult("Settings", "settings.read", error(each, do))
        return
    with redirect_stdout(sys.stderr):  # what is logged on the way is no part of the answer
        facts = gather(settings)
    yield from judge(facts)
    if number:
        for check, finding in _verify(number, facts, yes, wait):
            yield CheckResult("Live", check, finding)


def _verify(
    number: str, facts: PreflightFacts, yes: bool, wait: int
) -> Iterator[tuple[str, Finding]]:
    from app.composition import build_services
    from app.preflight.facts import Unknown
    from app.preflight.live_verification import LiveVerification, verify_number
    from app.preflight.number_owner import number_owner, unknown_owner
    from app.store import DatabaseUnavailable
    from app.store.error_messages import error_message

    if isinstance(facts.rows, Unknown):
        raise CommandRefused("Nobody is rung: without the database it is not known who that is.")
    desks = facts.rows.desks
    whom = number_owner(number, desks) or (unknown_owner(number, desks) if yes else None)
    if whom is None:
        raise CommandRefused(
            f"{number} stands in no roster, first line or contact of a desk: nobody is rung.",
            "With --yes it is rung all the same.",
        )
    if not yes:
        who = f"{whom.who} of {whom.desk_name}, {number},"
        click.confirm(f"\nRing {who} from {whom.line} now?", abort=True, err=True)
    services, say = build_services(facts.settings), partial(click.echo, err=True)
    try:
        live = LiveVerification(services.database, services.sender, services.texts, say, wait)
        yield from verify_number(live, whom)
    except DatabaseUnavailable as away:
        raise CommandRefused(f"The database is away: {error_message(away)}.") from None
    finally:
        services.close()


def _print(told: CheckResult, is_first: bool) -> None:
    finding = told.finding
    if is_first:
        click.secho(f"\n{told.heading}", bold=True)
    mark = click.style(f"{finding.mark:<{WIDTH}}", fg=COLOURS[finding.mark])
    click.echo(f"  {mark}{finding.what}")
    if finding.do:
        click.echo(f"  {'':<{WIDTH}}{finding.do}")


def _summary(found: Iterable[CheckResult]) -> str:
    count = Counter(told.finding.mark for told in found)
    told = [
        f"{count[mark]} {mark}{'' if count[mark] == 1 else 's'}"
        for mark in (Mark.ERROR, Mark.WARNING)
        if count[mark]
    ]
    if count[Mark.ERROR]:
        return ", ".join(told)
    return f"ready ({told[0]})" if told else "ready"


def _as_json(found: list[CheckResult]) -> dict[str, object]:
    count = Counter(told.finding.mark for told in found)
    return {
        "ready": not count[Mark.ERROR],
        "errors": count[Mark.ERROR],
        "warnings": count[Mark.WARNING],
        "findings": [
            {
                "heading": told.heading,
                "check": told.check,
                "mark": str(told.finding.mark),
                "what": told.finding.what,
                "do": told.finding.do,
            }
            for told in found
        ],
    }
