"""A monitoring program marks an outage, and ends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.v1.api_client import Api, an_api, new_token
from tests.support.sample_desk import DESK, folder

OUTAGES = f"/desks/{DESK}/outages"


@pytest.fixture
def api(migrated_sqlite_url: str) -> Iterator[Api]:
    with an_api(migrated_sqlite_url, folder()) as api:
        yield Api(api.app, api.database, new_token(api.database, may_write=True))


def ask(api: Api, path: str, **body: Any) -> Any:
    return api.ask("POST", path, json=body)


def test_one_is_marked_changed_and_ended(api: Api) -> None:
    made = ask(api, OUTAGES, words={"nb": "E-posten er nede."}).get_json()
    assert ask(api, OUTAGES, words={"nb": "E-posten er nede."}).get_json() == made
    path = f"{OUTAGES}/{made['id']}"
    changed = ask(api, f"{path}/change", words={"en": "Mail is down."}).get_json()
    assert (changed["words"], changed["since"]) == ({"en": "Mail is down."}, made["since"])
    assert ask(api, f"{path}/end").get_json() == {"told": 0, "changed": True}
    assert ask(api, f"{path}/end").get_json() == {"told": 0, "changed": False}
    [listed] = api.get(OUTAGES).get_json()
    assert listed["ended_at"]


def test_what_cannot_be_is_told_in_words(api: Api) -> None:
    for body in ({"since": "2999-01-01T10:00"}, {"since": "soon"}, {"words": {"de": "Aus."}}):
        refused = ask(api, OUTAGES, **body)
        assert refused.status_code == 422, body
        assert refused.get_json()["message"], body
    assert ask(api, f"{OUTAGES}/99/end").status_code == 404
    assert api.get(OUTAGES).get_json() == []
