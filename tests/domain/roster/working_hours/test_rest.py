"""Rest of 11 hours a day and 35 a week, where call-outs have broken it."""

from datetime import timedelta
from itertools import chain

from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.report import report
from app.domain.roster.working_hours.rest import BrokenRest, RestKind
from tests.domain.roster.duty_rota import away, rota, weekly
from tests.domain.roster.working_hours.counted_rota import called_out, sources, span
from tests.domain.time.wall_clock import in_oslo

JANUARY = span("2026-01-01 00:00", "2026-02-01 00:00")


def broken(*call_outs: CallOutTime, **changed: object) -> tuple[BrokenRest, ...]:
    return report(sources(rota(weekly(), **changed), call_outs=call_outs), JANUARY).rest


def test_home_duty_alone_breaks_no_rest() -> None:
    assert broken() == ()


def test_a_call_out_in_the_evening_leaves_rest_enough() -> None:
    """From 20:00 until work at 08:00 there are 12 hours."""
    assert broken(called_out("duty1", "2026-01-06 18:00", "2026-01-06 20:00")) == ()


def test_a_call_out_in_the_night_breaks_the_days_rest() -> None:
    """Home at 16:00, called out from 23:00 to 00:30, and to work at 08:00."""
    (rest,) = broken(called_out("duty1", "2026-01-06 23:00", "2026-01-07 00:30"))
    assert rest.kind is RestKind.DAILY
    assert in_oslo(rest.within.from_) == "Tue 2026-01-06 08:00"
    assert in_oslo(rest.within.to) == "Wed 2026-01-07 08:00"
    assert rest.longest == timedelta(hours=7, minutes=30)
    assert [in_oslo(each.interval.from_) for each in rest.call_outs] == ["Tue 2026-01-06 23:00"]
    assert rest.why.get("least") == 11


def test_every_day_with_a_broken_rest_is_told() -> None:
    nights = [
        called_out("duty1", f"2026-01-0{day} 02:00", f"2026-01-0{day} 03:00") for day in (6, 7, 8)
    ]
    days = [in_oslo(each.within.from_)[:3] for each in broken(*nights)]
    assert days == ["Mon", "Tue", "Wed"]


def test_somebody_on_leave_has_no_work_in_the_morning() -> None:
    """The call-out was theirs all the same; but from 00:30 on they are free."""
    out = called_out("duty1", "2026-01-06 23:00", "2026-01-07 00:30")
    assert broken(out, absences=(away("duty1", "2026-01-06 00:00", "2026-01-08 00:00"),)) == ()


def test_a_weekend_with_a_call_out_in_the_middle_of_each_day_has_no_35_hours() -> None:
    """Free from Friday 16:00: 20 hours, then 24, then 19 to Monday's work."""
    outs = [
        called_out("duty1", "2026-01-10 12:00", "2026-01-10 13:00"),
        called_out("duty1", "2026-01-11 12:00", "2026-01-11 13:00"),
    ]
    (rest,) = broken(*outs)
    assert rest.kind is RestKind.WEEKLY
    assert in_oslo(rest.within.from_) == "Mon 2026-01-05 00:00"
    assert rest.longest == timedelta(hours=23)
    assert len(rest.call_outs) == 2


def test_a_rest_that_goes_on_into_monday_belongs_to_the_week_in_which_it_begins() -> None:
    """From Saturday 15:00 to Monday 08:00 there are 41 hours."""
    assert broken(called_out("duty1", "2026-01-10 14:00", "2026-01-10 15:00")) == ()


def test_a_month_tells_what_the_next_one_does_not_tell_again() -> None:
    """The day begins on Friday, in January; the call-out is in February, as the day's rest is."""
    out = called_out("duty1", "2026-01-31 02:00", "2026-01-31 03:00")
    later = called_out("duty1", "2026-02-01 11:00", "2026-02-01 12:00")
    counts = sources(rota(weekly()), call_outs=[out, later])
    months = [JANUARY, span("2026-02-01 00:00", "2026-03-01 00:00")]
    told = list(chain.from_iterable(report(counts, month).rest for month in months))
    assert [each.kind for each in told] == [RestKind.DAILY, RestKind.WEEKLY]
    assert len({each.within for each in told}) == len(told)
