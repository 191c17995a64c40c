"""Facts are gathered from what is really there, each question within its time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from app import clock
from app.domain.health.facts import WorkerHeartbeat
from app.domain.message_refs import ref
from app.preflight.bounded import BoundedQuery, NoAnswer
from app.preflight.collect.database import ask_rows, ask_server
from app.preflight.collect.files import filesystem_of
from app.preflight.facts import Unknown
from app.store import Database, open_database
from app.store.heartbeats import record_heartbeat
from app.store.upgrade import newest_schema
from tests.preflight.sample_facts import in_english
from tests.support.sample_desk import DUTY_1, DUTY_1_HOME, NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night

pytestmark = pytest.mark.real_clock


SOON = later(3600)


def now_is(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_the_database_tells_its_version_schema_and_clock(migrated_url: str, backend: str) -> None:
    server = ask_server(migrated_url, clock.now)
    assert server.is_sqlite == (backend == "sqlite")
    assert server.version >= (3, 35)
    assert server.schema == newest_schema()
    if server.is_sqlite:
        assert (server.clock_skew, server.journal_mode) == (None, "wal")
    else:
        assert server.clock_skew == timedelta(0)


def test_a_clock_of_ours_that_is_wrong_shows_against_the_database(
    migrated_postgresql_url: str,
) -> None:
    an_hour_late = lambda: clock.now() - timedelta(hours=1)  # noqa: E731
    clock_skew = ask_server(migrated_postgresql_url, an_hour_late).clock_skew
    assert clock_skew is not None
    assert timedelta(minutes=59) < clock_skew <= timedelta(hours=1)


def test_rows_tell_desks_worker_outbox_and_who_has_answered_with_a_key(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        database.write(partial(record_heartbeat, worker="w", started_at=NIGHT, now=later(30)))
        call = critical_at_night(database)
        call.nobody_answers()
        call.somebody_accepts(call.stored.ringing[-1].id)

    rows = ask_rows(migrated_url, now_is(SOON))

    assert [live.desk.id for live in rows.desks] == ["fjordhjelp"]
    assert rows.system.heartbeats == (WorkerHeartbeat("w", later(30)),)
    assert rows.system.outbox is not None
    assert rows.system.outbox.due_since is not None
    assert rows.system.outbox.due_since < SOON
    assert list(rows.verified) == [DUTY_1_HOME], "the number that rang in vain is not tried"
    assert DUTY_1 not in rows.verified
    assert rows.refuses is None
    assert ask_rows(migrated_url, now_is(NIGHT + timedelta(days=200))).verified == {}


def test_a_database_without_our_tables_tells_the_next_step(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        open_and_close(database_url)
    with pytest.raises(NoAnswer) as trouble:
        ask_rows(database_url, clock.now)
    assert trouble.value.unknown == Unknown(
        ref("preflight.other_tables"), ref("preflight.upgrade_do")
    )
    assert ask_server(database_url, clock.now).schema is None


def open_and_close(url: str) -> None:
    database = open_database(url)
    with database.read() as connection:
        connection.execute(text("select 1"))
    database.close()


def test_a_database_that_takes_no_writes_says_why(migrated_postgresql_url: str) -> None:
    with sample_database(migrated_postgresql_url) as database, takes_no_writes(database):
        rows = ask_rows(migrated_postgresql_url, clock.now)
    assert "read-only" in in_english(rows.refuses)
    assert [live.desk.id for live in rows.desks] == ["fjordhjelp"]


@contextmanager
def takes_no_writes(database: Database) -> Iterator[None]:
    """Refuse writes of whoever connects from now on; the database is used again afterwards."""
    name = str(database.engine.url.database)
    setting = f"alter database {name} %s default_transaction_read_only"
    with database.engine.connect() as connection:  # stays one that may write
        connection.execute(text(f"{setting % 'set'} = on"))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text(setting % "reset"))
            connection.commit()


def test_a_server_that_is_away_is_told_in_plain_words() -> None:
    with pytest.raises(NoAnswer) as trouble:
        ask_rows("postgresql+psycopg://vakt@127.0.0.1:9/vakt", clock.now)
    assert in_english(trouble.value.unknown.why).startswith("the database is away: ")
    assert "DATABASE_URL" in in_english(trouble.value.unknown.do)


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_question_that_hangs_is_not_waited_for(stuck: threading.Event) -> None:
    what, do = ref("preflight.part_account"), ref("preflight.provider_do")
    asked = BoundedQuery(what, stuck.wait, do, seconds=0.05)
    assert asked.answer() == Unknown(ref("preflight.too_late", what=what, seconds="0.05"), do)


def test_a_question_that_breaks_is_a_fault_to_report_and_no_traceback() -> None:
    def breaks() -> int:
        raise KeyError("strange\nthings")

    answer = BoundedQuery(ref("preflight.part_disk"), breaks, ref("preflight.disk_do")).answer()
    assert isinstance(answer, Unknown)
    assert in_english(answer.why) == "the disk: unexpected error: KeyError: 'strange\\nthings'"
    assert "report" in in_english(answer.do)


MOUNTS = """\
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
31 22 0:26 / /srv rw shared:9 - nfs4 files.example:/export rw
32 31 0:27 / /srv/own\\040disk rw - xfs /dev/sdb1 rw
40 22 0:30 / /srv rw - btrfs /dev/sdc1 rw
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/vakt", "ext4"),
        ("/srv", "btrfs"),
        ("/srv/own disk/vakt", "xfs"),
        ("/srvother", "ext4"),
    ],
)
def test_a_folder_lies_on_the_mount_that_covers_it(folder: str, kind: str) -> None:
    assert filesystem_of(Path(folder), MOUNTS) == kind
    assert filesystem_of(Path(folder), "") == ""


def test_this_machine_lists_what_is_mounted() -> None:
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    assert filesystem_of(Path("/proc/self"), mounts) == "proc"
