"""The pages of the web: `/about`, and where a desk hears a spoken message by its link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import clock
from app.gateways.recording_links import RecordingLinks
from app.store import Database
from app.store.heartbeats import record_heartbeat
from app.store.recording_accesses import recording_accesses_of
from app.web.services import EXTENSION
from tests.api.v1.test_recordings import a_message
from tests.support.fake_twilio import a_web, settings

SERVICE = "service@fjordhjelp.example"


@dataclass(frozen=True)
class Page:
    client: FlaskClient

    @property
    def database(self) -> Database:
        found: Database = self.client.application.extensions[EXTENSION].database
        return found

    def link(self, recording: str = "RE1", key: str = "") -> str:
        services = self.client.application.extensions[EXTENSION].settings
        return RecordingLinks(key or services.secret_key, "").link(recording, SERVICE)

    def heard(self) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            return [
                (each.who, str(each.channel)) for each in recording_accesses_of(connection, "RE1")
            ]


@pytest.fixture
def page(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Page]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        yield Page(app.test_client())


def test_the_front_page_says_what_this_is_how_it_is_and_where_the_documents_are(page: Page) -> None:
    assert page.client.get("/").location == "/login?next=/"
    answer = page.client.get("/about", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    for words in ("A telephone line for service desks", "gives no sign of life", "openapi.json"):
        assert words in answer.text
    assert (
        '<a class="ds-link" href="/docs/desks.md" hreflang="en">A desk is three documents</a>'
        in answer.text
    )
    [policy] = answer.headers.get_all("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy

    now = clock.now()
    page.database.write(lambda connection: record_heartbeat(connection, "worker-1", now, now))
    well = page.client.get("/about", headers={"Accept-Language": "en"}).text
    assert "All is well" in well
    assert "Fjordhjelp" not in well, "it tells nobody which desks there are"


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("", "nb", "Slik står det til"),
        ("nn-NO,nn;q=0.9", "nn", "Ei telefonlinje"),
        ("de", "nb", "En telefonlinje"),
        ("en-GB", "en", "A telephone line"),
    ],
)
def test_the_front_page_speaks_the_readers_language(
    page: Page, asked: str, language: str, words: str
) -> None:
    answer = page.client.get("/about", headers={"Accept-Language": asked} if asked else {})
    assert f'<html lang="{language}" ' in answer.text
    assert words in answer.text
    assert answer.headers["Vary"] == "Accept-Language, Cookie"


@pytest.mark.parametrize(
    ("asked", "words"),
    [("nb", "Siden finnes ikke\n"), ("nn-NO", "Sida finst ikkje\n"), ("de", "Not Found\n")],
)
def test_what_is_refused_is_refused_in_the_readers_language(
    page: Page, asked: str, words: str
) -> None:
    answer = page.client.get("/nothing", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.text) == (404, words)
    assert answer.headers["Vary"] == "Accept-Language"


def test_documents_are_given_as_they_are_and_nothing_else(page: Page) -> None:
    assert page.client.get("/docs/api.md").text.startswith("# The REST API")
    for path in ("/docs/nothing.md", "/docs/..", "/docs/../README.md", "/docs/%2e%2e%2fREADME.md"):
        assert page.client.get(path).status_code == 404, path


def test_a_message_is_heard_by_a_button_and_that_is_noted(page: Page) -> None:
    a_message(page.database)
    asked = page.client.get(page.link())
    assert asked.status_code == 200
    assert "Talemelding til Fjordhjelp" in asked.text
    assert SERVICE in asked.text
    assert page.heard() == [], "who only looks at the links of a mail has heard nothing"

    heard = page.client.post(page.link())
    assert (heard.data, heard.content_type) == (b"RIFFwav", "audio/wav")
    assert heard.headers["Cache-Control"] == "no-store"
    assert page.heard() == [(SERVICE, "link")]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours_or_leads_nowhere_gives_nothing(page: Page, method: str) -> None:
    a_message(page.database)
    forged = page.link(key="of somebody else")
    for path in (forged, page.link("RE9"), page.link()[:-3], "/listen/x"):
        answer = page.client.open(path, method=method)
        assert answer.status_code == 404, path
        assert "virker ikke lenger" in answer.text
    assert page.heard() == []
