"""The sign of life comes each minute while all is well, and stops when something is wrong."""

from collections.abc import Iterator

import pytest

from app.gateways.heartbeat import Heartbeat
from app.offline.offline_store import open_offline_store
from app.store import Database, open_database
from app.worker.auditor import Auditor
from tests.support.heartbeat_receiver import heartbeat_receiver
from tests.support.sample_desk import NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        yield database


def test_a_sign_of_life_comes_each_minute_while_all_is_well(database: Database) -> None:
    with heartbeat_receiver() as (address, asked):
        auditor = Auditor(database, open_offline_store(()), Heartbeat(address))
        for seconds in range(0, 121, 15):
            auditor.look(later(seconds))
    assert len(asked) == 3


def test_it_stops_while_a_critical_ticket_waits_for_somebody(database: Database) -> None:
    critical_at_night(database).hangs_up()
    with heartbeat_receiver() as (address, asked):
        auditor = Auditor(database, open_offline_store(()), Heartbeat(address))
        auditor.look(later(240))
        assert len(asked) == 1
        auditor.look(later(960))
        assert len(asked) == 1


def test_it_stops_while_the_database_is_away() -> None:
    away = open_database("postgresql+psycopg://postgres@127.0.0.1:1/vakt")
    with heartbeat_receiver() as (address, asked):
        Auditor(away, open_offline_store(()), Heartbeat(address)).look(NIGHT)
    away.close()
    assert asked == []
