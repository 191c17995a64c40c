"""Logging in by an organisation's own login, a process of its own: who gets in, and who not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.access.identities import link_identity, unlink_identity
from app.actions.access.users import disable_user, give_role
from app.domain.access.identities import Identity
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, User
from app.store.identities import delete_identities
from app.store.users import list_users
from app.web.openid_providers import COOKIE
from app.web.services import EXTENSION
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import HTTPS, Browser, a_browser, database_of
from tests.support.openid_provider import WELL_KNOWN, Organisation, an_organisation, one_that_says
from tests.support.sample_desk import folder as desk_folder
from tests.support.sample_desk import import_sample_desks
from tests.support.second_factors import with_authenticator
from tests.support.users import a_user, author
from tests.web.test_logins import hidden

TENANT = "5f0b9a52-6a0c-4a3e-8f0e-1d2c3b4a5968"
FJORD, ENTRA, AWAY = "fjordhjelp", "entra", "away"
PATTERN, OTHER = "pattern", "other"
SKOGLI = "skogli"  # a customer's own login
CHOOSE = f"/account/openid/{SKOGLI}"
KARI_THERE = "7c1c54b6-kari"


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with an_organisation(tmp_path_factory.mktemp("openid")) as organisation:
        organisation.has(KARI_THERE, email="kari@kommune.example", name="Kari Vik")
        organisation.has("entra-kari", oid="oid-kari", tid=TENANT)
        organisation.has("entra-other", oid="oid-kari", tid="another-tenant")
        yield organisation


def table(name: str, address: str, more: str = "") -> str:
    return (
        f'[{name}]\nname = "{name.title()}"\ndiscovery = "{address}{WELL_KNOWN}"\n'
        f'client_id = "vaktlinje"\nclient_secret = "of the tests"\n{more}\n'
    )


@dataclass(frozen=True)
class Place:
    """The web, Kari, and the organisation that she logs in at."""

    app: Flask
    kari: User
    organisation: Organisation

    def browser(self) -> Browser:
        return Browser(self.app)

    def link(self, provider: str, subject: str) -> Identity:
        [known] = [
            each for each in self.app.extensions[EXTENSION].openid_settings if each.id == provider
        ]
        identity = Identity(provider, known.issuer, subject)
        link_identity(database_of(self.app), self.kari, identity, author(clock.now()))
        return identity

    def sent_back(self, browser: Browser, provider: str, subject: str, way: str = "/") -> str:
        """Somebody is led there and logs in; returns the path that they are sent back to."""
        led = browser.get(f"/login/openid/{provider}?next={way}")
        assert led.status_code == 303, led.text
        back = self.organisation.answer(led.headers["Location"], subject)
        return back.removeprefix(HTTPS)

    def log_in(self, browser: Browser, provider: str, subject: str, way: str = "/") -> TestResponse:
        return browser.get(self.sent_back(browser, provider, subject, way))


@contextmanager
def a_place(app: Flask, organisation: Organisation) -> Iterator[Place]:
    """Kari is another one in each test, and nobody is linked to her before or after."""
    database = database_of(app)
    with database.read() as connection:
        number = len(list_users(connection))
    kari = a_user(database, f"kari{number}", AccessRole.ADMINISTRATOR)
    yield Place(app, kari, organisation)
    database.write(lambda connection: delete_identities(connection, kari.id))


@contextmanager
def the_web(url: str, folder: Path, tables: str) -> Iterator[Flask]:
    file = folder / "openid.toml"
    file.write_text(tables, "utf-8")
    with a_web(settings(url, folder, vakt_openid=str(file)), moved_in=False) as app:
        yield app


@pytest.fixture(scope="module")
def app(
    migrated_sqlite_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    organisation: Organisation,
) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("web")
    (folder / "vakt.db").write_bytes(migrated_sqlite_file.read_bytes())
    tables = table(FJORD, organisation.address) + table(AWAY, "http://127.0.0.1:9")
    tables += table(SKOGLI, organisation.address, 'customers = ["fjordhjelp/9001"]')
    tables += table(ENTRA, organisation.address, f'tenant = "{TENANT}"')
    with the_web(f"sqlite:///{folder / 'vakt.db'}", folder, tables) as app:
        import_sample_desks(database_of(app), desk_folder())
        yield app


@pytest.fixture
def place(app: Flask, organisation: Organisation) -> Iterator[Place]:
    with a_place(app, organisation) as place:
        yield place


def test_who_is_linked_logs_in_and_comes_to_where_they_were_going(place: Place) -> None:
    place.link(FJORD, KARI_THERE)
    browser = place.browser()
    shown = browser.get("/login?next=/users").text
    assert f'href="/login/openid/{FJORD}?next=/users"' in shown
    done = place.log_in(browser, FJORD, KARI_THERE, "/users")
    assert (done.status_code, done.headers["Location"]) == (303, "/users")
    assert f"Min konto: </span>{place.kari.name}" in browser.get("/users").text
    assert browser.cookie(COOKIE) is None
    trail = browser.get("/audit").text
    assert "jobbkonto" in trail
    assert KARI_THERE in trail


def test_the_question_has_state_nonce_and_a_challenge(place: Place) -> None:
    browser = place.browser()
    led = browser.get(f"/login/openid/{FJORD}").headers["Location"]
    asked = parse_qs(urlsplit(led).query)
    assert asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{HTTPS}/login/openid/{FJORD}/callback"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    again = parse_qs(urlsplit(browser.get(f"/login/openid/{FJORD}").headers["Location"]).query)
    assert again["state"] != asked["state"]
    assert again["nonce"] != asked["nonce"]


def test_nobody_is_asked_for_our_second_factor_who_comes_from_an_organisation(
    place: Place,
) -> None:
    place.link(FJORD, KARI_THERE)
    with_authenticator(database_of(place.app), place.kari, clock.now())
    browser = place.browser()
    place.log_in(browser, FJORD, KARI_THERE)
    assert "Du kan logge inn med Fjordhjelp" in browser.get("/account").text


def test_a_login_leads_to_no_other_site(place: Place) -> None:
    place.link(FJORD, KARI_THERE)
    done = place.log_in(place.browser(), FJORD, KARI_THERE, "//evil.example")
    assert done.headers["Location"] == "/"


# --- what is answered twice, late, or to another ----------------------------------------------


def is_refused(answer: TestResponse, status: int, words: str, provider: str = FJORD) -> None:
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert f'href="/login/openid/{provider}?next=' in answer.text, "a button to try again"


def test_an_answer_that_is_opened_again_is_told_so_kindly(place: Place) -> None:
    place.link(FJORD, KARI_THERE)
    browser = place.browser()
    back = place.sent_back(browser, FJORD, KARI_THERE)
    cookie = browser.cookie(COOKIE)
    assert browser.get(back).status_code == 303
    assert browser.get(back).headers["Location"] == "/", "who is in only goes on"

    other = place.browser()
    is_refused(other.get(back), 400, "er brukt før")
    other.keep(cookie or "", COOKIE)
    is_refused(other.get(back), 400, "er brukt før")
    assert other.cookie() is None


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x&state=x", "?error=access_denied"])
def test_an_answer_to_no_question_of_this_browser_logs_nobody_in(place: Place, query: str) -> None:
    browser = place.browser()
    is_refused(browser.get(f"/login/openid/{FJORD}/callback{query}"), 400, "hører ikke til")
    browser.get(f"/login/openid/{FJORD}")
    is_refused(browser.get(f"/login/openid/{FJORD}/callback{query}"), 400, "hører ikke til")
    browser.keep("forged", COOKIE)
    is_refused(browser.get(f"/login/openid/{FJORD}/callback{query}"), 400, "hører ikke til")


def test_the_answer_to_a_stranger_logs_nobody_in_as_them(place: Place) -> None:
    """Nobody is lured into a login of somebody else."""
    place.link(FJORD, KARI_THERE)
    back = place.sent_back(place.browser(), FJORD, KARI_THERE)
    victim = place.browser()
    victim.get(f"/login/openid/{FJORD}")
    is_refused(victim.get(back), 400, "hører ikke til")
    assert victim.cookie() is None


def test_an_answer_to_one_organisation_is_none_of_another(place: Place) -> None:
    place.link(ENTRA, KARI_THERE)
    browser = place.browser()
    back = place.sent_back(browser, FJORD, KARI_THERE)
    is_refused(browser.get(back.replace(FJORD, ENTRA)), 400, "hører ikke til", ENTRA)


def test_who_cancels_there_may_try_again(place: Place) -> None:
    browser = place.browser()
    led = browser.get(f"/login/openid/{FJORD}?next=/users").headers["Location"]
    state = parse_qs(urlsplit(led).query)["state"][0]
    answer = browser.get(f"/login/openid/{FJORD}/callback?error=access_denied&state={state}")
    is_refused(answer, 400, "du avbrøt")
    assert "?next=/users" in answer.text


# --- who is not let in ------------------------------------------------------------------------


def test_an_unknown_person_is_told_what_the_administrator_needs(place: Place) -> None:
    answer = place.log_in(place.browser(), FJORD, KARI_THERE)
    is_refused(answer, 403, "ingen bruker her er knyttet til deg")
    assert f"vakt user link E-POSTADRESSEN {FJORD} {KARI_THERE}" in answer.text


def test_the_same_mail_address_makes_nobody_a_user(place: Place) -> None:
    """It changes with the name, and is given to the next one."""
    place.organisation.has("impostor", email=place.kari.email)
    is_refused(place.log_in(place.browser(), FJORD, "impostor"), 403, "ingen bruker her")


def test_a_tenants_people_are_told_apart_by_oid_and_others_tenants_stay_out(
    place: Place,
) -> None:
    place.link(ENTRA, "oid-kari")
    assert place.log_in(place.browser(), ENTRA, "entra-kari").status_code == 303
    for subject in ("entra-other", KARI_THERE):
        answer = place.log_in(place.browser(), ENTRA, subject)
        is_refused(answer, 403, "en annen organisasjon", ENTRA)


def test_who_is_disabled_or_unlinked_stays_out(place: Place) -> None:
    identity, database = place.link(FJORD, KARI_THERE), database_of(place.app)
    a_user(database, f"ola-{place.kari.id}", AccessRole.ADMINISTRATOR)
    disable_user(database, place.kari.id, author(clock.now()))
    is_refused(place.log_in(place.browser(), FJORD, KARI_THERE), 403, "er sperret")
    unlink_identity(database, place.kari, identity, author(clock.now()))
    is_refused(place.log_in(place.browser(), FJORD, KARI_THERE), 403, "ingen bruker her")


def test_a_login_that_says_it_is_another_counts_for_neither(
    migrated_sqlite_url: str, tmp_path: Path, organisation: Organisation
) -> None:
    """As Microsoft's address for any tenant, whose issuer is a pattern."""
    told = requests.get(organisation.address + WELL_KNOWN, timeout=60).json()
    told["issuer"] = "https://login.example/{tenantid}/v2.0"
    signed = dict(told)
    with one_that_says(told) as pattern, one_that_says(signed) as other:
        signed["issuer"] = other  # true of itself; what is signed by the organisation is not
        tables = table(PATTERN, pattern) + table(OTHER, other)
        with (
            the_web(migrated_sqlite_url, tmp_path, tables) as app,
            a_place(app, organisation) as place,
        ):
            not_asked = place.browser().get(f"/login/openid/{PATTERN}")
            place.link(OTHER, KARI_THERE)
            not_taken = place.log_in(place.browser(), OTHER, KARI_THERE)
    is_refused(not_asked, 403, "en annen organisasjon", PATTERN)
    is_refused(not_taken, 403, "en annen organisasjon", OTHER)


def test_an_organisation_that_is_away_keeps_nobody_from_another_way_in(place: Place) -> None:
    answer = place.browser().get(f"/login/openid/{AWAY}")
    is_refused(answer, 503, "svarer ikke som det skal", AWAY)
    assert 'href="/login"' in answer.text


# --- what was to be sent ----------------------------------------------------------------------


def test_a_form_waits_in_its_window_for_the_login_in_another(place: Place) -> None:
    place.link(FJORD, KARI_THERE)
    browser = place.browser()
    new = {"email": "ola@kommune.example", "name": "Ola «Vakta» Lie", "language": "nn"}
    login = browser.post("/users/new", new)
    assert 'target="_blank"' in login.text
    early = browser.post("/login/go-on", hidden(login.text))
    assert (early.status_code, "ikke logget inn ennå" in early.text) == (422, True)
    place.log_in(browser, FJORD, KARI_THERE)
    again = browser.post("/login/go-on", hidden(early.text))
    assert "Ola «Vakta» Lie" in again.text


def test_who_has_no_password_proves_by_the_organisation_who_they_are(place: Place) -> None:
    place.link(FJORD, KARI_THERE)
    shown = a_browser(place.app, place.kari).get("/account/confirm?next=/account/password").text
    assert f'href="/login/openid/{FJORD}?next=/account/password"' in shown


def somebody_of(place: Place, customer: str = "9001") -> tuple[User, Browser]:
    """Somebody of a customer, who has just proved who they are; and their browser."""
    with database_of(place.app).read() as connection:
        number = len(list_users(connection))
    scope = Scope(desk="fjordhjelp", customer=customer)
    liv = a_user(database_of(place.app), f"liv{number}", AccessRole.CUSTOMER_MEMBER, scope)
    return liv, a_browser(place.app, liv)


def chosen(place: Place, browser: Browser, subject: str) -> TestResponse:
    """Somebody chooses their organisation's login, and logs in there."""
    led = browser.get(CHOOSE)
    assert led.status_code == 303, led.text
    asked = parse_qs(urlsplit(led.headers["Location"]).query)
    assert asked["prompt"] == ["login"], "whoever is logged in there already is asked too"
    back = place.organisation.answer(led.headers["Location"], subject)
    return browser.get(back.removeprefix(HTTPS))


def test_a_customers_person_chooses_the_login_of_their_organisation(place: Place) -> None:
    liv, browser = somebody_of(place)
    place.organisation.has(f"there-{liv.id}")
    assert CHOOSE in browser.get("/account").text

    assert chosen(place, browser, f"there-{liv.id}").headers["Location"] == "/account?linked=1"
    own = browser.get("/account?linked=1").text
    assert "Det er gjort" in own
    assert f"{CHOOSE}/remove" in own

    other = place.browser()
    assert place.log_in(other, SKOGLI, f"there-{liv.id}").status_code == 303
    assert liv.name in other.get("/account").text

    assert browser.post(f"{CHOOSE}/remove").status_code == 303
    refused = place.log_in(place.browser(), SKOGLI, f"there-{liv.id}")
    assert (refused.status_code, "Min konto" in refused.text) == (403, True)


def test_who_is_somebody_elses_there_is_told_so(place: Place) -> None:
    first, browser = somebody_of(place)
    place.organisation.has(f"there-{first.id}")
    chosen(place, browser, f"there-{first.id}")
    _, second = somebody_of(place)
    refused = chosen(place, second, f"there-{first.id}")
    assert (refused.status_code, "en annen bruker" in refused.text) == (409, True)


def test_nobody_else_chooses_it(place: Place) -> None:
    """The desk's own people, other customers' people, and whoever is logged in here meanwhile."""
    assert a_browser(place.app, place.kari).get(CHOOSE).status_code == 404
    assert somebody_of(place, "9002")[1].get(CHOOSE).status_code == 404

    liv, browser = somebody_of(place)
    place.organisation.has(f"there-{liv.id}")
    led = browser.get(CHOOSE).headers["Location"]
    back = place.organisation.answer(led, f"there-{liv.id}").removeprefix(HTTPS)
    browser.post("/logout")
    assert browser.get(back).status_code == 400, "nobody is logged in any more"
    assert place.log_in(place.browser(), SKOGLI, f"there-{liv.id}").status_code == 403


def test_an_organisation_of_the_desk_is_chosen_by_nobody(place: Place) -> None:
    _, browser = somebody_of(place)
    assert browser.get(f"/account/openid/{FJORD}").status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        Grant(AccessRole.CUSTOMER_MEMBER, Scope(desk="fjordhjelp", customer="9002")),
        Grant(AccessRole.AGENT, Scope(desk="fjordhjelp")),
    ],
    ids=["of another customer", "of the desk"],
)
def test_a_customers_login_opens_nothing_of_others(place: Place, more: Grant) -> None:
    """Also where somebody has chosen it before: whoever runs it could log in as them."""
    liv, browser = somebody_of(place)
    place.organisation.has(f"there-{liv.id}")
    chosen(place, browser, f"there-{liv.id}")
    in_before = place.browser()
    place.log_in(in_before, SKOGLI, f"there-{liv.id}")
    give_role(database_of(place.app), liv.id, more, author(clock.now()))
    assert in_before.get("/account").status_code == 303, "their login there is over"
    refused = place.log_in(place.browser(), SKOGLI, f"there-{liv.id}")
    assert (refused.status_code, "på en annen måte" in refused.text) == (403, True)
    assert browser.get(CHOOSE).status_code == 404
