"""The offline files: what they survive, and where they go when the disk takes none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.domain.calls.call import LONGEST_CALL, Call, Step
from app.domain.hunts.instructions import End
from app.domain.texts.message import Message
from app.offline.breaker import REST, Breaker
from app.offline.checkpoints import CallCheckpoint, CallCheckpoints
from app.offline.facts import newest, write_facts
from app.offline.storage_dirs import NoStorageDir, in_first_writable, name_of, storage_dirs
from tests.offline.outage import Outage, an_outage, keys_said
from tests.support.sample_desk import (
    CUSTOMERS_CSV,
    DUTY,
    NIGHT,
    STRANGER,
    folder,
    import_sample_desks,
    number,
    sample_database,
)

CALL = Call("CA1", DUTY, number(), NIGHT, step=Step.DUTY_MENU, turn=3)
SAID = End((Message("goodbye", "nn", (("by", NIGHT),)),))


@pytest.fixture
def outage(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_sqlite_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


# --- calls on their way ------------------------------------------------------------------


def test_the_last_word_of_a_call_is_found_again(tmp_path: Path) -> None:
    word = CallCheckpoint(CALL, timedelta(minutes=-3), SAID)
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(word)
    assert CallCheckpoints((tmp_path,)).find("CA1") == word
    assert checkpoints.find("CA2") is None


def test_what_was_said_on_an_earlier_turn_is_not_taken_for_the_last_one(tmp_path: Path) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    checkpoints.save(CallCheckpoint(replace(CALL, turn=4), timedelta(0)))
    os.utime(tmp_path / "checkpoints" / "CA1.caller", ns=(0, 0))
    assert checkpoints.find("CA1") == CallCheckpoint(replace(CALL, turn=4), timedelta(0))


def test_what_happened_at_the_other_end_does_not_take_back_what_the_caller_heard(
    tmp_path: Path,
) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    others = tmp_path / "checkpoints" / "CA1.others"
    checkpoints.save(CallCheckpoint(replace(CALL, misses=2), timedelta(0)))
    os.utime(others, ns=(others.stat().st_atime_ns, others.stat().st_mtime_ns + 10**7))
    assert checkpoints.find("CA1") == CallCheckpoint(replace(CALL, misses=2), timedelta(0), SAID)


def test_a_call_that_has_ended_leaves_nothing(tmp_path: Path) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    checkpoints.save(CallCheckpoint(replace(CALL, ended_at=NIGHT), timedelta(0)))
    assert list(tmp_path.glob("checkpoints/*")) == []


@pytest.mark.parametrize("torn", ["", "{", "null", '{"call": 1}', "\x00" * 40])
def test_a_torn_word_is_no_word(tmp_path: Path, torn: str) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    (tmp_path / "checkpoints" / "CA1.caller").write_text(torn)
    assert checkpoints.find("CA1") is None


def test_word_of_a_call_whose_end_was_never_told_is_removed(tmp_path: Path) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    now = datetime.now(UTC)
    checkpoints.clear(now)
    assert checkpoints.find("CA1")
    checkpoints.clear(now + LONGEST_CALL + timedelta(seconds=1))
    assert checkpoints.find("CA1") is None


def test_where_nothing_can_be_written_the_call_goes_on_without(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    checkpoints = CallCheckpoints((blocked,))
    checkpoints.save(CallCheckpoint(CALL, timedelta(0), SAID))
    assert checkpoints.find("CA1") is None


# --- places ------------------------------------------------------------------------------


def test_a_new_password_does_not_make_it_another_database() -> None:
    one = name_of("postgresql+psycopg://vakt:old@db.example:5432/vakt")
    assert one == name_of("postgresql+psycopg://vakt:new@db.example:5432/vakt")
    assert one != name_of("postgresql+psycopg://vakt:old@db.example:5432/other")


def test_the_memory_is_taken_where_the_disk_takes_nothing(tmp_path: Path) -> None:
    blocked, memory, other = tmp_path / "a-file", tmp_path / "memory", tmp_path / "other"
    blocked.write_text("")
    memory.mkdir()
    other.mkdir()
    disk, beside, last = storage_dirs(blocked / "offline", "sqlite:///vakt.db", memory, other)
    assert in_first_writable((disk, beside), lambda folder: folder) == beside
    assert os.stat(beside).st_mode & 0o077 == 0, "numbers stand in there"
    assert in_first_writable((disk, disk, last), lambda folder: folder) == last
    with pytest.raises(NoStorageDir):
        in_first_writable((disk,), lambda folder: folder)


def test_on_a_full_disk_the_whole_call_is_journaled_in_memory(outage: Outage) -> None:
    disk, _ = outage.offline.storage_dirs
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    with filled(disk):
        caller.presses("1")
        assert keys_said(caller.hears_whisper(1))
        caller.somebody_accepts(1)
        caller.talk_ends()
    assert outage.mends() == 1
    [ticket] = outage.tickets
    assert (ticket.number, ticket.acknowledged_by) == (1001, "Duty 1")
    assert len(outage.stored().turns) == 5


class filled:
    """The journal on the disk grows no more, and nothing new is written beside it."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk

    def __enter__(self) -> None:
        [self.journal] = self.disk.glob("journal-*.db")
        self.aside = self.journal.rename(self.journal.with_suffix(".aside"))
        self.journal.mkdir()  # as little can be written to it as to a full disk

    def __exit__(self, *_: object) -> None:
        self.journal.rmdir()
        self.aside.rename(self.journal)


# --- facts -------------------------------------------------------------------------------


def test_facts_are_a_file_that_a_reader_never_sees_half(outage: Outage) -> None:
    [disk, memory] = outage.offline.storage_dirs
    before = newest((disk, memory))
    assert before
    inode = before.stat().st_ino
    write_facts(outage.database, (disk, memory))
    assert before.stat().st_ino != inode, "moved into place"
    assert list(disk.glob("*.new")) == []


def test_an_import_is_known_without_the_database(outage: Outage) -> None:
    more = CUSTOMERS_CSV + f"9003,Ny kunde,standard,{STRANGER},,\n"
    import_sample_desks(outage.database, folder(customers=more))
    outage.offline.write_facts(outage.database)
    outage.breaks()
    caller = outage.call(caller=STRANGER)
    caller.arrives()
    assert caller.presses("1").held.customer == "9003"


def test_facts_are_read_from_a_disk_that_takes_no_more(outage: Outage) -> None:
    outage.breaks()
    facts = newest(outage.offline.storage_dirs)
    assert facts
    facts.chmod(0o400)
    assert "duty_menu" in keys_said(outage.call().arrives())


# --- the breaker --------------------------------------------------------------------------


def test_after_a_failure_the_database_is_left_alone_for_a_while() -> None:
    breaker = Breaker()
    assert not breaker.is_open(NIGHT)
    breaker.trip(NIGHT)
    assert breaker.is_open(NIGHT + REST - timedelta(seconds=1))
    assert not breaker.is_open(NIGHT + REST)
    assert breaker.is_tripped
    breaker.close()
    assert not breaker.is_open(NIGHT)
    assert not breaker.is_tripped


# --- coming back ---------------------------------------------------------------------------


def test_who_dies_between_storing_and_forgetting_stores_nothing_twice(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    caller.hangs_up()
    disk = outage.offline.storage_dirs[0]
    [journal] = disk.glob("journal-*.db")
    kept = {file: file.read_bytes() for file in disk.glob("journal-*")}

    assert outage.mends() == 1
    for file, content in kept.items():
        file.write_bytes(content)
    assert journal.exists()
    assert outage.mends() == 1, "as if nobody had forgotten"
    assert [ticket.number for ticket in outage.tickets] == [1001]
    assert len(outage.stored().notifications) == 3
    assert outage.mends() == 0


def test_one_call_that_cannot_be_stored_does_not_keep_the_others(outage: Outage) -> None:
    outage.breaks()
    for sid in ("CA1", "CA2"):
        caller = outage.call(sid)
        caller.arrives()
        caller.presses("1")
    [disk, _] = outage.offline.storage_dirs
    [file] = disk.glob("journal-*.db")
    shutil.rmtree(disk / "calls" / "CA1")  # an older release has written it, in its own words
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update journal set state = '{' where call_sid = 'CA1'")
        connection.commit()

    assert outage.mends() == 1
    assert [ticket.call_sid for ticket in outage.tickets] == ["CA2"]
    assert outage.offline.waiting_calls() == ("CA1",)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 300])
def test_a_journal_that_cannot_be_read_stops_neither_calls_nor_the_way_back(
    outage: Outage, content: bytes
) -> None:
    disk = outage.offline.storage_dirs[0]
    (disk / "journal-of-another-release.db").write_bytes(content)
    outage.breaks()
    outage.call().arrives()
    assert outage.mends() == 1


def test_nothing_is_left_on_the_disk_of_calls_that_the_database_has(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    caller.presses("1")
    caller.hangs_up()
    outage.mends()
    [file] = outage.offline.storage_dirs[0].glob("journal-*.db")
    with closing(sqlite3.connect(file)) as connection:
        for table in ("calls", "turns", "legs", "journal"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert [*outage.offline.storage_dirs[0].glob("calls/*")] == []


def test_a_journal_whose_maker_was_killed_before_its_first_word_is_an_empty_one(
    outage: Outage,
) -> None:
    write_facts(outage.database, outage.offline.storage_dirs)
    outage.offline.query(lambda connection: connection.execute(text("SELECT 1")).scalar())
    assert outage.offline.has_journals()

    with capture_logs() as told:
        assert outage.offline.waiting_calls() == ()
        assert outage.mends() == 0
    assert told == []
