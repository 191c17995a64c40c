"""What a file changes among the entries that are stored: added, withdrawn, left alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access.actor import Actor, command_line, file_import
from app.domain.roles import Role
from app.domain.roster.entries import Dated, RosterEntry, Withdrawal, identity_of, with_dated
from app.domain.roster.entries_import import EntriesImport, import_entries
from app.domain.roster.on_duty import Shift
from app.domain.roster.shifts import shifts
from tests.domain.roster.duty_rota import NAMES, away, rota, takes
from tests.domain.time.wall_clock import oslo

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FILE, KARI = file_import("Teamleiar"), command_line("kari")
SWAP = takes("duty4", "2026-11-21 00:00", "2026-11-23 00:00", note="Ferie")
OVER_IT = takes("duty1", "2026-11-21 12:00", "2026-11-22 00:00")
ELSEWHERE = takes("duty3", "2026-12-21 00:00", "2026-12-23 00:00")
AWAY = away("duty2", "2026-11-21 00:00", "2026-11-23 00:00")


def row(number: int, dated: Dated, author: Actor = FILE, by: Actor | None = None) -> RosterEntry:
    return RosterEntry(number, dated, author, NOW, Withdrawal(by, NOW) if by else None)


def stored_after(changes: EntriesImport, before: list[RosterEntry]) -> list[RosterEntry]:
    """The rows after a change, as the store writes them."""
    gone = {each.id for each in changes.withdraw}
    kept = [
        replace(each, withdrawal=Withdrawal(FILE, NOW)) if each.id in gone else each
        for each in before
    ]
    ids = range(len(kept) + 1, len(kept) + 1 + len(changes.add))
    new = zip(ids, changes.add, strict=True)
    return kept + [RosterEntry(i, each.dated, each.author or FILE, NOW) for i, each in new]


def test_a_first_import_adds_all_that_the_file_has() -> None:
    changes = import_entries((), (SWAP, AWAY), ())
    assert [each.dated for each in changes.add] == [SWAP, AWAY]


def test_the_same_file_again_changes_nothing() -> None:
    rows = [row(1, SWAP), row(2, AWAY)]
    assert import_entries((SWAP, AWAY), (SWAP, AWAY), rows) == EntriesImport()


def test_the_same_entry_twice_in_a_file_is_one() -> None:
    changes = import_entries((), (SWAP, OVER_IT, replace(SWAP, note="again")), ())
    assert [each.dated.note for each in changes.add] == ["", "again"]


def test_an_entry_that_somebody_made_elsewhere_is_the_same_as_the_files() -> None:
    rows = [row(1, replace(SWAP, note="by telephone"), KARI)]
    assert import_entries((), (SWAP,), rows) == EntriesImport()


def test_what_the_file_has_no_more_is_withdrawn() -> None:
    rows = [row(1, SWAP), row(2, AWAY)]
    assert import_entries((SWAP, AWAY), (AWAY,), rows).withdraw == (rows[0],)


def test_what_was_never_in_the_file_stays_and_is_told() -> None:
    rows = [row(1, SWAP), row(2, ELSEWHERE, KARI)]
    changes = import_entries((SWAP,), (SWAP,), rows)
    assert (changes.withdraw, changes.not_in_file) == ((), (rows[1],))


@pytest.mark.parametrize("before", [(SWAP,), ()])
def test_what_somebody_withdrew_is_not_brought_back_and_is_told(before: tuple[Dated, ...]) -> None:
    rows = [row(1, SWAP, by=KARI)]
    assert import_entries(before, (SWAP,), rows) == EntriesImport(left_withdrawn=(rows[0],))


def test_what_a_file_took_out_comes_back_with_a_file_that_has_it_again() -> None:
    changes = import_entries((), (SWAP,), [row(1, SWAP, by=FILE)])
    assert [each.dated for each in changes.add] == [SWAP]


def test_a_reason_that_was_edited_in_the_file_is_a_new_entry() -> None:
    edited = replace(SWAP, note="Kurs")
    changes = import_entries((SWAP,), (edited,), [row(1, SWAP)])
    assert ([each.dated for each in changes.add], changes.withdraw) == (
        [edited],
        (row(1, SWAP),),
    )


def test_one_put_in_above_another_does_not_win_over_it() -> None:
    rows = [row(1, SWAP, KARI), row(2, ELSEWHERE)]
    changes = import_entries((SWAP, ELSEWHERE), (OVER_IT, SWAP, ELSEWHERE), rows)
    assert [(each.dated, each.author) for each in changes.add] == [(OVER_IT, None), (SWAP, KARI)]
    assert changes.withdraw == (rows[0],)


def _wall(hour: int) -> str:
    return f"2026-11-{20 + hour // 24} {hour % 24:02}:00"


HOURS = st.integers(0, 60)


@st.composite
def dated(draw: st.DrawFn) -> Dated:
    start, length = draw(HOURS), draw(st.integers(1, 30))
    who, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from((None, *NAMES)))
    from_, to = (
        f"2026-11-{20 + hour // 24:02} {hour % 24:02}:00" for hour in (start, start + length)
    )
    if draw(st.booleans()):
        return away(who, from_, to)
    role = draw(st.sampled_from((Role.PRIMARY, Role.BACKUP)))
    return takes(who, from_, to, role, instead_of=other, fills=draw(st.booleans()))


FILES = st.lists(dated(), max_size=6)


@settings(max_examples=100)
@given(st.lists(FILES, min_size=1, max_size=3))
def test_whatever_files_follow_each_other_the_last_one_is_the_plan(
    files: list[list[Dated]],
) -> None:
    rows: list[RosterEntry] = []
    before: list[Dated] = []
    for file in files:
        changes = import_entries(before, file, rows)
        rows, before = stored_after(changes, rows), file
        in_force = [each.dated for each in rows if not each.withdrawal]
        assert list(changes.result(rows[: len(rows) - len(changes.add)])) == in_force
        assert len({identity_of(each) for each in in_force}) == len(in_force)
    span = oslo("2026-11-20 00:00"), oslo("2026-11-25 00:00")
    assert _who(shifts(with_dated(rota(), in_force), *span)) == _who(
        shifts(with_dated(rota(), files[-1]), *span)
    )


def _who(found: tuple[Shift, ...]) -> list[tuple[object, ...]]:
    """Who has which role when; an entry that stands twice in a file is another object there."""
    pieces: list[list[object]] = []
    for shift in found:
        key = [shift.role, shift.slot, shift.person]
        if pieces and pieces[-1][:3] == key and pieces[-1][4] == shift.from_:
            pieces[-1][4] = shift.to
        else:
            pieces.append([*key, shift.from_, shift.to])
    return [tuple(each) for each in pieces]
