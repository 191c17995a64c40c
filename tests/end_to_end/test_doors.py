"""What comes through the telephone's doors without a signature, without fields, to no line."""

from __future__ import annotations

import pytest

from tests.end_to_end.people import DUTY, NURSING_HOME
from tests.end_to_end.product import ON_A_SERVER, UNKNOWN_LINE, RunningProduct

pytestmark = ON_A_SERVER

DOORS = ("/twilio/voice", "/twilio/voice/fallback", "/twilio/status", "/twilio/sms")


@pytest.mark.parametrize("token", ["another token", None], ids=["wrong", "missing"])
def test_what_is_not_signed_by_our_account_is_refused_and_counted(
    product: RunningProduct, token: str | None
) -> None:
    before = product.metric("vakt_refused_signatures_total")
    calls = len(product.rows("calls"))

    statuses = [
        product.post(door, token, From=NURSING_HOME, To=DUTY, MessageSid="SM1", Body="Hei")[0]
        for door in DOORS
    ]

    assert statuses == [403] * len(DOORS)
    assert len(product.rows("calls")) == calls
    assert product.rows("incoming_sms", sid="SM1") == []
    assert product.metric("vakt_refused_signatures_total") == before + len(DOORS)


@pytest.mark.parametrize("missing", ["CallSid", "AccountSid", "To"])
def test_a_signed_call_without_its_fields_is_a_bad_request(
    product: RunningProduct, missing: str
) -> None:
    fields = {"From": NURSING_HOME, "To": DUTY, missing: ""}
    status, body, _ = product.post("/twilio/voice", **fields)

    assert status == 400
    assert missing in body


def test_a_number_that_no_desk_has_is_answered_politely(product: RunningProduct) -> None:
    call = product.call(UNKNOWN_LINE, NURSING_HOME)

    assert call.heard == ["Dette nummeret er ikke i bruk. Sjekk nummeret og ring igjen."]
    assert call.outcome == "informed"
    assert call.stored["desk"] is None
    assert call.reasons == ["unknown_line"]
    assert call.tickets == []


def test_the_house_tells_that_it_is_well(product: RunningProduct) -> None:
    assert product.metric("vakt_database_up") == 1
    assert product.metric("vakt_turns_total") > 0
