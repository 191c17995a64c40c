"""`vakt inbox`: a desk tries whether it would learn of its tickets."""

from pathlib import Path

import pytest

from app.gateways.webhook import desk_key
from tests.cli.a_command import vakt
from tests.support.mail_server import mail_server
from tests.support.sample_desk import DESK_TOML, folder, sample_database
from tests.support.webhook_receiver import webhook_receiver

SERVICE = "service@fjordhjelp.example"
SECRET = "a secret of twenty-four signs"


def test_it_is_tried_whether_mail_and_posts_arrive(
    migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as mails, webhook_receiver(tmp_path) as receiver:
        inbox = f'\n[inbox]\nmail = ["{SERVICE}"]\nwebhook = "{receiver.url}"\n'
        with sample_database(migrated_sqlite_url, folder(desk=DESK_TOML + inbox)):
            pass
        unset = vakt(monkeypatch, migrated_sqlite_url, "inbox", "test", "fjordhjelp")
        assert unset.exit_code == 1
        assert "SMTP_URL is not set" in unset.output
        assert "VAKT_WEBHOOK_SECRET is not set" in unset.output

        monkeypatch.setenv("SMTP_URL", mails.url)
        monkeypatch.setenv("VAKT_WEBHOOK_SECRET", SECRET)
        inside = vakt(monkeypatch, migrated_sqlite_url, "inbox", "test", "fjordhjelp")
        assert "VAKT_WEBHOOK_PRIVATE=1" in inside.output
        monkeypatch.setenv("VAKT_WEBHOOK_PRIVATE", "1")
        done = vakt(monkeypatch, migrated_sqlite_url, "inbox", "test", "fjordhjelp")

    assert done.exit_code == 0, done.output
    assert f"{SERVICE}: accepted by the mail server" in done.output
    assert mails.to(SERVICE)[-1]["Subject"] == "Fjordhjelp: dette er en test"
    assert '"type": "test"' in receiver.posts[-1]["body"]
    shown = vakt(monkeypatch, migrated_sqlite_url, "inbox", "key", "fjordhjelp").output
    assert shown.strip() == desk_key(SECRET, "fjordhjelp")


@pytest.mark.parametrize(
    "words", [("test", "nowhere"), ("test", "fjordhjelp"), ("key", "fjordhjelp")]
)
def test_what_cannot_be_tried_is_said(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]
) -> None:
    with sample_database(migrated_sqlite_url):
        pass
    refused = vakt(monkeypatch, migrated_sqlite_url, "inbox", *words)
    assert refused.exit_code == 1
    assert (
        "no desk" in refused.output or "no [inbox]" in refused.output or "not set" in refused.output
    )
