"""A year of calls simulated ahead: who reaches nobody, and what the documents say to that."""

from dataclasses import replace
from datetime import timedelta
from time import process_time

from app.domain.config.planned_gap_part import parse_gap
from app.domain.desks.desk import Priority
from app.domain.desks.planned_gaps import PlannedGaps
from app.domain.reasons import Code
from app.domain.simulate.proof.callers import callers
from app.domain.simulate.proof.instants import changes, moments
from app.domain.simulate.proof.proof import prove
from app.domain.time.intervals import Interval, Intervals, total
from tests.domain.roster.duty_rota import away
from tests.domain.simulate.proof.a_proof import (
    ADVENT,
    WEEK,
    WEEKEND,
    YEAR,
    agreements,
    critical,
    proof_of,
    reasons,
    with_desk,
    with_literal_duty,
    with_roster,
)
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.shipped_desks import DESKS, desk_of, shipped

HOUR = timedelta(hours=1)


def hours(when: Intervals) -> float:
    return round(total(when) / HOUR, 1)


# --- the shipped desks ----------------------------------------------------------------------


def test_a_year_of_the_largest_desk_is_proved_in_less_than_ten_seconds() -> None:
    proof_of.cache_clear()
    before = process_time()
    proof = proof_of("brukarstotte")
    assert process_time() - before < 10
    assert proof.moments > 3000  # every change of the year, and both its sides


def test_every_critical_call_to_brukarstotte_rings_somebody_all_year() -> None:
    proof = proof_of("brukarstotte")
    assert critical(proof) == []
    assert (proof.uncovered, proof.has_holes) == ((), False)
    assert all(r.connects for r in proof.reaches if r.attempt.priority is Priority.CRITICAL)


def test_kundeservice_has_no_duty_so_its_nights_ring_nobody_and_that_is_no_hole() -> None:
    proof = proof_of("kundeservice")
    silent = critical(proof)
    assert reasons(silent) == {(Code.CLOSED, Code.DESK_HAS_NO_DUTY)}
    assert {hours(each.when) for each in silent} == {8760 - 253 * 7.5}  # 253 working days
    assert not proof.has_holes


def test_at_dekode_only_those_without_hosting_ring_nobody_at_night() -> None:
    silent = critical(proof_of("dekode"))
    assert agreements(silent) == {"uten-drift", "uten-drift?"}
    assert reasons(silent) == {(Code.CLOSED, Code.AGREEMENT_WITHOUT_DUTY)}
    assert not any(each.is_hole for each in silent)


def test_at_prokom_those_without_telephone_ring_nobody_at_any_time() -> None:
    silent = critical(proof_of("prokom"))
    never = [each for each in silent if each.when == (YEAR,)]
    assert agreements(never) == {"enkel", "enkel?"}
    assert reasons(never) == {(Code.AGREEMENT_HAS_NO_TELEPHONE,)}


def test_no_shipped_desk_has_a_hole() -> None:
    assert [desk for desk in DESKS if proof_of(desk).has_holes] == []


def test_what_is_critical_stands_first() -> None:
    priorities = [each.attempt.priority for each in proof_of("prokom").silent]
    assert priorities == sorted(priorities, key=[*Priority].index)


# --- holes ----------------------------------------------------------------------------------


def test_the_duty_hours_as_listed_leave_monday_mornings_to_nobody() -> None:
    proof = prove(with_literal_duty(shipped("brukarstotte")), WEEK)
    (support, *_) = silent = critical(proof)
    assert reasons(silent) == {(Code.CLOSED, Code.OUTSIDE_DUTY_HOURS)}
    assert support.when == (Interval(oslo("2026-11-23 00:00"), oslo("2026-11-23 08:00")),)
    assert all(each.is_hole for each in silent)
    assert proof.has_holes


def test_a_planned_gap_rings_nobody_and_is_no_hole() -> None:
    facts = with_literal_duty(shipped("brukarstotte"))
    duty = desk_of(facts).duty
    assert duty
    gaps = PlannedGaps("Europe/Oslo", (parse_gap("monday 00:00-07:00"),))
    facts = with_desk(facts, duty=replace(duty, hours=replace(duty.hours, planned_gaps=gaps)))
    proof = prove(facts, WEEK)
    support = [each for each in critical(proof) if each.attempt.line == "+4720000200"]
    told = {(each.causes[-1], hours(each.when), each.is_hole) for each in support}
    assert told == {(Code.PLANNED_GAP, 7.0, False), (Code.OUTSIDE_DUTY_HOURS, 1.0, True)}


def test_a_weekend_for_which_everybody_is_away_is_uncovered_though_the_last_resort_rings() -> None:
    gone = tuple(
        away(person, "2026-12-04 16:00", "2026-12-07 08:00", "fjelltur")
        for person in ("vakt-1", "vakt-2", "vakt-3")
    )
    proof = prove(with_roster(shipped("brukarstotte"), absences=gone), WEEKEND)
    weekend = Interval(oslo("2026-12-04 16:00"), oslo("2026-12-07 08:00"))
    assert proof.uncovered == (weekend,)
    assert critical(proof) == []
    assert proof.has_holes
    fewest = {r.fewest for r in proof.reaches if r.attempt.priority is Priority.CRITICAL}
    assert fewest == {1}  # the last resort alone


def test_without_a_last_resort_either_such_a_weekend_rings_nobody() -> None:
    gone = tuple(
        away(person, "2026-12-04 16:00", "2026-12-07 08:00")
        for person in ("vakt-1", "vakt-2", "vakt-3")
    )
    facts = with_roster(shipped("brukarstotte"), absences=gone, last_resort=())
    silent = critical(prove(facts, WEEKEND))
    assert {each.causes[-1] for each in silent} == {Code.NOBODY_ON_DUTY}
    assert {each.attempt.line for each in silent} == {"+4720000200", "+4720000210"}
    assert all(each.is_hole for each in silent)
    weekend = (Interval(oslo("2026-12-04 16:00"), oslo("2026-12-07 08:00")),)
    assert {each.when for each in silent} == {weekend}


def test_a_rotation_that_ends_leaves_the_rest_of_the_year_to_the_last_resort() -> None:
    facts = shipped("dekode")
    assert facts.roster
    until = oslo("2026-12-14 09:00").date()
    layers = tuple(replace(layer, until=until) for layer in facts.roster.layers)
    proof = prove(with_roster(facts, layers=layers), ADVENT)
    assert in_oslo(proof.uncovered[0].from_) == "Mon 2026-12-14 16:00"
    assert proof.has_holes


def test_an_agreement_that_includes_the_duty_but_no_telephone_is_a_hole() -> None:
    facts = shipped("dekode")
    without = tuple(
        replace(each, telephone=False, telephone_calendar=None) if each.id == "drift" else each
        for each in desk_of(facts).agreements
    )
    silent = critical(prove(with_desk(facts, agreements=without), WEEK))
    holes = [each for each in silent if each.is_hole]
    assert agreements(holes) == {"drift"}
    assert reasons(holes) == {(Code.AGREEMENT_HAS_NO_TELEPHONE,)}


def test_a_duty_without_a_roster_is_covered_by_nobody() -> None:
    proof = prove(replace(shipped("dekode"), roster=None), WEEK)
    assert hours(proof.uncovered) == 7 * 24 - 5 * 8
    assert {each.causes[-1] for each in critical(proof) if each.is_hole} == {Code.NOBODY_ON_DUTY}


def test_open_hours_without_a_telephone_to_ring_are_a_hole() -> None:
    facts = shipped("kundeservice")
    nobody = replace(desk_of(facts).first_line, phones=())
    silent = critical(prove(with_desk(facts, first_line=nobody), WEEK))
    open_hours = [each for each in silent if Code.NO_FIRST_LINE in each.causes]
    assert {hours(each.when) for each in open_hours} == {5 * 7.5}
    assert all(each.is_hole for each in open_hours)


# --- who calls, and when --------------------------------------------------------------------


def test_each_agreement_is_called_for_by_a_customer_whose_number_is_theirs_alone() -> None:
    facts = shipped("prokom")
    who = callers(desk_of(facts), facts.customers)
    called = [(each.agreement, each.number.digits, each.keys) for each in who]
    assert called == [
        ("enkel", "+4749001004", "1003#"),
        ("fast", "+4749001001", "1001#"),
        ("utvidet", "+4749001003", "1002#"),
        ("enkel", "", "#"),
    ]


def test_a_customer_with_a_shared_number_only_keys_the_customer_number() -> None:
    facts = shipped("prokom")
    shared = tuple(each for each in facts.customers if each.number == "1004")
    (enkel, fast, *_) = callers(desk_of(facts), shared)
    assert (enkel.number.digits, enkel.keys, enkel.is_invented) == ("", "1004#", False)
    assert (fast.number.digits, fast.keys, fast.is_invented) == ("", "9000#", True)


def test_pupils_are_not_served_and_stand_for_no_agreement() -> None:
    facts = shipped("kundeservice")
    pupils = tuple(each for each in facts.customers if each.caller_class)
    (basis, unknown) = callers(desk_of(facts), pupils)
    assert not basis.number.is_known
    assert unknown.is_unknown


def test_an_invented_customer_is_recognised_in_the_walk() -> None:
    facts = replace(shipped("dekode"), customers=())
    assert agreements(critical(prove(facts, WEEK))) == {"uten-drift", "uten-drift?"}


def test_the_night_on_which_the_clock_goes_back_changes_where_it_should() -> None:
    facts = shipped("brukarstotte")
    night = Interval(oslo("2026-10-25 00:00"), oslo("2026-10-26 12:00"))
    changing = [in_oslo(at) for at in changes(desk_of(facts), facts.roster, night)]
    assert changing == ["Mon 2026-10-26 00:00", "Mon 2026-10-26 08:00"]


def test_a_minute_to_each_side_of_a_change_is_looked_at_too() -> None:
    change = oslo("2026-11-23 08:00")
    looked_at = moments((change,), WEEK)
    steps = [(at - change).total_seconds() for at in looked_at]
    assert steps == [-8 * 3600, -60, -3, 0, 60]
