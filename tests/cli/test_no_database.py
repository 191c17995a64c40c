"""Commands on a database that is not ready: what to type, and nothing is made where one stands."""

from __future__ import annotations

import subprocess

import pytest

from app.store import migrate
from tests.cli.a_terminal import VAKT, Terminal
from tests.end_to_end.processes import free_port
from tests.support.schema import pretend_schema

READING = [
    ("duty", "brukarstotte"),
    ("explain", "--line", "+4720000210", "--from", "+4749002001", "--at", "2026-11-21T23:10"),
    ("prove", "brukarstotte"),
    ("desk", "export", "brukarstotte", "out"),
    ("token", "list"),
    ("token", "create", "wallboard"),
    ("block", "list"),
    ("person", "export", "+4749002001"),
    ("backup", "vakt.zip"),
    ("worker",),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_makes_no_database_where_there_is_none(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    terminal.database_url = "sqlite:///var/vakt.db"
    before = sorted(file.name for file in terminal.home.iterdir())

    told = terminal.is_refused(*words)

    assert told.startswith("There is no Vaktlinje database yet: sqlite:///var/vakt.db\n")
    assert "Run `vakt db upgrade` first." in told
    assert sorted(file.name for file in terminal.home.iterdir()) == before


# What a schema is on either database, tests/store/test_schema.py tells; these are slow to start.
@pytest.mark.end_to_end
@pytest.mark.parametrize(
    ("backend", "schema"),
    [("sqlite", ""), ("postgresql", "0000")],
    ids=["without a schema", "with an old schema"],
)
def test_worker_and_web_refuse_to_work_on_a_database_that_is_not_ready(
    terminal: Terminal, database_url: str, schema: str
) -> None:
    if schema:
        migrate(database_url)
        pretend_schema(database_url, schema)
    terminal.database_url = database_url

    worker = terminal.as_process("worker")
    assert worker.code == 1
    assert "Run `vakt db upgrade` first." in worker.err
    assert worker.out == ""

    web = subprocess.run(
        [VAKT[0], "-m", "gunicorn", "app:create_app()"],
        cwd=terminal.home,
        env={
            **terminal.environment,
            "SECRET_KEY": "of the test",
            "PORT": f"{free_port()}",
            "WEB_WORKERS": "1",
        },
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert web.returncode == 3
    assert "Traceback" not in web.stderr + web.stdout
    assert "Run `vakt db upgrade` first." in web.stderr
