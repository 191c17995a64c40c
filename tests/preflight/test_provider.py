"""What stands about us at the provider, asked over HTTP: a telephone network on this machine."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from app.domain.message_refs import ref
from app.gateways.twilio.inventory import Address, Profile
from app.preflight.bounded import NoAnswer
from app.preflight.collect.provider import ask_account, ask_numbers, ask_profiles
from app.preflight.facts import Unknown
from app.preflight.finding import Mark
from app.settings import Settings
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.server import running
from tests.preflight.sample_facts import URL, in_english, settings
from tests.support.sample_desk import DUTY, SUPPORT

pytestmark = pytest.mark.real_clock


KEY = "SK00000000000000000000000000000001"

Connect = Callable[..., Settings]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Starts a network with settings of its own; gives the settings of an installation that uses
    it.
    """

    def start(**changed: Any) -> Settings:
        document = {
            "account_sid": "AC1",
            "auth_token": "the-token",
            "product_url": URL,
            "numbers": [DUTY],
            **changed,
        }
        exchange: Exchange = stack.enter_context(running(read_config(document)))
        return settings(twilio_api_url=exchange.address)

    with ExitStack() as stack:
        yield start


def test_an_account_tells_its_state_and_the_time(connect: Connect) -> None:
    account = ask_account(connect())
    assert (account.status, account.is_trial, account.is_sub) == ("active", False, False)
    assert account.clock_skew == timedelta(0)

    other = {"status": "suspended", "type": "Trial", "owner": "AC2"}
    account = ask_account(connect(account=other, faults={"clock_ahead": 90}))
    assert (account.status, account.is_trial, account.is_sub) == ("suspended", True, True)
    assert account.clock_skew is not None
    assert timedelta(seconds=60) < account.clock_skew <= timedelta(seconds=90)


def test_numbers_tell_where_they_lead(connect: Connect) -> None:
    wrong = {
        "voice_url": "https://demo.twilio.com/welcome/voice/",
        "fallback_url": None,
        "voice_method": "GET",
        "trunk_sid": "TK1",
        "has_sms": False,
    }
    usual, changed = ask_numbers(connect(numbers={SUPPORT: None, DUTY: wrong}))
    assert (usual.number, usual.voice) == (SUPPORT, Address(f"{URL}/twilio/voice", "POST"))
    assert usual.fallback == Address(f"{URL}/twilio/voice/fallback", "POST")
    assert usual.status == Address(f"{URL}/twilio/status", "POST")
    assert usual.sms == Address(f"{URL}/twilio/sms", "POST")
    assert (usual.elsewhere, usual.has_voice, usual.has_sms) == ("", True, True)
    assert changed.voice == Address("https://demo.twilio.com/welcome/voice/", "GET")
    assert changed.fallback == Address("", "POST")
    assert (changed.elsewhere, changed.has_voice, changed.has_sms) == ("TK1", True, False)


def test_numbers_are_read_page_by_page(connect: Connect) -> None:
    numbers = [f"+4720{number:06}" for number in range(450)]
    assert [own.number for own in ask_numbers(connect(numbers=numbers))] == numbers


def test_profiles_are_told_with_their_state(connect: Connect) -> None:
    profiles = [
        {"friendly_name": "Fjordhjelp", "status": "twilio-approved"},
        {"friendly_name": "Old", "status": "twilio-rejected"},
    ]
    assert ask_profiles(connect(account={"profiles": profiles})) == (
        Profile("Fjordhjelp", "twilio-approved"),
        Profile("Old", "twilio-rejected"),
    )


def test_a_key_of_the_worker_is_tried_where_the_worker_uses_it(connect: Connect) -> None:
    read = connect(api_keys={KEY: "secret"})
    with_key = read.model_copy(update={"twilio_api_key": KEY, "twilio_api_secret": "secret"})
    assert [own.number for own in ask_numbers(with_key)] == [DUTY]
    wrong = with_key.model_copy(update={"twilio_api_secret": "old"})
    assert "refuses our credentials" in in_english(told(lambda: ask_numbers(wrong)).why)
    assert ask_account(wrong).status == "active", "which is asked with the account's own token"


def told(ask: Callable[[], object]) -> Unknown:
    with pytest.raises(NoAnswer) as trouble:
        ask()
    return trouble.value.unknown


def test_credentials_that_are_refused(connect: Connect) -> None:
    wrong = connect().model_copy(update={"twilio_auth_token": ("another",)})
    for ask in (ask_account, ask_numbers):
        refused = told(lambda ask=ask: ask(wrong))  # type: ignore[misc]
        assert "refuses our credentials for the account" in in_english(refused.why)
        assert "TWILIO_AUTH_TOKEN" in in_english(refused.do)
    silent = told(lambda: ask_profiles(wrong))
    assert silent.mark is Mark.WARNING
    assert "could not be read: answers 401" in in_english(silent.why)
    assert "Trust Hub" in in_english(silent.do)


def test_an_account_that_nobody_knows(connect: Connect) -> None:
    read = connect(api_keys={"AC9": "the-token"})
    stranger = read.model_copy(update={"twilio_account_sid": "AC9"})
    assert "does not know the account" in in_english(told(lambda: ask_account(stranger)).why)


def test_a_provider_that_is_away_or_broken(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = settings(twilio_api_url=f"http://127.0.0.1:{port}")
    assert in_english(told(lambda: ask_numbers(away)).why).endswith("is away: ConnectionError")
    broken = {"status": 503, "code": 20503, "match": "IncomingPhoneNumbers"}
    read = connect(faults={"rest": [broken]})
    assert in_english(told(lambda: ask_numbers(read)).why).endswith("is away: answers 503")
    assert ask_numbers(read), "it strikes once"


def test_without_credentials_nobody_is_asked() -> None:
    without = settings(twilio_auth_token=(), twilio_api_url="http://127.0.0.1:9")
    for ask in (ask_account, ask_numbers, ask_profiles):
        unknown = told(lambda ask=ask: ask(without))  # type: ignore[misc]
        assert unknown.why == ref("preflight.provider_unasked")
        assert unknown.mark is Mark.WARNING
