"""What has been is drawn as it was routed; nobody is told of a gap that is over."""

from dataclasses import replace
from datetime import timedelta

from app.domain.access.actor import command_line
from app.domain.roster.entries import RosterEntry, Withdrawal, with_dated
from app.domain.roster.on_duty import Roster
from app.domain.roster.timeline import PieceKind, Timeline, timeline
from app.domain.roster.timeline_history import past_plans, routed_timeline
from app.domain.roster.working_hours.plan_history import RosterHistory, Version
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import away, rota, takes, weekly
from tests.domain.roster.test_timeline import desk
from tests.domain.time.wall_clock import in_oslo, oslo

ANNE = command_line("anne", "Anne Vik")
SPAN = Interval(oslo("2026-11-09 00:00"), oslo("2026-12-07 00:00"))
NOW = oslo("2026-11-25 12:00")
OLD = rota(weekly())  # duty1, 2, 3, 4: from Monday the ninth duty1
NEW = rota(weekly(members=("duty4", "duty3", "duty2", "duty1")))
CHANGED = oslo("2026-11-18 12:00")
TWO = (Version(oslo("2026-01-01 00:00"), OLD), Version(CHANGED, NEW))


def drawn(history: RosterHistory, plan: Roster) -> Timeline:
    return routed_timeline(past_plans(history, SPAN, NOW), plan, (desk(),), SPAN, NOW)


def shifts(shown: Timeline) -> list[tuple[str, str | None]]:
    return [(in_oslo(each.when.from_), each.person) for each in shown.results[0].pieces]


def test_a_new_order_of_turns_leaves_the_past_as_it_was() -> None:
    shown = drawn(RosterHistory(TWO), NEW)
    assert shifts(shown) == [
        ("Mon 2026-11-09 00:00", "duty4"),
        ("Mon 2026-11-09 08:00", "duty1"),
        ("Mon 2026-11-16 08:00", "duty2"),
        ("Wed 2026-11-18 12:00", "duty3"),
        ("Mon 2026-11-23 08:00", "duty2"),
        ("Mon 2026-11-30 08:00", "duty1"),
    ]
    changed = shown.results[0].pieces[2:4]
    assert [in_oslo(each.whole.to) for each in changed] == [
        "Wed 2026-11-18 12:00",
        "Mon 2026-11-23 08:00",
    ]
    turns = [(in_oslo(bar.when.from_), bar.people) for bar in shown.causes[0].bars]
    assert ("Mon 2026-11-09 08:00", ("duty1",)) in turns


def test_where_nothing_was_changed_it_is_the_plan_itself() -> None:
    shown = drawn(RosterHistory((TWO[0],)), OLD)
    plain = timeline(OLD, (desk(),), SPAN)
    assert [each.when for each in shown.results[0].pieces] == [
        each.when for each in plain.results[0].pieces
    ]
    assert [each.whole for each in shown.results[0].pieces] == [
        each.whole for each in plain.results[0].pieces
    ]
    assert shown.desks == plain.desks
    assert shown.causes == plain.causes, "no turn is cut at this minute"


def test_an_override_that_was_withdrawn_stands_for_as_long_as_it_stood() -> None:
    stood = takes("duty3", "2026-11-10 08:00", "2026-11-12 08:00")
    gone = Withdrawal(ANNE, oslo("2026-11-11 08:00"))
    entry = RosterEntry(1, stood, ANNE, oslo("2026-11-09 12:00"), gone)
    told = shifts(drawn(RosterHistory((TWO[0],), (entry,)), OLD))
    assert told[1:4] == [
        ("Mon 2026-11-09 08:00", "duty1"),
        ("Tue 2026-11-10 08:00", "duty3"),
        ("Wed 2026-11-11 08:00", "duty1"),
    ]


def test_a_gap_that_is_over_is_silent_and_one_to_come_is_not() -> None:
    ill = (
        away("duty1", "2026-11-10 08:00", "2026-11-11 08:00"),
        away("duty4", "2026-12-01 08:00", "2026-12-02 08:00"),
    )
    entries = tuple(RosterEntry(n, each, ANNE, SPAN.from_) for n, each in enumerate(ill, 1))
    plan = with_dated(replace(OLD, layers=(weekly(),)), ill)
    shown = drawn(RosterHistory((Version(SPAN.from_ - timedelta(days=9), plan),), entries), plan)
    kinds = {each.kind for each in shown.results[0].pieces if each.when.to <= NOW}
    assert PieceKind.NOBODY in kinds
    assert PieceKind.GAP not in kinds
    assert PieceKind.GAP in {each.kind for each in shown.results[0].pieces}
    assert all(each.from_ >= NOW for each in shown.gaps)
    assert shown.gaps


def test_where_the_plan_is_that_of_today_nothing_is_put_together() -> None:
    assert past_plans(RosterHistory((TWO[0],)), SPAN, NOW) == ()
    assert len(past_plans(RosterHistory(TWO), SPAN, NOW)) == 2


def test_nothing_is_past_of_what_is_to_come() -> None:
    assert past_plans(RosterHistory(TWO), Interval(NOW, SPAN.to), NOW) == ()
