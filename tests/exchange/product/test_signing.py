"""Signatures and the parameters of every request."""

import pytest

from exchange.product.http import signature, signed_address
from tests.exchange.a_product import ACCOUNT, Product, doc
from tests.exchange.conftest import CALLER, LINE, Connect


def test_the_published_example_is_signed_as_published() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://vakt.example:8443/a?b=1#rc=2", "https://vakt.example/a?b=1"),
        ("http://127.0.0.1:8000/a#rc=2", "http://127.0.0.1:8000/a"),
        ("https://vakt.example/a", "https://vakt.example/a"),
    ],
)
def test_the_fragment_is_never_signed_and_the_port_over_http_only(url: str, signed: str) -> None:
    assert signed_address(url) == signed


def test_every_request_carries_what_the_network_carries(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Reject/>")}
    exchange = connect()
    sid = exchange.call("anonymous", LINE, forwarded_from="+4720000009")
    exchange.wait(sid)
    (form,) = product.asked("/twilio/voice")
    expected = {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": "anonymous",
        "Caller": "anonymous",
        "To": LINE,
        "Called": LINE,
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "ForwardedFrom": "+4720000009",
        "FromCountry": "",
        "ToCountry": "NO",
        "CalledVia": "+4720000009",
    }
    assert dict(form) == expected


def test_the_moment_of_a_call_is_sent_only_where_it_is_wanted(
    product: Product, connect: Connect
) -> None:
    from datetime import datetime

    product.pages = {"/twilio/voice": doc("<Gather numDigits='1' timeout='9' action='/t'/>")}
    at = datetime.fromisoformat("2026-11-21T23:10:00+01:00")
    for send in (True, False):
        exchange = connect(send_moment=send)
        exchange.wait(exchange.call(CALLER, LINE, at=at, script="1@7"))
    with_moment, without = product.asked("/t")
    assert with_moment["ExchangeMoment"] == "2026-11-21T22:10:07+00:00"
    assert "ExchangeMoment" not in without
    assert product.asked("/twilio/status")[0]["ExchangeMoment"] == "2026-11-21T22:10:07+00:00"


def test_a_get_request_is_signed_with_its_query(product: Product, connect: Connect) -> None:
    product.pages = {
        "/twilio/voice": doc("<Gather numDigits='1' method='GET' action='/t?desk=1'/>"),
        "/t": doc("<Hangup/>"),
    }
    exchange = connect()
    exchange.wait(exchange.call(CALLER, LINE, script="1"))
    (form,) = product.asked("/t")
    assert (form["desk"], form["Digits"]) == ("1", "1")
    assert exchange.alerts() == ()


def test_a_public_address_can_lead_to_a_local_one(product: Product, connect: Connect) -> None:
    product.pages = {"/twilio/voice": doc("<Hangup/>")}
    exchange = connect(
        product_url="https://vakt.example", routes={"https://vakt.example": product.address}
    )
    exchange.wait(exchange.call(CALLER, LINE))
    assert len(product.asked("/twilio/voice")) == 1
    assert exchange.alerts() == ()
    # Signed for the public address, so the local one must not find it good.
    assert product.badly_signed.pop() == product.address + "/twilio/status"
    assert product.badly_signed.pop() == product.address + "/twilio/voice"
