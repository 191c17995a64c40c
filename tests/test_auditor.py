"""The sign of life comes each minute while all is well, and stops when something is wrong."""

from collections.abc import Iterator

import pytest

from app.auditor import Auditor
from app.phone.heartbeat import Heartbeat
from app.standby.standby import open_standby
from app.store import Database, open_database
from tests.a_house import NIGHT, a_house, later
from tests.a_watcher import a_watcher
from tests.actions.a_call import critical_at_night


@pytest.fixture
def house(migrated_sqlite_url: str) -> Iterator[Database]:
    with a_house(migrated_sqlite_url) as database:
        yield database


def test_a_sign_of_life_comes_each_minute_while_all_is_well(house: Database) -> None:
    with a_watcher() as (address, asked):
        auditor = Auditor(house, open_standby(()), Heartbeat(address))
        for seconds in range(0, 121, 15):
            auditor.look(later(seconds))
    assert len(asked) == 3


def test_it_stops_while_a_critical_ticket_waits_for_somebody(house: Database) -> None:
    critical_at_night(house).hangs_up()
    with a_watcher() as (address, asked):
        auditor = Auditor(house, open_standby(()), Heartbeat(address))
        auditor.look(later(240))
        assert len(asked) == 1
        auditor.look(later(960))
        assert len(asked) == 1


def test_it_stops_while_the_database_is_away() -> None:
    away = open_database("postgresql+psycopg://postgres@127.0.0.1:1/vakt")
    with a_watcher() as (address, asked):
        Auditor(away, open_standby(()), Heartbeat(address)).look(NIGHT)
    away.close()
    assert asked == []
