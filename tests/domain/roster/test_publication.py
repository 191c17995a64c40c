"""What is published can be counted on; what is not is a plan, except to the telephone."""

from datetime import date, timedelta

from app.domain.access.actor import command_line
from app.domain.roster.duty_notices import (
    KnownShift,
    NoticeKind,
    duty_notices,
    next_shift,
    published_notice,
)
from app.domain.roster.entry_difference import consents_to, difference
from app.domain.roster.publication import (
    IS_NEWS,
    TOLD_AFTER,
    Publication,
    border_after,
    is_published,
    last_day,
    newly_published,
    span_published,
)
from tests.domain.roster.duty_rota import rota, takes, weekly
from tests.domain.roster.test_timeline import desk
from tests.domain.time.wall_clock import oslo

ANNE = command_line("anne", "Anne Vik")
NOW = oslo("2026-11-16 12:00")  # a week of duty2's
ALONE = rota(weekly())
CHRISTMAS = border_after(date(2026, 12, 24), "Europe/Oslo")
PUBLISHED = Publication(1, "vakt", CHRISTMAS, oslo("2026-12-01 00:00"), ANNE, NOW)


def test_a_day_is_published_whole_also_when_the_clock_is_changed_in_it() -> None:
    assert oslo("2026-12-25 00:00") == CHRISTMAS
    assert border_after(date(2026, 10, 25), "Europe/Oslo") - oslo("2026-10-25 00:00") == timedelta(
        hours=25
    )
    assert last_day(CHRISTMAS, "Europe/Oslo") == date(2026, 12, 24)
    assert is_published(CHRISTMAS - timedelta(seconds=1), CHRISTMAS)
    assert not is_published(CHRISTMAS, CHRISTMAS)
    assert is_published(CHRISTMAS, None), "all of it, where nobody publishes"


def test_only_what_begins_within_what_is_new_is_told() -> None:
    span = span_published(PUBLISHED.before, PUBLISHED.until, NOW)
    assert [each.person for each in newly_published(ALONE, span)] == ["duty1", "duty2", "duty3"]
    first = published_notice(ALONE, "duty2", PUBLISHED)
    assert first
    assert first.shift
    assert first.shift.from_ == oslo("2026-12-14 08:00")
    assert published_notice(ALONE, "duty4", PUBLISHED) is None
    first_ever = span_published(None, CHRISTMAS, NOW)
    assert newly_published(ALONE, first_ever) == (), "all of it had been published"
    assert newly_published(ALONE, span_published(CHRISTMAS, CHRISTMAS, NOW)) == ()


def test_it_is_news_after_ten_minutes_and_not_for_ever() -> None:
    minute = timedelta(minutes=1)
    assert not PUBLISHED.is_news(NOW + TOLD_AFTER - minute)
    assert PUBLISHED.is_news(NOW + TOLD_AFTER)
    assert not PUBLISHED.is_news(NOW + TOLD_AFTER + IS_NEWS)
    undone = Publication(1, "vakt", CHRISTMAS, None, ANNE, NOW, undone_at=NOW + minute)
    assert not undone.is_news(NOW + TOLD_AFTER)


def test_a_shift_that_is_not_published_is_nobodys_next_and_does_not_move() -> None:
    border = oslo("2026-12-10 00:00")
    theirs = next_shift(ALONE, "duty3", NOW)
    assert theirs
    assert theirs.from_ == oslo("2026-11-23 08:00")
    assert next_shift(ALONE, "duty2", NOW, border) is None
    known = KnownShift(theirs.role, oslo("2026-12-14 08:00"), oslo("2026-12-21 08:00"))
    assert duty_notices(ALONE, "duty2", known, NOW, border) == ()
    moved = duty_notices(ALONE, "duty4", known, NOW, None)
    assert [each.kind for each in moved] == [NoticeKind.MOVED]


def test_changes_beyond_the_border_need_nobodys_agreement() -> None:
    swap = takes("duty4", "2026-11-24 08:00", "2026-11-25 08:00")
    told = difference(ALONE, swap, (desk(),), NOW)
    assert [each.person for each in consents_to(told, swap, ("duty4",))] == ["duty3", "duty4"]
    assert [each.has_agreed for each in consents_to(told, swap, ("duty4",))] == [False, True]
    beyond = difference(ALONE, swap, (desk(),), NOW, oslo("2026-11-20 00:00"))
    assert consents_to(beyond, swap, ()) == ()
    within = difference(ALONE, swap, (desk(),), NOW, oslo("2026-11-25 00:00"))
    assert within.is_short_notice
