"""A command loads what it uses: a help comes at once, with no library behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from tests.cli.a_terminal import ROOT, Terminal

# What takes a tenth of a second and more, or opens something.
LIBRARIES: Final = {
    *("alembic", "apiflask", "flask", "gunicorn", "holidays", "phonenumbers", "prometheus_client"),
    *("psycopg", "pydantic", "pydantic_settings", "requests", "rich", "sqlalchemy", "structlog"),
    *("tree_sitter", "twilio"),
}
# Where the choices and the words of a help may stand.
# Of serving only its package, which holds an exit code.
OF_A_HELP: Final = {"cli", "clock", "commands", "demo", "domain", "preflight", "serving"}

# Writes the help of every command there is, and names what was loaded for that.
EVERY_HELP: Final = """
import json, sys
import click
from app.cli import main

def helps(command, context):
    yield context.command_path, command.get_help(context)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        yield from helps(below, click.Context(below, parent=context, info_name=name))

written = dict(helps(main, click.Context(main, info_name="vakt")))
print(json.dumps({"helps": written, "modules": list(sys.modules)}))
"""
ONE_COMMAND: Final = """
import json, sys
from app.cli import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(list(sys.modules)))
"""


def run(program: str, *words: str, terminal: Terminal | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=terminal.environment if terminal else None,
        cwd=terminal.home if terminal else ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def libraries(modules: list[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} & LIBRARIES


def rooms(modules: list[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("app.")}


def test_no_help_loads_a_library_or_opens_anything() -> None:
    told = json.loads(run(EVERY_HELP))
    assert len(told["helps"]) > 40
    assert {"vakt", "vakt desk import", "vakt ticket priority"} <= told["helps"].keys()
    assert all("Options:" in written for written in told["helps"].values())
    assert libraries(told["modules"]) == set()
    assert rooms(told["modules"]) <= OF_A_HELP


def test_who_is_on_duty_is_told_without_the_web_and_the_telephone(desks: Terminal) -> None:
    modules = json.loads(run(ONE_COMMAND, "duty", "dekode", terminal=desks))
    used = {"holidays", "phonenumbers", "pydantic", "pydantic_settings", "sqlalchemy"}
    assert libraries(modules) <= used | {"tree_sitter"}
    more = {"actions", "installation", "composition", "settings", "store", "voice_prompts"}
    assert rooms(modules) <= OF_A_HELP | more
