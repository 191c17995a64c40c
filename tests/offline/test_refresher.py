"""What answers without the database follows the live desks, whoever imported them and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.offline.facts import FactsFile
from app.offline.lifeline_file import LifelineFile
from app.offline.refresher import OfflineRefresher
from app.store import Database, open_database
from app.voice_prompts import texts
from app.web.offline_sync import LOOK_FOR_IMPORTS
from app.web.services import EXTENSION, WebServices
from tests.end_to_end.processes import WEB, Process, free_port, wait_until
from tests.support.fake_twilio import fake_twilio, settings
from tests.support.sample_desk import (
    DESK,
    DUTY,
    FILES,
    LAST_RESORT,
    NIGHT,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    later,
)

ANOTHER = "+4749009199"
CHANGED = ROSTER_TOML.replace(LAST_RESORT, ANOTHER)


def last_resort(file: Path) -> list[str]:
    """Whom callers of the duty line get when all else has failed."""
    lines = json.loads(file.read_text("utf-8"))["lines"]
    return list(lines[DUTY]["last_resort"])


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_both_files_are_written_after_an_import_and_read_no_desk_while_there_is_none(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "var" / "lifeline.json"
    facts = FactsFile((tmp_path / "offline",))
    refresher = OfflineRefresher(database, (facts, LifelineFile(file, texts())))

    assert refresher.refresh(NIGHT).written == ("facts", "lifeline")
    assert last_resort(file) == [LAST_RESORT]
    with counted() as statements:
        assert refresher.refresh(later(5)).written == ()
    assert len([each for each in statements if "FROM" in each]) == 1

    import_sample_desks(database, folder(roster=CHANGED))
    assert refresher.refresh(later(10)).written == ("facts", "lifeline")
    assert last_resort(file) == [ANOTHER]


def test_a_file_that_was_removed_is_written_anew(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "lifeline.json"
    refresher = OfflineRefresher(database, (LifelineFile(file, texts()),))
    refresher.refresh(NIGHT)
    file.unlink()

    assert refresher.refresh(later(5)).written == ("lifeline",)
    assert last_resort(file) == [LAST_RESORT]


def test_one_that_cannot_be_written_keeps_no_other_from_it_and_is_tried_again(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "var").write_text("in the way")
    file = tmp_path / "var" / "lifeline.json"
    facts = FactsFile((tmp_path / "offline",))
    refresher = OfflineRefresher(database, (LifelineFile(file, texts()), facts))

    refreshed = refresher.refresh(NIGHT)
    assert [each.name for each in refreshed.failed] == ["lifeline"]
    assert refreshed.written == ("facts",)

    (tmp_path / "var").unlink()
    assert refresher.refresh(later(5)).written == ("lifeline",)


def test_without_a_desk_nothing_is_written(migrated_url: str, tmp_path: Path) -> None:
    file = tmp_path / "lifeline.json"
    database = open_database(migrated_url)
    copies = (FactsFile((tmp_path / "offline",)), LifelineFile(file, texts()))

    refreshed = OfflineRefresher(database, copies).refresh(NIGHT)
    database.close()

    assert (refreshed.written, refreshed.failed) == ((), ())
    assert not file.exists()


def test_a_web_looks_for_imports_every_five_seconds(migrated_url: str, tmp_path: Path) -> None:
    """With the look of each second: no import waits longer than some six seconds."""
    assert timedelta(seconds=5) == LOOK_FOR_IMPORTS
    with fake_twilio(settings(migrated_url, tmp_path)) as network:
        services: WebServices = network.client.application.extensions[EXTENSION]
        services.offline_sync.stop()  # it looks when the test says so
        file = services.settings.vakt_lifeline
        services.offline_sync.look(start := later(0))
        services.offline_sync.look(start + LOOK_FOR_IMPORTS)
        assert last_resort(file) == [LAST_RESORT]

        import_sample_desks(services.database, folder(roster=CHANGED))
        services.offline_sync.look(start + 2 * LOOK_FOR_IMPORTS - timedelta(milliseconds=1))
        assert last_resort(file) == [LAST_RESORT]
        services.offline_sync.look(start + 2 * LOOK_FOR_IMPORTS)
        assert last_resort(file) == [ANOTHER]


def test_a_running_web_follows_an_import_on_another_host(
    database: Database, migrated_url: str, tmp_path: Path
) -> None:
    """Two hosts share the database and nothing else: each has a data folder of its own."""
    here, there = tmp_path / "here" / "lifeline.json", tmp_path / "there" / "lifeline.json"
    desk = tmp_path / DESK
    desk.mkdir()
    for name, text in {**FILES, "roster.toml": CHANGED}.items():
        (desk / name).write_text(str(text), "utf-8")
    with running_web(migrated_url, here):
        wait_until(here.exists, "the web has written its file")
        assert last_resort(here) == [LAST_RESORT]

        run_import(desk, migrated_url, there)

        assert last_resort(there) == [ANOTHER]
        wait_until(lambda: last_resort(here) == [ANOTHER], "the web follows the import")


@contextmanager
def running_web(url: str, lifeline: Path) -> Iterator[None]:
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": "of the tests",
        "VAKT_LIFELINE": str(lifeline),
        "PORT": str(free_port()),
        "WEB_WORKERS": "1",
    }
    web = Process(WEB, environment, lifeline.parent.with_suffix(".log"))
    web.start()
    try:
        yield
    finally:
        print(web.said())
        web.stop()


def run_import(desk: Path, url: str, lifeline: Path) -> None:
    """`vakt desk import` in a process of its own, as on another host."""
    command = ("-m", "app.cli", "desk", "import", str(desk))
    environment = {"DATABASE_URL": url, "VAKT_LIFELINE": str(lifeline)}
    imports = Process(command, environment, desk.parent / "import.log")
    imports.start()
    wait_until(lambda: not imports.is_running, "it has imported")
    assert imports.stop() == 0, imports.said()
