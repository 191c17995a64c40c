"""The whole host goes in the middle of a call: files at the network go on, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions.calls.recover_voicemails import VoicemailRecovery
from app.domain.simulate.site_outage import build_static_plan
from app.gateways.sender import Sender
from app.gateways.twilio.site_outage_twiml import documents
from app.gateways.twilio.voicemails import ProviderVoicemails
from app.settings import Settings
from app.voice_prompts import texts
from exchange.config import NumberWebhooks
from tests.end_to_end.people import (
    DUTY,
    IT_MANAGER,
    NURSING_HOME,
    SATURDAY_NIGHT,
    SCHOOL,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
)
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ACCOUNT, TOKEN, RunningProduct
from tests.gateways.static_files import static_files
from tests.support.shipped_desks import desk_of, shipped

BACK = SATURDAY_NIGHT + timedelta(hours=2)
DUTY_FILE = f"{DUTY.lstrip('+')}.xml"


@contextmanager
def files_at_the_network(product: RunningProduct, folder: Path) -> Iterator[None]:
    """The duty line's fallback address is a file that was written before the outage."""
    facts, before = shipped("brukarstotte"), product.exchange.config
    with static_files(folder) as address:
        plan = build_static_plan(desk_of(facts), facts.roster, SATURDAY_NIGHT)
        for name, document in documents(plan, texts(), address).items():
            (folder / name).write_text(document, "utf-8")
        doors: NumberWebhooks = before.numbers[DUTY]
        leads_there = replace(doors, fallback_url=f"{address}/{DUTY_FILE}", fallback_method="GET")
        product.exchange.config = replace(before, numbers={**before.numbers, DUTY: leads_there})
        try:
            yield
        finally:
            product.exchange.config = before


def gather(product: RunningProduct) -> int:
    """What the worker does some minutes after its start."""
    settings = {
        "secret_key": "of the stories",
        "public_url": product.url,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_api_url": product.exchange.address,
    }
    sender = Sender(Settings.model_validate(settings))
    return VoicemailRecovery(product.database, ProviderVoicemails(sender)).recover(BACK)


# On one database: its processes are started anew, and what differs between the two is told in
# tests/actions/calls/test_recover_voicemails.py.
@pytest.mark.parametrize("one_product", ["sqlite"], indirect=True)
def test_the_host_dies_while_the_duty_rings_and_comes_back_to_every_message(
    product: RunningProduct, tmp_path: Path
) -> None:
    with files_at_the_network(product, tmp_path):
        under_way = product.dial(DUTY, NURSING_HOME, "1,speak 7", people={VAKT_1: "human"})
        wait_until(lambda: bool(product.legs_of(under_way)), "Vakt 1 rings")
        wait_until(lambda: not product.open_jobs(under_way.sid), "nothing is being sent")
        product.web.kill()
        product.worker.kill()
        product.exchange.assign({VAKT_1: "voicemail"})
        product.exchange.decline(product.legs_of(under_way)[0].sid)
        product.exchange.wait(under_way.sid)

        new_one = product.dial(DUTY, SCHOOL, "speak 9")
        product.exchange.wait(new_one.sid)
        put_through = product.dial(DUTY, SCHOOL, people={VAKT_2: "accepts"})
        product.exchange.wait(put_through.sid)

        product.web.start()
        product.worker.start()
        product.wait_until_ready()

    everybody = [VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER]
    called = [[leg.called for leg in product.legs_of(each)] for each in (under_way, new_one)]
    assert called == [[VAKT_1, *everybody], everybody]
    under_way.hears("Vi ringjer vakta", "Systemet vårt er nede", "Vi når ingen no", "Takk")
    new_one.hears("Systemet vårt er nede", "Our system is down", "Vi når ingen no", "Takk")
    assert len(put_through.talks) == 1

    assert gather(product) == 2
    assert gather(product) == 0
    for each in (under_way, new_one):
        product.wait(each)
        assert each.ticket["priority"] == "critical"
        [recording] = product.rows("recordings", call_sid=each.sid)
        assert recording["ticket"] == each.ticket["number"]
    assert under_way.outcome == "message"
    assert put_through.tickets == []

    # The network noticed that nobody was there; the story is about that.
    alerts = product.exchange.alerts()
    assert {alert.url.split("/twilio/")[0] for alert in alerts} == {product.url}
    product.exchange.network.debugger.clear()
