"""Between a door and the decision few functions stand, so that a reader finds the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

import app
from app.actions.calls import take_turn
from app.domain.calls.decide import decide
from app.web.twilio.leg_webhooks import leg_status
from app.web.twilio.voice_webhooks import voice, voice_turn
from tests.support.fake_twilio import CALL, FakeTwilio, fake_twilio, settings

OURS = str(Path(app.__file__).parent)
MOST = 8
DOORS = {door.__code__ for door in (voice, voice_turn, leg_status)}


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        yield network


def way_to(frame: FrameType) -> list[str]:
    """Our own functions from the door to this one."""
    names: list[str] = []
    at: FrameType | None = frame
    while at:
        if at.f_code.co_filename.startswith(OURS):
            names.insert(0, at.f_code.co_name)
        if at.f_code in DOORS:
            return names
        at = at.f_back
    return []


@pytest.fixture
def ways(network: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    # However slow the machine, nothing is too old to be written as it was decided.
    monkeypatch.setattr(take_turn, "AHEAD_SECONDS", 3600)
    found: list[list[str]] = []

    def look(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code is decide.__code__:
            found.append(way_to(frame))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(before)


def test_from_a_door_to_the_decision_it_is_at_most_eight_functions(
    network: FakeTwilio, ways: list[list[str]]
) -> None:
    network.arrives()
    network.does(1, Digits="1")
    network.post(f"/twilio/leg/{CALL}/1/status", **network.of_leg(1, CallStatus="ringing"))

    assert [way[0] for way in ways] == ["voice", "voice_turn", "leg_status"]
    assert all(way[-1] == "decide" for way in ways)
    too_long = [way for way in ways if len(way) > MOST]
    assert too_long == []
