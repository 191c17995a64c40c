"""What two hosts know of one hunt comes together, and nothing that is over begins again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.roles import Role

SOMEBODY = Callee("duty-1", "Duty 1", "+4749009101", Role.PRIMARY, "nb")
OUTCOMES = st.lists(st.sampled_from(LegOutcome), max_size=4)
HUNTS = st.builds(
    lambda outcomes, told: Hunt(
        tuple(Leg(number, SOMEBODY, outcome) for number, outcome in enumerate(outcomes, 1)),
        duty_notified=told,
    ),
    OUTCOMES,
    st.sampled_from([(), ("duty-1",), ("duty-2",), ("duty-2", "duty-1")]),
)


@given(HUNTS, HUNTS)
def test_no_leg_is_lost_and_only_one_that_rings_for_both_still_rings(one: Hunt, two: Hunt) -> None:
    merged = one.merged_with(two)

    ids = {leg.id for leg in (*one.legs, *two.legs)}
    assert [leg.id for leg in merged.legs] == sorted(ids)
    known = {i: {hunt.leg(i) for hunt in (one, two)} - {None} for i in ids}
    still = {i for i in ids if all(leg in hunt_ringing(one, two) for leg in known[i])}
    assert {leg.id for leg in merged.ringing} == still
    assert set(merged.duty_notified) == {*one.duty_notified, *two.duty_notified}


@given(HUNTS, HUNTS)
def test_what_is_known_already_changes_nothing(one: Hunt, two: Hunt) -> None:
    merged = one.merged_with(two)

    assert merged.merged_with(two) == merged
    assert one.merged_with(one) == one


def test_whoever_took_the_ticket_on_the_other_host_has_it() -> None:
    rings = Hunt((Leg(1, SOMEBODY),))
    taken = Hunt((Leg(1, SOMEBODY, LegOutcome.ACCEPTED),), acknowledged_leg=1)

    taker = rings.merged_with(taken).taker
    assert taker
    assert taker.outcome is LegOutcome.ACCEPTED


def hunt_ringing(*hunts: Hunt) -> tuple[Leg, ...]:
    return tuple(leg for hunt in hunts for leg in hunt.ringing)
