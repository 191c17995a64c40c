"""`vakt preflight`: is everything ready to go live? Prints what the checks find, and refuses."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Final

import click

from app.commands.arguments import WholeNumber
from app.commands.console import CommandRefused
from app.commands.output import ask_to_go_on, written
from app.domain.message_refs import MessageRef, ref
from app.preflight.finding import Mark

if TYPE_CHECKING:
    from app.preflight.checklist import CheckResult
    from app.preflight.facts import PreflightFacts
    from app.preflight.finding import Finding


COLOURS: Final = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.ERROR: "red"}


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
            _print(told, is_first=not found or found[-1].heading is not told.heading)
        found.append(told)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo()
        click.echo(written(_summary(found)))
    if any(told.finding.mark is Mark.ERROR for told in found):
        raise CommandRefused(ref("preflight.not_ready"))


def _number(text: str) -> str:
    from app.domain.config.phone_part import read_number
    from app.domain.message_refs import MessageError
    from app.domain.numbers import NumberKind, parse_number

    read = parse_number(text)
    if not read.digits.startswith("+") or read.kind is NumberKind.SHORT:
        raise click.UsageError(written(ref("preflight.live_no_number", text=text)))
    try:
        return read_number(text).digits
    except MessageError as wrong:
        raise click.UsageError(
            written(ref("preflight.live_bad_number", why=wrong.message))
        ) from None


def _look(number: str, yes: bool, wait: int) -> Iterator[CheckResult]:
    """Yield what the checks find, and then what comes of the trial, where one is asked for."""
    from app.preflight.checklist import CheckResult, Heading, judge
    from app.preflight.collect import gather
    from app.preflight.finding import error
    from app.settings import SettingsError, read_web_settings

    try:
        settings = read_web_settings()
    except SettingsError as wrong:
        do = ref("preflight.setting_do")
        for each in wrong.mistakes:
            told = error(ref("preflight.setting", mistake=each), do)
            yield CheckResult(Heading.SETTINGS, "settings.read", told)
        return
    with redirect_stdout(sys.stderr):  # what is logged on the way is no part of the answer
        facts = gather(settings)
    yield from judge(facts)
    if number:
        for check, finding in _verify(number, facts, yes, wait):
            yield CheckResult(Heading.LIVE, check, finding)


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
        raise CommandRefused(ref("preflight.live_without_database"))
    desks = facts.rows.desks
    whom = number_owner(number, desks) or (unknown_owner(number, desks) if yes else None)
    if whom is None:
        raise CommandRefused(
            ref("preflight.live_nobodys", number=number), ref("preflight.live_yes")
        )
    if not yes:
        asks = ref(
            "preflight.live_confirm",
            who=whom.who,
            desk=whom.desk_name,
            number=number,
            line=whom.line,
        )
        click.echo(err=True)
        ask_to_go_on(asks)
    services, say = build_services(facts.settings), _say
    try:
        live = LiveVerification(services.database, services.sender, services.texts, say, wait)
        yield from verify_number(live, whom)
    except DatabaseUnavailable as away:
        raise CommandRefused(
            ref("preflight.health.database_away", cause=error_message(away))
        ) from None
    finally:
        services.close()


def _say(message: MessageRef) -> None:
    click.echo(written(message), err=True)


def _print(told: CheckResult, is_first: bool) -> None:
    finding = told.finding
    if is_first:
        click.echo()
        click.secho(written(ref(f"preflight.heading.{told.heading}")), bold=True)
    words = {mark: written(ref(f"preflight.mark.{mark}")) for mark in Mark}
    width = max(map(len, words.values())) + 1
    mark = click.style(f"{words[finding.mark]:<{width}}", fg=COLOURS[finding.mark])
    click.echo(f"  {mark}{written(finding.what)}")
    if finding.do:
        click.echo(f"  {'':<{width}}{written(finding.do)}")


def _summary(found: Iterable[CheckResult]) -> MessageRef:
    count = Counter(told.finding.mark for told in found)
    errors = ref("preflight.errors", count=count[Mark.ERROR])
    warnings = ref("preflight.warnings", count=count[Mark.WARNING])
    if count[Mark.ERROR]:
        counts = (errors, warnings) if count[Mark.WARNING] else (errors,)
        return ref("preflight.counts", counts=counts)
    return ref("preflight.ready", warnings=warnings if count[Mark.WARNING] else "")


def _as_json(found: list[CheckResult]) -> dict[str, object]:
    count = Counter(told.finding.mark for told in found)
    return {
        "ready": not count[Mark.ERROR],
        "errors": count[Mark.ERROR],
        "warnings": count[Mark.WARNING],
        "findings": [
            {
                "heading": written(ref(f"preflight.heading.{told.heading}")),
                "check": told.check,
                "mark": str(told.finding.mark),
                "what": written(told.finding.what),
                "do": written(told.finding.do) if told.finding.do else "",
            }
            for told in found
        ],
    }
