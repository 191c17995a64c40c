"""`vakt preflight` as somebody meets it who looks before the night: real web, real network."""

import json

import pytest

from app.gateways.twilio.addresses import ASKED_AGAIN
from tests.cli.a_night import LINE, NUMBERS, Night
from tests.cli.a_terminal import Terminal

pytestmark = pytest.mark.real_clock


def test_a_house_that_is_ready_says_so(night: Night) -> None:
    done = night.look(TWILIO_API_URL=night.connect().address)
    assert done.code == 0, done.out
    for line in (
        f"  ok      the signature is accepted at {night.url}",
        "  ok      a worker is running",
        "  ok      calls can be taken without the database",
        "  ok      the lifeline knows every line",
        "  ok      the account is active",
        "  ok      this machine's clock agrees with the provider's",
        "  ok      a business profile is approved: Fjordgløtt",
        f"  ok      {LINE} (brukarstotte, duty): its four addresses are right",
        "  ok      brukarstotte: somebody is there every hour of the next 14 days",
    ):
        assert f"{line}\n" in done.out
    untried = "+4749002702 has not answered with a key in the last 180 days"
    assert f"  warning brukarstotte: Vakt 2: {untried}\n" in done.out
    assert f"{untried}\n          Try it: vakt preflight --live +4749002702\n" in done.out
    assert done.out.rstrip().rpartition("\n")[2].startswith("ready (")
    assert done.err == ""


def test_what_is_wrong_at_the_provider_is_told_with_what_to_type(night: Night) -> None:
    numbers = night.numbers(fallback_url="/twilio/fallback")
    del numbers[NUMBERS[-1]]
    exchange = night.connect(numbers=numbers, faults={"clock_ahead": 120})
    done = night.look(TWILIO_API_URL=exchange.address)
    assert done.code == 1
    for words in (
        f"error   {LINE}: “Primary handler fails” is {night.url}/twilio/fallback",
        f"Primary handler fails: Webhook, {night.url}/twilio/voice/fallback{ASKED_AGAIN}, HTTP",
        f"error   {NUMBERS[-1]} (",
        "the account does not own this number",
        "s behind the provider's: shifts, hours and retries would be at the wrong time",
        "\n3 errors, ",
    ):
        assert words in done.out
    assert done.err == "Not ready.\n"


def test_a_provider_that_refuses_us_or_is_away_is_one_line_each(night: Night) -> None:
    refused = night.look(TWILIO_API_URL=night.connect(auth_token="another").address)
    assert refused.out.count("refuses our credentials") == 2
    assert "warning the business profile could not be read: answers 401" in refused.out
    assert refused.code == 1
    nowhere = "http://127.0.0.1:9"
    away = night.look(TWILIO_API_URL=nowhere, PUBLIC_URL=nowhere)
    assert f"error   {nowhere}/twilio/voice does not answer: ConnectionError" in away.out
    assert away.out.count("error   http://127.0.0.1:9 is away: ConnectionError") == 1
    assert away.code == 1


def test_a_program_gets_the_same_as_json(night: Night) -> None:
    done = night.look("--json", TWILIO_API_URL=night.connect(account={"type": "Trial"}).address)
    told = json.loads(done.out)
    assert (told["ready"], told["errors"]) == (True, 0)
    assert told["warnings"] == sum(each["mark"] == "warning" for each in told["findings"])
    [trial] = [each for each in told["findings"] if each["check"] == "provider.account"]
    assert trial == {
        "heading": "Provider",
        "check": "provider.account",
        "mark": "warning",
        "what": "the account is a trial: it can only ring numbers that were verified at Twilio",
        "do": "Upgrade it in Twilio's console: Billing → Upgrade",
    }


def test_another_token_than_that_of_the_web_is_told(night: Night) -> None:
    done = night.look(TWILIO_AUTH_TOKEN="another", TWILIO_API_URL="http://127.0.0.1:9")
    assert "refuses the signature" in done.out
    assert done.code == 1


def test_all_that_is_missing_is_told_at_once(desks: Terminal) -> None:
    without = desks.vakt("preflight")
    assert "error   SECRET_KEY is not set; it is required" in without.out
    assert without.code == 1
    done = desks.vakt("preflight", SECRET_KEY="x", PUBLIC_URL="http://127.0.0.1:9")
    assert done.code == 1
    for missing in (
        "TWILIO_AUTH_TOKEN is not set",
        "TWILIO_ACCOUNT_SID is not set",
        "no worker is running",
        "warning our own web addresses were not checked: TWILIO_AUTH_TOKEN is missing",
        "the lifeline's file cannot be read",
    ):
        assert missing in done.out
    assert done.out.count("the provider was not asked") == 1
    assert "brukarstotte: somebody is there every hour of the next 14 days" in done.out


def test_a_fresh_clone_is_told_the_next_step_and_nothing_is_made(terminal: Terminal) -> None:
    before = sorted(terminal.home.iterdir())
    for url in ({}, {"DATABASE_URL": "sqlite:///elsewhere/vakt.db"}):
        done = terminal.vakt("preflight", SECRET_KEY="x", **url)
        assert done.code == 1
        assert done.out.count("there is no database yet\n          vakt db upgrade") == 1
        assert sorted(terminal.home.iterdir()) == before
