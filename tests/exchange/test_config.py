"""Settings: what is read, what is refused, and the exchange as a process of its own."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from exchange.config import ConfigError, NumberWebhooks, read_config
from exchange.json_values import Json
from tests.exchange.a_product import ACCOUNT, TOKEN

ENOUGH: dict[str, Json] = {
    "account_sid": ACCOUNT,
    "auth_token": TOKEN,
    "product_url": "http://localhost:8000/",
    "numbers": ["+4720000001"],
}


def test_numbers_in_a_list_have_the_usual_doors() -> None:
    base = "http://localhost:8000/twilio"
    assert read_config(ENOUGH).numbers == {
        "+4720000001": NumberWebhooks(
            f"{base}/voice", f"{base}/voice/fallback", f"{base}/status", f"{base}/sms"
        )
    }


def test_numbers_in_an_object_say_where_they_differ() -> None:
    numbers: Json = {"+4720000001": {"fallback_url": None, "voice_url": "/voice#rc=2"}}
    doors = read_config({**ENOUGH, "numbers": numbers}).numbers["+4720000001"]
    assert doors.fallback_url is None
    assert doors.voice_url == "http://localhost:8000/voice#rc=2"


def test_a_number_may_be_asked_by_get_as_a_store_of_files_answers_it() -> None:
    numbers: Json = {"+4720000001": {"fallback_method": "GET"}}
    doors = read_config({**ENOUGH, "numbers": numbers}).numbers["+4720000001"]
    assert (doors.voice_method, doors.fallback_method) == ("POST", "GET")
    wrong: Json = {"+4720000001": {"fallback_method": "PUT"}}
    with pytest.raises(ConfigError, match="expected GET or POST"):
        read_config({**ENOUGH, "numbers": wrong})


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


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("personas", {"+4749000021": "nobody"}),
        ("default_persona", "nobody"),
        ("faults", {"storms": 1}),
        ("speed", 0.5),
        ("port", True),
        ("numbers", [4720000001]),
        ("numbers", {"+4720000001": {"voice": "/voice"}}),
        ("verified", "+4720000001"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_the_start(setting: str, value: Json) -> None:
    with pytest.raises(ConfigError, match=f"^{setting}: "):
        read_config({**ENOUGH, setting: value})


def test_as_its_own_process_it_tells_its_address_and_stops_politely(tmp_path: Path) -> None:
    file = tmp_path / "exchange.json"
    file.write_text(json.dumps(ENOUGH))
    process = subprocess.Popen(
        [sys.executable, "-m", "exchange", str(file)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/exchange/status") as answer:
            assert json.load(answer)["numbers"] == ["+4720000001"]
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0
        if process.stdout is not None:
            process.stdout.close()


def test_a_configuration_that_cannot_be_read_is_told_and_refused(tmp_path: Path) -> None:
    file = tmp_path / "exchange.json"
    file.write_text("{}")
    done = subprocess.run(
        [sys.executable, "-m", "exchange", str(file)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "account_sid: missing" in done.stderr
