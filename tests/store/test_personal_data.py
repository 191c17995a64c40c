"""No table with anything about people is forgotten."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.actions.messages.take_sms import take_sms
from app.domain.calls.call import Recorded
from app.store import Database
from app.store.personal_data import COLUMNS, DataCategory
from app.store.sms import ReceivedSms
from app.store.tables import Base
from tests.support.sample_desk import CALLER, NIGHT, SUPPORT, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        yield database


def test_every_column_of_every_table_says_what_it_holds_about_people() -> None:
    tables = {
        name: {column.name for column in table.columns}
        for name, table in Base.metadata.tables.items()
    }
    listed = {name: set(columns) for name, columns in COLUMNS.items()}
    assert listed == tables, (
        "say what the new column holds about people: app/store/personal_data.py"
    )


def test_no_column_that_is_about_nobody_holds_a_callers_number(database: Database) -> None:
    _a_night(database)
    number, found = CALLER.removeprefix("+47"), set()
    with database.read() as connection:
        for name, table in Base.metadata.tables.items():
            for row in connection.execute(select(table)).mappings():
                found |= {(name, key) for key, value in row.items() if number in str(value)}
    about_nobody = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column, holds in columns.items()
        if holds in (DataCategory.NOTHING, DataCategory.NAME)
    }
    assert len(found) > 8
    assert found & about_nobody == set()


def _a_night(database: Database) -> None:
    """A call that is answered, one that leaves a message, and an SMS."""
    critical_at_night(database, "CA1").somebody_accepts(1)
    DrivenCall(database, "CA1", steps=50).hangs_up()
    by_night = DrivenCall(database, "CA2", SUPPORT, start=later(600, NIGHT))
    by_night.arrives()
    by_night.presses("2")
    by_night.does(Recorded(12, "RE2"))
    take_sms(database, ReceivedSms("SM1", SUPPORT, CALLER, f"Ring {CALLER}"), later(900))
