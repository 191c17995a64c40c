"""The standby's files: what they survive, and where they go when the disk takes none."""

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

from app.domain.call import Call, Place
from app.domain.decision import End, Sentence
from app.standby.breaker import REST, Breaker
from app.standby.facts import newest, write_facts
from app.standby.places import NoPlace, in_first, name_of, places
from app.standby.running import STALE, Running, Word
from tests.a_house import CUSTOMERS_CSV, DUTY, NIGHT, STRANGER, a_house, folder, move_in, number
from tests.standby.outage import Outage, an_outage, keys_said

CALL = Call("CA1", DUTY, number(), NIGHT, place=Place.DUTY_MENU, turn=3)
SAID = End((Sentence("goodbye", "nn", (("by", NIGHT),)),))


@pytest.fixture
def house(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Outage]:
    with a_house(migrated_sqlite_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


# --- calls on their way ------------------------------------------------------------------


def test_the_last_word_of_a_call_is_found_again(tmp_path: Path) -> None:
    word = Word(CALL, timedelta(minutes=-3), SAID)
    running = Running((tmp_path,))
    running.leave(word)
    assert Running((tmp_path,)).find("CA1") == word
    assert running.find("CA2") is None


def test_what_was_said_on_an_earlier_turn_is_not_taken_for_the_last_one(tmp_path: Path) -> None:
    running = Running((tmp_path,))
    running.leave(Word(CALL, timedelta(0), SAID))
    running.leave(Word(replace(CALL, turn=4), timedelta(0)))
    os.utime(tmp_path / "running" / "CA1.caller", ns=(0, 0))
    assert running.find("CA1") == Word(replace(CALL, turn=4), timedelta(0))


def test_what_happened_at_the_other_end_does_not_take_back_what_the_caller_heard(
    tmp_path: Path,
) -> None:
    running = Running((tmp_path,))
    running.leave(Word(CALL, timedelta(0), SAID))
    others = tmp_path / "running" / "CA1.others"
    running.leave(Word(replace(CALL, misses=2), timedelta(0)))
    os.utime(others, ns=(others.stat().st_atime_ns, others.stat().st_mtime_ns + 10**7))
    assert running.find("CA1") == Word(replace(CALL, misses=2), timedelta(0), SAID)


def test_a_call_that_has_ended_leaves_nothing(tmp_path: Path) -> None:
    running = Running((tmp_path,))
    running.leave(Word(CALL, timedelta(0), SAID))
    running.leave(Word(replace(CALL, ended_at=NIGHT), timedelta(0)))
    assert list(tmp_path.glob("running/*")) == []


@pytest.mark.parametrize("torn", ["", "{", "null", '{"call": 1}', "\x00" * 40])
def test_a_torn_word_is_no_word(tmp_path: Path, torn: str) -> None:
    running = Running((tmp_path,))
    running.leave(Word(CALL, timedelta(0), SAID))
    (tmp_path / "running" / "CA1.caller").write_text(torn)
    assert running.find("CA1") is None


def test_word_of_a_call_whose_end_was_never_told_is_removed(tmp_path: Path) -> None:
    running = Running((tmp_path,))
    running.leave(Word(CALL, timedelta(0), SAID))
    now = datetime.now(UTC)
    running.clear(now)
    assert running.find("CA1")
    running.clear(now + STALE + timedelta(seconds=1))
    assert running.find("CA1") is None


def test_where_nothing_can_be_written_the_call_goes_on_without(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    running = Running((blocked,))
    running.leave(Word(CALL, timedelta(0), SAID))
    assert running.find("CA1") is None


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
    disk, beside, last = places(blocked / "standby", "sqlite:///vakt.db", memory, other)
    assert in_first((disk, beside), lambda folder: folder) == beside
    assert os.stat(beside).st_mode & 0o077 == 0, "numbers stand in there"
    assert in_first((disk, disk, last), lambda folder: folder) == last
    with pytest.raises(NoPlace):
        in_first((disk,), lambda folder: folder)


def test_on_a_full_disk_the_whole_call_is_journaled_in_memory(house: Outage) -> None:
    disk, _ = house.standby.places
    house.breaks()
    caller = house.call()
    caller.arrives()
    with filled(disk):
        caller.presses("1")
        assert keys_said(caller.hears_whisper(1))
        caller.accepts(1)
        caller.talk_ends()
    assert house.mends() == 1
    [ticket] = house.tickets
    assert (ticket.number, ticket.acknowledged_by) == (1001, "Duty 1")
    assert len(house.stored().turns) == 5


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


def test_facts_are_a_file_that_a_reader_never_sees_half(house: Outage) -> None:
    [disk, memory] = house.standby.places
    before = newest((disk, memory))
    assert before
    inode = before.stat().st_ino
    write_facts(house.database, (disk, memory))
    assert before.stat().st_ino != inode, "moved into place"
    assert list(disk.glob("*.new")) == []


def test_an_import_is_known_without_the_database(house: Outage) -> None:
    more = CUSTOMERS_CSV + f"9003,Ny kunde,standard,{STRANGER},,\n"
    move_in(house.database, folder(customers=more))
    house.standby.write_facts(house.database)
    house.breaks()
    caller = house.call(caller=STRANGER)
    caller.arrives()
    assert caller.presses("1").call.customer == "9003"


def test_facts_are_read_from_a_disk_that_takes_no_more(house: Outage) -> None:
    house.breaks()
    facts = newest(house.standby.places)
    assert facts
    facts.chmod(0o400)
    assert "duty_menu" in keys_said(house.call().arrives())


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


def test_who_dies_between_storing_and_forgetting_stores_nothing_twice(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    caller.presses("1")
    caller.hangs_up()
    disk = house.standby.places[0]
    [journal] = disk.glob("journal-*.db")
    kept = {file: file.read_bytes() for file in disk.glob("journal-*")}

    assert house.mends() == 1
    for file, content in kept.items():
        file.write_bytes(content)
    assert journal.exists()
    assert house.mends() == 1, "as if nobody had forgotten"
    assert [ticket.number for ticket in house.tickets] == [1001]
    assert len(house.stored().notices) == 3
    assert house.mends() == 0


def test_one_call_that_cannot_be_stored_does_not_keep_the_others(house: Outage) -> None:
    house.breaks()
    for sid in ("CA1", "CA2"):
        caller = house.call(sid)
        caller.arrives()
        caller.presses("1")
    [disk, _] = house.standby.places
    [file] = disk.glob("journal-*.db")
    shutil.rmtree(disk / "calls" / "CA1")  # an older release has written it, in its own words
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update journal set state = '{' where call_sid = 'CA1'")
        connection.commit()

    assert house.mends() == 1
    assert [ticket.call_sid for ticket in house.tickets] == ["CA2"]
    assert house.standby.waiting_calls() == ("CA1",)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 300])
def test_a_journal_that_cannot_be_read_stops_neither_calls_nor_the_way_back(
    house: Outage, content: bytes
) -> None:
    disk = house.standby.places[0]
    (disk / "journal-of-another-release.db").write_bytes(content)
    house.breaks()
    house.call().arrives()
    assert house.mends() == 1


def test_nothing_is_left_on_the_disk_of_calls_that_the_database_has(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    caller.presses("1")
    caller.hangs_up()
    house.mends()
    [file] = house.standby.places[0].glob("journal-*.db")
    with closing(sqlite3.connect(file)) as connection:
        for table in ("calls", "turns", "legs", "journal"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)
    assert [*house.standby.places[0].glob("calls/*")] == []


def test_a_journal_whose_maker_was_killed_before_its_first_word_is_an_empty_one(
    house: Outage,
) -> None:
    write_facts(house.database, house.standby.places)
    house.standby.look(lambda connection: connection.execute(text("SELECT 1")).scalar())
    assert house.standby.has_journals()

    with capture_logs() as told:
        assert house.standby.waiting_calls() == ()
        assert house.mends() == 0
    assert told == []
