"""Whoever calls is served: withheld, from abroad, from a landline, short numbers, and nonsense."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.end_to_end.people import DUTY, VAKT_1, VAKT_2
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER


@dataclass(frozen=True)
class Caller:
    shown: str
    whisper: str
    gets_sms: bool = False


CALLERS = {
    "withheld by a word": Caller("anonymous", "Nummeret er skjult."),
    "withheld by keys": Caller("+266696687", "Nummeret er skjult."),
    "nonsense": Caller("sip:nobody@example", "Nummeret er skjult."),
    "landline": Caller("+4720002101", "Ringjer frå 20 00 21 01."),
    "short": Caller("02800", "Nummeret er ikkje innringaren sitt eige."),
    "abroad": Caller("+33199000001", "Ringjer frå +33 19 90 00 00 1."),
    "mobile abroad": Caller("+447700900123", "Ringjer frå +44 77 00 90 01 23.", gets_sms=True),
    "mobile": Caller("+4749002077", "Ringjer frå 49 00 20 77.", gets_sms=True),
}


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS.keys())
def test_every_caller_reaches_the_duty_and_none_gets_an_sms_in_vain(
    product: RunningProduct, caller: Caller
) -> None:
    slow = {"persona": "accepts", "answers": ["1"]}
    night = product.call(DUTY, caller.shown, "1", people={VAKT_1: slow})

    assert night.outcome == "connected"
    assert caller.whisper in night.whispered(VAKT_1)
    to_duty = {VAKT_1, VAKT_2}  # theirs are not sent any more once somebody has answered
    to_callers = [number for number in night.sms if number not in to_duty]
    assert to_callers == ([caller.shown] if caller.gets_sms else [])
    night.hears(f"Saksnummer {', '.join(str(night.ticket['number']))}.")
