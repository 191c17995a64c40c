"""How long it takes to know who has duty and when a case is due, with years of roster behind it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from time import thread_time

from app.domain.desks.desk import Desk
from app.domain.roles import Role
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.time.business_time import Minutes, due
from app.domain.time.calendars import Calendar, DatedException
from bench.desks import shipped
from bench.figures import Figure, at_most

YEARS = (1, 10)
BEGINS = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DUTY_GOAL, DUE_GOAL = 50, 200  # microseconds
QUESTIONS, ROUNDS = 200, 30
PART = "Who has duty, when is it due"


def figures() -> Iterator[Figure]:
    """The microseconds of one question, asked at random moments of the years."""
    desk, roster = brukarstotte()
    for years in YEARS:
        planned, calendar = with_years(roster, years), with_exceptions(desk.calendar("desk"), years)
        name = f"{years} year{'s' if years > 1 else ''} of roster"
        asked = _moments(years)
        fresh = microseconds(partial(_first_question, planned), asked[:20], 1)
        yield Figure(PART, f"on duty, {name}, first question to a version just read", fresh, "µs")
        known = microseconds(partial(on_duty, planned), asked)
        yield at_most(PART, f"on duty, {name}", known, DUTY_GOAL, "µs")
        promised = microseconds(partial(_due_in_four_hours, calendar), asked)
        yield at_most(PART, f"due in four working hours, {name}", promised, DUE_GOAL, "µs")


def _first_question(roster: Roster, at: datetime) -> object:
    return on_duty(replace(roster), at)


def _due_in_four_hours(calendar: Calendar, at: datetime) -> datetime:
    return due(calendar, at, Minutes(4 * 60))


def microseconds(
    ask: Callable[[datetime], object], asked: list[datetime], rounds: int = ROUNDS
) -> float:
    """What one question costs on average in the best round, in time of the processor."""
    taken = []
    for _ in range(rounds):
        started = thread_time()
        for at in asked:
            ask(at)
        taken.append((thread_time() - started) / len(asked))
    return 1_000_000 * min(taken)


def with_years(roster: Roster, years: int) -> Roster:
    """The roster with a swap of some hours every week and an absence every other week."""
    people = [person.id for person in roster.people]
    weeks = [BEGINS + 7 * DAY * n for n in range(52 * years)]
    swaps = tuple(
        Override(
            people[n % len(people)],
            Role.PRIMARY if n % 3 else Role.BACKUP,
            week + timedelta(days=n % 7, hours=9),
            week + timedelta(days=n % 7, hours=9 + 5 * (1 + n % 4)),
            note="swap",
        )
        for n, week in enumerate(weeks)
    )
    absences = tuple(
        Absence(people[n % len(people)], week + 2 * DAY, week + 4 * DAY, note="course")
        for n, week in enumerate(weeks[::2])
    )
    return replace(roster, overrides=swaps, absences=absences)


def with_exceptions(calendar: Calendar, years: int) -> Calendar:
    """The calendar with ten dated exceptions a year."""
    first = date(BEGINS.year, 1, 5)
    days = [first + timedelta(days=36 * n) for n in range(10 * years)]
    return replace(
        calendar, exceptions=tuple(DatedException(day, ((8 * 60, 11 * 60),)) for day in days)
    )


def _moments(years: int) -> list[datetime]:
    random = Random(years)
    return [BEGINS + random.random() * 365 * years * DAY for _ in range(QUESTIONS)]


def brukarstotte() -> tuple[Desk, Roster]:
    folder = next(folder for folder in shipped() if folder.id == "brukarstotte")
    if folder.desk is None or folder.roster is None:
        raise ValueError(f"{folder.where} cannot be read: {folder.diagnostics}")
    return folder.desk, folder.roster
