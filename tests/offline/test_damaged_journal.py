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

from app.actions.calls.recover_voicemails import VoicemailRecovery
from app.actions.health.audit import audit
from app.actions.messages.callbacks import RecordingCallback, import_callbacks, take_callback
from app.domain.calls.call import CallOutcome, Recorded
from app.domain.health.alarms import AlarmKind
from app.domain.health.provider_records import ProviderCall, ProviderRecording
from app.offline.damage import Damage
from app.store import Database
from app.store.local_files import mentions_in_files
from app.store.tables import JobKind
from tests.offline.outage import Outage, an_outage
from tests.support.contacts import WITH_CONTACTS
from tests.support.sample_desk import (
    CALLER,
    CUSTOMERS_CSV,
    DUTY,
    folder,
    import_sample_desks,
    later,
    press,
    sample_database,
)

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def outage(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Outage]:
    """What becomes of a journal does not turn on the database that it comes into."""
    with sample_database(migrated_sqlite_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


@pytest.fixture
def on_either(migrated_url: str, tmp_path: Path) -> Iterator[Outage]:
    with sample_database(migrated_url) as database, an_outage(database, tmp_path) as outage:
        yield outage


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the offline files of two calls are kept, once a test has made them."""
    return tmp_path_factory.mktemp("kept") / "offline"


@pytest.fixture
def two_calls_wait(outage: Outage, kept: Path) -> None:
    """The database has gone, and two calls have been since: their files are the same each time."""
    outage.breaks()
    [disk] = [each for each in outage.offline.storage_dirs if each.is_dir()]
    if kept.is_dir():
        shutil.rmtree(disk)
        shutil.copytree(kept, disk)
    else:
        two_calls(outage)
        shutil.copytree(disk, kept)


def two_calls(outage: Outage) -> None:
    """One that the duty takes, and one that leaves a message; both are over."""
    taken = outage.call("CA1")
    taken.arrives()
    taken.presses("1")
    taken.somebody_accepts(1)
    taken.talk_ends()
    taken.hangs_up()
    spoken = outage.call("CA2", caller="")
    spoken.arrives()
    spoken.presses("1")
    for _ in range(4):
        spoken.nobody_answers()
    spoken.does(Recorded(7, "RE2"))
    spoken.hangs_up()


def journal_of(outage: Outage) -> Path:
    [file] = outage.offline.storage_dirs[0].glob("journal-*.db")
    return file


def entries_of(outage: Outage, sid: str = "*") -> list[Path]:
    return sorted(outage.offline.storage_dirs[0].glob(f"calls/{sid}/*"))


def damages(outage: Outage) -> tuple[Damage, ...]:
    return outage.offline.damages(LONG_AGO)


def cut_in_half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def garble(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(os.urandom(200) + content[200:])


def assert_all_is_there(outage: Outage) -> None:
    assert {ticket.call_sid: ticket.acknowledged_by for ticket in outage.tickets} == {
        "CA1": "Duty 1",
        "CA2": None,
    }
    assert outage.stored("CA1").line.outcome is CallOutcome.CONNECTED
    assert outage.stored("CA2").line.outcome is CallOutcome.MESSAGE
    assert len(outage.stored("CA1").notifications) == 3
    assert jobs(outage, JobKind.RECORDING_FETCH) == 1


def jobs(outage: Outage, kind: JobKind) -> int:
    with outage.database.read() as connection:
        rows = connection.execute(text("select kind from outbox")).scalars()
        return [*rows].count(kind)


@pytest.mark.parametrize("spoil", [cut_in_half, garble, lambda file: file.write_bytes(b"")])
def test_a_journal_of_which_half_is_lost_loses_no_call(
    on_either: Outage, spoil: Callable[[Path], object]
) -> None:
    outage = on_either
    outage.breaks()
    two_calls(outage)
    spoil(journal_of(outage))

    assert outage.mends() == 2
    assert_all_is_there(outage)
    assert outage.mends() == 0
    assert sum(damage.entries for damage in damages(outage)) == 0
    assert outage.offline.waiting_calls() == ()
    assert not outage.offline.is_unreadable()


def test_a_call_that_is_going_on_when_its_journal_is_garbled_goes_on(outage: Outage) -> None:
    outage.breaks()
    caller = outage.call()
    caller.arrives()
    rings = caller.presses("1")
    garble(journal_of(outage))

    again = caller.does(press("1"), turn=1)
    assert again.instruction == rings.instruction, "what was answered is answered again"
    caller.somebody_accepts(1)
    caller.talk_ends()
    caller.hangs_up()
    assert outage.mends() == 1
    [ticket] = outage.tickets
    assert ticket.acknowledged_by == "Duty 1"
    assert outage.stored().line.outcome is CallOutcome.CONNECTED
    [damage] = damages(outage)
    assert damage.entries == 0


@pytest.mark.usefixtures("two_calls_wait")
def test_it_is_set_aside_once_and_the_log_does_not_repeat_itself(outage: Outage) -> None:
    cut_in_half(journal_of(outage))
    with capture_logs() as told:
        outage.mends()
        for _ in range(120):
            outage.offline.waiting_calls()
            outage.mends()
    assert [line["event"] for line in told].count("journal_unreadable") == 1
    assert [line["event"] for line in told].count("journal_damaged") == 1
    [aside] = outage.offline.storage_dirs[0].glob("damaged/*.db")
    assert aside.stat().st_size


@pytest.mark.usefixtures("two_calls_wait")
def test_an_entry_that_is_damaged_is_read_from_the_journal(outage: Outage) -> None:
    for file in entries_of(outage):
        cut_in_half(file)
    assert outage.mends() == 2
    assert_all_is_there(outage)
    assert damages(outage) == ()


@pytest.mark.usefixtures("two_calls_wait")
def test_what_stands_whole_nowhere_is_counted_with_its_call_and_when_it_was(
    outage: Outage,
) -> None:
    written_at = datetime(2026, 11, 21, 22, 11, tzinfo=UTC)
    for file in entries_of(outage, "CA2"):
        file.write_bytes(file.read_bytes()[:-3])
        os.utime(file, (written_at.timestamp(),) * 2)
    lost = len(entries_of(outage, "CA2"))
    cut_in_half(journal_of(outage))

    assert outage.mends() == 1
    assert [ticket.call_sid for ticket in outage.tickets] == ["CA1"]
    [damage] = [each for each in damages(outage) if each.entries]
    assert (damage.entries, damage.calls) == (lost, ("CA2",))
    assert abs(damage.since - written_at) < timedelta(seconds=1)
    assert outage.mends() == 0
    assert not outage.offline.is_waiting("CA2")
    assert sum(each.entries for each in damages(outage)) == lost, "set aside once"


@pytest.mark.parametrize("missing", range(3))
@pytest.mark.usefixtures("two_calls_wait")
def test_a_call_of_which_a_turn_is_lost_still_makes_its_ticket(
    outage: Outage, missing: int
) -> None:
    entries_of(outage, "CA1")[missing].write_bytes(b"")
    entries_of(outage, "CA2")[-2].write_bytes(b"")  # what was spoken
    cut_in_half(journal_of(outage))

    assert outage.mends() == 2
    assert {ticket.call_sid: ticket.acknowledged_by for ticket in outage.tickets} == {
        "CA1": "Duty 1",
        "CA2": None,
    }
    assert jobs(outage, JobKind.RECORDING_FETCH) == 1, "the message is fetched all the same"
    assert sum(each.entries for each in damages(outage)) == 2


def test_the_message_of_a_call_that_is_lost_is_found_at_the_network(outage: Outage) -> None:
    outage.breaks()
    before = outage.database
    outage.is_away = False
    outage.call("CA0").arrives()  # the desk is in use
    outage.breaks()
    two_calls(outage)
    for file in entries_of(outage, "CA2"):
        file.write_bytes(b"")
    cut_in_half(journal_of(outage))
    outage.mends()

    class Network:
        def messages(self, since: datetime) -> tuple[ProviderRecording, ...]:
            return (ProviderRecording("RE2", "CA2", 7, later(60)),)

        def call(self, sid: str) -> ProviderCall | None:
            return ProviderCall(DUTY, "+4749009099", later(50))

    now = later(1200)
    waiting = frozenset(outage.offline.waiting_calls())
    assert VoicemailRecovery(before, Network()).recover(now, waiting) == 1
    assert {ticket.call_sid for ticket in outage.tickets} == {"CA1", "CA2"}


def test_the_contacts_are_alarmed_once_with_time_and_number(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with (
        sample_database(migrated_sqlite_url, WITH_CONTACTS) as database,
        an_outage(database, tmp_path) as outage,
    ):
        outage.breaks()
        two_calls(outage)
        for file in entries_of(outage, "CA2"):
            file.write_bytes(b"")
        lost = len(entries_of(outage, "CA2"))
        cut_in_half(journal_of(outage))
        outage.mends()

        now = datetime.now(UTC)
        told = audited(outage, database, now)
        [alarm] = [each for each in told if each.kind is AlarmKind.JOURNAL_DAMAGED]
        values = dict(alarm.values)
        assert values["count"] == lost
        assert isinstance(values["since"], datetime)
        assert AlarmKind.JOURNAL_DAMAGED not in kinds(audited(outage, database, later(15, now)))
        assert AlarmKind.JOURNAL_DAMAGED not in kinds(audited(outage, database, later(4000, now)))


def audited(outage: Outage, database: Database, now: datetime):  # type: ignore[no-untyped-def]
    return audit(database, outage.offline, now).raised


def kinds(alarms) -> list[AlarmKind]:  # type: ignore[no-untyped-def]
    return [alarm.kind for alarm in alarms]


@pytest.mark.usefixtures("two_calls_wait")
def test_a_garbled_copy_of_the_facts_hides_no_journal_and_the_one_before_is_believed(
    outage: Outage,
) -> None:
    [facts] = outage.offline.storage_dirs[0].glob("facts-*.db")
    garble(facts)
    assert outage.offline.facts_written_at() is None
    assert outage.offline.waiting_calls() == ("CA1", "CA2")
    outage.mends()
    assert_all_is_there(outage)


def test_of_two_copies_of_the_facts_the_whole_one_is_believed(outage: Outage) -> None:
    [old] = outage.offline.storage_dirs[0].glob("facts-*.db")
    import_sample_desks(
        outage.database, folder(customers=CUSTOMERS_CSV + "9003,Ny,standard,+4749009077,,\n")
    )
    outage.offline.write_facts(outage.database)
    [new] = set(outage.offline.storage_dirs[0].glob("facts-*.db")) - {old}
    os.utime(old, (1, 1))
    garble(new)
    outage.breaks()
    two_calls(outage)
    outage.mends()
    assert_all_is_there(outage)


def test_facts_that_rot_while_they_are_in_use_are_passed_over(outage: Outage) -> None:
    [facts] = outage.offline.storage_dirs[0].glob("facts-*.db")
    changed_at = facts.stat().st_mtime_ns
    outage.breaks()
    outage.call("CA9").arrives()
    memory = outage.offline.storage_dirs[1]
    memory.mkdir(mode=0o700)
    shutil.copy(facts, memory / facts.name)
    os.utime(memory / facts.name, (1, 1))
    garble(facts)
    os.utime(facts, ns=(changed_at, changed_at))
    two_calls(outage)
    outage.mends()
    assert {ticket.call_sid for ticket in outage.tickets} == {"CA1", "CA2"}


@pytest.mark.usefixtures("two_calls_wait")
def test_a_post_that_is_damaged_takes_no_other_with_it(outage: Outage) -> None:
    for recording in ("RE2", "RE3"):
        take_callback(
            outage.turn_service, RecordingCallback("CA2", recording, "completed"), later(60)
        )
    first, second = sorted(outage.offline.storage_dirs[0].glob("callbacks/*"))
    cut_in_half(first)
    outage.mends()
    import_callbacks(outage.database, outage.offline)
    assert jobs(outage, JobKind.RECORDING_FETCH) == 2
    assert not second.exists()
    assert [damage.entries for damage in damages(outage)] == [1]


@pytest.mark.usefixtures("two_calls_wait")
def test_a_number_is_found_in_what_waits_also_where_the_journal_is_damaged(outage: Outage) -> None:
    garble(journal_of(outage))
    found = {
        Path(each.file).parent.name
        for each in mentions_in_files(outage.offline.storage_dirs, CALLER)
    }
    assert "CA1" in found


# --- at any byte ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prepared(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, list[str]]]:
    """A folder with an outage of two calls in it, and its offline files."""
    place = tmp_path_factory.mktemp("any-byte")
    (place / "vakt.db").write_bytes(migrated_sqlite_file.read_bytes())
    with (
        sample_database(f"sqlite:///{place / 'vakt.db'}") as database,
        an_outage(database, place) as outage,
    ):
        outage.breaks()
        two_calls(outage)
        [disk] = [each for each in outage.offline.storage_dirs if each.is_dir()]
        files = [str(journal_of(outage).relative_to(disk))]
        files += [str(file.relative_to(disk)) for file in entries_of(outage)]
    return place, files


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_cut_off_or_garbled_the_rest_comes_in_once_and_what_is_lost_is_counted(
    prepared: tuple[Path, list[str]], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    template, files = prepared
    place = tmp_path_factory.mktemp("copy") / "house"
    shutil.copytree(template, place)
    spoilt = data.draw(st.sets(st.sampled_from(files), min_size=1))
    database_url = f"sqlite:///{place / 'vakt.db'}"
    with sample_database(database_url) as database, an_outage(database, place) as outage:
        [disk] = [each for each in outage.offline.storage_dirs if each.is_dir()]
        for name in sorted(spoilt):
            content = (disk / name).read_bytes()
            at = data.draw(st.integers(0, len(content) - 1))
            if data.draw(st.booleans()):
                changed = content[:at]
            else:
                noise = data.draw(st.binary(min_size=1, max_size=40))
                changed = content[:at] + noise + content[at + len(noise) :]
            (disk / name).write_bytes(changed)
        outage.mends()
        outage.mends()

        stored = 0
        for sid in ("CA1", "CA2"):
            turns = stored_turns(outage, sid)
            assert len(turns) == len(set(turns))
            stored += len(turns)
        lost = sum(damage.entries for damage in damages(outage))
        assert stored + lost == len(files) - 1
        if not any(name.startswith("journal") for name in spoilt):
            assert lost == 0
        assert lost <= len(spoilt)
        assert len([t.call_sid for t in outage.tickets]) == len(
            {t.call_sid for t in outage.tickets}
        )
        assert outage.offline.waiting_calls() == ()


def stored_turns(outage: Outage, sid: str) -> list[tuple[int, str]]:
    with outage.database.read() as connection:
        rows = connection.execute(
            text("select leg, key from turns where call_sid = :sid"), {"sid": sid}
        )
        return [(row.leg, row.key) for row in rows]
