"""In what role somebody is rung: one set for rosters, calls, texts, rows and the API."""

from enum import StrEnum
from typing import Final, Literal


class Role(StrEnum):
    """In what role somebody is rung."""

    FIRST_LINE = "first_line"
    PRIMARY = "primary"
    BACKUP = "backup"
    LAST_RESORT = "last_resort"
    TICKET_OWNER = "ticket_owner"  # took an earlier call about the same case
    CALLER = "caller"  # of the ticket: called back by whoever took it


# The same sets as types, for what says no more than its own roles to the outside.
RotationRole = Literal[Role.PRIMARY, Role.BACKUP]
DutyRole = Literal[Role.PRIMARY, Role.BACKUP, Role.LAST_RESORT]

# What people take turns in, in ringing order; the last resort is a list of its own.
ROTATION_ROLES: Final[tuple[RotationRole, ...]] = (Role.PRIMARY, Role.BACKUP)
DUTY_ROLES: Final = frozenset({*ROTATION_ROLES, Role.LAST_RESORT})


def rotation_role(role: Role) -> RotationRole:
    """Return the role as one that people take turns in; ValueError for another one."""
    match role:
        case Role.PRIMARY | Role.BACKUP:
            return role
        case _:
            raise ValueError(role)
