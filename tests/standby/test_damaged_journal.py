"""A journal that is garbled or cut off: what is whole comes in once, what is lost is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from structlog.testing import capture_logs

from app.actions.audit import audit
from app.actions.beside import ToldRecording, replay_posts, take_beside
from app.actions.gather_messages import Gathering
from app.domain.alarms import AlarmKind
from app.domain.call import CallOutcome, Recorded
from app.domain.left_there import CallThere, LeftMessage
from app.standby.damage import Damage
from app.store import Database
from app.store.beside import mentions_beside
from app.store.tables import JobKind
from tests.a_house import CALLER, CUSTOMERS_CSV, DUTY, a_house, folder, later, move_in, press
from tests.actions.contacts import WITH_CONTACTS
from tests.standby.outage import Outage, an_outage

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def house(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with a_house(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


def two_calls(house: Outage) -> None:
    """One that the duty takes, and one that leaves a message; both are over."""
    taken = house.call("CA1")
    taken.arrives()
    taken.presses("1")
    taken.accepts(1)
    taken.talk_ends()
    taken.hangs_up()
    spoken = house.call("CA2", caller="")
    spoken.arrives()
    spoken.presses("1")
    for _ in range(4):
        spoken.nobody_answers()
    spoken.does(Recorded(7, "RE2"))
    spoken.hangs_up()


def journal_of(house: Outage) -> Path:
    [file] = house.standby.places[0].glob("journal-*.db")
    return file


def entries_of(house: Outage, sid: str = "*") -> list[Path]:
    return sorted(house.standby.places[0].glob(f"calls/{sid}/*"))


def damages(house: Outage) -> tuple[Damage, ...]:
    return house.standby.damages(LONG_AGO)


def cut_in_half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def garble(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(os.urandom(200) + content[200:])


def assert_all_is_there(house: Outage) -> None:
    assert {ticket.call_sid: ticket.acknowledged_by for ticket in house.tickets} == {
        "CA1": "Duty 1",
        "CA2": None,
    }
    assert house.stored("CA1").line.outcome is CallOutcome.CONNECTED
    assert house.stored("CA2").line.outcome is CallOutcome.MESSAGE
    assert len(house.stored("CA1").notices) == 3
    assert jobs(house, JobKind.RECORDING_FETCH) == 1


def jobs(house: Outage, kind: JobKind) -> int:
    with house.database.read() as connection:
        rows = connection.execute(text("select kind from outbox")).scalars()
        return [*rows].count(kind)


@pytest.mark.parametrize("spoil", [cut_in_half, garble, lambda file: file.write_bytes(b"")])
def test_a_journal_of_which_half_is_lost_loses_no_call(
    house: Outage, spoil: Callable[[Path], object]
) -> None:
    house.breaks()
    two_calls(house)
    spoil(journal_of(house))

    assert house.mends() == 2
    assert_all_is_there(house)
    assert house.mends() == 0
    assert sum(damage.entries for damage in damages(house)) == 0
    assert house.standby.waiting_calls() == ()
    assert not house.standby.is_unreadable()


def test_a_call_that_is_going_on_when_its_journal_is_garbled_goes_on(house: Outage) -> None:
    house.breaks()
    caller = house.call()
    caller.arrives()
    rings = caller.presses("1")
    garble(journal_of(house))

    again = caller.does(press("1"), turn=1)
    assert again.script == rings.script, "what was answered is answered again"
    caller.accepts(1)
    caller.talk_ends()
    caller.hangs_up()
    assert house.mends() == 1
    [ticket] = house.tickets
    assert ticket.acknowledged_by == "Duty 1"
    assert house.stored().line.outcome is CallOutcome.CONNECTED
    [damage] = damages(house)
    assert damage.entries == 0


def test_it_is_set_aside_once_and_the_log_does_not_repeat_itself(house: Outage) -> None:
    house.breaks()
    two_calls(house)
    cut_in_half(journal_of(house))
    with capture_logs() as told:
        house.mends()
        for _ in range(120):
            house.standby.waiting_calls()
            house.mends()
    assert [line["event"] for line in told].count("journal_unreadable") == 1
    assert [line["event"] for line in told].count("journal_damaged") == 1
    [aside] = house.standby.places[0].glob("damaged/*.db")
    assert aside.stat().st_size


def test_an_entry_that_is_damaged_is_read_from_the_journal(house: Outage) -> None:
    house.breaks()
    two_calls(house)
    for file in entries_of(house):
        cut_in_half(file)
    assert house.mends() == 2
    assert_all_is_there(house)
    assert damages(house) == ()


def test_what_stands_whole_nowhere_is_counted_with_its_call_and_when_it_was(
    house: Outage,
) -> None:
    house.breaks()
    two_calls(house)
    written_at = datetime(2026, 11, 21, 22, 11, tzinfo=UTC)
    for file in entries_of(house, "CA2"):
        file.write_bytes(file.read_bytes()[:-3])
        os.utime(file, (written_at.timestamp(),) * 2)
    lost = len(entries_of(house, "CA2"))
    cut_in_half(journal_of(house))

    assert house.mends() == 1
    assert [ticket.call_sid for ticket in house.tickets] == ["CA1"]
    [damage] = [each for each in damages(house) if each.entries]
    assert (damage.entries, damage.calls) == (lost, ("CA2",))
    assert abs(damage.since - written_at) < timedelta(seconds=1)
    assert house.mends() == 0
    assert not house.standby.is_waiting("CA2")
    assert sum(each.entries for each in damages(house)) == lost, "set aside once"


@pytest.mark.parametrize("missing", range(3))
def test_a_call_of_which_a_turn_is_lost_still_makes_its_ticket(house: Outage, missing: int) -> None:
    house.breaks()
    two_calls(house)
    entries_of(house, "CA1")[missing].write_bytes(b"")
    entries_of(house, "CA2")[-2].write_bytes(b"")  # what was spoken
    cut_in_half(journal_of(house))

    assert house.mends() == 2
    assert {ticket.call_sid: ticket.acknowledged_by for ticket in house.tickets} == {
        "CA1": "Duty 1",
        "CA2": None,
    }
    assert jobs(house, JobKind.RECORDING_FETCH) == 1, "the message is fetched all the same"
    assert sum(each.entries for each in damages(house)) == 2


def test_the_message_of_a_call_that_is_lost_is_found_at_the_network(house: Outage) -> None:
    house.breaks()
    before = house.database
    house.is_away = False
    house.call("CA0").arrives()  # the desk is in use
    house.breaks()
    two_calls(house)
    for file in entries_of(house, "CA2"):
        file.write_bytes(b"")
    cut_in_half(journal_of(house))
    house.mends()

    class Network:
        def messages(self, since: datetime) -> tuple[LeftMessage, ...]:
            return (LeftMessage("RE2", "CA2", 7, later(60)),)

        def call(self, sid: str) -> CallThere | None:
            return CallThere(DUTY, "+4749009099", later(50))

    now = later(1200)
    waiting = frozenset(house.standby.waiting_calls())
    assert Gathering(before, Network()).gather(now, waiting) == 1
    assert {ticket.call_sid for ticket in house.tickets} == {"CA1", "CA2"}


def test_the_contacts_are_alarmed_once_with_time_and_number(
    migrated_url: str, tmp_path: Path
) -> None:
    with (
        a_house(migrated_url, WITH_CONTACTS) as database,
        an_outage(database, tmp_path) as house,
    ):
        house.breaks()
        two_calls(house)
        for file in entries_of(house, "CA2"):
            file.write_bytes(b"")
        lost = len(entries_of(house, "CA2"))
        cut_in_half(journal_of(house))
        house.mends()

        now = datetime.now(UTC)
        told = audited(house, database, now)
        [alarm] = [each for each in told if each.kind is AlarmKind.JOURNAL_DAMAGED]
        values = dict(alarm.values)
        assert values["count"] == lost
        assert isinstance(values["since"], datetime)
        assert AlarmKind.JOURNAL_DAMAGED not in kinds(audited(house, database, later(15, now)))
        assert AlarmKind.JOURNAL_DAMAGED not in kinds(audited(house, database, later(4000, now)))


def audited(house: Outage, database: Database, now: datetime):  # type: ignore[no-untyped-def]
    return audit(database, house.standby, now).raised


def kinds(alarms) -> list[AlarmKind]:  # type: ignore[no-untyped-def]
    return [alarm.kind for alarm in alarms]


def test_a_garbled_copy_of_the_facts_hides_no_journal_and_the_one_before_is_believed(
    house: Outage,
) -> None:
    [facts] = house.standby.places[0].glob("facts-*.db")
    house.breaks()
    two_calls(house)
    garble(facts)
    assert house.standby.facts_written_at() is None
    assert house.standby.waiting_calls() == ("CA1", "CA2")
    house.mends()
    assert_all_is_there(house)


def test_of_two_copies_of_the_facts_the_whole_one_is_believed(house: Outage) -> None:
    [old] = house.standby.places[0].glob("facts-*.db")
    move_in(house.database, folder(customers=CUSTOMERS_CSV + "9003,Ny,standard,+4749009077,,\n"))
    house.standby.write_facts(house.database)
    [new] = set(house.standby.places[0].glob("facts-*.db")) - {old}
    os.utime(old, (1, 1))
    garble(new)
    house.breaks()
    two_calls(house)
    house.mends()
    assert_all_is_there(house)


def test_facts_that_rot_while_they_are_in_use_are_passed_over(house: Outage) -> None:
    [facts] = house.standby.places[0].glob("facts-*.db")
    changed_at = facts.stat().st_mtime_ns
    house.breaks()
    house.call("CA9").arrives()
    memory = house.standby.places[1]
    memory.mkdir(mode=0o700)
    shutil.copy(facts, memory / facts.name)
    os.utime(memory / facts.name, (1, 1))
    garble(facts)
    os.utime(facts, ns=(changed_at, changed_at))
    two_calls(house)
    house.mends()
    assert {ticket.call_sid for ticket in house.tickets} == {"CA1", "CA2"}


def test_a_post_that_is_damaged_takes_no_other_with_it(house: Outage) -> None:
    house.breaks()
    two_calls(house)
    for recording in ("RE2", "RE3"):
        take_beside(house.corridor, ToldRecording("CA2", recording, "completed"), later(60))
    first, second = sorted(house.standby.places[0].glob("posts/*"))
    cut_in_half(first)
    house.mends()
    replay_posts(house.database, house.standby)
    assert jobs(house, JobKind.RECORDING_FETCH) == 2
    assert not second.exists()
    assert [damage.entries for damage in damages(house)] == [1]


def test_a_number_is_found_in_what_waits_also_where_the_journal_is_damaged(house: Outage) -> None:
    house.breaks()
    two_calls(house)
    garble(journal_of(house))
    found = {Path(each.file).parent.name for each in mentions_beside(house.standby.places, CALLER)}
    assert "CA1" in found


# --- at any byte ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prepared(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, list[str]]]:
    """A folder with an outage of two calls in it, and the files of its standby."""
    place = tmp_path_factory.mktemp("any-byte")
    (place / "vakt.db").write_bytes(migrated_sqlite_file.read_bytes())
    with (
        a_house(f"sqlite:///{place / 'vakt.db'}") as database,
        an_outage(database, place) as house,
    ):
        house.breaks()
        two_calls(house)
        [disk] = [each for each in house.standby.places if each.is_dir()]
        files = [str(journal_of(house).relative_to(disk))]
        files += [str(file.relative_to(disk)) for file in entries_of(house)]
    return place, files


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_cut_off_or_garbled_the_rest_comes_in_once_and_what_is_lost_is_counted(
    prepared: tuple[Path, list[str]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    template, files = prepared
    place = tmp_path_factory.mktemp("copy") / "house"
    shutil.copytree(template, place)
    spoilt = data.draw(st.sets(st.sampled_from(files), min_size=1))
    database_url = f"sqlite:///{place / 'vakt.db'}"
    with a_house(database_url) as database, an_outage(database, place) as house:
        [disk] = [each for each in house.standby.places if each.is_dir()]
        for name in sorted(spoilt):
            content = (disk / name).read_bytes()
            at = data.draw(st.integers(0, len(content) - 1))
            if data.draw(st.booleans()):
                changed = content[:at]
            else:
                noise = data.draw(st.binary(min_size=1, max_size=40))
                changed = content[:at] + noise + content[at + len(noise) :]
            (disk / name).write_bytes(changed)
        house.mends()
        house.mends()

        stored = 0
        for sid in ("CA1", "CA2"):
            turns = stored_turns(house, sid)
            assert len(turns) == len(set(turns))
            stored += len(turns)
        lost = sum(damage.entries for damage in damages(house))
        assert stored + lost == len(files) - 1
        if not any(name.startswith("journal") for name in spoilt):
            assert lost == 0
        assert lost <= len(spoilt)
        assert len([t.call_sid for t in house.tickets]) == len({t.call_sid for t in house.tickets})
        assert house.standby.waiting_calls() == ()


def stored_turns(house: Outage, sid: str) -> list[tuple[int, str]]:
    with house.database.read() as connection:
        rows = connection.execute(
            text("select leg, key from turns where call_sid = :sid"), {"sid": sid}
        )
        return [(row.leg, row.key) for row in rows]
