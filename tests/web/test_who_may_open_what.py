"""Each page × each role × each method: what is answered, as page_rows.py says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Blueprint, Flask

from app import clock
from app.actions.access.second_factors import begin_authenticator
from app.domain.access.permissions import CUSTOMER_ROLES, STAFF_ROLES, AccessRole
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.access.users import User
from app.store import Database
from app.web.application import INSTEAD_OF_PAGES, PAGES
from app.web.page_access import access_of, guard_pages
from app.web.twilio.request_validation import webhooks
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import FROM_HERE, a_browser, database_of
from tests.support.sample_desk import DESK
from tests.support.users import a_user, author
from tests.tools.fuzz.endpoints import Door, other_doors
from tests.web.page_rows import ROWS

# What is there to be looked at, where a number names it.
NUMBERS = {"customers_page.customer": "9001", "customers_page.change": "9001"}
OF_PEOPLE = "customer_people_page"
EVERYBODY = (None, *STAFF_ROLES, AccessRole.CUSTOMER_ADMINISTRATOR)
OTHER_CUSTOMERS = sorted(CUSTOMER_ROLES - set(EVERYBODY))
OF_PORTAL = [name for name in ROWS if "/portal" in name]
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.org"}


@dataclass(frozen=True)
class Office:
    """The product, somebody of each role, and a user whom things are done to."""

    app: Flask
    users: dict[AccessRole | None, User]
    target: User

    def door(self, name: str) -> Door:
        return next(door for door in page_doors(self.app) if door.name == name)

    def path(self, door: Door) -> str:
        of_people = door.rule.endpoint.startswith(OF_PEOPLE)
        return door.path(
            user_id=self.target.id,
            name="contacts",
            session=99999,
            roster=DESK,
            desk=DESK,
            number="9001" if of_people else NUMBERS.get(door.rule.endpoint, 1),
            invitation=99999,
            attachment=99999,
        )


def page_doors(app: Flask) -> tuple[Door, ...]:
    """Every rule of a page, by method."""
    names = {blueprint.name for blueprint in PAGES}
    return tuple(door for door in other_doors(app) if door.rule.endpoint.partition(".")[0] in names)


@pytest.fixture(scope="module")
def office(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    file = folder / "vakt.db"
    file.write_bytes(migrated_sqlite_file.read_bytes())
    with a_web(settings(f"sqlite:///{file}", folder)) as app:
        database = database_of(app)
        users = {role: somebody(database, role) for role in (*EVERYBODY, *OTHER_CUSTOMERS)}
        for user in users.values():
            begin_authenticator(database, user, author(clock.now()))
        yield Office(app, users, a_user(database, "target", AccessRole.ADMINISTRATOR))


def somebody(database: Database, role: AccessRole | None) -> User:
    scope = Scope(desk=DESK, customer="9001") if role in CUSTOMER_ROLES else EVERYTHING
    return a_user(database, str(role).lower(), role, scope)


def test_every_page_has_its_row_and_each_row_its_page(office: Office) -> None:
    assert {door.name for door in page_doors(office.app)} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_whoever_is_not_logged_in_sees_what_is_for_everybody(office: Office, name: str) -> None:
    door = office.door(name)
    answer = a_browser(office.app).open(office.path(door), method=door.method, headers=FROM_HERE)
    assert answer.status_code == ROWS[name].anonymous, answer.text
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith("/login?next=")


@pytest.mark.parametrize("name", ROWS)
def test_each_role_opens_its_pages_and_no_others(office: Office, name: str) -> None:
    roles = (*EVERYBODY, *OTHER_CUSTOMERS) if name in OF_PORTAL else EVERYBODY
    door = office.door(name)
    path = office.path(door)
    answers = {
        role: a_browser(office.app, office.users[role]).open(
            path, method=door.method, headers=FROM_HERE
        )
        for role in roles
    }

    assert {role: answer.status_code for role, answer in answers.items()} == {
        role: ROWS[name].answer(role) for role in roles
    }, [answer.text for answer in answers.values() if answer.status_code >= 500]


@pytest.mark.parametrize("name", [name for name in ROWS if not name.startswith("GET ")])
def test_no_form_of_another_site_is_taken(office: Office, name: str) -> None:
    door = office.door(name)
    access = access_of(office.app, door.rule.endpoint)
    assert access
    browser = a_browser(office.app, office.users[AccessRole.ADMINISTRATOR])
    answer = browser.open(office.path(door), method=door.method, headers=ELSEWHERE)
    if access.is_apart:
        assert answer.status_code == ROWS[name].anonymous, "its address is signed"
    else:
        assert answer.status_code == 403
        assert "Send skjemaet en gang til" in answer.text


def test_no_page_that_anybody_may_only_look_at_changes_anything(office: Office) -> None:
    for door in page_doors(office.app):
        assert door.method in ("GET", "POST"), "forms know no others"


def test_the_telephone_and_health_ask_for_no_login(office: Office) -> None:
    names = {blueprint.name for blueprint in PAGES}
    for asked in (office.app.before_request_funcs, office.app.after_request_funcs):
        assert {name for name, functions in asked.items() if functions} <= names | {webhooks.name}
        assert not asked.get(None)


def test_a_page_that_does_not_say_who_may_open_it_keeps_the_web_from_starting() -> None:
    forgetful = Blueprint("forgetful", __name__)
    forgetful.add_url_rule("/forgotten", view_func=lambda: "", endpoint="page")
    app = Flask(__name__)
    app.register_blueprint(forgetful)
    with pytest.raises(RuntimeError, match=r"forgetful\.page"):
        guard_pages(app, ["forgetful"], INSTEAD_OF_PAGES)
