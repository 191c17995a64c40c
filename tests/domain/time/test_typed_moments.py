"""What a coordinator types into a time field on Thursday 3 December 2026 at 14:20 in Oslo."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reasons import TypedMomentCode
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.typed_echo import moment_echo, occurrence_question
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    TypedMoment,
    WhichOccurrence,
    read_typed_moment,
)
from app.domain.time.typed_words import MONTHS, RELATIVE_DAYS, WEEKDAYS, all_words, fold
from app.voice_prompts import texts
from tests.domain.time.wall_clock import OSLO, in_oslo, oslo

NOW = oslo("2026-12-03 14:20")


def typed(text: str, **field: object) -> TypedMoment:
    return read_typed_moment(text, TimeField(**{"now": NOW, "time_zone": "Europe/Oslo"} | field))  # type: ignore[arg-type]


def read(text: str, **field: object) -> str:
    """The moment as it stands on the wall."""
    told = typed(text, **field)
    assert isinstance(told, MomentRead), told
    return in_oslo(told.at)


def refused(text: str, **field: object) -> TypedMomentCode:
    told = typed(text, **field)
    assert isinstance(told, MomentRefused), told
    assert isinstance(told.reason.code, TypedMomentCode)
    for language in LANGUAGES:
        assert texts().write(told.reason.ref, language)
    return told.reason.code


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("15.30", "Thu 2026-12-03 15:30"),
        ("15:30", "Thu 2026-12-03 15:30"),
        ("1530", "Thu 2026-12-03 15:30"),
        ("kl 15:30", "Thu 2026-12-03 15:30"),
        ("Kl. 15.30", "Thu 2026-12-03 15:30"),
        ("kl. 8", "Thu 2026-12-03 08:00"),
        ("klokka 8", "Thu 2026-12-03 08:00"),
        ("8", "Thu 2026-12-03 08:00"),
        ("08", "Thu 2026-12-03 08:00"),
        ("0", "Thu 2026-12-03 00:00"),
        ("24.00", "Fri 2026-12-04 00:00"),
        ("kl 24", "Fri 2026-12-04 00:00"),
        ("i morgen 8", "Fri 2026-12-04 08:00"),
        ("I morgen  8", "Fri 2026-12-04 08:00"),
        ("i morgon kl 8", "Fri 2026-12-04 08:00"),
        ("imorgen 8", "Fri 2026-12-04 08:00"),
        ("kl 8 i morgen", "Fri 2026-12-04 08:00"),
        ("i overmorgen 0800", "Sat 2026-12-05 08:00"),
        ("overmorgon 0800", "Sat 2026-12-05 08:00"),
        ("i dag 16", "Thu 2026-12-03 16:00"),
        ("i går 22.15", "Wed 2026-12-02 22:15"),
        ("fredag 15.30", "Fri 2026-12-04 15:30"),
        ("15.30 fredag", "Fri 2026-12-04 15:30"),
        ("laurdag 9", "Sat 2026-12-05 09:00"),
        ("lordag 9", "Sat 2026-12-05 09:00"),
        ("tysdag 9", "Tue 2026-12-08 09:00"),
        ("torsdag 15.30", "Thu 2026-12-03 15:30"),
        ("torsdag 14.20", "Thu 2026-12-03 14:20"),
        ("torsdag 8", "Thu 2026-12-10 08:00"),  # that of today is over
        ("24.12 kl 8", "Thu 2026-12-24 08:00"),
        ("24.12. 8", "Thu 2026-12-24 08:00"),
        ("24. 12. 8.30", "Thu 2026-12-24 08:30"),
        ("kl 8 24.12", "Thu 2026-12-24 08:00"),
        ("24.12.2026 15.30", "Thu 2026-12-24 15:30"),
        ("24.12.26 15.30", "Thu 2026-12-24 15:30"),
        ("8.12 9.12", "Tue 2026-12-08 09:12"),
        ("24. desember 8", "Thu 2026-12-24 08:00"),
        ("24 des 8", "Thu 2026-12-24 08:00"),
        ("torsdag den 24. desember, kl. 8", "Thu 2026-12-24 08:00"),
        ("24. desember 2027 kl. 8", "Fri 2027-12-24 08:00"),
        ("2.1 8", "Sat 2027-01-02 08:00"),  # the next one
        ("3.12 8", "Thu 2026-12-03 08:00"),
        ("29.2 kl 8", "Tue 2028-02-29 08:00"),
        ("2026-12-24 15:30", "Thu 2026-12-24 15:30"),
        ("2026-12-24T15:30", "Thu 2026-12-24 15:30"),
        ("2026-12-24 kl 8", "Thu 2026-12-24 08:00"),
        ("2026-12-24 14:30Z", "Thu 2026-12-24 15:30"),
        ("tomorrow 8", "Fri 2026-12-04 08:00"),
        ("8:00 tomorrow", "Fri 2026-12-04 08:00"),
        ("the day after tomorrow 8", "Sat 2026-12-05 08:00"),
        ("friday 15:30", "Fri 2026-12-04 15:30"),
        ("Tue at 9", "Tue 2026-12-08 09:00"),
        ("24 December 15:30", "Thu 2026-12-24 15:30"),
        ("on 24th of December at 15:30", "Thu 2026-12-24 15:30"),
        ("nå", "Thu 2026-12-03 14:20"),
    ],
)
def test_a_time_is_read_as_people_write_it_in_any_language(text: str, wall: str) -> None:
    assert read(text) == wall


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", TypedMomentCode.NOTHING_TYPED),
        ("  ", TypedMomentCode.NOTHING_TYPED),
        ("snart", TypedMomentCode.NOT_READ),
        ("neste fredag 8", TypedMomentCode.NOT_READ),  # this week's or next week's?
        ("24/12 8", TypedMomentCode.NOT_READ),  # or 12 / 24
        ("8 8", TypedMomentCode.NOT_READ),
        ("130", TypedMomentCode.NOT_READ),  # 1:30 or 13:0?
        ("8" * 200, TypedMomentCode.NOT_READ),
        ("i morgen", TypedMomentCode.NO_CLOCK),
        ("fredag", TypedMomentCode.NO_CLOCK),
        ("24.12.", TypedMomentCode.NO_CLOCK),
        ("24. desember", TypedMomentCode.NO_CLOCK),
        ("2026-12-24", TypedMomentCode.NO_CLOCK),
        ("25.00", TypedMomentCode.NO_SUCH_CLOCK),
        ("12.75", TypedMomentCode.NO_SUCH_CLOCK),
        ("fredag 24", TypedMomentCode.NO_SUCH_CLOCK),  # midnight, or the 24th?
        ("31.2 8", TypedMomentCode.NO_SUCH_DATE),
        ("12.24.2026 8", TypedMomentCode.NO_SUCH_DATE),
        ("29.2.2027 8", TypedMomentCode.NO_SUCH_DATE),
        ("2026-13-24 15:30", TypedMomentCode.NO_SUCH_DATE),
        ("24. desember 2026", TypedMomentCode.YEAR_OR_CLOCK),
        ("24.12. 2026", TypedMomentCode.YEAR_OR_CLOCK),
        ("24.12.1926 8", TypedMomentCode.YEAR_TOO_FAR),
        ("torsdag 4. desember 8", TypedMomentCode.OTHER_WEEKDAY),
        ("i morgen torsdag 8", TypedMomentCode.OTHER_WEEKDAY),
        ("i morgen 5.12 8", TypedMomentCode.OTHER_DAY),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused_with_what_to_type(
    text: str, why: TypedMomentCode
) -> None:
    assert refused(text) is why


def test_a_time_without_a_day_is_on_the_day_that_the_page_shows() -> None:
    christmas = {"day": date(2026, 12, 24)}
    assert read("15.30", **christmas) == "Thu 2026-12-24 15:30"
    assert read("fredag 8", **christmas) == "Fri 2026-12-25 08:00"
    assert read("torsdag 8", **christmas) == "Thu 2026-12-24 08:00"
    assert read("i morgen 8", **christmas) == "Fri 2026-12-04 08:00"  # from today, as the word says


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2026-12-04 15:30", "8", "Sat 2026-12-05 08:00"),
        ("2026-12-04 15:30", "16", "Fri 2026-12-04 16:00"),
        ("2026-12-04 15:30", "15.30", "Sat 2026-12-05 15:30"),
        ("2026-12-04 15:30", "mandag 8", "Mon 2026-12-07 08:00"),
        ("2026-12-04 15:30", "fredag 15.30", "Fri 2026-12-11 15:30"),
        ("2026-12-04 15:30", "fredag 16", "Fri 2026-12-04 16:00"),
        ("2026-12-31 15:30", "2.1 8", "Sat 2027-01-02 08:00"),
    ],
)
def test_an_end_is_the_first_such_time_after_the_start(start: str, text: str, end: str) -> None:
    assert read(text, start=oslo(start)) == end


@pytest.mark.parametrize("text", ["4.12 8", "i dag 8", "2026-12-04 15:30", "nå"])
def test_an_end_before_its_start_is_refused(text: str) -> None:
    assert refused(text, start=oslo("2026-12-04 15:30")) is TypedMomentCode.NOT_AFTER_START


def test_on_the_night_the_clock_goes_back_the_page_asks_which_of_two_is_meant() -> None:
    asked = typed("31.10.2027 02.30")
    assert asked == WhichOccurrence(oslo("2027-10-31 02:30"), oslo("2027-10-31 02:30", fold=1))
    assert texts().write(occurrence_question(asked, "Europe/Oslo"), "nn") == (
        "Klokka blir stilt tilbake, og 02.30 kjem to gonger 31. okt. 2027. Kva for ein meiner du?"
    )
    first, second = (typed("31.10.2027 02.30", answer=answer) for answer in ("first", "second"))
    assert (first, second) == (MomentRead(asked.first), MomentRead(asked.second))
    assert second.at - first.at == timedelta(hours=1)
    assert typed("31.10.2027 02.30", answer="both") == asked
    assert typed("31.10.2027 02.30 (andre gang)") == second
    assert typed("2027-10-31 02:30") == asked


def test_an_answer_that_nobody_asked_for_changes_nothing() -> None:
    assert read("15.30", answer="second") == "Thu 2026-12-03 15:30"


def test_an_end_that_night_is_asked_for_only_where_both_come_after_the_start() -> None:
    evening = oslo("2027-10-30 20:00")
    between = oslo("2027-10-31 02:40")
    assert isinstance(typed("02:30", start=evening), WhichOccurrence)
    assert typed("02:30", start=between) == MomentRead(oslo("2027-10-31 02:30", fold=1))
    assert typed("02:30", start=oslo("2027-10-31 02:40", fold=1)) == MomentRead(
        oslo("2027-11-01 02:30")
    )


def test_a_time_that_the_clock_skips_is_refused_with_the_two_nearest() -> None:
    told = typed("28.3.2027 02.30")
    assert isinstance(told, MomentRefused)
    assert told.reason.code is TypedMomentCode.SKIPPED_BY_CLOCK
    assert texts().write(told.reason.ref, "nb") == (
        "Klokken 02.30 finnes ikke 28. mars 2027: da stilles klokken frem. "
        "Skriv 01.59 eller før, eller 03.00 eller senere."
    )
    assert read("28.3.2027 03.00") == "Sun 2027-03-28 03:00"
    assert refused("02.30", start=oslo("2027-03-27 20:00")) is TypedMomentCode.SKIPPED_BY_CLOCK
    assert read("02.30", start=oslo("2027-03-28 03:00")) == "Mon 2027-03-29 02:30"


@pytest.mark.parametrize(
    ("at", "language", "words"),
    [
        ("2026-12-04 15:30", "nb", "i morgen, fredag 4. desember kl. 15.30"),
        ("2026-12-03 08:00", "nn", "i dag, torsdag 3. desember kl. 08.00"),
        ("2026-12-11 15:30", "nb", "fredag 11. desember kl. 15.30"),
        ("2027-01-05 15:30", "nn", "tysdag 5. januar 2027 kl. 15.30"),
        ("2027-01-05 15:30", "en", "Tuesday 5 January 2027 at 15:30"),
        ("2026-12-02 15:30", "en", "yesterday, Wednesday 2 December 2026 at 15:30"),
        ("2027-10-31 02:30", "nb", "søndag 31. oktober 2027 kl. 02.30 (første gang)"),
    ],
)
def test_what_was_understood_is_told_in_words_before_it_is_saved(
    at: str, language: str, words: str
) -> None:
    assert texts().write(moment_echo(oslo(at), NOW, "Europe/Oslo"), language) == words


# --- whatever is typed ----------------------------------------------------------------------

MINUTES = st.integers(0, 8 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# Times around a change of the clock come up more often than one in 4,000.
CHANGES = st.tuples(
    st.sampled_from(["2026-10-25 00:00", "2027-03-28 00:00", "2027-10-31 00:00"]),
    st.integers(0, 300),
).map(lambda change: oslo(change[0]) + timedelta(minutes=change[1]))
INSTANTS = st.one_of(MINUTES, CHANGES)
ZONES = st.sampled_from(["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "UTC"])
WORDS = st.sampled_from(
    [
        *sorted(all_words()),
        *("8", "08", "15.30", "02:30", "2430", "24.12", "24.12.", "31.2.2027", "2026-12-24", "("),
    ]
)
LINES = st.one_of(st.lists(WORDS, max_size=5).map(" ".join), st.text(max_size=30))


@given(INSTANTS, INSTANTS, ZONES, st.sampled_from(LANGUAGES))
def test_what_is_told_can_be_typed_again_and_is_the_same_instant(
    at: datetime, now: datetime, zone: str, language: str
) -> None:
    words = texts().write(moment_echo(at, now, zone), language)
    assert read_typed_moment(words, TimeField(now, zone)) == MomentRead(at), words


@given(LINES, INSTANTS, st.none() | INSTANTS, ZONES)
def test_whatever_is_typed_is_a_moment_a_question_or_a_reason_and_an_end_comes_after_its_start(
    text: str, now: datetime, start: datetime | None, zone: str
) -> None:
    told = read_typed_moment(text, TimeField(now, zone, start=start))
    match told:
        case MomentRead(at):
            instants = (at,)
        case WhichOccurrence(first, second):
            instants = (first, second)
            assert first < second
        case MomentRefused(reason):
            assert texts().write(reason.ref, "nb")
            return
    assert start is None or min(instants) > start


@given(INSTANTS, st.integers(0, 23), st.integers(0, 59))
def test_an_end_without_a_day_comes_within_a_day_and_shows_the_clock_that_was_typed(
    start: datetime, hour: int, minute: int
) -> None:
    told = read_typed_moment(f"{hour}.{minute:02}", TimeField(NOW, "Europe/Oslo", start=start))
    ends = {MomentRead: lambda: [told.at], WhichOccurrence: lambda: [told.first, told.second]}
    for end in ends.get(type(told), list)():
        assert timedelta(0) < end - start <= timedelta(hours=25)
        local = end.astimezone(OSLO)
        assert (local.hour, local.minute) == (hour, minute)


def test_no_word_means_two_things() -> None:
    words = [*WEEKDAYS, *MONTHS, *RELATIVE_DAYS]
    assert len(words) == len(set(words))
    assert all(fold(word) == word for word in all_words())
