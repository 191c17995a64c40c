"""The five shipped desks say what their sources say; letters are those of the requirements."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import errors
from app.domain.config.folder_reader import read_folder
from app.domain.config.translations_part import spoken_seconds
from app.domain.desks.desk import Desk, EscalationBasis, LineKind, Priority, TelephoneFor
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.numbers import parse_number
from app.domain.roster.on_duty import on_duty
from app.domain.tickets.targets import deadlines, target_rule
from app.domain.time.business_time import Days, Minutes
from app.domain.time.calendars import HolidayPolicy
from app.domain.time.hours import is_open
from tests.support.shipped_desks import DESKS, ROSTERS, desk_of, folder_files, oslo, shipped

CRITICAL, HIGH, MEDIUM, LOW = Priority


def the_desk(desk_id: str) -> Desk:
    return desk_of(shipped(desk_id))


# --- the telephone's hours ---------------------------------------------------------------

OPEN, SHUT = True, False
HOURS = [
    # B5: 08:00-16:00 Monday to Friday
    ("B5", "brukarstotte", "standard", "2026-11-23 07:59", SHUT),
    ("B5", "brukarstotte", "standard", "2026-11-23 08:00", OPEN),
    ("B5", "brukarstotte", "standard", "2026-11-23 15:59", OPEN),
    ("B5", "brukarstotte", "standard", "2026-11-23 16:00", SHUT),
    ("B5", "brukarstotte", "standard", "2026-11-21 12:00", SHUT),
    # C2: 07:30-16:00
    ("C2", "brukerhjelpen", "ansatt", "2026-11-23 07:29", SHUT),
    ("C2", "brukerhjelpen", "ansatt", "2026-11-23 07:30", OPEN),
    ("C2", "brukerhjelpen", "ansatt", "2026-11-23 16:00", SHUT),
    # D3: 08:00-15:30
    ("D3", "kundeservice", "basis", "2026-11-23 08:00", OPEN),
    ("D3", "kundeservice", "basis", "2026-11-23 15:29", OPEN),
    ("D3", "kundeservice", "basis", "2026-11-23 15:30", SHUT),
    # E9: the telephone from 08:00
    ("E9", "dekode", "drift", "2026-11-23 08:00", OPEN),
    ("E9", "dekode", "uten-drift", "2026-11-23 08:30", OPEN),
    ("E9", "dekode", "drift", "2026-11-23 16:00", SHUT),
    # A7, A8: ordinary and extended hours
    ("A7", "prokom", "fast", "2026-11-23 15:59", OPEN),
    ("A7", "prokom", "fast", "2026-11-23 16:00", SHUT),
    ("A8", "prokom", "utvidet", "2026-11-23 16:00", OPEN),
    ("A8", "prokom", "utvidet", "2026-11-23 22:59", OPEN),
    ("A8", "prokom", "utvidet", "2026-11-23 23:00", SHUT),
    ("A8", "prokom", "utvidet", "2026-11-21 08:00", OPEN),
    ("A8", "prokom", "utvidet", "2026-11-21 16:00", SHUT),
    ("A8", "prokom", "utvidet", "2026-11-22 13:59", SHUT),
    ("A8", "prokom", "utvidet", "2026-11-22 14:00", OPEN),
    ("A8", "prokom", "utvidet", "2026-11-22 22:00", SHUT),
    # A10, as shipped: a holiday is a Sunday for «Utvidet»; 17 May 2027 is a Monday
    ("A10", "prokom", "utvidet", "2027-05-17 10:00", SHUT),
    ("A10", "prokom", "utvidet", "2027-05-17 14:00", OPEN),
    ("A10", "prokom", "fast", "2027-05-17 14:00", SHUT),
    # X4: nobody else works on a holiday. 1 May 2026 is a Friday, Maundy Thursday 2 April
    ("X4", "brukarstotte", "standard", "2026-05-01 10:00", SHUT),
    ("X4", "brukerhjelpen", "ansatt", "2026-04-02 10:00", SHUT),
    ("X4", "kundeservice", "basis", "2026-12-25 10:00", SHUT),
    ("X4", "dekode", "drift", "2026-05-25 10:00", SHUT),
    # X5: no early closing unless somebody enters it; 24 December 2026 is a Thursday
    ("X5", "brukarstotte", "standard", "2026-12-24 15:59", OPEN),
    ("X5", "brukerhjelpen", "ansatt", "2026-12-24 15:59", OPEN),
    ("X5", "kundeservice", "basis", "2026-12-24 15:29", OPEN),
    ("X5", "dekode", "drift", "2026-12-31 15:59", OPEN),
    ("X5", "prokom", "fast", "2026-12-24 15:59", OPEN),
]


@pytest.mark.parametrize(("letter", "desk_id", "agreement", "moment", "expected"), HOURS)
def test_the_telephone_is_answered_in_the_hours_of_the_agreement(
    letter: str, desk_id: str, agreement: str, moment: str, expected: bool
) -> None:
    desk = the_desk(desk_id)
    calendar = desk.agreement(agreement).telephone_calendar
    assert calendar

    assert is_open(desk.calendar(calendar), oslo(moment)).open is expected


# --- targets -----------------------------------------------------------------------------

TARGETS = [
    # A5: two working days, the same clock time two working days on
    ("A5", "prokom", "enkel", LOW, "2026-11-20 10:00", "2026-11-24 10:00", None),
    # A7: four hours of working time
    ("A7", "prokom", "fast", CRITICAL, "2026-11-20 14:00", "2026-11-23 10:00", None),
    # A9: nothing was agreed
    ("A9", "prokom", "utvidet", CRITICAL, "2026-11-20 14:00", None, None),
    # B10, C9: no figures are invented
    ("B10", "brukarstotte", "standard", CRITICAL, "2026-11-20 14:00", None, None),
    ("C9", "brukerhjelpen", "ansatt", HIGH, "2026-11-20 14:00", None, None),
    # D10, with the critical target in the desk's hours as long as nobody works at night
    (
        "D12", "kundeservice", "basis", CRITICAL,
        "2026-11-20 15:00", "2026-11-20 15:15", "2026-11-23 09:30",
    ),
    (
        "D13", "kundeservice", "basis", HIGH,
        "2026-11-20 14:00", "2026-11-20 15:00", "2026-11-23 10:30",
    ),
    (
        "D14", "kundeservice", "basis", MEDIUM,
        "2026-11-20 14:00", "2026-11-23 09:30", "2026-11-25 14:00",
    ),
    (
        "D10", "kundeservice", "basis", LOW,
        "2026-11-20 08:00", "2026-11-20 12:00", "2026-12-01 08:00",
    ),
    # E12: level A within two hours, level B within a working day, response only; E9: from 09:00
    ("E9", "dekode", "drift", CRITICAL, "2026-11-20 08:10", "2026-11-20 11:00", None),
    ("E12", "dekode", "uten-drift", CRITICAL, "2026-11-20 15:00", "2026-11-23 10:00", None),
    ("E12", "dekode", "drift", HIGH, "2026-11-20 15:00", "2026-11-23 15:00", None),
    # E13: nothing below level B
    ("E13", "dekode", "drift", MEDIUM, "2026-11-20 15:00", None, None),
    ("E13", "dekode", "drift", LOW, "2026-11-20 15:00", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("letter", "desk_id", "agreement", "priority", "start", "respond_by", "solve_by"), TARGETS
)
def test_a_case_is_due_when_the_source_says_and_never_by_invention(
    letter: str,
    desk_id: str,
    agreement: str,
    priority: Priority,
    start: str,
    respond_by: str | None,
    solve_by: str | None,
) -> None:
    due = deadlines(the_desk(desk_id), agreement, priority, oslo(start))

    assert due.respond_by == (oslo(respond_by) if respond_by else None)
    assert due.solve_by == (oslo(solve_by) if solve_by else None)


# --- duty --------------------------------------------------------------------------------

DUTY = [
    # B12: the list's windows, with the half hour in which both are there
    ("B12", "brukarstotte", "2026-11-23 15:29", False, False),
    ("B12", "brukarstotte", "2026-11-23 15:30", True, True),
    ("B12", "brukarstotte", "2026-11-23 16:00", True, False),
    ("B12", "brukarstotte", "2026-11-24 07:59", True, False),
    ("B12", "brukarstotte", "2026-11-24 08:00", False, False),
    ("B12", "brukarstotte", "2026-11-21 12:00", True, False),
    # B13: the holes of the list are filled: Monday morning, the morning after a holiday,
    # and 1 and 17 May by day
    ("B13", "brukarstotte", "2026-11-23 03:00", True, False),
    ("B13", "brukarstotte", "2026-05-15 03:00", True, False),
    ("B13", "brukarstotte", "2027-05-17 12:00", True, False),
    ("B13", "brukarstotte", "2026-05-01 12:00", True, False),
    # E10: call-out the year, whenever the desk is not staffed
    ("E10", "dekode", "2026-11-23 07:59", True, False),
    ("E10", "dekode", "2026-11-23 08:00", False, False),
    ("E10", "dekode", "2026-11-23 16:00", True, False),
    ("E10", "dekode", "2026-11-22 04:00", True, False),
    ("E10", "dekode", "2026-12-25 12:00", True, False),
]


@pytest.mark.parametrize(("letter", "desk_id", "moment", "on", "overlap"), DUTY)
def test_the_duty_is_there_when_the_source_says(
    letter: str, desk_id: str, moment: str, on: bool, overlap: bool
) -> None:
    desk = the_desk(desk_id)
    assert desk.duty

    answer = in_duty_hours(desk.duty.hours, desk.telephone_calendars(), oslo(moment))

    assert (answer.on, answer.overlap) == (on, overlap)


def test_only_brukarstotte_and_dekode_have_a_duty_and_people_who_take_turns() -> None:
    at = oslo("2026-11-21 23:10")

    for desk_id in DESKS:
        facts = shipped(desk_id)
        assert facts.roster
        has_duty = desk_id in ("brukarstotte", "dekode")
        assert (desk_of(facts).duty is not None) is has_duty
        assert bool(facts.roster.layers) is has_duty
        assert bool(on_duty(facts.roster, at).ringing) is has_duty
        assert facts.roster.people


def test_only_brukarstotte_has_a_duty_line_of_its_own() -> None:
    kinds = {desk_id: [line.kind for line in the_desk(desk_id).lines] for desk_id in DESKS}

    assert kinds.pop("brukarstotte") == [LineKind.SUPPORT, LineKind.DUTY]
    assert set(map(tuple, kinds.values())) == {(LineKind.SUPPORT,)}


def test_only_hosting_includes_dekodes_duty() -> None:
    agreements = {each.id: each.includes_duty for each in the_desk("dekode").agreements}

    assert agreements == {"drift": True, "uten-drift": False}


@pytest.mark.parametrize("desk_id", ["brukarstotte", "dekode"])
def test_only_a_critical_case_wakes_the_duty(desk_id: str) -> None:
    duty = the_desk(desk_id).duty

    assert duty
    assert duty.wakes == {CRITICAL}


@pytest.mark.parametrize("desk_id", ["brukarstotte", "dekode"])
def test_primary_and_backup_are_never_the_same_person(desk_id: str) -> None:
    roster = shipped(desk_id).roster
    assert roster

    for week in range(60):
        answer = on_duty(roster, oslo("2026-01-07 12:00") + timedelta(weeks=week))
        people = [each.person.id for each in answer.ringing if each.person]
        assert len(people) == len(set(people)) == 2
        assert answer.skipped == ()


# --- agreements, priorities, callers -------------------------------------------------------


def test_prokoms_default_agreement_has_no_telephone() -> None:
    desk = the_desk("prokom")

    assert desk.default_agreement().id == "enkel"
    assert [each.id for each in desk.agreements if each.telephone] == ["fast", "utvidet"]


@pytest.mark.parametrize(
    ("desk_id", "levels"),
    [
        ("prokom", ()),
        ("brukarstotte", (CRITICAL, HIGH, MEDIUM, LOW)),
        ("brukerhjelpen", ()),
        ("kundeservice", (CRITICAL, HIGH, MEDIUM, LOW)),
        ("dekode", (CRITICAL, HIGH)),
    ],
)
def test_a_desk_names_the_priorities_that_its_source_names(
    desk_id: str, levels: tuple[Priority, ...]
) -> None:
    assert tuple(each.level for each in the_desk(desk_id).priorities) == levels


def test_each_scheme_keeps_its_own_words() -> None:
    names = {
        desk_id: [the_desk(desk_id).texts_for(level).name.in_language(code) for level in Priority]
        for desk_id, code in [("brukarstotte", "nn"), ("kundeservice", "nb"), ("dekode", "nb")]
    }

    assert names == {
        "brukarstotte": ["Kritisk", "Høg", "Medium", "Lav"],
        "kundeservice": ["Kritisk", "Høy", "Middels", "Lav"],
        "dekode": ["Nivå A", "Nivå B", None, None],
    }


def test_brukarstottes_telephone_is_for_high_levels_or_no_network() -> None:
    meant = {desk_id for desk_id in DESKS if the_desk(desk_id).telephone_for != "everything"}

    assert meant == {"brukarstotte"}
    assert the_desk("brukarstotte").telephone_for is TelephoneFor.HIGH_OR_NO_NETWORK


@pytest.mark.parametrize(
    ("desk_id", "languages"),
    [
        ("prokom", ("nb", "en")),
        ("brukarstotte", ("nn", "en")),
        ("brukerhjelpen", ("nb", "nn", "en")),
        ("kundeservice", ("nb", "en")),
        ("dekode", ("nb", "en")),
    ],
)
def test_a_line_answers_in_its_callers_languages(desk_id: str, languages: tuple[str, ...]) -> None:
    assert {line.languages for line in the_desk(desk_id).lines} == {languages}


def test_kundeservice_does_not_serve_pupils_and_asks_for_two_names() -> None:
    facts = shipped("kundeservice")
    desk = desk_of(facts)

    assert [each.caller_class for each in desk.not_served] == ["pupil"]
    assert [each.number for each in facts.customers if each.caller_class == "pupil"] == ["4004"]
    assert "datamaskinnavn" in (desk.while_waiting.in_language("nb") or "")


def test_extended_hours_treat_holidays_as_sundays_and_all_others_close() -> None:
    policies = {
        (desk_id, calendar.id): calendar.holiday_policy
        for desk_id in DESKS
        for calendar in the_desk(desk_id).calendars
    }

    assert policies.pop(("prokom", "extended")) is HolidayPolicy.AS_SUNDAY
    assert set(policies.values()) == {HolidayPolicy.CLOSED}


def test_no_desk_closes_early_or_has_dates_of_its_own() -> None:
    for desk_id in DESKS:
        for calendar in the_desk(desk_id).calendars:
            assert calendar.early_closings == ()
            assert calendar.exceptions == ()


# --- escalation --------------------------------------------------------------------------

MATRIX = {
    CRITICAL: [(15, 120), (30, 240), (60, 360)],
    HIGH: [(60, 240), (120, 480), (240, "2d")],
    MEDIUM: [(180, "3d"), (360, "6d"), (720, "12d")],
    LOW: [(240, "5d"), (480, "10d"), (960, "20d")],
}


@pytest.mark.parametrize("priority", list(Priority))
def test_kundeservices_matrix_is_the_sources(priority: Priority) -> None:
    desk = the_desk("kundeservice")
    rows = [step for step in desk.escalation if step.priority is priority]

    def amount(step: int | str) -> Minutes | Days:
        return Minutes(step) if isinstance(step, int) else Days(int(step.rstrip("d")))

    assert [row.level for row in rows] == [1, 2, 3]
    for row, (respond, solve) in zip(rows, MATRIX[priority], strict=True):
        assert row.respond
        assert row.solve
        assert (row.respond.amount, row.solve.amount) == (amount(respond), amount(solve))
        assert row.respond.calendar == row.solve.calendar == "desk"
    assert len({row.contact for row in rows}) == 3


def test_only_kundeservice_escalates_and_counts_from_the_start() -> None:
    assert [desk_id for desk_id in DESKS if the_desk(desk_id).escalation] == ["kundeservice"]
    assert the_desk("kundeservice").escalation_basis is EscalationBasis.ELAPSED


# --- all of them -------------------------------------------------------------------------


def test_the_five_desks_are_sound_and_warn_only_of_what_the_source_gets_wrong() -> None:
    folders = [read_folder(folder_files(desk_id), desk_id) for desk_id in DESKS]
    at = datetime(2026, 11, 21, 22, tzinfo=UTC)

    together = cross_check(folders, at, at + timedelta(days=90))

    assert together == ()
    # D18: level 1 of "low" stands at 5 days, its target at 7
    told = [(f.file, f.code) for folder in folders for f in folder.diagnostics]
    assert told == [("kundeservice/desk.toml", "escalates_early")]
    assert errors(diagnostic for folder in folders for diagnostic in folder.diagnostics) == ()


@pytest.mark.parametrize("desk_id", DESKS)
def test_everything_spoken_is_short_in_every_language_of_the_desk(desk_id: str) -> None:
    desk = the_desk(desk_id)
    spoken = [each.spoken for each in desk.priorities]
    spoken += [each.message for each in desk.not_served]

    for words in spoken:
        for language in {code for line in desk.lines for code in line.languages}:
            assert spoken_seconds(words.in_language(language) or "x" * 99) <= 5


def test_no_number_stands_for_two_and_none_reaches_anybody() -> None:
    seen: dict[str, str] = {}
    for desk_id in DESKS:
        facts = shipped(desk_id)
        desk = desk_of(facts)
        assert facts.roster
        # the first line's telephones are those of people, listed in the roster as well
        people = {number for person in facts.roster.people for number in person.numbers}
        numbers = {line.number for line in desk.lines} | {c.phone for c in desk.contacts}
        numbers |= people | {phone.number for phone in desk.first_line.phones}
        numbers |= set(facts.roster.last_resort)
        numbers |= {n for c in facts.customers for n in (*c.phones, *c.shared_phones)}
        for number in numbers:
            assert seen.setdefault(number, desk_id) == desk_id
            assert number.startswith(("+474900", "+472000"))
            assert parse_number(number).is_known


def test_every_agreement_has_a_customer_to_call_from() -> None:
    for desk_id in DESKS:
        facts = shipped(desk_id)
        agreements = {each.id for each in desk_of(facts).agreements}
        assert {customer.agreement for customer in facts.customers} == agreements


def test_one_switchboard_of_prokom_belongs_to_several_customers() -> None:
    shared = [n for customer in shipped("prokom").customers for n in customer.shared_phones]

    assert shared.count("+4720001101") == 2


def test_a_desk_that_names_no_target_has_no_rule_at_all() -> None:
    for priority in Priority:
        assert target_rule(the_desk("brukarstotte"), "standard", priority) is None


def test_the_folders_hold_the_three_documents_and_nothing_else() -> None:
    assert sorted(folder.name for folder in ROSTERS.iterdir()) == sorted(DESKS)
    for desk_id in DESKS:
        assert sorted(folder_files(desk_id)) == ["customers.csv", "desk.toml", "roster.toml"]
