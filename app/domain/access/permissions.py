"""What a role lets somebody do: one table, read by every page and shown as it stands.

The staff's roles and a customer's have no permission in common: a page of one side answers the
other side like somebody who may not open it. The API knows no roles: api/v1/access.py.
"""

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
    CUSTOMER_MEMBER = "customer_member"
    CUSTOMER_APPROVER = "customer_approver"
    CUSTOMER_ADMINISTRATOR = "customer_administrator"
    CUSTOMER_LEADER = "customer_leader"


class Permission(StrEnum):
    """What a page asks for. Where it is asked for is a Scope."""

    SEE_NOW = "see_now"
    SEE_ROSTER = "see_roster"
    CHANGE_ROSTER = "change_roster"
    SEE_OWN_DUTY = "see_own_duty"
    CHANGE_OWN_DUTY = "change_own_duty"
    MARK_OUTAGE = "mark_outage"
    WORK_ON_TICKETS = "work_on_tickets"
    SEE_CUSTOMERS = "see_customers"
    CHANGE_CUSTOMERS = "change_customers"
    MANAGE_ACCOUNTS = "manage_accounts"
    CHANGE_DESK = "change_desk"
    SEE_AUDIT = "see_audit"
    MANAGE_USERS = "manage_users"
    SEE_OWN_CASES = "see_own_cases"
    SEE_ORGANISATION_CASES = "see_organisation_cases"
    OPEN_CASE = "open_case"
    APPROVE = "approve"
    ORDER_USERS = "order_users"
    MANAGE_CUSTOMER_USERS = "manage_customer_users"


_READER: Final = frozenset({Permission.SEE_NOW, Permission.SEE_ROSTER})
_AGENT: Final = _READER | {
    Permission.SEE_CUSTOMERS,
    Permission.MANAGE_ACCOUNTS,
    Permission.MARK_OUTAGE,
    Permission.WORK_ON_TICKETS,
}
_DUTY_PERSON: Final = _READER | {
    Permission.SEE_OWN_DUTY,
    Permission.CHANGE_OWN_DUTY,
    Permission.MARK_OUTAGE,
    Permission.WORK_ON_TICKETS,
}
_COORDINATOR: Final = (
    _AGENT
    | _DUTY_PERSON
    | {Permission.CHANGE_ROSTER, Permission.CHANGE_CUSTOMERS, Permission.CHANGE_DESK}
)
_STAFF: Final = _COORDINATOR | {Permission.SEE_AUDIT, Permission.MANAGE_USERS}

_MEMBER: Final = frozenset(
    {Permission.SEE_OWN_CASES, Permission.SEE_ORGANISATION_CASES, Permission.OPEN_CASE}
)
_APPROVER: Final = _MEMBER | {Permission.APPROVE}

PERMISSIONS: Final[Mapping[AccessRole, frozenset[Permission]]] = {
    AccessRole.ADMINISTRATOR: _STAFF,
    AccessRole.COORDINATOR: _COORDINATOR,
    AccessRole.DUTY_PERSON: _DUTY_PERSON,
    AccessRole.AGENT: _AGENT,
    AccessRole.READER: _READER,
    AccessRole.CUSTOMER_MEMBER: _MEMBER,
    AccessRole.CUSTOMER_APPROVER: _APPROVER,
    AccessRole.CUSTOMER_ADMINISTRATOR: _APPROVER | {Permission.MANAGE_CUSTOMER_USERS},
    # Beside one of the others: who is new, who leaves and who gets access is a leader's to say.
    AccessRole.CUSTOMER_LEADER: _MEMBER | {Permission.ORDER_USERS},
}

# Users and the audit trail belong to no desk and to no roster.
ONLY_EVERYWHERE: Final = frozenset({AccessRole.ADMINISTRATOR})
CUSTOMER_ROLES: Final = frozenset(
    {
        AccessRole.CUSTOMER_MEMBER,
        AccessRole.CUSTOMER_APPROVER,
        AccessRole.CUSTOMER_ADMINISTRATOR,
        AccessRole.CUSTOMER_LEADER,
    }
)
STAFF_ROLES: Final = tuple(each for each in AccessRole if each not in CUSTOMER_ROLES)
