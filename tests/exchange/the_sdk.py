"""The official SDK, pointed at an exchange, and a wait for what it has set going."""

import time
from collections.abc import Callable

from twilio.rest import Client

from exchange.exchange import Exchange
from tests.exchange.a_product import ACCOUNT, TOKEN


def sdk(exchange: Exchange, user: str = ACCOUNT, password: str = TOKEN) -> Client:
    client = Client(user, password, ACCOUNT)
    client.api.base_url = exchange.address
    return client


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)
