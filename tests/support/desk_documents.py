"""Parts of desks' documents that tests of several desks write the same."""

# A desk with hours by day, and an agreement that may telephone in them.
OFFICE_HOURS = """\
[calendars.desk]
name = "Kontortid"
holidays = "NO"
on_holidays = "closed"
monday-friday = ["08:00-16:00"]
"""


def default_agreement(agreement: str, name: str) -> str:
    """The agreement of whoever has no other: the telephone in office hours, and the duty."""
    return f"""
[agreements.{agreement}]
name = "{name}"
default = true
telephone = true
telephone_calendar = "desk"
includes_duty = true
"""


def weekly_rotation(role: str, *members: str, start: str = "2026-01-05") -> str:
    """A rotation by weeks, named like its role, that changes hands on Mondays at 08:00."""
    names = ", ".join(f'"{member}"' for member in members)
    return f"""
[[rotations]]
id = "{role}"
role = "{role}"
kind = "weekly"
handover = "08:00"
handover_day = "monday"
start = {start}
members = [{names}]
"""


GROUPS = """
[groups.second_line]
name = "Andre linje"
line = 2
members = ["kari@kommune.example"]
"""
