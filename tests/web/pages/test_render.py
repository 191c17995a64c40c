"""A page: its language, its dates and numbers, its headers, and that nothing may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from app.web.pages.language import LANGUAGE_KEEPER, local_path
from app.web.pages.render import environment, icon, page
from tests.support.fake_twilio import a_web, settings

NOW = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
NO_BREAK = "\u00a0"


@pytest.fixture
def client(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    statement = "https://uustatus.example/nb/1?a=b"
    chosen = settings(migrated_sqlite_url, tmp_path, vakt_accessibility_url=statement)
    with a_web(chosen, moved_in=False) as app:
        yield app.test_client()


def written(template: str, language: str = "nb", **values: object) -> str:
    with Flask(__name__).test_request_context("/"):
        g.user_language, g.page_now = language, NOW
        return environment().from_string(template).render(**values)


@pytest.mark.parametrize(
    ("filter_", "nb", "nn", "en"),
    [
        ("moment", "i morgen kl. 08.00", "i morgon kl. 08.00", "tomorrow at 08:00"),
        (
            "long_day",
            "søndag 29. november 2026",
            "søndag 29. november 2026",
            "Sunday 29 November 2026",
        ),
        ("day", "29. nov. 2026", "29. nov. 2026", "29 Nov 2026"),
        ("clock", "08.00", "08.00", "08:00"),
        (
            "full_moment",
            "søn. 29. nov. 2026 kl. 08.00",
            "søn. 29. nov. 2026 kl. 08.00",
            "Sun 29 Nov 2026 08:00",
        ),
    ],
)
def test_moments_are_written_as_people_do(filter_: str, nb: str, nn: str, en: str) -> None:
    template = f"{{{{ at | {filter_} }}}}"

    assert [written(template, each, at=LATER) for each in ("nb", "nn", "en")] == [nb, nn, en]


def test_a_date_is_written_in_full() -> None:
    day = date(2026, 11, 28)
    told = [written("{{ at | long_day }}", each, at=day) for each in ("nb", "nn", "en")]

    assert told == [
        "lørdag 28. november 2026",
        "laurdag 28. november 2026",
        "Saturday 28 November 2026",
    ]


@pytest.mark.parametrize(
    ("number", "decimals", "nb", "en"),
    [
        (7, 0, "7", "7"),
        (1234, 0, "1234", "1234"),
        (12345.5, 1, f"12{NO_BREAK}345,5", "12,345.5"),
        (-0.25, 2, "−0,25", "−0.25"),
        (-0.01, 1, "0,0", "0.0"),
    ],
)
def test_numbers_are_written_as_people_do(number: float, decimals: int, nb: str, en: str) -> None:
    template = "{{ it | number(decimals) }}"
    told = [written(template, each, it=number, decimals=decimals) for each in ("nb", "nn", "en")]

    assert told == [nb, nb, en]


def test_what_a_template_wants_and_does_not_get_is_a_fault() -> None:
    with pytest.raises(UndefinedError):
        written("{{ nothing }}")


def test_what_is_filled_in_is_escaped() -> None:
    assert written("{{ it }}", it="<b>") == "&lt;b&gt;"
    assert 'aria-label="&lt;b&gt;"' in icon("check", "<b>")
    assert "aria-hidden" in icon("check")


# --- the language -------------------------------------------------------------------------


def test_the_language_is_the_users_own_then_the_chosen_one_then_the_browsers(
    client: FlaskClient,
) -> None:
    users: list[str] = []
    client.application.before_request(lambda: setattr(g, "user_language", "".join(users)))
    asked = {"Accept-Language": "en-GB,nb;q=0.5"}
    assert '<html lang="en"' in client.get("/about", headers=asked).text

    chosen = client.get("/language/nn?back=/about%3Fa%3D1", headers=asked)
    assert (chosen.status_code, chosen.location) == (303, "/about?a=1")
    assert '<html lang="nn"' in client.get("/about", headers=asked).text

    users.append("nb")
    assert '<html lang="nb"' in client.get("/about", headers=asked).text


def test_whoever_is_logged_in_keeps_the_choice(client: FlaskClient) -> None:
    kept: list[str] = []
    client.application.extensions[LANGUAGE_KEEPER] = kept.append

    client.get("/language/nn")

    assert kept == ["nn"]


def test_a_language_that_we_do_not_have_is_no_address(client: FlaskClient) -> None:
    assert client.get("/language/de").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["", "about", "//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/a\nb"],
)
def test_nobody_is_led_elsewhere_by_a_link_of_ours(path: str) -> None:
    assert local_path(path) == "/"


# --- the frame ----------------------------------------------------------------------------


def test_a_page_says_where_the_accessibility_statement_stands(client: FlaskClient) -> None:
    assert 'href="https://uustatus.example/nb/1?a=b"' in client.get("/about").text


def test_a_page_tells_who_is_logged_in(client: FlaskClient) -> None:
    client.application.before_request(lambda: setattr(g, "user_name", "Vakt <1>"))

    assert "Vakt &lt;1&gt;" in client.get("/about").text


def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(client: FlaskClient) -> None:
    answer = client.get("/about")

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {each.split()[1] for each in policy.split("; ")} == {"'self'", "'none'"}
    assert all("src=" in each for each in answer.text.split("<script")[1:])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_may_have_its_own_language(client: FlaskClient) -> None:
    with client.application.test_request_context("/"):
        told = page("recording_gone.html", "listen_page.gone_title", language="nn").get_data(
            as_text=True
        )

    assert '<html lang="nn"' in told
    assert "/language/" not in told, "there is nothing to choose"
