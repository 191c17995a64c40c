"""`vakt preflight`: is everything ready to go live? Prints what the checks find, and refuses."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import redirect_stdout
from itertools import groupby
from typing import Final

import click

from app.commands.common import Refused
from app.preflight.finding import Mark, error
from app.preflight.gather import gather
from app.preflight.table import Told, judge
from app.settings import SettingsError, read_settings

COLOURS: Final = {Mark.OK: "green", Mark.WARNING: "yellow", Mark.ERROR: "red"}
WIDTH: Final = max(len(mark) for mark in Mark) + 1


@click.command("preflight")
@click.option("--json", "as_json", is_flag=True, help="The same for a program.")
def command(as_json: bool) -> None:
    """Look at everything that a night needs, and tell what is missing and what to do.

    Settings, database, worker, the account and its numbers, duty and people. Changes nothing.
    An error refuses (exit code 1), a warning does not.
    """
    found = _look()
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        _print(found)
        click.echo(f"\n{_summary(found)}")
    if any(told.finding.mark is Mark.ERROR for told in found):
        raise Refused("Not ready.")


def _look() -> list[Told]:
    try:
        settings = read_settings()
    except SettingsError as wrong:
        do = "Set it; README.md has the table of all variables"
        return [Told("Settings", "settings.read", error(each, do)) for each in wrong.mistakes]
    with redirect_stdout(sys.stderr):  # what is logged on the way is no part of the answer
        facts = gather(settings)
    return list(judge(facts))


def _print(found: Iterable[Told]) -> None:
    for heading, under in groupby(found, lambda told: told.heading):
        click.secho(f"\n{heading}", bold=True)
        for told in under:
            finding = told.finding
            mark = click.style(f"{finding.mark:<{WIDTH}}", fg=COLOURS[finding.mark])
            click.echo(f"  {mark}{finding.what}")
            if finding.do:
                click.echo(f"  {'':<{WIDTH}}{finding.do}")


def _summary(found: Iterable[Told]) -> str:
    count = Counter(told.finding.mark for told in found)
    told = [
        f"{count[mark]} {mark}{'' if count[mark] == 1 else 's'}"
        for mark in (Mark.ERROR, Mark.WARNING)
        if count[mark]
    ]
    if count[Mark.ERROR]:
        return ", ".join(told)
    return f"ready ({told[0]})" if told else "ready"


def _as_json(found: list[Told]) -> dict[str, object]:
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
