"""Swaps follow their shifts when the rotation is changed: no gap, and nobody who never said yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access.actor import command_line
from app.domain.roles import Role
from app.domain.roster.duty_requests import Answer, DutyRequest, RequestKind, RequestState
from app.domain.roster.duty_slots import DutySlot, slots_between
from app.domain.roster.entries import RosterEntry, with_dated
from app.domain.roster.moved_shifts import MovedShifts, follow
from app.domain.roster.on_duty import Absence, Roster, Rotation, RotationKind, on_duty
from app.domain.roster.plan import Override
from app.domain.roster.shifts import shifts_at
from app.domain.time.intervals import Interval
from tests.domain.roster.duty_rota import NAMES, away, rota, takes, weekly
from tests.domain.time.wall_clock import in_oslo, oslo

BY = command_line("kari")
NOW = oslo("2026-11-02 12:00")
PLAN = rota(weekly())
LOOKED_AT = Interval(NOW, oslo("2027-01-20 08:00"))


def swap(roster: Roster, one: str, other: str, number: int = 1) -> DutyRequest:
    """The next whole shift of one of them for the next whole one of the other."""
    slot, wanted = (next_shift(roster, each) for each in (one, other))
    return agreed(number, slot, wanted, other)


def agreed(number: int, slot: DutySlot, wanted: DutySlot | None, taker: str) -> DutyRequest:
    entries = (10 * number, 10 * number + 1) if wanted else (10 * number,)
    kind = RequestKind.SWAP if wanted else RequestKind.COVER
    said = (Answer(taker, True, BY, NOW),)
    state = RequestState.AGREED
    return DutyRequest(number, kind, state, slot, wanted, "", BY, NOW, NOW, said, entries)


def next_shift(roster: Roster, person: str) -> DutySlot:
    slots = slots_between(roster, person, LOOKED_AT)
    return next(each for each in slots if each.is_whole and each.when.from_ > NOW)


def entries_of(*requests: DutyRequest) -> list[RosterEntry]:
    return [
        RosterEntry(number, override, BY, NOW)
        for each in requests
        for number, override in zip(each.entries, each.overrides(each.taker or "", BY), strict=True)
    ]


def after(document: Roster, entries: list[RosterEntry], told: MovedShifts) -> Roster:
    moved, gone = dict(told.moved), {each for one in told.ended for each in one.entries}
    dated = [moved.get(each.id, each.dated) for each in entries if each.id not in gone]
    return with_dated(document, dated)


def followed(
    document: Roster,
    *requests: DutyRequest,
    others: tuple[RosterEntry, ...] = (),
    plan: Roster = PLAN,
) -> tuple[Roster, MovedShifts]:
    entries = [*entries_of(*requests), *others]
    before = with_dated(PLAN, (each.dated for each in entries))
    told = follow(before, document, entries, requests, NOW)
    return after(document, entries, told), told


def has_duty(roster: Roster, wall_time: str) -> str | None:
    ringing = [each for each in on_duty(roster, oslo(wall_time)).ringing if each.person]
    return ringing[0].person.id if ringing and ringing[0].person else None


def test_a_swap_goes_with_a_later_handover() -> None:
    one = swap(PLAN, "duty2", "duty3")
    assert in_oslo(one.slot.when.from_) == "Mon 2026-11-16 08:00"
    plan, told = followed(rota(weekly_at(9)), one)
    assert (len(told.moved), told.ended) == (2, ())
    assert has_duty(plan, "2026-11-16 08:30") == "duty1", "not yet the swapped shift"
    assert has_duty(plan, "2026-11-16 09:30") == "duty3"
    assert has_duty(plan, "2026-11-23 08:30") == "duty3"
    assert has_duty(plan, "2026-11-23 09:30") == "duty2"


def weekly_at(hour: int) -> Rotation:
    return replace(weekly(), handover_minute=60 * hour)


def test_a_swap_whose_shift_goes_to_another_ends_as_a_whole() -> None:
    newcomer = rota(replace(weekly(), members=("duty1", "duty4", "duty2", "duty3")))
    plan, told = followed(newcomer, swap(PLAN, "duty2", "duty3"))
    assert (told.moved, len(told.ended)) == ((), 1)
    assert plan == newcomer, "as the rotation says, and no half of a swap"


def test_what_was_changed_after_the_swap_still_wins_over_it() -> None:
    later = RosterEntry(
        99, takes("duty4", "2026-11-17 08:00", "2026-11-18 08:00", instead_of="duty3"), BY, NOW
    )
    plan, _ = followed(rota(weekly_at(9)), swap(PLAN, "duty2", "duty3"), others=(later,))
    assert has_duty(plan, "2026-11-17 12:00") == "duty4"
    assert has_duty(plan, "2026-11-18 12:00") == "duty3"


def test_a_shift_that_was_swapped_on_follows_the_first_swap_and_ends_with_it() -> None:
    first = swap(PLAN, "duty2", "duty3")
    between = with_dated(PLAN, (each.dated for each in entries_of(first)))
    second = swap(between, "duty3", "duty4", 2)
    assert second.slot.when == first.slot.when, "the shift that duty3 has by the first swap"
    plan, told = followed(rota(weekly_at(9)), first, second)
    assert len(told.moved) == 4
    assert has_duty(plan, "2026-11-16 09:30") == "duty4"
    gone = rota(replace(weekly(), until=date(2026, 11, 16)))
    assert [each.id for each in followed(gone, first, second)[1].ended] == [1, 2]


def test_a_swap_that_would_leave_a_gap_where_its_shift_has_gone_ends() -> None:
    """Duty 3 is away just when the shift of duty 2 begins from now on."""
    one = swap(PLAN, "duty2", "duty3")
    ill = RosterEntry(99, away("duty3", "2026-11-23 08:00", "2026-11-23 09:00"), BY, NOW)
    plan, told = followed(rota(weekly_at(9)), one, others=(ill,))
    assert [each.id for each in told.ended] == [1]
    assert has_duty(plan, "2026-11-23 08:30") == "duty2"


def test_what_is_over_stays_as_it_was() -> None:
    one = swap(PLAN, "duty2", "duty3")
    entries = entries_of(one)
    told = follow(PLAN, rota(weekly_at(9)), entries, (one,), oslo("2026-11-24 08:00"))
    assert [number for number, _ in told.moved] == [11], "the one that goes on"
    gone = rota(replace(weekly(), until=date(2026, 11, 2)))
    assert follow(PLAN, gone, entries, (one,), oslo("2027-01-01 08:00")) == MovedShifts()


ANY_ROTATIONS = st.builds(
    lambda members, kind, minute, weekday, every: Rotation(
        "primary",
        Role.PRIMARY,
        tuple(members),
        kind,
        minute,
        date(2026, 1, 5),
        weekday if kind is RotationKind.WEEKLY else None,
        12 if kind is RotationKind.HOURS else every,
    ),
    st.permutations(NAMES).flatmap(lambda names: st.sampled_from([names, names[:3], names[:2]])),
    st.sampled_from(
        [RotationKind.WEEKLY, RotationKind.WEEKLY, RotationKind.DAILY, RotationKind.HOURS]
    ),
    st.sampled_from([0, 450, 480, 540, 930]),
    st.integers(0, 6),
    st.integers(1, 2),
)
ANY_ABSENCES = st.lists(
    st.builds(
        lambda person, day, length: Absence(
            person, NOW + timedelta(days=day), NOW + timedelta(days=day + length)
        ),
        st.sampled_from(NAMES),
        st.integers(0, 60),
        st.integers(1, 9),
    ),
    max_size=2,
)


@settings(max_examples=20)
@given(ANY_ROTATIONS, ANY_ROTATIONS, st.permutations(NAMES), ANY_ABSENCES, st.booleans())
def test_whatever_the_rotation_becomes_nothing_is_lost_and_nobody_has_what_they_never_took(
    was: Rotation, will_be: Rotation, people: list[str], absences: list[Absence], twice: bool
) -> None:
    plan, document = rota(was), rota(will_be)
    have = [each for each in people if each in was.members]
    requests = [swap(plan, have[0], have[1])]
    if twice:
        between = with_dated(plan, (each.dated for each in entries_of(*requests)))
        requests.append(swap(between, have[1], have[-1 if len(have) > 2 else 0], 2))
    others = tuple(RosterEntry(90 + n, each, BY, NOW) for n, each in enumerate(absences))
    entries = [*entries_of(*requests), *others]
    before = with_dated(plan, (each.dated for each in entries))
    bare = with_dated(document, absences)
    told = follow(before, document, entries, requests, NOW)
    plan_after = after(document, entries, told)
    lost_before = covered(with_dated(plan, absences)) - covered(before)
    assert covered(bare) - covered(plan_after) <= lost_before or lost_before
    agreed_on = [(slot, each) for each in requests if each not in told.ended for slot in each.slots]
    for at in moments():
        planned, *_ = shifts_at(document, at)
        shift, *_ = shifts_at(plan_after, at)
        if shift.person != planned.person:
            assert any(
                shift.person in each.people and is_of(slot, shift.override)
                for slot, each in agreed_on
            ), f"{shift.person} has never said yes to {at}"


def is_of(slot: DutySlot, override: Override | None) -> bool:
    """Whether an override stands for more than half of the shift that was agreed about."""
    if override is None:
        return False
    shared = min(slot.shift.to, override.to) - max(slot.shift.from_, override.from_)
    longer = max(slot.shift.length, override.to - override.from_)
    return 2 * shared > longer


def covered(roster: Roster) -> set[datetime]:
    return {at for at in moments() if any(each.person for each in on_duty(roster, at).ringing)}


def moments() -> list[datetime]:
    """Every 22 hours and a bit: all hours of the day are among them."""
    first = datetime(2026, 11, 2, 13, 10, tzinfo=UTC)
    return [first + timedelta(minutes=1335 * n) for n in range(80)]
