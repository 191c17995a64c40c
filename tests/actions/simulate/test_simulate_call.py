"""What-if on the live documents: the same decisions as a live call, and nothing is changed."""

import pytest
from sqlalchemy import func, select

from app.actions.roster.report_on_duty import report_on_duty
from app.actions.simulate.simulate_call import Simulation, SimulationRequest, simulate_call
from app.domain.calls.call import outcome_of
from app.domain.config.folder_reader import read_folder
from app.domain.simulate.what_if import Ringing
from app.store import Database
from app.store.tables import Base
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_1_HOME,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    STRANGER,
    sample_database,
)
from tests.support.shipped_desks import desk_of, folder_files, line_number, shipped
from tests.support.stored_call import DrivenCall

AT_NIGHT = "2026-11-21T23:10"


def what_if(database: Database, **changed: object) -> Simulation:
    asked = {"line": DUTY, "caller": CALLER, "at": AT_NIGHT, "keys": ("1",)} | changed
    return simulate_call(database, SimulationRequest(**asked), NIGHT)  # type: ignore[arg-type]


def rows(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


@ONE_DATABASE
def test_what_is_foreseen_is_what_then_happens_and_changes_nothing(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        before = rows(database)
        simulation = what_if(database)
        assert rows(database) == before
        call = DrivenCall(database)
        call.arrives()
        call.presses("1")
        assert [leg.callee for leg in call.stored.legs] == simulation.transcript.rings
        assert call.stored.priority == simulation.transcript.call.priority
        assert call.stored.customer == simulation.transcript.call.customer == "9001"


def test_unanswered_everybody_is_rung_in_order(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        transcript = what_if(database, ringing=Ringing.UNANSWERED).transcript
        assert [each.number for each in transcript.rings] == [
            DUTY_1,
            DUTY_1_HOME,
            DUTY_2,
            LAST_RESORT,
        ]
        assert outcome_of(transcript.call) == "ticket"


def test_a_customer_number_that_is_keyed_is_looked_up(migrated_sqlite_url: str) -> None:
    prokom = read_folder(folder_files("prokom"), "prokom")
    with sample_database(migrated_sqlite_url, prokom) as database:
        line = line_number(shipped("prokom"))
        found = what_if(database, line=line, caller=STRANGER, keys=("1001#", "2")).transcript
        assert (found.call.customer, found.call.agreement) == ("1001", "fast")
        unknown = what_if(database, line=line, caller=STRANGER, keys=("9876#", "#", "2")).transcript
        assert (unknown.call.customer, unknown.call.agreement) == (None, "enkel")


def test_a_line_may_be_named_by_the_number_that_people_know(migrated_sqlite_url: str) -> None:
    desk = read_folder(folder_files("kundeservice"), "kundeservice")
    with sample_database(migrated_sqlite_url, desk) as database:
        known = next(line for line in desk_of(shipped("kundeservice")).lines)
        assert known.public_number != known.number
        assert what_if(database, line=known.public_number).transcript.call.line == known.number


def test_a_moment_without_an_offset_is_the_desks_wall_time(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        wall = what_if(database, at=AT_NIGHT).transcript.call.started_at
        assert wall == what_if(database, at="2026-11-21T22:10Z").transcript.call.started_at


def test_who_may_not_see_the_desk_learns_nothing(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        hidden = simulate_call(
            database, SimulationRequest(DUTY, CALLER, AT_NIGHT, ("1",)), NIGHT, ("another",)
        )
        nobody = what_if(database, line="+4720009999")
        codes = [[r.code for r in each.transcript.reasons] for each in (hidden, nobody)]
        assert codes[0] == codes[1] == ["unknown_line"]


def test_a_moment_that_cannot_be_read_is_refused(migrated_sqlite_url: str) -> None:
    with (
        sample_database(migrated_sqlite_url) as database,
        pytest.raises(ValueError, match=r"moment\.no_moment"),
    ):
        what_if(database, at="soon")


def test_the_duty_is_told_by_the_live_documents(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        transcript = report_on_duty(database, DESK, AT_NIGHT, NIGHT)
        assert transcript
        assert [each.numbers[0] for each in transcript.duty.ringing] == [
            DUTY_1,
            DUTY_2,
            LAST_RESORT,
        ]
        assert report_on_duty(database, "another", None, NIGHT) is None
