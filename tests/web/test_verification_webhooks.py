"""The doors of a number verification: nobody hears an error or waits for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.desks.verify_number import begin_verification, find_verification
from app.store.number_verifications import NewNumberVerification
from app.web.services import EXTENSION, WebServices
from tests.support.database_faults import read_only, refused
from tests.support.fake_twilio import FakeTwilio, fake_twilio, said, settings, tags
from tests.support.sample_desk import DESK, DUTY, DUTY_1, NIGHT

ASKED = "This is a test from Fjord help. Press 1 to show that you hear us."


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        services_of(network).offline_sync.stop()
        yield network


def services_of(network: FakeTwilio) -> WebServices:
    return network.client.application.extensions[EXTENSION]  # type: ignore[no-any-return]


@pytest.fixture
def verification(network: FakeTwilio) -> int:
    return begin_verification(
        services_of(network).database, NewNumberVerification(DUTY_1, DESK, DUTY, "en"), NIGHT
    )


def test_it_asks_three_times_and_then_hangs_up(network: FakeTwilio, verification: int) -> None:
    asked = network.hears(f"/twilio/verification/{verification}/whisper")
    for heard, pressed in ((1, "2"), (2, "")):
        assert said(asked) == ASKED
        assert tags(asked) == ["Gather", "Redirect"]
        [gather] = asked.iter("Gather")
        path = f"/twilio/verification/{verification}/key/{heard}"
        assert gather.attrib["action"].partition("#")[0].endswith(path)
        asked = network.hears(path, Digits=pressed)
    assert said(asked) == ASKED
    assert tags(network.hears(f"/twilio/verification/{verification}/key/3", Digits="#")) == [
        "Hangup"
    ]


def test_it_thanks_for_the_key_also_when_that_is_told_twice(
    network: FakeTwilio, verification: int
) -> None:
    for _ in range(2):
        thanked = network.hears(f"/twilio/verification/{verification}/key/1", Digits="1")
        assert said(thanked).startswith("Thank you, we can reach you.")
        assert tags(thanked) == ["Say", "Hangup"]


def test_a_verification_that_nobody_knows_is_hung_up(network: FakeTwilio) -> None:
    for door in ("whisper", "key/1"):
        assert tags(network.hears(f"/twilio/verification/77/{door}", Digits="1")) == ["Hangup"]
    assert network.post("/twilio/verification/77/status", CallStatus="completed").status_code == 204


def test_without_the_database_it_hangs_up_and_no_key_is_thanked_for_that_is_not_kept(
    network: FakeTwilio, verification: int
) -> None:
    services = services_of(network)
    with read_only(services):
        assert tags(network.hears(f"/twilio/verification/{verification}/key/1", Digits="1")) == [
            "Hangup"
        ]
    with refused(services):
        assert tags(network.hears(f"/twilio/verification/{verification}/whisper")) == ["Hangup"]
    found = find_verification(services.database, verification)
    assert found
    assert found.key_pressed_at is None
