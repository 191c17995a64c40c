"""Many calls at once and at a rate, and what is measured of them."""

import pytest

from bench.load import Caller, LoadResult, Turn, callers_from, run_load
from tests.exchange.a_product import Product, doc
from tests.exchange.conftest import LINE, Connect

PAGES = {
    "/twilio/voice": doc("<Gather numDigits='1' action='/t'><Say>Hei.</Say></Gather>"),
    "/t": doc("<Hangup/>"),
}


@pytest.mark.parametrize("rate", [None, 200.0])
def test_every_turn_of_every_call_is_measured(
    product: Product, connect: Connect, rate: float | None
) -> None:
    product.pages = dict(PAGES)
    exchange = connect()
    callers = callers_from(49000100, LINE, ["1", "-"], 10)
    result = run_load(exchange, callers, per_second=rate, at_once=3)
    assert result.statuses == {"completed": 10}
    assert (len(result.turns), result.lost, result.unfinished) == (15, 0, 0)
    assert {turn.path for turn in result.turns} == {"/twilio/voice", "/t"}
    assert 0 < result.percentile(0.5) <= result.percentile(0.99)
    assert len({form["From"] for form in product.asked("/twilio/voice")}) == 10
    if rate is not None:
        assert result.seconds >= 9 / rate


def test_turns_without_an_answer_are_lost(product: Product, connect: Connect) -> None:
    product.pages = {**PAGES, "/t": ("feil", 500), "/twilio/voice/fallback": doc("<Hangup/>")}
    result = run_load(connect(), [Caller("+4749000100", LINE, "1")])
    assert (result.lost, len(result.turns)) == (1, 3)


def test_percentiles_are_of_the_answered_turns() -> None:
    turns = (*(Turn("/t", float(ms)) for ms in range(1, 101)), Turn("/t", None))
    result = LoadResult(2.0, {}, turns, 0)
    assert [result.percentile(share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert result.turns_per_second == 50
    assert result.as_json()["lost"] == 1
