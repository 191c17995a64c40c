"""Tokens for the API: shown once, hashed, limited, and gone when they expire."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.actions.tokens import check_token, create_token
from app.store import Database
from app.store.tables import TokenRow
from app.store.tokens import NewToken
from tests.a_house import NIGHT, an_empty_house, later


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with an_empty_house(migrated_url) as database:
        yield database


def test_a_token_says_what_it_may_do(house: Database) -> None:
    secret = create_token(house, NewToken("wallboard", ("prokom",)), NIGHT)
    token = check_token(house, secret, later(1))
    assert token
    assert (token.name, token.desks, token.may_write) == ("wallboard", ("prokom",), False)
    assert token.may_see("prokom")
    assert not token.may_see("dekode")
    assert not token.may_see(None)


def test_a_token_without_desks_sees_them_all(house: Database) -> None:
    token = check_token(house, create_token(house, NewToken("all", may_write=True), NIGHT), NIGHT)
    assert token
    assert token.may_see("dekode")
    assert token.may_see(None)
    assert token.may_write


def test_a_secret_is_stored_nowhere(house: Database) -> None:
    secret = create_token(house, NewToken("all"), NIGHT)
    with house.read() as connection:
        row = connection.execute(select(TokenRow)).one()
    assert secret not in str(tuple(row))
    assert len(secret) > 40


@pytest.mark.parametrize("shown", ["", "vakt_", "vakt_guessed", "Ærlig æøå"])
def test_what_is_no_secret_of_ours_opens_nothing(house: Database, shown: str) -> None:
    create_token(house, NewToken("all"), NIGHT)
    assert check_token(house, shown, NIGHT) is None


def test_a_token_ends_at_the_instant_it_expires(house: Database) -> None:
    secret = create_token(house, NewToken("guest", expires_at=later(60)), NIGHT)
    assert check_token(house, secret, later(59.9))
    assert check_token(house, secret, later(60)) is None


def test_its_last_use_is_noted_at_most_once_a_minute(house: Database) -> None:
    secret = create_token(house, NewToken("busy"), NIGHT)
    noted = []
    for second in (0, 30, 59, 60, 61):
        check_token(house, secret, later(second))
        with house.read() as connection:
            noted.append(connection.execute(select(TokenRow.last_used_at)).scalar_one())
    assert noted == [NIGHT, NIGHT, NIGHT, later(60), later(60)]
