"""Tokens for the API: shown once, hashed, limited, and gone when they expire."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.actions.access.tokens import check_token, create_token
from app.store import Database
from app.store.tables import TokenRow
from app.store.tokens import NewToken
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import NIGHT, blank_database, later


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        yield database


@ONE_DATABASE
def test_a_token_says_what_it_may_do(database: Database) -> None:
    secret = create_token(database, NewToken("wallboard", ("prokom",)), NIGHT)
    token = check_token(database, secret, later(1))
    assert token
    assert (token.name, token.desks, token.may_write) == ("wallboard", ("prokom",), False)
    assert token.may_see("prokom")
    assert not token.may_see("dekode")
    assert not token.may_see(None)


@ONE_DATABASE
def test_a_token_without_desks_sees_them_all(database: Database) -> None:
    token = check_token(
        database, create_token(database, NewToken("all", may_write=True), NIGHT), NIGHT
    )
    assert token
    assert token.may_see("dekode")
    assert token.may_see(None)
    assert token.may_write


@ONE_DATABASE
def test_a_secret_is_stored_nowhere(database: Database) -> None:
    secret = create_token(database, NewToken("all"), NIGHT)
    with database.read() as connection:
        row = connection.execute(select(TokenRow)).one()
    assert secret not in str(tuple(row))
    assert len(secret) > 40


@ONE_DATABASE
@pytest.mark.parametrize("shown", ["", "vakt_", "vakt_guessed", "Ærlig æøå"])
def test_what_is_no_secret_of_ours_opens_nothing(database: Database, shown: str) -> None:
    create_token(database, NewToken("all"), NIGHT)
    assert check_token(database, shown, NIGHT) is None


@ONE_DATABASE
def test_a_token_ends_at_the_instant_it_expires(database: Database) -> None:
    secret = create_token(database, NewToken("guest", expires_at=later(60)), NIGHT)
    assert check_token(database, secret, later(59.9))
    assert check_token(database, secret, later(60)) is None


def test_its_last_use_is_noted_at_most_once_a_minute(database: Database) -> None:
    secret = create_token(database, NewToken("busy"), NIGHT)
    noted = []
    for second in (0, 30, 59, 60, 61):
        check_token(database, secret, later(second))
        with database.read() as connection:
            noted.append(connection.execute(select(TokenRow.last_used_at)).scalar_one())
    assert noted == [NIGHT, NIGHT, NIGHT, later(60), later(60)]
