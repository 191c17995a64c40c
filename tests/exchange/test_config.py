"""Settings, personas and message lengths: what is read, what is refused."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.exchange.config import ConfigError, Doors, read_config
from app.exchange.json_values import Json
from app.exchange.people.personas import PersonaBook, Pickup, Side, read_persona
from app.exchange.records.segments import segments
from tests.exchange.product import ACCOUNT, TOKEN

ENOUGH: dict[str, Json] = {
    "account_sid": ACCOUNT,
    "auth_token": TOKEN,
    "product_url": "http://localhost:8000/",
    "numbers": ["+4720000001"],
}


def test_numbers_in_a_list_have_the_usual_doors() -> None:
    base = "http://localhost:8000/twilio"
    assert read_config(ENOUGH).numbers == {
        "+4720000001": Doors(
            f"{base}/voice", f"{base}/voice/fallback", f"{base}/status", f"{base}/sms"
        )
    }


def test_numbers_in_an_object_say_where_they_differ() -> None:
    numbers: Json = {"+4720000001": {"fallback_url": None, "voice_url": "/voice#rc=2"}}
    doors = read_config({**ENOUGH, "numbers": numbers}).numbers["+4720000001"]
    assert doors.fallback_url is None
    assert doors.voice_url == "http://localhost:8000/voice#rc=2"


def test_every_mistake_is_told_at_once() -> None:
    wrong: dict[str, Json] = {"account_sid": ACCOUNT, "speeed": 3, "speed": -1, "numbers": "all"}
    with pytest.raises(ConfigError) as refused:
        read_config(wrong)
    told = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in told] == [
        "speeed",
        "auth_token",
        "product_url",
        "speed",
        "numbers",
    ]


def test_a_persona_can_be_changed_in_what_it_does() -> None:
    persona = read_persona(
        {"persona": "accepts", "rings": 12, "talks": 95, "ends_talk": "callee", "answers": ["2"]}
    )
    assert (persona.rings, persona.talks, persona.ends_talk) == (12, 95, Side.CALLEE)
    assert persona.answers[0].keys == "2"


@pytest.mark.parametrize("spec", ["nobody", {"rings": 3}, {"persona": "busy", "mood": 1}, 7, []])
def test_a_persona_that_does_not_exist_is_refused(spec: Json) -> None:
    with pytest.raises(ValueError, match="persona"):
        PersonaBook("no_answer", {"+4749000021": spec})


def test_numbers_without_a_seat_get_the_default() -> None:
    book = PersonaBook("busy", {"+4749000021": "accepts"})
    assert book.take("+4749000099").pickup is Pickup.BUSY
    assert book.take("+4749000021").name == "accepts"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("ø" * 160, 1),
        ("ø" * 161, 2),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("–" * 70, 1),
        ("–" * 71, 2),
        ("a" * 153 * 3, 3),
    ],
)
def test_parts_of_a_text_message(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_as_its_own_process_it_tells_its_address_and_stops_politely(tmp_path: Path) -> None:
    file = tmp_path / "exchange.json"
    file.write_text(json.dumps(ENOUGH))
    process = subprocess.Popen(
        [sys.executable, "-m", "app.exchange", str(file)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/exchange/status") as answer:
            assert json.load(answer)["numbers"] == ["+4720000001"]
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0
        if process.stdout is not None:
            process.stdout.close()


def test_a_configuration_that_cannot_be_read_is_told_and_refused(tmp_path: Path) -> None:
    file = tmp_path / "exchange.json"
    file.write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "app.exchange", str(file)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "account_sid: missing" in done.stderr
