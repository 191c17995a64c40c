"""No table with anything about people is forgotten."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.actions.take_sms import take_sms
from app.domain.call import Recorded
from app.store import Database
from app.store.personal import COLUMNS, Holds
from app.store.sms import ReceivedSms
from app.store.tables import Base
from tests.a_house import CALLER, NIGHT, SUPPORT, a_house, later
from tests.actions.a_call import ACall, critical_at_night


@pytest.fixture
def house(migrated_sqlite_url: str) -> Iterator[Database]:
    with a_house(migrated_sqlite_url) as database:
        yield database


def test_every_column_of_every_table_says_what_it_holds_about_people() -> None:
    tables = {
        name: {column.name for column in table.columns}
        for name, table in Base.metadata.tables.items()
    }
    listed = {name: set(columns) for name, columns in COLUMNS.items()}
    assert listed == tables, "say what the new column holds about people: app/store/personal.py"


def test_no_column_that_is_about_nobody_holds_a_callers_number(house: Database) -> None:
    _a_night(house)
    number, found = CALLER.removeprefix("+47"), set()
    with house.read() as connection:
        for name, table in Base.metadata.tables.items():
            for row in connection.execute(select(table)).mappings():
                found |= {(name, key) for key, value in row.items() if number in str(value)}
    about_nobody = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column, holds in columns.items()
        if holds in (Holds.NOTHING, Holds.NAME)
    }
    assert len(found) > 8
    assert found & about_nobody == set()


def _a_night(house: Database) -> None:
    """A call that is answered, one that leaves a message, and an SMS."""
    critical_at_night(house, "CA1").somebody_accepts(1)
    ACall(house, "CA1", steps=50).hangs_up()
    by_night = ACall(house, "CA2", SUPPORT, start=later(600, NIGHT))
    by_night.arrives()
    by_night.presses("2")
    by_night.does(Recorded(12, "RE2"))
    take_sms(house, ReceivedSms("SM1", SUPPORT, CALLER, f"Ring {CALLER}"), later(900))
