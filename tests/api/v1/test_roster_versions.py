"""A program reads what was changed in a roster, page by page, and compares two versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.roster.entries import EntryKind
from tests.api.v1.api_client import Api, an_api, new_token
from tests.support.changed_roster import put
from tests.support.sample_desk import DESK, folder

VERSIONS = f"/desks/{DESK}/roster/versions"


@pytest.fixture
def api(migrated_sqlite_url: str) -> Iterator[Api]:
    with an_api(migrated_sqlite_url, folder()) as api:
        put(api.database, EntryKind.ABSENCE, "duty-1", (1, 0), (2, 0), note="Kurs")
        yield Api(api.app, api.database, new_token(api.database))


def test_versions_are_read_page_by_page(api: Api) -> None:
    newest = api.get(f"{VERSIONS}?limit=1")
    [entry] = newest.get_json()
    assert (entry["author"]["name"], entry["document"]) == ("Anne Vik", None)
    assert [each["reason"] for each in entry["added"]] == ["Kurs"]
    assert 'rel="next"' in newest.headers["Link"]
    [first] = api.ask("GET", VERSIONS, query_string={"before": entry["at"]}).get_json()
    assert (first["document"], first["remark"]) == (1, "as agreed")


def test_two_versions_are_compared(api: Api) -> None:
    told = api.get(f"{VERSIONS}/difference").get_json()
    assert [each["person"] for each in told["people"]] == ["duty-1"]
    assert told["people"][0]["hours_before"] - told["people"][0]["hours_after"] == 24
    assert (told["text"], told["withdrawn"]) == ([], [])
    assert api.get(f"{VERSIONS}/difference?from=2001-01-01T00:00").status_code == 422
    assert api.get(f"{VERSIONS}/difference?from=yesterday").status_code == 422
    assert api.get(f"{VERSIONS}?before=x").status_code == 422
