"""A customer's people: seen and managed by their administrator, and by the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.access.users import give_role
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.domain.access.users import Grant
from tests.support.logged_in import Browser, a_browser
from tests.support.portal import SKOGLI, TEKNISK, Portal, a_portal
from tests.support.sample_desk import DESK
from tests.support.users import a_user, author

PEOPLE = f"/portal/{DESK}/people"
OF_DESK = f"/desks/{DESK}/customers/9001/people"
ADMINISTRATOR = AccessRole.CUSTOMER_ADMINISTRATOR
MEMBER = {"role": "customer_member"}
OLA = {"name": "Ola Lie", "email": "ola@elsewhere.example", "language": "nn", **MEMBER}


@pytest.fixture
def portal(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    with a_portal(migrated_sqlite_url, tmp_path) as portal:
        yield portal


def test_somebody_is_invited_and_is_one_of_them_when_they_say_yes(portal: Portal) -> None:
    liv = portal.customer("liv", ADMINISTRATOR)
    a_user(portal.database, "eve", AccessRole.CUSTOMER_MEMBER, TEKNISK)
    seen = liv.get(PEOPLE).text
    assert "Liv Vik" in seen
    assert "Eve Vik" not in seen, "nobody sees another customer's people"

    wanted = {**OLA, "role": "customer_approver", "is_leader": "true"}
    assert liv.post(PEOPLE, wanted).status_code == 303
    assert "har ikke svart" in liv.get(PEOPLE).text
    assert portal.user(OLA["email"]) is None
    [(to, subject, body)] = portal.mails()
    assert (to, "Liv Vik inviterer deg" in subject) == (OLA["email"], True)
    assert "Skogli skule" in body
    path = next(each for each in body.split() if "/login/account/" in each)
    ola = Browser(portal.app)
    assert ola.post(path.removeprefix("https://vakt.example.org")).status_code == 303
    user = portal.user(OLA["email"])
    assert user
    assert set(user.grants) == {
        Grant(AccessRole.CUSTOMER_APPROVER, SKOGLI),
        Grant(AccessRole.CUSTOMER_LEADER, SKOGLI),
    }
    assert ola.get(f"/portal/{DESK}").status_code == 200
    assert "alt konto" in liv.post(PEOPLE, wanted).text
    assert portal.audited(AuditKind.ACCOUNT_INVITED) == 1


def test_an_invitation_is_taken_back(portal: Portal) -> None:
    liv = portal.customer("liv", ADMINISTRATOR)
    other = portal.customer("eve", ADMINISTRATOR, TEKNISK)
    liv.post(PEOPLE, OLA)
    path = portal.link()
    assert other.post(f"{PEOPLE}/invitations/1").status_code == 404, "of another customer"
    assert liv.post(f"{PEOPLE}/invitations/1?customer=9001").status_code == 303
    assert Browser(portal.app).post(path).status_code == 404
    assert liv.post(f"{PEOPLE}/invitations/1").status_code == 404, "a double click"


def test_who_is_removed_lets_in_nobody_by_an_invitation_from_before(portal: Portal) -> None:
    liv = a_user(portal.database, "liv", ADMINISTRATOR, SKOGLI)
    a_browser(portal.app, liv).post(PEOPLE, OLA)
    path = portal.link()
    assert portal.agent.post(f"{OF_DESK}/{liv.id}", {"act": "remove"}).status_code == 303
    assert Browser(portal.app).post(path).status_code == 200
    assert portal.user(OLA["email"]) is None, "they wait for the desk"


def test_who_is_removed_is_out_at_once(portal: Portal) -> None:
    liv = portal.customer("liv", ADMINISTRATOR)
    per = a_user(portal.database, "per", AccessRole.CUSTOMER_MEMBER, SKOGLI)
    gone = a_browser(portal.app, per)
    assert gone.get(f"/portal/{DESK}").status_code == 200
    assert liv.post(f"{PEOPLE}/{per.id}", {"act": "remove"}).status_code == 303
    assert gone.get(f"/portal/{DESK}").headers["Location"].startswith("/login?")
    assert liv.get(f"{PEOPLE}/{per.id}").status_code == 404
    assert portal.audited(AuditKind.ROLE_TAKEN) == 1


def test_who_is_somebody_elsewhere_too_stays_logged_in_there(portal: Portal) -> None:
    per = a_user(portal.database, "per", AccessRole.CUSTOMER_MEMBER, SKOGLI)
    give_role(portal.database, per.id, Grant(AccessRole.READER), author())
    both = a_browser(portal.app, per)
    portal.customer("liv", ADMINISTRATOR).post(f"{PEOPLE}/{per.id}", {"act": "remove"})
    assert both.get(f"/portal/{DESK}").status_code == 403
    assert both.get("/").status_code == 200


def test_the_last_administrator_stays_one_until_the_desk_says_otherwise(portal: Portal) -> None:
    liv = a_user(portal.database, "liv", ADMINISTRATOR, SKOGLI)
    browser, own = a_browser(portal.app, liv), f"{PEOPLE}/{liv.id}"
    for form in ({"act": "remove"}, MEMBER):
        refused = browser.post(own, form)
        assert refused.status_code == 422
        assert "den siste som kan styre" in refused.text
    per = a_user(portal.database, "per", AccessRole.CUSTOMER_MEMBER, SKOGLI)
    promoted = browser.post(f"{PEOPLE}/{per.id}", {"role": "customer_administrator"})
    assert promoted.status_code == 303
    assert browser.post(own, MEMBER).status_code == 303
    assert browser.get(PEOPLE).status_code == 403, "it holds at the next page"
    agent = portal.agent
    assert agent.post(f"{OF_DESK}/{per.id}", {"act": "remove"}).status_code == 303
    assert "Liv Vik" in agent.get(OF_DESK).text


def test_nobody_reaches_another_customers_people(portal: Portal) -> None:
    liv = portal.customer("liv", ADMINISTRATOR)
    eve = a_user(portal.database, "eve", AccessRole.CUSTOMER_MEMBER, TEKNISK)
    for path in (f"{PEOPLE}?customer=9002", f"{PEOPLE}?customer=9999", f"{PEOPLE}/{eve.id}"):
        assert liv.get(path).status_code == 404
    assert liv.post(f"{PEOPLE}/{eve.id}", {"act": "remove"}).status_code == 404
    assert liv.post(f"{PEOPLE}?customer=9002", OLA).status_code == 404
    assert liv.post(PEOPLE, {**OLA, "role": "administrator"}).status_code == 422
    assert portal.mails() == []
