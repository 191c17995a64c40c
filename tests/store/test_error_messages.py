"""What is wrong with the database is said in words of ours."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.domain.message_refs import ref
from app.store.error_messages import error_message


def trouble(url: str, statement: str = "SELECT 1") -> Exception:
    """What opening it fails with."""
    engine = create_engine(url, poolclass=NullPool)
    with pytest.raises(DBAPIError) as failed, engine.connect() as connection:
        connection.execute(text(statement))
    return failed.value


def test_a_file_that_is_no_database_and_one_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database at all\n" * 100, "utf-8")

    assert error_message(
        trouble(f"sqlite:///{tmp_path}/notes.txt", "SELECT * FROM sqlite_master")
    ) == ref("database.not_a_database")
    missing = trouble(f"sqlite:///{tmp_path}/none/vakt.db")
    assert error_message(missing) == ref("database.cannot_open")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://vakt:x@127.0.0.1:1/vakt",
        "postgresql+psycopg://vakt:x@/vakt?host=/nowhere",
    ],
)
def test_a_server_that_is_not_there(url: str) -> None:
    assert error_message(trouble(url)) == ref("database.nothing_answers")


def test_a_database_or_user_that_the_server_does_not_have(migrated_postgresql_url: str) -> None:
    here = make_url(migrated_postgresql_url)

    for url, said in (
        (here.set(database="nowhere"), ref("database.no_such_database")),
        (here.set(username="nobody_here"), ref("database.no_such_user")),
    ):
        assert error_message(trouble(url.render_as_string(hide_password=False))) == said


def test_what_has_no_words_of_ours_is_told_by_its_kind_alone() -> None:
    assert error_message(ValueError("(sqlalche.me) background on this error")) == ref(
        "database.other", kind="ValueError"
    )
