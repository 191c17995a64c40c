"""Who sits at which number, and what a persona is changed in."""

import pytest

from exchange.json_values import Json
from exchange.people.personas import PersonaRegistry, Pickup, Side, read_persona


def test_a_persona_can_be_changed_in_what_it_does() -> None:
    persona = read_persona(
        {"persona": "accepts", "rings": 12, "talks": 95, "ends_talk": "callee", "answers": ["2"]}
    )
    assert (persona.rings, persona.talks, persona.ends_talk) == (12, 95, Side.CALLEE)
    assert persona.answers[0].keys == "2"


@pytest.mark.parametrize("spec", ["nobody", {"rings": 3}, {"persona": "busy", "mood": 1}, 7, []])
def test_a_persona_that_does_not_exist_is_refused(spec: Json) -> None:
    with pytest.raises(ValueError, match="persona"):
        PersonaRegistry("no_answer", {"+4749000021": spec})


def test_numbers_without_a_seat_get_the_default() -> None:
    book = PersonaRegistry("busy", {"+4749000021": "accepts"})
    assert book.take("+4749000099").pickup is Pickup.BUSY
    assert book.take("+4749000021").name == "accepts"
