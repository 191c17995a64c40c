"""A told call reads back as its own script; what cannot be read is refused in plain words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.desk import LineKind
from app.domain.numbers import parse_number
from app.domain.simulate.simulation import STATUS, RingResult, simulate
from app.domain.simulate.transcript import TranscriptRenderer, Wording, transcript_lines
from app.domain.texts.written_moments import moment_text, spaced
from app.voice_prompts import texts
from tests.support.shipped_desks import DESKS, desk_of, line_number, oslo, shipped
from tests.support.told_call_reader import ToldCallError, read_told_call
from tests.support.told_calls import rewrite

CALLERS = ("+4749002001", "+4720002101", "+4749009999", "+46701740605", "withheld", "malformed")
ANSWERS = st.sampled_from(["1", "2", "3", "4", "0", "9", "*", "7", "#", "1001#", "-", "speak 12"])
RINGS = st.sampled_from(
    [RingResult(status) for status in STATUS]
    + [RingResult("accepted", seconds, stays) for seconds in (1, 95) for stays in (True, False)]
)
MINUTES = st.integers(min_value=0, max_value=2 * 365 * 24 * 60)


@settings(max_examples=60)
@given(
    desk=st.sampled_from(DESKS),
    duty=st.booleans(),
    caller=st.sampled_from(CALLERS),
    minute=MINUTES,
    answers=st.lists(ANSWERS, max_size=8),
    ringing=st.lists(RINGS, min_size=1, max_size=6),
)
def test_any_told_call_is_its_own_script(
    desk: str, duty: bool, caller: str, minute: int, answers: list[str], ringing: list[RingResult]
) -> None:
    facts = shipped(desk)
    has_duty = any(line.kind is LineKind.DUTY for line in desk_of(facts).lines)
    line = line_number(facts, LineKind.DUTY if duty and has_duty else LineKind.SUPPORT)
    start = datetime(2026, 1, 1, tzinfo=UTC).timestamp() + minute * 60
    at = datetime.fromtimestamp(start, UTC)
    transcript = simulate(facts, line, parse_number(caller), at, answers, ringing)
    text = "\n".join(transcript_lines(transcript, TranscriptRenderer(facts, texts()))) + "\n"
    assert rewrite(text) == text


def test_the_head_names_who_calls_whom_and_when() -> None:
    script = read_told_call("call   brukarstotte duty, from +4749002001, Sat 21 Nov 2026 23:10\n")
    assert (script.desk, script.line, script.caller.digits) == (
        "brukarstotte",
        "duty",
        "+4749002001",
    )
    assert script.at("Europe/Oslo") == oslo("2026-11-21 23:10")


def test_the_second_half_past_two_on_the_autumn_night_is_told_as_such() -> None:
    head = "call   dekode support, from withheld, Sun 25 Oct 2026 02:30"
    first, second = read_told_call(head), read_told_call(f"{head} (second)")
    assert (second.at("Europe/Oslo") - first.at("Europe/Oslo")).total_seconds() == 3600
    assert moment_text(second.at("Europe/Oslo"), "Europe/Oslo").endswith("02:30 (second)")


def test_a_hang_up_under_rings_is_a_hang_up_while_it_rings() -> None:
    text = (
        "call   brukarstotte duty, from withheld, Sat 21 Nov 2026 23:10\n"
        "press  1\nrings\nhangs up\n"
    )
    script = read_told_call(text)
    assert script.answers == ("1",)
    assert [ring.status for ring in script.ringing] == ["caller_hangs_up"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hello", "no line `hello`|begins `call"),
        ("call   x support, from 1, Sun 21 Nov 2026 23:10", "that day is a Sat"),
        ("call   x support, from 1, Sat 31 Nov 2026 23:10", "line 1: day"),
        ("call   x support, from 1, 2026-11-21", "a moment is written"),
        ("call   x support, from 1, Sat 21 Nov 2026 23:10\npress", "line 2: `press` needs"),
        ("call   x support, from 1, Sat 21 Nov 2026 23:10\ntalks  9 s", "stands under `accepted`"),
        ("call   x support, from 1, Sat 21 Nov 2026 23:10\npres  1", "no line `pres`"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, what: str) -> None:
    with pytest.raises(ToldCallError, match=what):
        read_told_call(text)


def test_spoken_a_call_has_every_sentence_in_full_and_no_number_before_there_is_one() -> None:
    facts = shipped("brukarstotte")
    line = line_number(facts, LineKind.DUTY)
    transcript = simulate(facts, line, parse_number("+4749002001"), oslo("2026-11-21 23:10"), ["1"])
    lines = transcript_lines(transcript, TranscriptRenderer(facts, texts(), Wording.SPOKEN))
    assert lines[0] == "call   Brukarstøtte duty, from +47 49 00 20 01, Sat 21 Nov 2026 23:10"
    assert "hears  Saksnummer NNNN." in lines
    assert any("sms to Vakt 1 +47 49 00 27 01: Brukarstøtte: Kritisk" in each for each in lines)
    assert lines[-1] == "ends   connected"


def test_a_number_is_written_for_the_eye() -> None:
    assert [spaced(n) for n in ("+4749002001", "02800", "+46701740605")] == [
        "+47 49 00 20 01",
        "02 80 0",
        "+46 70 17 40 60 5",
    ]
