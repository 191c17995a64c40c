"""In what role somebody is rung, or only told: the same for rosters, calls, texts, rows and API."""

from enum import StrEnum
from typing import Final, Literal


class Role(StrEnum):
    """In what role somebody is rung; a shadow never is."""

    FIRST_LINE = "first_line"
    PRIMARY = "primary"
    BACKUP = "backup"
    LAST_RESORT = "last_resort"
    SHADOW = "shadow"  # gets the duty's SMS beside whoever is rung
    TICKET_OWNER = "ticket_owner"  # took an earlier call about the same case
    CALLER = "caller"  # of the ticket: called back by whoever took it


# The same sets as types, for what says no more than its own roles to the outside.
RotationRole = Literal[Role.PRIMARY, Role.BACKUP]
TurnRole = Literal[Role.PRIMARY, Role.BACKUP, Role.SHADOW]
DutyRole = Literal[Role.PRIMARY, Role.BACKUP, Role.LAST_RESORT]

# What people are rung in by turns, in ringing order; the last resort is a list of its own.
ROTATION_ROLES: Final[tuple[RotationRole, ...]] = (Role.PRIMARY, Role.BACKUP)
TURN_ROLES: Final[tuple[TurnRole, ...]] = (*ROTATION_ROLES, Role.SHADOW)
DUTY_ROLES: Final = frozenset({*ROTATION_ROLES, Role.LAST_RESORT})


def rotation_role(role: Role) -> RotationRole:
    """Return the role as one that people are rung in by turns; ValueError for another one."""
    match role:
        case Role.PRIMARY | Role.BACKUP:
            return role
        case _:
            raise ValueError(role)
