"""Posts to a desk's program: signed by the standard, never inside a network, within limits."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.gateways.guarded_connection import is_public
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.gateways.webhook import (
    Webhook,
    WebhookPost,
    WebhookRefused,
    desk_key,
    signature,
)
from app.settings import Settings
from tests.support.webhook_receiver import webhook_receiver

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
OLD, NEW = "an old secret of twenty-four", "a new secret of twenty-four!"
BODY = '{"type": "ticket.opened", "navn": "Fjordgløtt sjukeheim"}'


def post(url: str) -> WebhookPost:
    return WebhookPost(url, "inbox:1042:opened:webhook", BODY, "fjordhjelp")


def sender(secret: str = NEW, private: bool = True) -> Sender:
    return Sender(
        Settings(
            secret_key="of the tests", vakt_webhook_secret=secret, vakt_webhook_private=private
        )
    )


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the specification's own libraries."""
    key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_post_arrives_whole_and_signed_by_old_and_new_secret(tmp_path: Path) -> None:
    with webhook_receiver(tmp_path) as receiver:
        sender(f"{NEW}, {OLD}").post_webhook(post(receiver.url), NOW)

    [got] = receiver.posts
    headers = {name.lower(): value for name, value in got["headers"].items()}
    assert (got["path"], got["body"]) == ("/hooks/vakt?team=1", BODY)
    assert headers["content-type"].startswith("application/json")
    assert headers["webhook-id"] == "inbox:1042:opened:webhook"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    for secret, shown in zip((NEW, OLD), headers["webhook-signature"].split(), strict=True):
        key = base64.b64decode(desk_key(secret, "fjordhjelp").removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{BODY}".encode()
        mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert shown == f"v1,{mac}"


def test_each_desk_has_a_key_of_its_own() -> None:
    assert desk_key(NEW, "fjordhjelp") != desk_key(NEW, "bergvakt") != desk_key(OLD, "bergvakt")


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("400", PermanentFailure), ("410", PermanentFailure), ("422", PermanentFailure),
        ("302", PermanentFailure), ("401", TemporaryFailure), ("404", TemporaryFailure),
        ("429", TemporaryFailure), ("500", TemporaryFailure), ("503", TemporaryFailure),
    ],
)  # fmt: skip
def test_a_refusal_is_final_or_passes_and_no_redirect_is_followed(
    tmp_path: Path, status: str, failure: type[Exception]
) -> None:
    with webhook_receiver(tmp_path, status) as receiver, pytest.raises(failure):
        sender().post_webhook(post(receiver.url), NOW)
    assert len(receiver.posts) == 1


def test_nobody_there_is_tried_again(tmp_path: Path) -> None:
    with webhook_receiver(tmp_path) as receiver:
        url = receiver.url
    with pytest.raises(TemporaryFailure):
        sender().post_webhook(post(url), NOW)


def test_one_who_answers_byte_by_byte_is_cut_off(tmp_path: Path) -> None:
    with (
        webhook_receiver(tmp_path, "drips") as receiver,
        pytest.raises(OSError, match=r"BadStatusLine|IncompleteRead|RemoteDisconnected"),
    ):
        Webhook((NEW,), may_be_private=True, seconds=1.0).send(post(receiver.url), NOW)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]",
             "0.0.0.0", "[::ffff:10.0.0.1]", "[fd00::1]", "100.64.0.1", "2130706433"]
)  # fmt: skip
def test_nothing_is_posted_inside_a_network_unless_it_is_allowed(host: str) -> None:
    url = f"https://{host}/hook"
    with pytest.raises(PermanentFailure, match="private_address"):
        sender(private=False).post_webhook(post(url), NOW)


def test_public_addresses_are_told_from_others() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    for inside in ("::ffff:127.0.0.1", "2002:7f00:1::", "fe80::1%eth0", "224.0.0.1", "::"):
        assert not is_public(inside), inside


@pytest.mark.parametrize(
    "inside",
    ["64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::ffff:0:7f00:1", "::7f00:1", "fec0::1", "::1"],
)
def test_an_address_that_a_gateway_may_lead_inside_is_not_public(inside: str) -> None:
    assert not is_public(inside)


def test_without_a_secret_nothing_is_sent_unsigned(tmp_path: Path) -> None:
    with (
        webhook_receiver(tmp_path) as receiver,
        pytest.raises(TemporaryFailure, match="no_webhook_secret"),
    ):
        sender("").post_webhook(post(receiver.url), NOW)
    assert receiver.posts == []


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    large = replace(post("https://desk.example/hook"), body="x" * 70_000)
    with pytest.raises(WebhookRefused) as refused:
        Webhook((NEW,)).send(large, NOW)
    assert refused.value.is_final
