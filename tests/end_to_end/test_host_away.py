"""The whole host goes in the middle of a call: files at the network go on, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions.gather_messages import Gathering
from app.domain.house_away import desk_alone
from app.exchange.config import Doors
from app.phone.left_there import Network
from app.phone.sender import Sender
from app.phone.static_lifeline import documents
from app.settings import Settings
from app.voice_prompts import texts
from tests.desks import desk_of, shipped
from tests.end_to_end.house import ACCOUNT, TOKEN, House
from tests.end_to_end.running import wait_until
from tests.end_to_end.who import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    SATURDAY_NIGHT,
    SCHOOL,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.phone.static_files import static_files

BACK = SATURDAY_NIGHT + timedelta(hours=2)
DUTY_FILE = f"{DUTY.lstrip('+')}.xml"


@contextmanager
def files_at_the_network(house: House, folder: Path) -> Iterator[None]:
    """The duty line's fallback address is a file that was written before the outage."""
    facts, before = shipped("brukarstotte"), house.exchange.config
    with static_files(folder) as address:
        alone = desk_alone(desk_of(facts), facts.roster, SATURDAY_NIGHT)
        for name, document in documents(alone, texts(), address).items():
            (folder / name).write_text(document, "utf-8")
        doors: Doors = before.numbers[DUTY]
        leads_there = replace(doors, fallback_url=f"{address}/{DUTY_FILE}", fallback_method="GET")
        house.exchange.config = replace(before, numbers={**before.numbers, DUTY: leads_there})
        try:
            yield
        finally:
            house.exchange.config = before


def gather(house: House) -> int:
    """What the worker does some minutes after its start."""
    settings = {
        "secret_key": "of the stories",
        "public_url": house.url,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_api_url": house.exchange.address,
    }
    sender = Sender(Settings.model_validate(settings))
    return Gathering(house.database, Network(sender)).gather(BACK)


# On one database: its processes are started anew, and what differs between the two is told in
# tests/actions/test_gather_messages.py.
@pytest.mark.parametrize("one_house", ["sqlite"], indirect=True)
def test_the_host_dies_while_the_duty_rings_and_comes_back_to_every_message(
    house: House, tmp_path: Path
) -> None:
    with files_at_the_network(house, tmp_path):
        under_way = house.dial(DUTY, NURSING_HOME, "1,speak 7", people={VAKT_1: "human"})
        wait_until(lambda: bool(house.legs_of(under_way)), "Vakt 1 rings")
        house.web.kill()
        house.worker.kill()
        house.exchange.seat({VAKT_1: "voicemail"})
        house.exchange.decline(house.legs_of(under_way)[0].sid)
        house.exchange.wait(under_way.sid)

        new_one = house.dial(DUTY, SCHOOL, "speak 9")
        house.exchange.wait(new_one.sid)
        put_through = house.dial(DUTY, SCHOOL, people={VAKT_2: "accepts"})
        house.exchange.wait(put_through.sid)

        house.web.start()
        house.worker.start()
        house.wait_until_ready()

    everybody = [VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER]
    called = [[leg.called for leg in house.legs_of(each)] for each in (under_way, new_one)]
    assert called == [[VAKT_1, *everybody], everybody]
    under_way.hears("Vi ringjer vakta", "Systemet vårt er nede", "Vi når ingen no", "Takk")
    new_one.hears("Systemet vårt er nede", "Our system is down", "Vi når ingen no", "Takk")
    assert len(put_through.talks) == 1

    assert gather(house) == 2
    assert gather(house) == 0
    for each in (under_way, new_one):
        house.wait(each)
        assert each.ticket["priority"] == "critical"
        [recording] = house.rows("recordings", call_sid=each.sid)
        assert recording["ticket"] == each.ticket["number"]
    assert under_way.outcome == "message"
    assert put_through.tickets == []

    # The network noticed that nobody was there; the story is about that.
    alerts = house.exchange.alerts()
    assert {alert.url.split("/twilio/")[0] for alert in alerts} == {house.url}
    house.exchange.office.debugger.clear()
