"""Which calls people are asked to confirm: their own, from duty hours, that are over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.actions.desks.import_desks import import_desks
from app.actions.roster.confirm_call_outs import (
    OwnCallOut,
    SaidCallOut,
    confirm_call_out,
    own_call_outs,
)
from app.actions.roster.report_hours import (
    AskedPeriod,
    HoursOf,
    ReportedHours,
    report_hours,
)
from app.actions.roster.shown_rosters import show_roster
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.domain.calls.call import LONGEST_CALL
from app.domain.message_refs import MessageError
from app.domain.reasons import FigureKind
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.confirmed_call_outs import save_confirmed_call_out
from app.store.desks import Edit
from app.store.plan_history import call_outs_between
from app.store.tables import LegRow
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, DESK_TOML, NIGHT, ROSTER_TOML, folder
from tests.support.stored_call import DrivenCall, critical_at_night

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DUTY_1 = PersonLink(DESK, "duty-1")
MORNING = NIGHT + 10 * HOUR
BY = Author(command_line("Duty 1"), MORNING)


def listed(
    database: Database, roster: str = DESK, after: timedelta = 10 * HOUR
) -> tuple[OwnCallOut, ...]:
    shown = show_roster(database, roster)
    assert shown
    return own_call_outs(database, shown.roster, "duty-1", NIGHT + after)


def called_out(database: Database, kind: FigureKind = FigureKind.CALL_OUT_TIME) -> timedelta:
    period = AskedPeriod("2026-11-16", "2026-11-22")
    found = report_hours(database, HoursOf(DESK), period, MORNING)
    assert isinstance(found, ReportedHours)
    (amount,) = (each.of(kind) for each in found.report.people if each.person == "duty-1")
    assert isinstance(amount, timedelta)
    return amount


def a_call(database: Database, minutes: int = 10) -> DrivenCall:
    call = critical_at_night(database)
    call.somebody_accepts(1)
    call.steps = minutes * 60
    call.talk_ends()
    return call


@ONE_DATABASE
def test_a_call_is_confirmed_when_it_is_over_and_not_before(database: Database) -> None:
    call = critical_at_night(database)
    call.somebody_accepts(1)
    assert listed(database, after=3 * MINUTE) == ()
    with database.read() as connection:
        (so_far,) = call_outs_between(connection, [DESK], Interval(NIGHT, MORNING))
    assert not so_far.is_over
    during = Author(BY.actor, NIGHT + 3 * MINUTE)
    with pytest.raises(MessageError) as refused:
        confirm_call_out(database, DUTY_1, SaidCallOut("CA1", so_far.interval), during)
    assert refused.value.message.key == "call_out_refused.unknown"

    call.steps = 40 * 60
    call.talk_ends()
    (one,) = listed(database)
    confirm_call_out(database, DUTY_1, SaidCallOut("CA1", one.measured.interval), BY)
    assert called_out(database) == one.measured.interval.length > 39 * MINUTE
    assert called_out(database, FigureKind.CALL_OUT_UNCONFIRMED) == timedelta()


def test_a_call_whose_end_was_never_told_is_listed_when_it_must_be_over(
    database: Database,
) -> None:
    critical_at_night(database).somebody_accepts(1)
    assert listed(database, after=LONGEST_CALL) == ()
    assert len(listed(database, after=LONGEST_CALL + HOUR)) == 1


def test_a_call_in_office_hours_is_neither_listed_nor_counted(database: Database) -> None:
    """Somebody on the roster answers at ten on a Friday, as they do at work."""
    a_call(database, minutes=30)
    ten = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    at_ten = update(LegRow).values(placed_at=ten, changed_at=ten, ended_at=ten + 30 * MINUTE)
    database.write(lambda connection: connection.execute(at_ten))
    assert called_out(database) == timedelta()
    assert listed(database) == ()
    said = SaidCallOut("CA1", Interval(ten, ten + 30 * MINUTE))
    with pytest.raises(MessageError):
        confirm_call_out(database, DUTY_1, said, BY)
    # What was confirmed of it before, under whichever rule, is no call-out either.
    was = Interval(ten, ten + 30 * MINUTE)
    before = CallOutTime("duty-1", was, "CA1", True, was, desk=DESK)
    database.write(lambda connection: save_confirmed_call_out(connection, DESK, before, BY))
    assert called_out(database) == timedelta()


@ONE_DATABASE
def test_whoever_has_the_same_id_on_the_desks_new_roster_sees_nobody_elses_calls(
    database: Database,
) -> None:
    a_call(database)
    assert len(listed(database)) == 1
    moved = folder(
        desk=DESK_TOML.replace(f'roster = "{DESK}"', 'roster = "felles"'),
        roster=ROSTER_TOML.replace("+474900", "+474902")
        .replace(f'id = "{DESK}"', 'id = "felles"', 1)
        .replace("Duty ", "Annan "),
    )
    import_desks(database, [moved], Edit(BY.actor, MORNING))
    assert listed(database, "felles") == ()
    whose = PersonLink("felles", "duty-1")
    said = SaidCallOut("CA1", Interval(NIGHT, NIGHT + 5 * MINUTE))
    with pytest.raises(MessageError):
        confirm_call_out(database, whose, said, BY)
