"""The balance over a year: beside an equal share by weight, and who is fairest to take a shift."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from app.domain.reasons import CountedCode, FigureKind, RosterCode
from app.domain.roles import Role
from app.domain.roster.turn_order import Weights
from app.domain.roster.working_hours.balance import PersonsBalance
from app.domain.roster.working_hours.next_shift import Candidate, candidates
from app.domain.roster.working_hours.report import Sources, report
from tests.domain.roster.duty_rota import NAMES, away, rota, takes, weekly
from tests.domain.roster.working_hours.counted_rota import called_out, sources, span

MAY = span("2026-05-01 00:00", "2026-06-01 00:00")
THREE = weekly(members=NAMES[:3], start=date(2025, 1, 6))


def balance(counts: Sources) -> dict[str, PersonsBalance]:
    return {each.person: each for each in report(counts, MAY).balance}


def percents(counts: Sources, kind: FigureKind = FigureKind.DUTY) -> dict[str, int | None]:
    return {person: each.of(kind).percent for person, each in balance(counts).items()}


def test_a_rotation_by_itself_is_about_fair_and_its_shares_are_all_there_is() -> None:
    found = balance(sources(rota(THREE)))
    assert set(found) == set(NAMES[:3])
    assert sum(each.weight for each in found.values()) == 1
    assert all(96 <= (each.of(FigureKind.DUTY).percent or 0) <= 104 for each in found.values())


def test_who_takes_others_weeks_has_more_than_their_share() -> None:
    swap = takes("duty1", "2026-03-02 08:00", "2026-03-30 08:00")
    found = percents(sources(rota(THREE, overrides=(swap,))))
    assert found["duty1"] is not None
    assert found["duty1"] > 110
    assert all((found[other] or 0) < 100 for other in ("duty2", "duty3"))


def test_a_part_time_position_has_a_part_of_a_share() -> None:
    half = replace(THREE, weights=(Weights((("duty3", 50),)),))
    found = balance(sources(rota(half)))
    assert [found[who].weight for who in NAMES[:3]] == [
        Fraction(2, 5),
        Fraction(2, 5),
        Fraction(1, 5),
    ]
    assert all(94 <= (each.of(FigureKind.DUTY).percent or 0) <= 106 for each in found.values())


def test_a_weight_counts_from_its_date() -> None:
    changed = replace(THREE, weights=(Weights(()), Weights((("duty3", 50),), date(2026, 7, 2))))
    weight = balance(sources(rota(changed)))["duty3"].weight
    assert Fraction(26, 100) < weight < Fraction(28, 100)  # 1/3 for half a year, then 1/5


def test_half_a_year_of_leave_leaves_no_debt() -> None:
    """Away from January to June: half a share, so they are not asked to make up for it."""
    leave = away("duty3", "2026-01-01 00:00", "2026-07-01 00:00")
    found = balance(sources(rota(THREE, absences=(leave,))))
    assert found["duty3"].weight < Fraction(1, 4)
    assert 90 <= (found["duty3"].of(FigureKind.DUTY).percent or 0) <= 130


def test_a_helper_who_takes_no_turns_has_hours_and_no_share() -> None:
    swap = takes("duty4", "2026-03-02 08:00", "2026-03-09 08:00")
    helper = balance(sources(rota(THREE, overrides=(swap,))))["duty4"]
    assert helper.of(FigureKind.DUTY).amount > timedelta()  # type: ignore[operator]
    assert helper.of(FigureKind.DUTY).percent is None
    assert helper.why.code is CountedCode.NO_SHARE


def test_backups_have_duty_as_the_primaries_have() -> None:
    """Two at a time: everybody has two thirds of all duty hours, and an equal share."""
    follows = weekly(Role.BACKUP, ("duty2", "duty3", "duty1"), date(2025, 1, 6))
    found = percents(sources(rota(THREE, follows)))
    assert all(98 <= (each or 0) <= 102 for each in found.values())


# --- who takes the next shift -------------------------------------------------------------

SHIFT = span("2026-05-11 16:00", "2026-05-12 08:00")  # a Monday night


def ask(**changes: object) -> dict[str, Candidate]:
    call_outs = [called_out("duty3", "2026-05-11 02:00", "2026-05-11 03:00")]
    return {
        each.person: each
        for each in candidates(sources(rota(THREE, **changes), call_outs=call_outs), SHIFT)
    }


def test_the_one_with_the_least_duty_this_year_is_asked_first() -> None:
    swap = takes("duty1", "2026-03-02 08:00", "2026-03-30 08:00")
    found = ask(overrides=(swap,))
    free = [who for who, each in found.items() if not each.conflicts and each.balance]
    loads = [
        each.balance.of(FigureKind.DUTY).load
        for each in found.values()
        if each.person in free and each.balance
    ]
    assert loads == sorted(loads, key=lambda load: load or 0)
    assert len(free) == 2


def test_who_cannot_take_it_comes_last_with_why_not() -> None:
    on_duty = next(who for who, each in ask().items() if RosterCode.ALREADY_ON_DUTY in codes(each))
    other = next(who for who in NAMES[:3] if who != on_duty)
    found = ask(absences=(away(other, "2026-05-12 00:00", "2026-05-13 00:00"),))
    assert codes(found[other]) == [RosterCode.ABSENT]
    assert codes(found[on_duty]) == [RosterCode.ALREADY_ON_DUTY]
    assert list(found)[-2:] == sorted([other, on_duty], key=list(found).index)


def codes(candidate: Candidate) -> list[object]:
    return [each.code for each in candidate.conflicts]


def test_the_rest_before_and_after_is_told() -> None:
    """The week before was duty3's or not; they were called out until 03:00 on that Monday."""
    found = ask()
    assert found["duty3"].rest_before is not None
    assert found["duty3"].rest_before <= timedelta(hours=13)
    assert found["duty4"].rest_before is None
    assert found["duty4"].balance is None
