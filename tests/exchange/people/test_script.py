"""The script language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.people.script import PersonaAnswer, ScriptError, Timing, parse_script


def test_one_answer_a_prompt_in_order() -> None:
    script = parse_script("1001#, 1,-,speak 5,hangup")
    assert script.answers == (
        PersonaAnswer(keys="1001#"),
        PersonaAnswer(keys="1"),
        PersonaAnswer(),
        PersonaAnswer(speak=5.0),
        PersonaAnswer(hangs_up=True),
    )


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("1!", PersonaAnswer("1", timing=Timing.AT_ONCE)),
        ("1@2.5", PersonaAnswer("1", timing=Timing.SECONDS, seconds=2.5)),
        ("*@sentence", PersonaAnswer("*", timing=Timing.SENTENCE)),
        ("hangup@3", PersonaAnswer(hangs_up=True, timing=Timing.SECONDS, seconds=3)),
        ("speak 7 #", PersonaAnswer("#", speak=7)),
        ("speak 2.5 hangup", PersonaAnswer(speak=2.5, hangs_up=True)),
        ("noise 8", PersonaAnswer(speak=8, is_noise=True)),
    ],
)
def test_when_and_how_an_answer_comes(word: str, answer: PersonaAnswer) -> None:
    assert parse_script(word).answers == (answer,)


def test_hanging_up_later_is_no_answer_to_a_prompt() -> None:
    script = parse_script("1,ring-hangup@8,2,talk-hangup@30,wait-hangup@20")
    assert [answer.keys for answer in script.answers] == ["1", "2"]
    assert (script.ring_hang_up, script.talk_hang_up, script.wait_hang_up) == (8, 30, 20)


@pytest.mark.parametrize("word", ["x", "1001$", "speak", "hangup@", "1@soon", "ring-hangup"])
def test_a_word_that_cannot_be_read_is_named(word: str) -> None:
    with pytest.raises(ScriptError, match="not an answer"):
        parse_script(f"1,{word}")


@given(st.lists(st.text("0123456789*#", min_size=1, max_size=6), max_size=6))
@settings(max_examples=50)
def test_keys_are_read_back_as_they_were_written(words: list[str]) -> None:
    assert [answer.keys for answer in parse_script(",".join(words)).answers] == words
    assert parse_script(words) == parse_script(",".join(words))
