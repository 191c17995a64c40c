"""A backup brings everything back, on either database, and nothing is sent too late."""

import json
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, func, insert, select, update

from app.actions.access.passwords import make_password_link
from app.actions.access.sessions import begin_session
from app.actions.backup.restore import restore
from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.health.alarm import raise_alarm
from app.actions.health.audit import audit
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.purge import purge_batch
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.domain.access.actor import command_line
from app.domain.access.web_session import Client, LoginKind
from app.domain.calls.call import Recorded
from app.domain.health.alarms import Alarm, AlarmKind
from app.domain.roster.entries import EntryKind
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.alarms import open_alarms
from app.store.backup import UnusableBackup, check_backup, write_backup
from app.store.desks import list_desks
from app.store.heartbeats import last_heartbeat, record_heartbeat
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes, save_lifeline_push
from app.store.recordings import save_recording
from app.store.tables import Base, CallRow, DeskVersionRow, JobRow, TicketRow, TokenRow
from app.store.ticket_lists import list_tickets, ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left
from tests.support.contacts import WITH_CONTACTS
from tests.support.fake_gateway import FakeGateway
from tests.support.kept_rows import made_once
from tests.support.sample_desk import (
    DESK,
    SUPPORT,
    blank_database,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.users import a_user, author

MADE = later(7200)
BACK = MADE + timedelta(hours=5)
Maker = Callable[[str], str]
Contents = dict[str, list[dict[str, object]]]  # the rows of each table
KEPT: dict[str, tuple[bytes, Contents]] = {}  # the backup of a busy night on each database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        made_once(database, a_busy_night)
        yield database


@pytest.fixture
def only_sqlite(migrated_sqlite_url: str) -> Iterator[Database]:
    """The same, for what does not turn on the database."""
    with blank_database(migrated_sqlite_url) as database:
        made_once(database, a_busy_night)
        yield database


@pytest.fixture
def backup(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Path:
    """The backup of a busy night, which is written once for all tests on a kind of database."""
    if backend not in KEPT:
        database = request.getfixturevalue("database")
        KEPT[backend] = (backed_up(database, tmp_path).read_bytes(), everything(database))
    file = tmp_path / "kept.zip"
    file.write_bytes(KEPT[backend][0])
    return file


@pytest.fixture
def elsewhere(empty_database: Maker, tmp_path: Path) -> Maker:
    """Makes an empty database beside the system's own."""

    def make(backend: str) -> str:
        if backend == "postgresql":
            return empty_database(backend)
        return f"sqlite:///{tmp_path}/elsewhere/vakt.db"

    return make


def a_busy_night(database: Database) -> None:
    """A call that was answered, one with a message, one that rings when the backup is made."""
    import_sample_desks(database)
    call = critical_at_night(database, "CA1")
    call.somebody_accepts(1)
    call.hangs_up()
    message = DrivenCall(database, "CA2", SUPPORT, caller="+4749009002", start=later(600))
    message.arrives()
    message.presses("2")
    message.does(Recorded(12, "RE2"))
    message.hangs_up()
    database.write(lambda c: save_recording(c, "RE2", "CA2", bytes(range(256)), later(700)))
    critical_at_night(database, "CA3", start=MADE - timedelta(seconds=30))
    values = {"person": "duty-2", "from": "2027-07-05T08:00", "to": "2027-07-12T08:00"}
    kari = command_line("kari")
    absence = EntryRequest(DESK, EntryKind.ABSENCE, {**values, "note": "Ferie"}, kari)
    assert isinstance(add_entry(database, absence, MADE), EntryResult)
    database.write(lambda c: record_heartbeat(c, "worker:1", later(0), MADE))
    kari = a_user(database)
    log_in = partial(begin_session, user=kari, kind=LoginKind.LINK, client=Client(), now=MADE)
    database.write(log_in)
    make_password_link(database, kari, author(MADE))


def wrong(alarm: Alarm, connection: Connection) -> None:
    [live] = list_desks(connection)
    raise_alarm(connection, live.desk, alarm, MADE)


def everything(database: Database) -> Contents:
    with database.read() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def backed_up(database: Database, tmp_path: Path) -> Path:
    file = tmp_path / "backups" / "vakt.zip"
    write_backup(database, file, MADE)
    return file


def planned(database: Database) -> set[str | None]:
    """The calls about whose tickets the duty is to be called again."""
    with database.read() as connection:
        found = list_tickets(connection)
    return {ticket.call_sid for ticket in found if ticket.next_call_out_at is not None}


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_it_all_comes_back_on_either_database(
    backup: Path, backend: str, elsewhere: Maker, to: str
) -> None:
    before = deepcopy(KEPT[backend][1])
    with blank_database(elsewhere(to)) as new:
        restore(new, backup, BACK)
        after = everything(new)
    assert any(ticket.pop("next_call_out_at") for ticket in before["tickets"])
    assert not any(ticket.pop("next_call_out_at") for ticket in after["tickets"]), (
        "hours have passed"
    )
    settled = ("calls", "counters", "heartbeats", "legs", "outbox", "ticket_events", "turns")
    for table in ("web_sessions", "login_tokens"):
        assert (len(before.pop(table)), after.pop(table)) == (1, []), "everybody logs in again"
    for table in before.keys() - set(settled):
        assert after[table] == before[table], table
    assert [entry["reason"] for entry in after["roster_entries"]] == ["Ferie"]
    assert [user["email"] for user in after["users"]] == ["kari@kommune.example"]
    assert after["recordings"][0]["media"] == bytes(range(256))
    assert after["calls"][0] == before["calls"][0]
    assert len(after["outbox"]) >= len(before["outbox"]) > 3
    assert after["turns"][: len(before["turns"])] == before["turns"]


@ONE_DATABASE
def test_calls_that_were_in_progress_are_over(backup: Path, backend: str, elsewhere: Maker) -> None:
    with blank_database(elsewhere(backend)) as new:
        assert restore(new, backup, BACK).closed == 1
        with new.read() as connection:
            rows = connection.execute(select(CallRow.sid, CallRow.ended_at, CallRow.outcome))
            [row] = [row for row in rows if row.sid == "CA3"]
    assert (row.ended_at, row.outcome) == (BACK, "ticket")


@ONE_DATABASE
def test_nothing_is_sent_that_has_lost_its_use_and_the_ticket_tells(
    backup: Path, backend: str, elsewhere: Maker
) -> None:
    with blank_database(elsewhere(backend)) as new:
        done = restore(new, backup, BACK)
        network = FakeGateway(recordings={"RE2": b"RIFF"})
        while do_next_job(new, cast(Sender, network), texts(), BACK + timedelta(minutes=1)):
            pass
        with new.read() as connection:
            kinds = [event.kind for event in ticket_events(connection, 1001)]
    assert {str(each["does"]) for each in network.sent} <= {"fetch", "delete"}
    assert done.dropped >= 3
    assert done.waiting >= 1
    assert "notification_dropped" in kinds


def test_a_message_of_a_minute_ago_is_still_sent(
    only_sqlite: Database, tmp_path: Path, elsewhere: Maker
) -> None:
    critical_at_night(only_sqlite, "CA4", start=MADE, caller="+4749009077").hangs_up()
    file = backed_up(only_sqlite, tmp_path)
    network = FakeGateway()
    soon = MADE + timedelta(minutes=2)
    with blank_database(elsewhere("sqlite")) as new:
        restore(new, file, soon)
        while do_next_job(new, cast(Sender, network), texts(), soon):
            pass
    assert "+4749009077" in {str(each["to"]) for each in network.did("sms")}


def test_nobody_is_told_that_the_trouble_of_another_night_is_over(
    migrated_sqlite_url: str, tmp_path: Path, elsewhere: Maker
) -> None:
    with sample_database(migrated_sqlite_url, WITH_CONTACTS) as old:
        critical_at_night(old, "CA1").hangs_up()
        for alarm in (
            Alarm(AlarmKind.OUTBOX_LATE),
            Alarm(AlarmKind.TICKET_UNACKNOWLEDGED, "1001", ticket=1001),
        ):
            old.write(partial(wrong, alarm))
        old.write(lambda c: save_lifeline_push(c, LifelinePush(DESK, "mark", MADE, BACK)))
        file = backed_up(old, tmp_path)
    with blank_database(elsewhere("sqlite")) as new:
        restore(new, file, BACK)
        told = audit(new, open_offline_store(()), BACK)
        with new.read() as connection:
            still = [each.alarm.kind for each in open_alarms(connection)]
            pushed = load_lifeline_pushes(connection)
    assert told.ended == ()
    assert still == [AlarmKind.TICKET_UNACKNOWLEDGED], "whoever takes it is told of"
    assert pushed == {}, "nobody knows what was put at the network since"


def test_the_duty_is_called_about_a_ticket_of_a_minute_ago_and_about_no_older_one(
    only_sqlite: Database, tmp_path: Path, elsewhere: Maker
) -> None:
    a_message_is_left(only_sqlite, "CA4", start=MADE - timedelta(minutes=1), caller="+4749009077")
    a_message_is_left(only_sqlite, "CA5", start=MADE - timedelta(minutes=11), caller="+4749009078")
    assert planned(only_sqlite) == {"CA3", "CA4", "CA5"}
    file = backed_up(only_sqlite, tmp_path)
    with blank_database(elsewhere("sqlite")) as new:
        restore(new, file, MADE + timedelta(minutes=5))
        assert planned(new) == {"CA3", "CA4"}
        assert begin_due_call_outs(new, MADE + timedelta(minutes=6)) == 1


def test_an_old_ticket_is_called_about_no_more_although_its_desk_cannot_be_read(
    only_sqlite: Database, tmp_path: Path, elsewhere: Maker
) -> None:
    a_message_is_left(only_sqlite, "CA4", start=MADE - timedelta(minutes=1), caller="+4749009077")
    a_message_is_left(only_sqlite, "CA5", start=MADE - timedelta(minutes=11), caller="+4749009078")
    unreadable = update(DeskVersionRow).values(text="name = ", sha="other")
    only_sqlite.write(lambda connection: connection.execute(unreadable))
    file = backed_up(only_sqlite, tmp_path)
    with blank_database(elsewhere("sqlite")) as new:
        restore(new, file, MADE + timedelta(minutes=5))
        assert planned(new) == {"CA3", "CA4"}


@ONE_DATABASE
def test_ticket_numbers_given_since_the_backup_do_not_come_twice(
    database: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    file = backed_up(database, tmp_path)
    for call in range(5):  # the old installation goes on until it breaks
        by_day = DrivenCall(database, f"CB{call}", caller=f"+474900908{call}", start=later(8000))
        by_day.arrives()
        by_day.presses("1")
    with database.read() as connection:
        given = {ticket.number for ticket in list_tickets(connection)}
    with blank_database(elsewhere(backend)) as new:
        done = restore(new, file, BACK)
        critical_at_night(new, "CC1", caller="+4749009091", start=BACK)
        with new.read() as connection:
            fresh = connection.execute(
                select(TicketRow.number).where(TicketRow.call_sid == "CC1")
            ).scalar_one()
    assert len(given) == 8
    assert fresh not in given
    assert fresh == done.next_ticket_number > max(given)


@ONE_DATABASE
def test_a_number_that_somebody_knows_of_is_passed_over(backup: Path, elsewhere: Maker) -> None:
    with blank_database(elsewhere("sqlite")) as new:
        assert restore(new, backup, BACK, after=50_000).next_ticket_number > 50_000


def test_the_restored_installation_goes_on(backup: Path, backend: str, elsewhere: Maker) -> None:
    with blank_database(elsewhere(backend)) as new:
        restore(new, backup, BACK)
        import_sample_desks(new)  # its documents are as they were
        assert critical_at_night(new, "CC2", start=BACK).stored.ticket
        row = {"name": "x", "secret_hash": b"x" * 32, "desks": "[]", "may_write": False}
        new.write(lambda c: c.execute(insert(TokenRow), row | {"created_at": BACK}))
        assert purge_batch(new, BACK) == 0
        with new.read() as connection:
            assert last_heartbeat(connection) is None


def test_it_goes_into_an_empty_database_only(database: Database, tmp_path: Path) -> None:
    file = backed_up(database, tmp_path)
    before = everything(database)
    with pytest.raises(UnusableBackup, match=r"store\.not_empty"):
        restore(database, file, BACK)
    assert everything(database) == before


def test_a_fresh_database_with_tables_and_no_rows_is_empty(
    backup: Path, backend: str, migrated_database: Maker
) -> None:
    with blank_database(migrated_database(backend)) as new:
        assert restore(new, backup, BACK).closed == 1


def test_a_backup_is_of_one_moment_for_its_owner_only_and_never_overwritten(
    database: Database, tmp_path: Path
) -> None:
    file = backed_up(database, tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == ["vakt.zip"]
    with pytest.raises(UnusableBackup, match=r"store\.backup_exists"):
        write_backup(database, file, MADE)
    cover = check_backup(file)
    assert cover.made_at == MADE
    with database.read() as connection:
        jobs = connection.execute(select(func.count()).select_from(JobRow)).scalar_one()
    assert cover.tables["outbox"].rows == jobs


def _rewritten(file: Path, change: Callable[[str, bytes], bytes]) -> Path:
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return other


def _later_schema(name: str, data: bytes) -> bytes:
    return json.dumps(json.loads(data) | {"schema": "9999"}).encode() if "back" in name else data


@ONE_DATABASE
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, data: data.replace(b"CA1", b"CA7"), "store.backup_table_changed"),
        (lambda name, data: data[:-20] if "turns" in name else data, "store.backup_table_changed"),
        (lambda name, data: b"{}" if "back" in name else data, "store.backup_damaged"),
        (_later_schema, "store.backup_of_later_release"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_changed(
    backup: Path,
    elsewhere: Maker,
    change: Callable[[str, bytes], bytes],
    said: str,
) -> None:
    file = _rewritten(backup, change)
    with blank_database(elsewhere("sqlite")) as new:
        with pytest.raises(UnusableBackup, match=said):
            restore(new, file, BACK)
        with new.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT * FROM sqlite_master").all() == []


def test_a_database_without_our_tables_has_no_backup(
    tmp_path: Path, elsewhere: Maker, backend: str
) -> None:
    said = pytest.raises(UnusableBackup, match=r"store\.no_tables")
    with blank_database(elsewhere(backend)) as database, said:
        write_backup(database, tmp_path / "x.zip", MADE)
    assert not (tmp_path / "x.zip").exists()
    assert not (tmp_path / "x.zip.unfinished").exists()
