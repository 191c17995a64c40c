"""`vakt user`: the first administrator, roles, passwords that are never on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from app import clock
from app.actions.access.log_in import log_in_by_password, user_of_link
from app.actions.access.login_links import PASSWORD_PATH
from app.actions.access.users import user_with_email
from app.cli import COMMANDS
from app.domain.access.identities import Identity
from app.domain.access.login_token import TokenPurpose
from app.domain.access.web_session import Client
from app.store import Database, open_database
from app.store.audit import AuditFilter, list_audit_events
from app.store.identities import user_of_identity
from tests.cli.a_command import vakt
from tests.cli.a_terminal import Terminal
from tests.support.second_factors import with_authenticator
from tests.support.users import PASSWORD

KARI = "kari@kommune.example"
ADD = ("user", "add", KARI, "--name", "Kari Vik")


@pytest.fixture
def database(migrated: Terminal) -> Iterator[Database]:
    database = open_database(migrated.database_url)
    yield database
    database.close()


def typed(migrated: Terminal, monkeypatch: pytest.MonkeyPatch, *words: str, keys: str) -> Result:
    return vakt(monkeypatch, migrated.database_url, *words, typed=keys)


def may_log_in(database: Database, password: str = PASSWORD) -> bool:
    found = log_in_by_password(database, KARI, password, Client(), clock.now())
    return hasattr(found, "secret")


def test_the_first_administrator_is_added_by_one_command_with_a_link(
    migrated: Terminal, database: Database
) -> None:
    done = migrated.vakt(*ADD, "--role", "administrator", PUBLIC_URL="https://vakt.kommune.example")
    assert (done.code, done.out.splitlines()[0]) == (0, f"{KARI} was added.")
    link = done.out.splitlines()[1]
    assert link.startswith(f"https://vakt.kommune.example{PASSWORD_PATH}/")
    assert "works once, for a day" in done.err
    secret = link.rpartition("/")[2]
    owner = user_of_link(database, TokenPurpose.PASSWORD_LINK, secret, clock.now())
    assert owner
    assert owner.email == KARI
    assert migrated.does("user", "list").split() == [KARI, "Kari", "Vik", "administrator"]


def test_a_password_is_asked_for_at_the_terminal_until_it_is_a_good_one(
    migrated: Terminal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = f"kort\n{PASSWORD}\nnoko heilt anna\n{PASSWORD}\n{PASSWORD}\n"
    done = typed(migrated, monkeypatch, *ADD, "--ask-password", keys=keys)
    assert done.exit_code == 0, done.stderr
    assert "at least 12 characters" in done.stderr
    assert "not the same" in done.stderr
    assert PASSWORD not in done.output
    assert may_log_in(database)


def test_no_command_takes_a_password_as_an_argument(migrated: Terminal) -> None:
    assert "user" in COMMANDS
    for words in (("user", "password", KARI, PASSWORD), (*ADD, "--password", PASSWORD)):
        migrated.is_wrong(*words)


def test_a_forgotten_password_is_replaced_here_or_by_a_link(
    migrated: Terminal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrated.does(*ADD)
    keys = f"{PASSWORD}\n{PASSWORD}\n"
    done = typed(migrated, monkeypatch, "user", "password", KARI, keys=keys)
    assert done.output.splitlines()[-1] == f"{KARI} has a new password."
    assert may_log_in(database)
    assert f"{PASSWORD_PATH}/" in migrated.does("user", "password", KARI, "--link")
    assert may_log_in(database), "the old one holds until the link is used"


def test_roles_are_given_and_taken_for_a_desk_or_a_roster(desks: Terminal) -> None:
    desks.does(*ADD)
    for where in (("--desk", "prokom"), ("--roster", "drift")):
        refused = desks.vakt("user", "role", KARI, "coordinator", *where)
        if refused.code:
            assert "no roster" in refused.err
    told = desks.does("user", "role", KARI, "coordinator", "--desk", "prokom")
    assert told == f"{KARI}: coordinator for prokom.\n"
    told = desks.does("user", "role", KARI, "reader")
    assert told == f"{KARI}: coordinator for prokom, reader.\n"
    told = desks.does("user", "role", KARI, "coordinator", "--desk", "prokom", "--take")
    assert told == f"{KARI}: reader.\n"
    both = ("--desk", "prokom", "--roster", "drift")
    assert "either --desk or --roster" in desks.is_wrong("user", "role", KARI, "reader", *both)
    one_desk = ("user", "role", KARI, "administrator", "--desk", "prokom")
    assert "for the whole system" in desks.is_refused(*one_desk)


def test_who_left_is_disabled_and_may_come_back(
    migrated: Terminal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(migrated, monkeypatch, *ADD, "--ask-password", keys=f"{PASSWORD}\n{PASSWORD}\n")
    migrated.does("user", "disable", KARI.upper(), "--as", "Teamleiar")
    assert not may_log_in(database)
    assert "disabled since" in migrated.does("user", "list")
    migrated.does("user", "enable", KARI)
    assert may_log_in(database)
    with database.read() as connection:
        trail = list_audit_events(connection, AuditFilter(who="Teamleiar"))
    assert [each.event.kind for each in trail] == ["user_disabled"]


def test_a_lost_second_factor_is_taken_away(migrated: Terminal, database: Database) -> None:
    migrated.does(*ADD)
    remove = ("user", "remove-second-factor", KARI)
    assert "has no second factor" in migrated.is_refused(*remove)
    with_authenticator(database, user_with_email(database, KARI), clock.now())
    assert "logs in without a second factor" in migrated.does(*remove, "--as", "Teamleiar")
    with database.read() as connection:
        trail = list_audit_events(connection, AuditFilter(who="Teamleiar"))
    assert [each.event.kind for each in trail] == ["second_factor_removed"]


def test_somebody_is_linked_to_who_they_are_at_an_organisation(
    migrated: Terminal, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "openid.toml"
    issuer = "https://login.example/5f0b"
    discovery = f"{issuer}/.well-known/openid-configuration"
    file.write_text(
        f'[entra]\nname = "Entra"\ndiscovery = "{discovery}"\nclient_id = "x"\nclient_secret = "y"'
    )
    migrated.does(*ADD)
    migrated.does("user", "add", "ola@kommune.example", "--name", "Ola Lie")

    def link(email: str, *more: str) -> str:
        done = migrated.vakt("user", "link", email, "entra", "oid-1", *more, VAKT_OPENID=str(file))
        return done.out + done.err

    assert "can log in by entra" in link(KARI)
    with database.read() as connection:
        assert user_of_identity(connection, Identity("entra", issuer, "oid-1")) == 1
    assert "linked to another user" in link("ola@kommune.example")
    assert "no more" in link(KARI, "--remove")
    assert "not linked to" in link(KARI, "--remove")
    assert "No login “google”" in migrated.is_refused("user", "link", KARI, "google", "x")


def test_mistakes_are_told_in_plain_words(migrated: Terminal) -> None:
    assert "no user with the address" in migrated.is_refused("user", "disable", KARI)
    assert "no e-mail address" in migrated.is_refused("user", "add", "kari", "--name", "Kari")
    assert "Write a name" in migrated.is_refused("user", "add", KARI, "--name", " ")
    assert "is on no roster" in migrated.is_refused(*ADD, "--person", "drift/kari")
    assert migrated.does("--language", "nn", *ADD, "--language", "nn").startswith(
        f"{KARI} er lagd til."
    )
    assert "already" in migrated.is_refused(*ADD)
    migrated.is_wrong("user", "role", KARI, "boss")


def test_what_is_stored_about_a_user_is_given_out_and_erased(migrated: Terminal) -> None:
    migrated.does(*ADD)
    assert f'"email": "{KARI}"' in migrated.does("person", "export", KARI)
    told = migrated.does("person", "erase", KARI, "--yes")
    assert "users 1" in told
    assert "stays in the audit trail without a name" in told
    assert "no user" in migrated.is_refused("person", "export", KARI)
