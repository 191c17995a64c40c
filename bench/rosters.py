"""How long a roster's timeline takes, beside a library that expands the same turns; and its page.

The library (recurring_ical_events) has each member's turns as one recurring event, and lays nothing
over anything: it only has to say when they are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time
from typing import Final

import recurring_ical_events
from icalendar import Calendar
from sqlalchemy import Connection

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.config.roster_document import read_roster
from app.domain.roles import Role
from app.domain.roster.plan import Override, Roster
from app.domain.roster.timeline import timeline
from app.domain.time.intervals import Interval
from app.store import migrate
from app.store.roster_entries import EntryChange, NewEntry, change_entries, lock_roster
from bench.duty import brukarstotte
from bench.figures import Figure, at_most
from tests.support.changed_roster import COORDINATOR
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user

PART: Final = "A roster's timeline and its page"
TIMELINE_GOAL, PAGE_GOAL = 100, 150  # milliseconds
ROUNDS: Final = 15
PEOPLE: Final = tuple(f"vakt-{number}" for number in range(1, 31))
YEAR: Final = Interval(datetime(2027, 1, 4, 7, tzinfo=UTC), datetime(2028, 1, 3, 7, tzinfo=UTC))
MONTH: Final = datetime(2027, 3, 1, 7, tzinfo=UTC)
# Of the sample desk, each of a third of an hour: about 1,000 rows of the table, and many more.
THOUSAND_ROWS, MANY = 250, 1000
OVER: Final = 'role = "primary"\nover = "weeks"'
# Each layer's keys in roster.toml; its handover, a turn's length and how often one begins in iCal.
LAYERS: Final = {
    "weeks": (
        'role = "primary"\nkind = "weekly"\nhandover = "08:00"\nhandover_day = "monday"',
        ("0104T080000", "P7D", "WEEKLY"),
    ),
    "weekends": (
        f'{OVER}\nkind = "weekly"\nhandover = "08:00"\nhandover_day = "saturday"\n'
        'hours = { holidays = "none", saturday-sunday = ["00:00-24:00"] }',
        ("0109T080000", "P2D", "WEEKLY"),
    ),
    "nights": (
        f'{OVER}\nkind = "daily"\nhandover = "22:00"\n'
        'hours = { holidays = "none", monday-friday = ["22:00-06:00 next day"] }',
        ("0104T220000", "PT8H", "DAILY"),
    ),
    "holidays": (
        f'{OVER}\nkind = "holidays"\nhandover = "08:00"\n'
        'holidays = [{ name = "Easter", from = "easter-3", to = "easter+1" }]',
        ("0325T080000", "P5D", "YEARLY"),
    ),
    "backup": (
        'role = "backup"\nkind = "weekly"\nhandover = "08:00"\nhandover_day = "monday"',
        ("0104T080000", "P7D", "WEEKLY"),
    ),
}


def figures(folder: Path) -> Iterator[Figure]:
    """Milliseconds of processor time, each of the best round."""
    desk, _ = brukarstotte()
    roster, events = five_layers(), as_ical()
    ours = milliseconds(lambda: timeline(replace(roster), (desk,), YEAR))
    theirs = milliseconds(lambda: recurring_ical_events.of(events).between(YEAR.from_, YEAR.to))
    what = f"a year of {len(PEOPLE)} people and {len(LAYERS)} layers"
    yield at_most(PART, f"timeline, {what}", ours, TIMELINE_GOAL, "ms")
    yield Figure(PART, f"recurring_ical_events, {what}", theirs, "ms")
    yield Figure(PART, "the same beside ours", theirs / ours)
    for overrides in (THOUSAND_ROWS, MANY):
        with a_page(folder / f"{overrides}", overrides) as ask:
            rows = ask().count('id="row-')
            name, taken = f"page of a month, {overrides} overrides, {rows} rows", milliseconds(ask)
            if overrides == THOUSAND_ROWS:
                yield at_most(PART, name, taken, PAGE_GOAL, "ms")
            else:
                yield Figure(PART, name, taken, "ms")


def milliseconds(ask: Callable[[], object]) -> float:
    """What a question costs in the best of some rounds, in time of the processor."""
    taken = []
    for _ in range(ROUNDS):
        started = thread_time()
        ask()
        taken.append(thread_time() - started)
    return 1000 * min(taken)


def five_layers() -> Roster:
    """Weeks, over them weekends, nights and holidays, and a backup; thirty members in each."""
    members = {
        name: [*PEOPLE[7 * place :], *PEOPLE[: 7 * place]] for place, name in enumerate(LAYERS)
    }
    people = "".join(
        f'[people.{person}]\nname = "{person}"\nphones = ["+47490000{number}"]\n'
        for number, person in enumerate(PEOPLE, 10)
    )
    rotations = "".join(
        f'[[rotations]]\nid = "{name}"\nstart = 2027-01-04\nmembers = {members[name]}\n{keys}\n'
        for name, (keys, _) in LAYERS.items()
    )
    text = f'id = "bench"\ntime_zone = "Europe/Oslo"\n{people}{rotations}'
    read = read_roster(text, "roster.toml")
    if read.value is None:
        raise ValueError(read.diagnostics)
    return read.value


def as_ical() -> Calendar:
    """Each member's turns of each layer as an event that comes again."""
    events = (
        f"BEGIN:VEVENT\nUID:{name}-{place}\nSUMMARY:{person}\n"
        f"DTSTART;TZID=Europe/Oslo:{_begins(start, frequency, place)}\nDURATION:{length}\n"
        f"RRULE:FREQ={frequency};INTERVAL={len(PEOPLE)}\nEND:VEVENT\n"
        for name, (_, (start, length, frequency)) in LAYERS.items()
        for place, person in enumerate(PEOPLE)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:bench\n{''.join(events)}END:VCALENDAR\n"
    return Calendar.from_ical(text)


def _begins(start: str, frequency: str, place: int) -> str:
    days = {"WEEKLY": 7, "DAILY": 1, "YEARLY": 365}[frequency] * place
    first = datetime.strptime(f"2027{start}", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time
    return f"{first + timedelta(days=days):%Y%m%dT%H%M%S}"


@contextmanager
def a_page(folder: Path, overrides: int) -> Iterator[Callable[[], str]]:
    """The page of a month with so many overrides, as a coordinator asks for it."""
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'vakt.db'}"
    migrate(url)
    with a_web(settings(url, folder)) as app:
        database = database_of(app)
        database.write(lambda connection: _add(connection, overrides))
        browser = a_browser(app, a_user(database, role=AccessRole.COORDINATOR))
        yield lambda: browser.get(f"/rosters/{DESK}?view=month&from={MONTH:%Y-%m-%d}").text


def _add(connection: Connection, count: int) -> None:
    lock_roster(connection, DESK)
    apart = timedelta(days=30) / count
    starts = (MONTH + number * apart for number in range(count))
    taken = (Override("duty-2", Role.PRIMARY, at, at + apart / 2, note="swap") for at in starts)
    new = tuple(NewEntry(each, COORDINATOR) for each in taken)
    change_entries(connection, DESK, EntryChange(COORDINATOR, clock.now(), add=new))
