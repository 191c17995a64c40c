"""Who may do what, where: one table of roles, and the reason for each answer."""

from datetime import UTC, datetime

import pytest

from app.domain.access.may import may, may_somewhere, scopes_with
from app.domain.access.permissions import (
    CUSTOMER_ROLES,
    PERMISSIONS,
    STAFF_ROLES,
    AccessRole,
    Permission,
)
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.access.users import Grant, User
from app.domain.reasons import AccessCode

STAFF = frozenset().union(*(PERMISSIONS[each] for each in STAFF_ROLES))
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
HELP_DESK = Scope(desk="brukarstotte", roster="drift")  # as a question about the desk names it


def somebody(*grants: Grant, disabled_at: datetime | None = None) -> User:
    return User(7, "kari@kommune.example", "Kari Vik", "nn", NOW, None, grants, disabled_at)


def test_a_coordinator_of_a_roster_changes_it_and_no_other() -> None:
    kari = somebody(Grant(AccessRole.COORDINATOR, Scope(roster="drift")))
    assert may(kari, Permission.CHANGE_ROSTER, Scope(roster="drift")).is_allowed
    elsewhere = may(kari, Permission.CHANGE_ROSTER, Scope(roster="skule"))
    assert (elsewhere.is_allowed, elsewhere.reason.code) == (False, AccessCode.ONLY_ELSEWHERE)
    assert may_somewhere(kari, Permission.CHANGE_ROSTER).is_allowed


def test_who_has_a_role_for_a_roster_sees_the_desks_that_have_it() -> None:
    kari = somebody(Grant(AccessRole.READER, Scope(roster="drift")))
    assert may(kari, Permission.SEE_NOW, HELP_DESK).is_allowed


def test_a_role_at_a_desk_is_none_for_a_roster_that_other_desks_may_have_too() -> None:
    ola = somebody(Grant(AccessRole.COORDINATOR, Scope(desk="brukarstotte")))
    assert may(ola, Permission.CHANGE_DESK, HELP_DESK).is_allowed
    assert not may(ola, Permission.CHANGE_ROSTER, Scope(roster="drift")).is_allowed


def test_a_role_everywhere_holds_for_each_desk_and_for_the_installation() -> None:
    admin = somebody(Grant(AccessRole.ADMINISTRATOR))
    for scope in (EVERYTHING, HELP_DESK, Scope(roster="drift")):
        assert all(may(admin, each, scope).is_allowed for each in STAFF)


def test_a_customers_role_holds_for_that_customer_of_that_desk_alone() -> None:
    here = Scope(desk="prokom", customer="1001")
    liv = somebody(Grant(AccessRole.CUSTOMER_ADMINISTRATOR, here))
    assert may(liv, Permission.MANAGE_CUSTOMER_USERS, here).is_allowed
    for other in (
        Scope(desk="prokom", customer="1002"),
        Scope(desk="dekode", customer="1001"),
        Scope(desk="prokom"),
        EVERYTHING,
    ):
        assert not may(liv, Permission.SEE_OWN_CASES, other).is_allowed


def test_staff_and_customers_have_no_permission_in_common() -> None:
    customers = frozenset().union(*(PERMISSIONS[each] for each in CUSTOMER_ROLES))
    assert STAFF | customers == frozenset(Permission)
    assert not STAFF & customers


@pytest.mark.parametrize("role", AccessRole)
def test_a_customers_role_is_given_for_a_customer_and_no_other_role_is(role: AccessRole) -> None:
    is_customers = role in CUSTOMER_ROLES
    assert Grant(role, Scope(desk="prokom", customer="1001")).is_possible is is_customers
    assert Grant(role, EVERYTHING).is_possible is not is_customers


def test_a_role_at_one_desk_is_none_for_the_installation() -> None:
    kari = somebody(Grant(AccessRole.COORDINATOR, Scope(desk="brukarstotte")))
    assert not may(kari, Permission.CHANGE_DESK, EVERYTHING).is_allowed


@pytest.mark.parametrize(
    ("user", "code"),
    [
        (somebody(), AccessCode.NO_ACCESS_ROLE),
        (somebody(Grant(AccessRole.READER)), AccessCode.ROLES_LACK_IT),
        (
            somebody(Grant(AccessRole.COORDINATOR, Scope(desk="prokom"))),
            AccessCode.ONLY_ELSEWHERE,
        ),
        (somebody(Grant(AccessRole.ADMINISTRATOR), disabled_at=NOW), AccessCode.USER_DISABLED),
        (somebody(Grant(AccessRole.COORDINATOR)), AccessCode.HAS_ACCESS_ROLE),
    ],
)
def test_each_answer_has_its_reason(user: User, code: AccessCode) -> None:
    assert may(user, Permission.CHANGE_DESK, HELP_DESK).reason.code is code


def test_several_roles_add_up() -> None:
    both = somebody(Grant(AccessRole.READER), Grant(AccessRole.COORDINATOR, Scope(roster="drift")))
    assert may(both, Permission.SEE_ROSTER, Scope(roster="skule")).is_allowed
    assert scopes_with(both, Permission.CHANGE_ROSTER) == (Scope(roster="drift"),)
    assert scopes_with(both, Permission.SEE_NOW) == (EVERYTHING, Scope(roster="drift"))


def test_who_is_disabled_may_nothing_anywhere() -> None:
    gone = somebody(Grant(AccessRole.ADMINISTRATOR), disabled_at=NOW)
    assert not any(may_somewhere(gone, each).is_allowed for each in Permission)
    assert scopes_with(gone, Permission.SEE_NOW) == ()


def test_only_an_administrator_sees_who_did_what_and_manages_users() -> None:
    for permission in (Permission.SEE_AUDIT, Permission.MANAGE_USERS):
        having = {role for role, granted in PERMISSIONS.items() if permission in granted}
        assert having == {AccessRole.ADMINISTRATOR}
    assert not Grant(AccessRole.ADMINISTRATOR, Scope(desk="prokom")).is_possible
    assert Grant(AccessRole.COORDINATOR, Scope(desk="prokom")).is_possible


def test_all_of_the_staff_see_who_is_on_duty_now() -> None:
    assert all(Permission.SEE_NOW in PERMISSIONS[each] for each in STAFF_ROLES)
