"""November at Brukarstøtte: a swap, days ill, a call-out at night; and the past that stays."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.actions.desks.import_desks import import_desks
from app.actions.privacy.purge import purge_batch
from app.actions.roster.confirm_call_outs import SaidCallOut, confirm_call_out
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry, withdraw_entry
from app.actions.roster.report_hours import (
    AskedPeriod,
    HoursOf,
    HoursRefusal,
    ReportedHours,
    report_hours,
)
from app.domain.access.actor import command_line
from app.domain.access.audit import AuditKind, Author
from app.domain.access.users import PersonLink
from app.domain.config.folder_reader import read_folder
from app.domain.hunts.events import LegChanged, LegPressed
from app.domain.message_refs import MessageError
from app.domain.reasons import FigureKind, RosterCode
from app.domain.roster.entries import EntryKind
from app.domain.roster.working_hours.period import WrongPeriod
from app.domain.roster.working_hours.report import PersonsHours
from app.domain.roster.working_hours.rest import RestKind
from app.domain.time.intervals import Interval
from app.domain.toml_positions import TomlValue
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.desks import Edit
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import blank_database
from tests.support.shipped_desks import folder_files, oslo
from tests.support.stored_call import DrivenCall
from tests.support.turns import take_leg_turn

DESK = "brukarstotte"
OF_THE_DESK = HoursOf(DESK)
LEADER = command_line("Teamleiar")
IMPORTED = oslo("2026-10-01 09:00")
NOW = oslo("2026-12-01 09:00")
# Four whole weeks, from a Monday to a Sunday. Vakt 1 has the last hours of October's week, and
# the weeks are those of Vakt 2, 3, 1 and 2, with the next one as backup. A week of duty is
# 168 hours less five days 08:00-15:30: 130.5. The last one is cut eight hours short.
PERIOD = AskedPeriod("2026-11-02", "2026-11-29")


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with blank_database(migrated_sqlite_url) as database:
        put_desks(
            database, [read_folder(folder_files(DESK), DESK)], Edit(LEADER, IMPORTED, "first")
        )
        yield database


def enter(database: Database, kind: EntryKind, at: datetime = IMPORTED, **values: TomlValue) -> int:
    given = {key.rstrip("_"): value for key, value in values.items()}
    done = add_entry(database, EntryRequest(DESK, kind, given, LEADER), at)
    assert isinstance(done, EntryResult), done
    assert done.entry
    return done.entry.id


def swap(database: Database, at: datetime = IMPORTED) -> int:
    """Vakt 2 takes a Saturday from Vakt 3."""
    return enter(
        database,
        EntryKind.OVERRIDE,
        at,
        person="vakt-2",
        instead_of="vakt-3",
        from_="2026-11-14T08:00",
        to="2026-11-15T08:00",
    )


def counted(
    database: Database, period: AskedPeriod = PERIOD, asked: HoursOf = OF_THE_DESK
) -> ReportedHours:
    found = report_hours(database, asked, period, NOW)
    assert isinstance(found, ReportedHours), found
    return found


def person(found: ReportedHours, name: str) -> PersonsHours:
    return next(each for each in found.report.people if each.name == name)


def hours(found: ReportedHours, name: str, kind: FigureKind = FigureKind.DUTY) -> float:
    amount = person(found, name).of(kind)
    assert isinstance(amount, timedelta)
    return amount / timedelta(hours=1)


def everybody(database: Database) -> dict[str, float]:
    found = counted(database)
    return {each.name: hours(found, each.name) for each in found.report.people}


def test_a_month_with_a_swap_an_absence_and_a_call_out(database: Database) -> None:
    assert everybody(database) == {"Vakt 1": 269, "Vakt 2": 391.5, "Vakt 3": 383.5}

    swap(database)  # 24 hours
    assert everybody(database) == {"Vakt 1": 269, "Vakt 2": 415.5, "Vakt 3": 359.5}

    # Ill from Wednesday noon to Friday noon: two nights of 16.5 hours, for which Vakt 3 is alone.
    enter(
        database,
        EntryKind.ABSENCE,
        person="vakt-2",
        from_="2026-11-25T12:00",
        to="2026-11-27T12:00",
        note="sjuk",
    )
    assert everybody(database) == {"Vakt 1": 269, "Vakt 2": 382.5, "Vakt 3": 359.5}

    a_call_at_night(database)
    found = counted(database)
    one = person(found, "Vakt 1")
    assert hours(found, "Vakt 1") == 269
    assert round(hours(found, "Vakt 1", FigureKind.CALL_OUT_TIME) * 60) == 30
    (out,) = one.call_outs
    assert out.interval.from_.astimezone(IMPORTED.tzinfo).strftime("%d %H:%M") == "21 00:10"
    assert out.about == "CA1"
    assert round(hours(found, "Vakt 1", FigureKind.CONVERTED), 2) == round(268.5 / 7, 2)

    # Friday's work began at 08:00; home at 16:00, and then eight hours until the telephone rang.
    (rest,) = found.report.rest
    assert (rest.person, rest.kind) == ("vakt-1", RestKind.DAILY)
    assert rest.within.from_ == oslo("2026-11-20 08:00")

    # Vakt 2 has Saturday as somebody else's, and the reason says whose it was.
    (taken,) = [
        each for each in person(found, "Vakt 2").duty if each.why.code is RosterCode.OVERRIDE
    ]
    assert taken.why.get("instead_of") == "Vakt 3"
    assert [each.of(FigureKind.WEEKEND_DAYS) for each in found.report.people] == [4, 7, 5]


def a_call_at_night(database: Database) -> None:
    """A customer says that it is critical; Vakt 1 takes it on the first telephone."""
    call = DrivenCall(
        database, line="+4720000210", caller="+4749002001", start=oslo("2026-11-21 00:10")
    )
    call.arrives()
    call.presses("1")
    call.somebody_accepts(1)
    call.steps = 30 * 60
    call.talk_ends()


def test_what_is_confirmed_counts_and_what_was_measured_stands_beside_it(
    database: Database,
) -> None:
    a_call_at_night(database)
    assert round(hours(counted(database), "Vakt 1", FigureKind.CALL_OUT_UNCONFIRMED) * 60) == 30
    by = Author(LEADER, oslo("2026-11-21 09:00"))
    whose = PersonLink("brukarstotte", "vakt-1")
    longer = Interval(oslo("2026-11-21 00:05"), oslo("2026-11-21 01:35"))
    for wrong in (
        SaidCallOut("CA1", longer),  # no reason
        SaidCallOut("CA2", longer, "Kjørte ut"),
        SaidCallOut("CA1", Interval(longer.from_, oslo("2026-11-21 10:00")), "Kjørte ut"),
    ):
        with pytest.raises(MessageError):
            confirm_call_out(database, whose, wrong, by)
    with pytest.raises(MessageError):
        confirm_call_out(
            database, replace(whose, person="vakt-2"), SaidCallOut("CA1", longer, "x"), by
        )
    for _ in range(2):
        confirm_call_out(database, whose, SaidCallOut("CA1", longer, " Kjørte  ut"), by)

    found = counted(database)
    (out,) = person(found, "Vakt 1").call_outs
    assert (out.interval, out.reason, out.is_confirmed) == (longer, "Kjørte ut", True)
    assert out.measured
    assert round((out.measured.to - out.measured.from_) / timedelta(minutes=1)) == 30
    assert hours(found, "Vakt 1", FigureKind.CALL_OUT_TIME) == 1.5
    assert hours(found, "Vakt 1", FigureKind.CALL_OUT_UNCONFIRMED) == 0
    with database.read() as connection:
        wanted = AuditFilter(kind=AuditKind.CALL_OUT_CONFIRMED, limit=9)
        (told,) = list_audit_events(connection, wanted)
    assert dict(told.event.after)["why"] == "Kjørte ut"
    later = oslo("2026-11-21 09:00") + timedelta(days=3 * 366)
    while purge_batch(database, later):
        pass
    assert person(counted(database), "Vakt 1").call_outs == ()


def test_what_a_new_document_says_leaves_the_past_as_it_was_routed(database: Database) -> None:
    """In the middle of November everybody changes places; the first two weeks stay."""
    before = counted(database, AskedPeriod("2026-11-02", "2026-11-15"))
    files = folder_files(DESK)
    roster = files["roster.toml"].decode()
    roster = roster.replace('["vakt-1", "vakt-2", "vakt-3"]', '["vakt-3", "vakt-1", "vakt-2"]')
    folder = read_folder({**files, "roster.toml": roster}, DESK)
    import_desks(database, [folder], Edit(LEADER, oslo("2026-11-16 08:00"), "new order"))

    after = counted(database, AskedPeriod("2026-11-02", "2026-11-15"))
    assert [each.figures for each in after.report.people] == [
        each.figures for each in before.report.people
    ]
    coming = counted(database, AskedPeriod("2026-11-16T08:00", "2026-11-23T08:00"))
    assert hours(coming, "Vakt 3") == 130.5  # primary now, and was nobody


def test_an_entry_that_was_withdrawn_afterwards_counts_for_as_long_as_it_stood(
    database: Database,
) -> None:
    """Whoever tidies up old lines takes nobody's hours away."""
    entry = swap(database)
    with_swap = everybody(database)
    withdraw_entry(database, DESK, entry, LEADER, oslo("2026-11-14 20:00"))
    half = everybody(database)
    assert half["Vakt 2"] == with_swap["Vakt 2"] - 12
    assert half["Vakt 3"] == with_swap["Vakt 3"] + 12


def test_an_entry_made_afterwards_is_a_correction_until_it_is_withdrawn(
    database: Database,
) -> None:
    plain = everybody(database)
    entry = swap(database, oslo("2026-11-30 10:00"))
    assert everybody(database)["Vakt 2"] == plain["Vakt 2"] + 24
    withdraw_entry(database, DESK, entry, LEADER, oslo("2026-11-30 11:00"))
    assert everybody(database) == plain


def test_whoever_takes_a_call_out_is_called_out_until_they_hang_up(database: Database) -> None:
    """A leg of its own: the network tells its end."""
    call = DrivenCall(
        database, line="+4720000210", caller="+4749002001", start=oslo("2026-11-21 00:10")
    )
    call.arrives()
    call.presses("1")
    call.hears_whisper(1)
    call.hangs_up()
    pressed = oslo("2026-11-21 00:11")
    take_leg_turn(database, "CA1", LegPressed(1, "1"), pressed, heard=1)
    ended = LegChanged(1, "completed", "CA1-leg1")
    take_leg_turn(database, "CA1", ended, oslo("2026-11-21 00:25"))

    (out,) = person(counted(database), "Vakt 1").call_outs
    assert out.interval.to == oslo("2026-11-21 00:25")


def test_desks_that_share_a_roster_are_counted_together_or_each_by_itself(
    database: Database,
) -> None:
    """The second desk is there until 20:00 on weekdays: its duty begins later."""
    files = folder_files(DESK)
    desk = files["desk.toml"].decode()
    for old, new in (
        ("+47200002", "+47200007"),
        ('["08:00-16:00"]', '["08:00-20:00"]'),
        ('["15:30-08:00 next day"]', '["20:00-08:00 next day"]'),
    ):
        desk = desk.replace(old, new)
    del files["roster.toml"]  # the one that is there already
    second = read_folder({**files, "desk.toml": desk}, "drift")
    import_desks(database, [second], Edit(LEADER, oslo("2026-11-09 00:00"), "a second desk"))
    week = AskedPeriod("2026-11-16", "2026-11-22")

    alone = counted(database, week, HoursOf("drift"))
    assert alone.desks == ("drift",)
    assert hours(alone, "Vakt 1") < hours(counted(database, week), "Vakt 1")
    together = counted(database, week, HoursOf("drift", whole_roster=True))
    assert together.desks == (DESK, "drift")
    assert hours(together, "Vakt 1") == hours(counted(database, week), "Vakt 1")
    earlier = AskedPeriod("2026-11-02", "2026-11-08")  # the second desk was not there yet
    assert hours(
        counted(database, earlier, HoursOf("drift", whole_roster=True)), "Vakt 2"
    ) == hours(counted(database, earlier), "Vakt 2")


def test_without_a_period_it_is_the_month_that_is_now(database: Database) -> None:
    found = counted(database, AskedPeriod())
    assert found.report.span.from_ == oslo("2026-12-01 00:00")
    assert found.report.span.to == oslo("2027-01-01 00:00")
    one_day = counted(database, AskedPeriod(to="2026-11-05"))
    assert (one_day.report.span.from_, one_day.report.span.to) == (
        oslo("2026-11-01 00:00"),
        oslo("2026-11-06 00:00"),
    )


@pytest.mark.parametrize(
    ("period", "field"),
    [
        (AskedPeriod("soon"), "from"),
        (AskedPeriod("2026-11-31"), "from"),
        (AskedPeriod("2026-03-29T02:30"), "from"),  # a time that was not there
        (AskedPeriod("2026-11-02", "2026-11-01"), "to"),
        (AskedPeriod("2026-01-01", "2027-12-31"), "to"),
        (AskedPeriod("1999-01-01", "1999-01-31"), "from"),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused_with_its_field(
    database: Database, period: AskedPeriod, field: str
) -> None:
    with pytest.raises(WrongPeriod) as refused:
        report_hours(database, HoursOf(DESK), period, NOW)
    assert refused.value.field == field


def test_what_there_is_not_is_told(database: Database) -> None:
    assert report_hours(database, HoursOf("nothing"), PERIOD, NOW) is HoursRefusal.UNKNOWN_DESK
