"""What a role lets somebody do: one table, read by every page and shown as it stands."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class AccessRole(StrEnum):
    """What somebody is to the installation. In what role somebody is rung is domain/roles."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    DUTY_PERSON = "duty_person"
    AGENT = "agent"
    READER = "reader"


class Permission(StrEnum):
    """What a page asks for. Where it is asked for is a Scope."""

    SEE_NOW = "see_now"
    SEE_ROSTER = "see_roster"
    CHANGE_ROSTER = "change_roster"
    SEE_OWN_DUTY = "see_own_duty"
    CHANGE_OWN_DUTY = "change_own_duty"
    MARK_OUTAGE = "mark_outage"
    SEE_CUSTOMERS = "see_customers"
    CHANGE_CUSTOMERS = "change_customers"
    CHANGE_DESK = "change_desk"
    SEE_AUDIT = "see_audit"
    MANAGE_USERS = "manage_users"


_READER: Final = frozenset({Permission.SEE_NOW, Permission.SEE_ROSTER})
_AGENT: Final = _READER | {Permission.SEE_CUSTOMERS, Permission.MARK_OUTAGE}
_DUTY_PERSON: Final = _READER | {
    Permission.SEE_OWN_DUTY,
    Permission.CHANGE_OWN_DUTY,
    Permission.MARK_OUTAGE,
}
_COORDINATOR: Final = (
    _AGENT
    | _DUTY_PERSON
    | {Permission.CHANGE_ROSTER, Permission.CHANGE_CUSTOMERS, Permission.CHANGE_DESK}
)

PERMISSIONS: Final[Mapping[AccessRole, frozenset[Permission]]] = {
    AccessRole.ADMINISTRATOR: frozenset(Permission),
    AccessRole.COORDINATOR: _COORDINATOR,
    AccessRole.DUTY_PERSON: _DUTY_PERSON,
    AccessRole.AGENT: _AGENT,
    AccessRole.READER: _READER,
}

# Users and the audit trail belong to no desk and to no roster.
ONLY_EVERYWHERE: Final = frozenset({AccessRole.ADMINISTRATOR})
