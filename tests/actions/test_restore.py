"""A backup brings everything back, on either database, and nothing is sent too late."""

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, func, insert, select

from app.actions.alarm import raise_alarm
from app.actions.audit import audit
from app.actions.keep import keep_some
from app.actions.restore import restore
from app.actions.tick import do_next_job
from app.domain.alarms import Alarm, AlarmKind
from app.domain.call import Recorded
from app.phone.sender import Sender
from app.standby.standby import open_standby
from app.store import Database, migrate
from app.store.alarms import open_alarms
from app.store.backup import Unusable, check_backup, write_backup
from app.store.desks import list_desks
from app.store.heartbeats import beat, last_beat
from app.store.pushes import Pushed, load_pushes, save_push
from app.store.recordings import save_recording
from app.store.tables import Base, CallRow, JobRow, TicketRow, TokenRow
from app.store.ticket_lists import list_tickets, ticket_events
from app.voice_prompts import texts
from tests.a_house import DESK, SUPPORT, a_house, an_empty_house, later, move_in
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.contacts import WITH_CONTACTS

MADE = later(7200)
BACK = MADE + timedelta(hours=5)
Maker = Callable[[str], str]


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        a_busy_night(database)
        yield database


@pytest.fixture
def elsewhere(empty_database: Maker, tmp_path: Path) -> Maker:
    """Makes an empty database beside the house's own."""

    def make(backend: str) -> str:
        if backend == "postgresql":
            return empty_database(backend)
        return f"sqlite:///{tmp_path}/elsewhere/vakt.db"

    return make


def a_busy_night(house: Database) -> None:
    """A call that was answered, one with a message, one that rings when the backup is made."""
    call = critical_at_night(house, "CA1")
    call.somebody_accepts(1)
    call.hangs_up()
    message = ACall(house, "CA2", SUPPORT, caller="+4749009002", start=later(600))
    message.arrives()
    message.presses("2")
    message.does(Recorded(12, "RE2"))
    message.hangs_up()
    house.write(lambda c: save_recording(c, "RE2", "CA2", bytes(range(256)), later(700)))
    critical_at_night(house, "CA3", start=MADE - timedelta(seconds=30))
    house.write(lambda c: beat(c, "worker:1", later(0), MADE))


def wrong(alarm: Alarm, connection: Connection) -> None:
    [live] = list_desks(connection)
    raise_alarm(connection, live.desk, alarm, MADE)


def everything(house: Database) -> dict[str, list[dict[str, object]]]:
    with house.read() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def backed_up(house: Database, tmp_path: Path) -> Path:
    file = tmp_path / "backups" / "vakt.zip"
    write_backup(house, file, MADE)
    return file


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_it_all_comes_back_on_either_database(
    house: Database, tmp_path: Path, elsewhere: Maker, to: str
) -> None:
    before = everything(house)
    file = backed_up(house, tmp_path)
    with an_empty_house(elsewhere(to)) as new:
        restore(new, file, BACK)
        after = everything(new)
    assert any(ticket.pop("next_round_at") for ticket in before["tickets"])
    assert not any(ticket.pop("next_round_at") for ticket in after["tickets"]), "hours have passed"
    settled = ("calls", "counters", "heartbeats", "legs", "outbox", "ticket_events", "turns")
    for table in before.keys() - set(settled):
        assert after[table] == before[table], table
    assert after["recordings"][0]["media"] == bytes(range(256))
    assert after["calls"][0] == before["calls"][0]
    assert len(after["outbox"]) >= len(before["outbox"]) > 3
    assert after["turns"][: len(before["turns"])] == before["turns"]


def test_calls_that_were_in_progress_are_over(
    house: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    file = backed_up(house, tmp_path)
    with an_empty_house(elsewhere(backend)) as new:
        assert restore(new, file, BACK).closed == 1
        with new.read() as connection:
            rows = connection.execute(select(CallRow.sid, CallRow.ended_at, CallRow.outcome))
            [row] = [row for row in rows if row.sid == "CA3"]
    assert (row.ended_at, row.outcome) == (BACK, "ticket")


def test_nothing_is_sent_that_has_lost_its_use_and_the_ticket_tells(
    house: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    file = backed_up(house, tmp_path)
    with an_empty_house(elsewhere(backend)) as new:
        done = restore(new, file, BACK)
        network = ANetwork(recordings={"RE2": b"RIFF"})
        while do_next_job(new, cast(Sender, network), texts(), BACK + timedelta(minutes=1)):
            pass
        with new.read() as connection:
            kinds = [event.kind for event in ticket_events(connection, 1001)]
    assert {str(each["does"]) for each in network.sent} <= {"fetch", "delete"}
    assert done.dropped >= 3
    assert done.waiting >= 1
    assert "notice_dropped" in kinds


def test_a_message_of_a_minute_ago_is_still_sent(
    house: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    critical_at_night(house, "CA4", start=MADE, caller="+4749009077").hangs_up()
    file = backed_up(house, tmp_path)
    network = ANetwork()
    soon = MADE + timedelta(minutes=2)
    with an_empty_house(elsewhere(backend)) as new:
        restore(new, file, soon)
        while do_next_job(new, cast(Sender, network), texts(), soon):
            pass
    assert "+4749009077" in {str(each["to"]) for each in network.did("sms")}


def test_nobody_is_told_that_the_trouble_of_another_night_is_over(
    migrated_sqlite_url: str, tmp_path: Path, elsewhere: Maker
) -> None:
    with a_house(migrated_sqlite_url, WITH_CONTACTS) as old:
        critical_at_night(old, "CA1").hangs_up()
        for alarm in (
            Alarm(AlarmKind.OUTBOX_LATE),
            Alarm(AlarmKind.TICKET_UNANSWERED, "1001", ticket=1001),
        ):
            old.write(partial(wrong, alarm))
        old.write(lambda c: save_push(c, Pushed(DESK, "mark", MADE, BACK)))
        file = backed_up(old, tmp_path)
    with an_empty_house(elsewhere("sqlite")) as new:
        restore(new, file, BACK)
        told = audit(new, open_standby(()), BACK)
        with new.read() as connection:
            still = [each.alarm.kind for each in open_alarms(connection)]
            pushed = load_pushes(connection)
    assert told.ended == ()
    assert still == [AlarmKind.TICKET_UNANSWERED], "whoever takes it is told of"
    assert pushed == {}, "nobody knows what was put at the network since"


def test_ticket_numbers_given_since_the_backup_do_not_come_twice(
    house: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    file = backed_up(house, tmp_path)
    for call in range(5):  # the old house goes on until it breaks
        by_day = ACall(house, f"CB{call}", caller=f"+474900908{call}", start=later(8000))
        by_day.arrives()
        by_day.presses("1")
    with house.read() as connection:
        given = {ticket.number for ticket in list_tickets(connection)}
    with an_empty_house(elsewhere(backend)) as new:
        done = restore(new, file, BACK)
        critical_at_night(new, "CC1", caller="+4749009091", start=BACK)
        with new.read() as connection:
            fresh = connection.execute(
                select(TicketRow.number).where(TicketRow.call_sid == "CC1")
            ).scalar_one()
    assert len(given) == 8
    assert fresh not in given
    assert fresh == done.next_ticket > max(given)


def test_a_number_that_somebody_knows_of_is_passed_over(
    house: Database, tmp_path: Path, elsewhere: Maker
) -> None:
    file = backed_up(house, tmp_path)
    with an_empty_house(elsewhere("sqlite")) as new:
        assert restore(new, file, BACK, after=50_000).next_ticket > 50_000


def test_the_restored_house_goes_on(
    house: Database, tmp_path: Path, backend: str, elsewhere: Maker
) -> None:
    file = backed_up(house, tmp_path)
    with an_empty_house(elsewhere(backend)) as new:
        restore(new, file, BACK)
        move_in(new)  # its documents are as they were
        assert critical_at_night(new, "CC2", start=BACK).stored.ticket
        row = {"name": "x", "secret_hash": b"x" * 32, "desks": "[]", "may_write": False}
        new.write(lambda c: c.execute(insert(TokenRow), row | {"created_at": BACK}))
        assert keep_some(new, BACK) == 0
        with new.read() as connection:
            assert last_beat(connection) is None


def test_it_goes_into_an_empty_database_only(house: Database, tmp_path: Path) -> None:
    file = backed_up(house, tmp_path)
    before = everything(house)
    with pytest.raises(Unusable, match="not empty"):
        restore(house, file, BACK)
    assert everything(house) == before


def test_a_fresh_database_with_tables_and_no_rows_is_empty(
    house: Database, tmp_path: Path, backend: str, migrated_database: Maker
) -> None:
    file = backed_up(house, tmp_path)
    with an_empty_house(migrated_database(backend)) as new:
        assert restore(new, file, BACK).closed == 1


def test_a_backup_is_of_one_moment_for_its_owner_only_and_never_overwritten(
    house: Database, tmp_path: Path
) -> None:
    file = backed_up(house, tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == ["vakt.zip"]
    with pytest.raises(Unusable, match="there already"):
        write_backup(house, file, MADE)
    cover = check_backup(file)
    assert cover.made_at == MADE
    with house.read() as connection:
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, data: data.replace(b"CA1", b"CA7"), "not what the cover says"),
        (lambda name, data: data[:-20] if "turns" in name else data, "not what the cover says"),
        (lambda name, data: b"{}" if "back" in name else data, "no backup of ours"),
        (_later_schema, "later release"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_changed(
    migrated_sqlite_url: str,
    tmp_path: Path,
    elsewhere: Maker,
    change: Callable[[str, bytes], bytes],
    said: str,
) -> None:
    with a_house(migrated_sqlite_url) as house:
        a_busy_night(house)
        file = _rewritten(backed_up(house, tmp_path), change)
    with an_empty_house(elsewhere("sqlite")) as new:
        with pytest.raises(Unusable, match=said):
            restore(new, file, BACK)
        with new.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT * FROM sqlite_master").all() == []


def test_a_backup_of_an_older_release_is_brought_up_to_date(
    tmp_path: Path, empty_database: Maker, elsewhere: Maker, backend: str
) -> None:
    old = empty_database(backend)
    migrate(old, "0001")
    at: datetime = MADE
    with an_empty_house(old) as house:
        house.write(
            lambda c: c.exec_driver_sql(
                "INSERT INTO calls (sid, line, caller, started_at, place, turn, state,"
                " offset_seconds, created_at) VALUES ('CA1', '+4720000901', '+4749009001',"
                " '2026-11-21 22:10:00+00:00', 'goodbye', 1, '{}', 0, '2026-11-21 22:10:00+00:00')"
                if backend == "postgresql"
                else "INSERT INTO calls (sid, line, caller, started_at, ended_at, place, turn,"
                " state, offset_seconds, created_at) VALUES ('CA1', '+4720000901', '+4749009001',"
                " '2026-11-21 22:10:00', NULL, 'goodbye', 1, '{}', 0, '2026-11-21 22:10:00')"
            )
        )
        house.write(lambda c: c.exec_driver_sql("UPDATE calls SET ended_at = created_at"))
        file = tmp_path / "old.zip"
        assert write_backup(house, file, at).schema == "0001"
    with an_empty_house(elsewhere(backend)) as new:
        restore(new, file, BACK)
        with new.read() as connection:
            assert connection.execute(select(CallRow.kept)).scalar_one() == "everything"


def test_a_database_without_our_tables_has_no_backup(
    tmp_path: Path, elsewhere: Maker, backend: str
) -> None:
    said = pytest.raises(Unusable, match="none of our tables")
    with an_empty_house(elsewhere(backend)) as house, said:
        write_backup(house, tmp_path / "x.zip", MADE)
    assert not (tmp_path / "x.zip").exists()
    assert not (tmp_path / "x.zip.unfinished").exists()
