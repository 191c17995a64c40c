"""One product and one exchange for each test, on loopback ports of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from exchange.config import Config, read_config
from exchange.exchange import Exchange
from exchange.server import running
from tests.exchange.a_product import ACCOUNT, TOKEN, Product

LINE = "+4720000001"
CALLER = "+4749000011"
DUTY = "+4749000021"
BACKUP = "+4749000022"

Connect = Callable[..., Exchange]


@pytest.fixture
def product() -> Iterator[Product]:
    """A product that answers from a table."""
    one = Product().start()
    yield one
    assert one.badly_signed == []
    one.stop()


@pytest.fixture
def connect(product: Product) -> Iterator[Connect]:
    """Starts an exchange with settings of its own; without time passing unless a speed is given."""

    def start(**settings: object) -> Exchange:
        document = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "product_url": product.address,
            "numbers": [LINE],
            "speed": 0,
            **settings,
        }
        return stack.enter_context(running(config_from(document)))

    with ExitStack() as stack:
        yield start


def config_from(document: dict[str, object]) -> Config:
    return read_config(document)  # type: ignore[arg-type]
