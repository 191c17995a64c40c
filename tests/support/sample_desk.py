"""A small invented organisation in a database, for tests of rows and actions.

Monday to Friday 08:00-16:00 in Oslo; critical cases wake the duty at all other times.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

from app.actions.desks.import_desks import ImportResult, import_desks
from app.domain.access.actor import command_line
from app.domain.calls.call import Pressed
from app.domain.config.folder import DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.numbers import Number, parse_number
from app.store import Database, open_database
from app.store.desks import Edit
from tests.support.desk_documents import OFFICE_HOURS, default_agreement, weekly_rotation
from tests.support.imported_desks import put_desks

DESK = "fjordhjelp"
SUPPORT, DUTY = "+4720000901", "+4720000902"
CALLER, STRANGER, SWITCHBOARD = "+4749009001", "+4749009099", "+4720009001"
DUTY_1, DUTY_1_HOME, DUTY_2, LAST_RESORT = (
    "+4749009101",
    "+4720009101",
    "+4749009102",
    "+4749009190",
)
NIGHT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)  # a Saturday
DAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday


def last_evening(now: datetime) -> datetime:
    """An hour at which the duty has the telephone, three hours ago or more."""
    evening = now.replace(hour=20, minute=10, second=0, microsecond=0)
    return evening if evening <= now - timedelta(hours=3) else evening - timedelta(days=1)


DESK_TOML = f"""
name = "Fjordhjelp"
spoken_name = {{ nb = "Fjordhjelp", en = "Fjord help" }}
time_zone = "Europe/Oslo"
portal = "portal.fjordhjelp.example"
roster = "fjordhjelp"

[[lines]]
number = "{SUPPORT}"
kind = "support"
languages = ["nb", "en"]

[[lines]]
number = "{DUTY}"
kind = "duty"
languages = ["nb", "en"]

{OFFICE_HOURS}{default_agreement("standard", "Standard")}
[priorities.critical]
name = {{ nb = "Kritisk", en = "Critical" }}
definition = {{ nb = "Liv og helse.", en = "Life and health." }}
spoken = {{ nb = "Liv og helse.", en = "Life and health." }}

[duty]
wakes = ["critical"]
ring_seconds = 25
when_not_staffed = true

[first_line]
order = "in_order"
ring_seconds = 20

[[first_line.phones]]
name = "First line 1"
number = "+4749009201"
language = "nb"

[[first_line.phones]]
name = "First line 2"
number = "+4749009202"
language = "nb"
"""

ROSTER_TOML = f"""
id = "fjordhjelp"
time_zone = "Europe/Oslo"
last_resort = ["{LAST_RESORT}"]

[people.duty-1]
name = "Duty 1"
phones = ["{DUTY_1}", "{DUTY_1_HOME}"]
language = "nb"

[people.duty-2]
name = "Duty 2"
phones = ["{DUTY_2}"]
language = "nb"
{weekly_rotation("primary", "duty-1", start="2024-01-01")}{
    weekly_rotation("backup", "duty-2", start="2024-01-01")
}"""

CUSTOMERS_CSV = f"""number,name,agreement,phones,shared_phones,class
9001,Skogli skule,standard,{CALLER},{SWITCHBOARD},
9002,Teknisk eining,standard,+4749009002,{SWITCHBOARD},
"""

FILES: Mapping[str, bytes | str] = {
    "desk.toml": DESK_TOML,
    "roster.toml": ROSTER_TOML,
    "customers.csv": CUSTOMERS_CSV,
}


@cache
def folder(desk_id: str = DESK, **changed: str) -> DeskFolder:
    """The organisation's folder, with some of its files (desk, roster, customers) changed."""
    names = {"desk": "desk.toml", "roster": "roster.toml", "customers": "customers.csv"}
    return read_folder({**FILES, **{names[part]: text for part, text in changed.items()}}, desk_id)


def another_desk(which: int) -> DeskFolder:
    """The same organisation once more: with numbers, customers and a roster of its own."""

    def its(text: str) -> str:
        text = text.replace(DESK, f"{DESK}-{which}")
        return text.replace("+472000", f"+47200{which}").replace("+474900", f"+47490{which}")

    texts = {"desk": DESK_TOML, "roster": ROSTER_TOML, "customers": CUSTOMERS_CSV}
    return folder(f"{DESK}-{which}", **{part: its(text) for part, text in texts.items()})


def edit(at: datetime = DAY) -> Edit:
    return Edit(command_line("Teamleiar"), at, "as agreed")


def import_sample_desks(database: Database, *folders: DeskFolder) -> ImportResult:
    return import_desks(database, folders or (folder(),), edit())


@contextmanager
def sample_database(url: str, *folders: DeskFolder) -> Iterator[Database]:
    """A migrated database with the organisation in it."""
    with blank_database(url) as database:
        put_desks(database, folders or (folder(),), edit())
        yield database


@contextmanager
def blank_database(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def number(digits: str = CALLER) -> Number:
    return parse_number(digits)


def press(keys: str = "") -> Pressed:
    return Pressed(keys)


def later(seconds: float, start: datetime = NIGHT) -> datetime:
    return start + timedelta(seconds=seconds)
