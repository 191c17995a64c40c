"""Worker and web on a database that is not ready: they say what to type, and end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.processes import WEB, WORKER, Process, free_port, wait_until
from tests.support.schema import pretend_schema


# What a schema is on either database, tests/store/test_schema.py tells; these are slow to start.
@pytest.mark.parametrize(
    ("backend", "schema"),
    [("sqlite", ""), ("postgresql", "0000")],
    ids=["without a schema", "with an old schema"],
)
@pytest.mark.parametrize(
    ("command", "code"), [(WORKER, 1), (WEB, 3)], ids=["the worker", "the web"]
)
def test_on_a_database_that_is_not_ready_they_refuse_to_work(
    backend: str,
    schema: str,
    command: tuple[str, ...],
    code: int,
    empty_database: Callable[[str], str],
    migrated_database: Callable[[str], str],
    tmp_path: Path,
) -> None:
    url = (migrated_database if schema else empty_database)(backend)
    if schema:
        pretend_schema(url, schema)
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": "of the test",
        "PORT": str(free_port()),
        "WEB_WORKERS": "1",
        "VAKT_LIFELINE": str(tmp_path / "lifeline.json"),
    }
    process = Process(command, environment, tmp_path / "said.log")

    process.start()
    wait_until(lambda: not process.is_running, "it has ended")

    assert process.stop() == code
    assert "Run `vakt db upgrade` first." in process.said()
    assert "Traceback" not in process.said()
