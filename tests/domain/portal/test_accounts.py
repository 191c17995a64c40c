"""Who gets an account at once, and who waits for the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access.actor import system
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.desks.customer import Customer
from app.domain.portal.accounts import (
    LADDER,
    AccountRequest,
    AccountState,
    CustomerRoles,
    roles_for,
    when_confirmed,
)

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
FJELLVIK = Customer("1001", "Fjellvik kommune", "fast", mail_domains=("fjellvik.example",))
WATER = Customer("1004", "Fjellvik vassverk", "enkel", mail_domains=("fjellvik.example",))
NORDMO = Customer("1003", "Nordmo kommune", "enkel")
KNOWN = (FJELLVIK, WATER, NORDMO)
HERE = Scope(desk="prokom", customer="1001")


def a_request(email: str, typed: str) -> AccountRequest:
    return AccountRequest(
        id=1,
        desk="prokom",
        email=email,
        name="Liv Berg",
        language="nn",
        typed=typed,
        customer=None,
        roles=CustomerRoles(),
        message="",
        state=AccountState.UNCONFIRMED,
        asked_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )


@pytest.mark.parametrize(
    ("email", "typed", "state", "customer"),
    [
        ("liv@fjellvik.example", "Fjellvik kommune", AccountState.ACCEPTED, "1001"),
        ("liv@fjellvik.example", " fjellvik  KOMMUNE", AccountState.ACCEPTED, "1001"),
        ("liv@fjellvik.example", "1004", AccountState.ACCEPTED, "1004"),
        ("liv@fjellvik.example", "kommunen", AccountState.WAITING, None),  # which of the two?
        ("liv@fjellvik.example", "Nordmo kommune", AccountState.WAITING, "1003"),
        ("liv@post.fjellvik.example", "1001", AccountState.WAITING, "1001"),
        ("liv@nordmo.example", "1003", AccountState.WAITING, "1003"),
        ("liv@elsewhere.example", "nobody", AccountState.WAITING, None),
    ],
)
def test_the_mails_domain_lets_in_and_nothing_else_does(
    email: str, typed: str, state: AccountState, customer: str | None
) -> None:
    then = when_confirmed(a_request(email, typed), KNOWN)
    assert (then.state, then.customer) == (state, customer)


def test_a_name_that_fits_nobody_is_forgiven_where_the_domain_is_one_customers() -> None:
    then = when_confirmed(a_request("liv@fjellvik.example", "kommunen"), (FJELLVIK, NORDMO))
    assert (then.state, then.customer) == (AccountState.ACCEPTED, "1001")


@given(st.sampled_from(["a", "b.example", "fjellvik.example", "x.fjellvik.example"]), st.text())
def test_nobody_is_let_in_by_what_they_type(domain: str, typed: str) -> None:
    then = when_confirmed(a_request(f"liv@{domain}", typed), KNOWN)
    let_in = [each for each in KNOWN if each.number == then.customer]
    if then.state is AccountState.ACCEPTED:
        assert domain in let_in[0].mail_domains


def test_an_invitation_was_decided_by_whoever_made_it() -> None:
    asked = a_request("liv@elsewhere.example", "")
    invited = AccountRequest(
        **{each: getattr(asked, each) for each in asked.__slots__}
        | {"invited_by": system("portal"), "customer": "1003"}
    )
    then = when_confirmed(invited, KNOWN)
    assert (then.state, then.customer) == (AccountState.ACCEPTED, "1003")


@given(st.sampled_from(LADDER), st.booleans())
def test_roles_are_read_as_they_were_given(role: AccessRole, is_leader: bool) -> None:
    roles = CustomerRoles(role, is_leader)
    assert roles_for(roles.grants(HERE), HERE) == roles
    assert roles_for(roles.grants(HERE), Scope(desk="prokom", customer="1003")) is None
