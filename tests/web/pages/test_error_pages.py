"""What a browser shows when a page cannot be had; programs keep their line of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, g
from flask.testing import FlaskClient
from werkzeug.exceptions import default_exceptions

from app.store import DatabaseUnavailable
from app.web.errors import WITH_A_PAGE
from tests.support.fake_twilio import a_web, settings

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
    "Accept-Language": "nn",
}
ANYTHING = {"Accept": "*/*"}


@pytest.fixture
def client(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    with a_web(settings(migrated_sqlite_url, tmp_path), moved_in=False) as app:
        add_faulty_pages(app)
        yield app.test_client()


def add_faulty_pages(app: Flask) -> None:
    def fail(kind: str) -> str:
        if kind == "database":
            raise DatabaseUnavailable("gone")
        if kind == "fault":
            raise ZeroDivisionError
        abort(int(kind))

    app.add_url_rule("/fails/<kind>", view_func=fail)
    app.add_url_rule("/twilio/fails/<kind>", "telephone_fails", fail)


@pytest.mark.parametrize("status", sorted(set(WITH_A_PAGE) & default_exceptions.keys()))
def test_a_browser_gets_a_page_that_says_what_to_do(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/fails/{status}", headers=BROWSER)

    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert '<html lang="nn"' in answer.text
    assert '<a class="ds-button" href="/"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [("database", 503, "Databasen er borte"), ("fault", 500, "Noko gjekk gale hos oss")],
)
def test_a_fault_of_ours_is_told_on_a_page_too(
    client: FlaskClient, kind: str, status: int, words: str
) -> None:
    answer = client.get(f"/fails/{kind}", headers=BROWSER)

    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in answer.text
    assert (answer.headers.get("Retry-After") == "5") is (status == 503)


def test_a_page_that_takes_only_forms_says_so_and_which_methods_it_has(client: FlaskClient) -> None:
    answer = client.post("/about", headers=BROWSER)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "<h1>Slik kan sida ikkje opnast</h1>" in answer.text


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/fails/404", ANYTHING), ("/fails/404", {}), ("/twilio/fails/404", BROWSER)],
)
def test_programs_and_the_telephone_get_a_line_of_text(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=headers)

    assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")


def test_the_api_answers_as_it_does_whoever_asks(client: FlaskClient) -> None:
    assert client.get("/api/v1/nothing", headers=BROWSER).content_type == "application/json"


class NotToBeShown:
    """A name that breaks whatever shows it."""

    def __str__(self) -> str:
        raise ZeroDivisionError


def test_when_even_the_page_cannot_be_made_a_line_is_answered(client: FlaskClient) -> None:
    client.application.before_request(lambda: setattr(g, "user_name", NotToBeShown()))

    answer = client.get("/fails/fault", headers=BROWSER)

    assert (answer.status_code, answer.text) == (500, "Noko gjekk gale hos oss\n")
