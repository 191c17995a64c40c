"""[duty.call_outs] and [callback]: how often the duty is called again, and who is called back."""

import pytest

from app.domain.config.desk_document import read_desk
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import Callback
from app.domain.numbers import SATELLITES
from tests.domain.config.desk_texts import DESK, codes, folder
from tests.support.written import english


def call_outs_of(lines: str) -> CallOutPolicy:
    read = folder(desk=f"{DESK}\n{lines}\n")
    assert read.desk
    assert read.desk.duty
    return read.desk.duty.call_outs


def test_a_desk_that_writes_nothing_is_called_every_five_minutes_for_an_hour() -> None:
    assert call_outs_of("") == CallOutPolicy(5, 60)


def test_a_desk_chooses_how_often_and_how_long() -> None:
    assert call_outs_of("[duty.call_outs]\nevery_minutes = 10\nfor_minutes = 240") == CallOutPolicy(
        10, 240
    )
    assert call_outs_of("[duty.call_outs]\nfor_minutes = 0") == CallOutPolicy(5, 0)


def test_a_desk_that_writes_nothing_calls_norwegian_numbers_back() -> None:
    read = folder()
    assert read.desk
    assert read.desk.callback == Callback(("+47",))


@pytest.mark.parametrize("prefixes", [(), ("+47", "+46"), ("+4722",)])
def test_a_desk_chooses_which_numbers_are_called_back(prefixes: tuple[str, ...]) -> None:
    written = ", ".join(f'"{prefix}"' for prefix in prefixes)
    read = folder(desk=f"{DESK}\n[callback]\nprefixes = [{written}]\n")
    assert read.diagnostics == ()
    assert read.desk
    assert read.desk.callback.prefixes == prefixes


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ("[callback]\nprefixes = ['47']", "bad_prefix", "like “+47”"),
        ("[callback]\nprefixes = ['0047']", "bad_prefix", "like “+47”"),
        ("[callback]\nprefixes = ['+']", "bad_prefix", "not the beginning of a number"),
        *(
            (f"[callback]\nprefixes = ['+47', '{prefix}']", "satellite_prefix", said)
            for prefix, said in [
                *((series, "never called") for series in (*SATELLITES, "+88213", "+8816")),
                *((broad, "too short") for broad in ("+8", "+88", "+87", "+9", "+97")),
            ]
        ),
        ("[callback]\nprefixes = ['+4782']", "costly_prefix", "premium-rate"),
        ("[callback]\nprefixes = '+47'", "wrong_type", "list"),
        ("[callback]", "missing", "prefixes"),
        ("[callback]\nprefix = ['+47']", "unknown_key", "did you mean “prefixes”?"),
        ("[duty.call_outs]\nevery_minutes = 61", "out_of_bounds", "from 0 to 60"),
        ("[duty.call_outs]\nfor_minutes = 1441", "out_of_bounds", "from 0 to 1440"),
        ("[duty.call_outs]\nfor_minutes = 4", "call_outs_too_short", "before the second call-out"),
        ("[duty.call_outs]\nevery = 5", "unknown_key", "known here: critical, every_minutes"),
    ],
)
def test_what_a_person_may_write_wrongly_is_told_in_plain_words(
    lines: str, code: str, said: str
) -> None:
    read = folder(desk=f"{DESK}\n{lines}\n")
    assert code in codes(read.diagnostics)
    assert said in " ".join(english(diagnostic.message) for diagnostic in read.diagnostics)
    assert read.is_refused


@pytest.mark.parametrize("prefix", ["+8", "+88", "+881"])
def test_a_desk_stored_by_an_older_release_is_read_with_a_prefix_that_is_refused_today(
    prefix: str,
) -> None:
    text = f"{DESK}\n[callback]\nprefixes = ['{prefix}']\n"
    assert read_desk(text, "desk.toml", "one", is_stored=True).value
    assert read_desk(text, "desk.toml", "one").value is None
