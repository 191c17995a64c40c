"""Which calls people are asked to confirm: their own, from duty hours, that are over."""

from datetime import timedelta

import pytest

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
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.plan_history import call_outs_between
from tests.support.sample_desk import DESK, NIGHT
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
