"""The sign of life: given at a real address, and nothing that goes wrong there stops anybody."""

from __future__ import annotations

import pytest

from app.gateways.heartbeat import Heartbeat
from app.settings import Settings
from tests.support.heartbeat_receiver import heartbeat_receiver


def test_a_sign_of_life_is_one_request() -> None:
    with heartbeat_receiver() as (address, asked):
        assert Heartbeat(f"{address}/ping/our-house?status=up").beat()
    assert asked == ["/ping/our-house?status=up"]


def test_without_an_address_there_is_nobody_to_tell() -> None:
    assert not Heartbeat().beat()


@pytest.mark.parametrize("status", [404, 500])
def test_an_address_that_refuses_does_no_harm_and_is_not_logged(
    status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with heartbeat_receiver(status) as (address, _):
        assert not Heartbeat(f"{address}/our-secret").beat()
    assert "our-secret" not in capsys.readouterr().out


def test_an_address_where_nobody_is_does_no_harm_and_is_not_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with heartbeat_receiver() as (address, _):
        pass
    assert not Heartbeat(f"{address}/our-secret").beat()
    assert "our-secret" not in capsys.readouterr().out


def test_the_address_is_kept_like_a_password() -> None:
    url = "https://watch.example.org/ping/our-secret"
    settings = Settings(secret_key="of the tests", vakt_heartbeat_url=url)
    assert "our-secret" not in repr(settings) + repr(Heartbeat(url))
