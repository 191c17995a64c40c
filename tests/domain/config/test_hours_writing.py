"""Hours entered on a page, written into desk.toml: just that changes, all else stays as it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.desk_document import read_desk
from app.domain.config.hours_writing import write_hours_edits
from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import OWN_HOURS, desk_calendars
from app.domain.desks.hours_edits import entry_of, hours_edits, lost_edits
from app.domain.desks.wanted_hours import TakeBack, Wanted, WantedClosing, WantedDays, edits_for
from app.domain.message_refs import MessageError
from app.domain.time.calendars import DatedException, YearlyDay

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/examples/skjergard/desk.toml").read_text("utf-8")
FIRST = date(2026, 12, 1)
KEYS = ("telephone", "work", OWN_HOURS)


def desk_of(text: str) -> Desk:
    read = read_desk(text, "", "skjergard").value
    assert read
    return read


def written(text: str, wanted: Wanted, *calendars: str) -> str:
    desk = desk_of(text)
    return write_hours_edits(text, desk, edits_for(desk, calendars or ("telephone",), wanted))[0]


days = st.integers(0, 400).map(lambda count: FIRST + timedelta(days=count))
windows = st.tuples(st.integers(0, 700), st.integers(701, 1440)).map(lambda each: (each,))
notes = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=20)
wanted_days = st.builds(
    lambda day, count, hours, note: WantedDays(day, day + timedelta(days=count), hours, note),
    days, st.integers(0, 5), st.one_of(st.just(()), windows), notes,
)  # fmt: skip
closings = st.builds(
    WantedClosing,
    st.builds(YearlyDay, st.just(12), st.integers(1, 31)),
    st.integers(1, 1440),
    notes,
)


@settings(max_examples=8)
@given(
    wanted=st.lists(st.one_of(wanted_days, closings), max_size=4),
    keys=st.sets(st.sampled_from(KEYS)),
)
def test_whatever_is_entered_is_there_and_taking_it_back_leaves_the_text_as_it_was(
    wanted: list[Wanted], keys: set[str]
) -> None:
    text, desk = TEXT, desk_of(TEXT)
    for each in wanted:
        try:
            text, desk = write_hours_edits(text, desk, edits_for(desk, sorted(keys), each))
        except MessageError:  # such a note is refused by every document
            continue
    done = hours_edits(desk_of(TEXT), desk)
    assert all(entry_of(desk, each.calendar, each.day) == each.after for each in done)
    back, again = write_hours_edits(text, desk, [each.reversed for each in done])
    assert again == desk_of(TEXT)
    is_new = all(each.before is None for each in done)
    assert not is_new or back == TEXT, "comments, order and spelling too"


def test_only_the_lines_of_the_day_are_touched() -> None:
    noted = TEXT.replace("date = 2027-06-11", "date = 2027-06-11  # ask Anne\n# every year?")
    changed = written(
        noted, WantedDays(date(2027, 6, 12), date(2027, 6, 12), ((600, 840),), "Open")
    )
    added = changed.replace(
        '\n[[calendars.telephone.exceptions]]\ndate = 2027-06-12\nhours = ["10:00-14:00"]\n'
        'note = "Open"\n',
        "",
    )
    assert added == noted
    assert "# ask Anne" in changed


def test_what_somebody_wrote_beside_a_day_stays_when_its_hours_change() -> None:
    entry = TEXT[TEXT.index("[[calendars.telephone.exceptions]]\ndate = 2027-06-11") :]
    entry = entry[: entry.index("\n", entry.index("note =")) + 1]
    noted = (
        "# Ask the union first.\n\n# Every year.\n[[calendars.telephone.exceptions]]  # summer\n"
        "date = 2027-06-11  # ask Anne\n# at noon\nhours = ['08:00-12:00']  # not \"#1\"\n"
        'note = """so#mmar"""  # a party\n'
    )
    text = TEXT.replace(entry, noted)
    day = date(2027, 6, 11)
    changed = written(text, WantedDays(day, day, ((600, 840),)))
    assert noted in text
    assert changed == text.replace("['08:00-12:00']", '["10:00-14:00"]').replace(
        'note = """so#mmar"""  # a party', "# a party"
    )
    assert written(text, WantedDays(day, day, ((480, 720),), "so#mmar")) == text
    gone = written(text, TakeBack(day))
    assert gone == text.replace(noted, "# Ask the union first.\n")


def test_of_several_days_only_those_count_that_have_hours() -> None:
    week = WantedDays(date(2026, 12, 21), date(2026, 12, 27))
    found = edits_for(desk_of(TEXT), ("telephone",), week)
    assert [str(each.day) for each in found] == [f"2026-12-{day}" for day in (21, 22, 23, 24)]
    saturday = WantedDays(date(2026, 12, 5), date(2026, 12, 5), ((600, 720),))
    assert len(edits_for(desk_of(TEXT), ("telephone",), saturday)) == 1
    open_once = desk_of(written(TEXT, saturday))
    closed = edits_for(open_once, ("telephone",), WantedDays(FIRST, date(2026, 12, 5)))
    assert [each.day for each in closed] == [FIRST + timedelta(days=n) for n in range(5)], (
        "else it would stay open"
    )


def test_a_day_of_every_year_is_found_however_it_is_written() -> None:
    text = TEXT.replace('day = "12-24"', 'day = "pentecost-1"', 1)
    assert "pentecost-1" not in written(text, TakeBack(YearlyDay(from_easter=48)))


def test_hours_in_one_line_are_left_to_a_person() -> None:
    inline = TEXT.replace(
        '[[calendars.telephone.exceptions]]\ndate = 2027-06-11\nhours = ["08:00-12:00"]\n'
        'note = "sommarfest"\n',
        "",
    ).replace(
        "[calendars.telephone]\n",
        "[calendars.telephone]\nexceptions = [{ date = 2027-06-11, hours = [] }]\n",
    )
    assert desk_of(inline).calendar("telephone").exceptions == (DatedException(date(2027, 6, 11)),)
    for wanted in (TakeBack(date(2027, 6, 11)), WantedDays(FIRST, FIRST)):
        with pytest.raises(MessageError) as refused:
            written(inline, wanted)
        assert refused.value.message.key == "hours_change.by_hand"


def test_a_file_that_lacks_what_was_entered_is_told_unless_the_day_is_over() -> None:
    before = desk_of(TEXT)
    entered = desk_of(written(TEXT, WantedDays(date(2027, 1, 4), date(2027, 1, 4))))
    edits = hours_edits(before, entered)
    assert lost_edits(edits, before, date(2027, 1, 1)) == edits
    assert lost_edits(edits, entered, date(2027, 1, 1)) == ()
    assert lost_edits(edits, before, date(2027, 1, 5)) == ()


def test_the_dutys_own_hours_stand_beside_the_calendars() -> None:
    assert [each.key for each in desk_calendars(desk_of(TEXT))] == ["telephone", OWN_HOURS, "work"]
    changed = written(TEXT, WantedDays(FIRST, FIRST, ((0, 1440),)), OWN_HOURS)
    assert "[[duty.hours.exceptions]]\ndate = 2026-12-01" in changed
