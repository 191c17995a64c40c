"""The documents of a small invented desk, for tests that break them one line at a time."""

from app.domain.config.diagnostics import Diagnostic
from app.domain.config.folder import DeskFolder
from app.domain.config.folder_reader import read_folder
from tests.support.desk_documents import OFFICE_HOURS, default_agreement, weekly_rotation

DESK = (
    """\
name = "Havna"
spoken_name = "Havna"
time_zone = "Europe/Oslo"
portal = "portal.havna.example"
roster = "havna"
inbox = { mail = ["saker@havna.example"] }
[[lines]]
number = "+4720000900"
kind = "support"
languages = ["nb", "en"]

[[lines]]
number = "+4720000910"
kind = "duty"
languages = ["nb"]

"""
    + OFFICE_HOURS
    + default_agreement("full", "Full")
    + """
[agreements.web]
name = "Bare nett"
telephone = false

[priorities.critical]
name = { nb = "Kritisk", en = "Critical" }
definition = { nb = "Alt er nede.", en = "All is down." }
spoken = { nb = "Alt er nede.", en = "All is down." }

[[targets]]
priority = "critical"
respond = "15 minutes"
solve = "4 hours"
calendar = "desk"

[duty]
wakes = ["critical"]
when_not_staffed = true

[first_line]
ring_seconds = 20

[[first_line.phones]]
name = "Skranke 1"
number = "+4749009501"

[[contacts]]
role = "Leder"
phone = "+4749009901"
"""
)

ROSTER = """\
id = "havna"
time_zone = "Europe/Oslo"
last_resort = ["+4749009790"]

[people.vakt-1]
name = "Vakt 1"
phones = ["+4749009701"]

[people.vakt-2]
name = "Vakt 2"
phones = ["+4749009702"]
""" + weekly_rotation("primary", "vakt-1", "vakt-2")

CUSTOMERS = """\
number,name,agreement,phones,shared_phones,class
9001,Brygga,full,+4749009001,+4720009101,
9002,Fyret,web,+4749009002,,
"""


def folder(
    desk: str = DESK, roster: str = ROSTER, customers: str = CUSTOMERS, name: str = "havna"
) -> DeskFolder:
    """The desk's folder, as read."""
    files = {"desk.toml": desk, "roster.toml": roster, "customers.csv": customers}
    return read_folder(dict(files), name)


def changed(text: str, old: str, new: str) -> str:
    """The text with its first `old` replaced; a test that replaces nothing is a mistake."""
    assert old in text, old
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds the part."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if part in line)


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """What the faults are, in their order."""
    return [diagnostic.code for diagnostic in diagnostics]
