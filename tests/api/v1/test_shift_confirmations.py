"""A program lists who was asked to confirm a shift, and confirms for who has said yes to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.access.users import PersonLink
from tests.api.v1.api_client import Api, an_api, new_token
from tests.support.asked_shifts import put_shift_to_confirm
from tests.support.sample_desk import DESK, folder

CONFIRMATIONS = f"/desks/{DESK}/roster/confirmations"


@pytest.fixture
def api(migrated_sqlite_url: str) -> Iterator[Api]:
    with an_api(migrated_sqlite_url, folder()) as api:
        put_shift_to_confirm(api.database, PersonLink(DESK, "duty-1"))
        yield Api(api.app, api.database, new_token(api.database, may_write=True))


def test_a_shift_is_listed_and_confirmed_for_its_owner(api: Api) -> None:
    [asked] = api.get(CONFIRMATIONS).get_json()
    assert (asked["person"], asked["role"], asked["confirmed_at"]) == ("duty-1", "primary", None)
    [done] = api.ask("POST", CONFIRMATIONS, json={"person": "duty-1"}).get_json()
    assert done["confirmed_at"]
    assert api.get(CONFIRMATIONS).get_json() == [done]
    nobody = api.ask("POST", CONFIRMATIONS, json={"person": "duty-2"})
    assert nobody.status_code == 422
    assert "No shift waits to be confirmed" in nobody.get_json()["message"]


def test_who_may_not_see_the_desk_or_only_read_confirms_nothing(api: Api) -> None:
    reader = Api(api.app, api.database, new_token(api.database, may_write=False))
    assert reader.ask("POST", CONFIRMATIONS, json={"person": "duty-1"}).status_code == 403
    for method in ("GET", "POST"):
        missing = "/desks/nowhere/roster/confirmations"
        assert api.ask(method, missing, json={"person": "duty-1"}).status_code == 404
