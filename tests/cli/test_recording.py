"""`vakt recording`: the message is written to a file, and who took it is noted."""

import stat
from pathlib import Path

import pytest

from app.store import Database
from tests.api.v1.test_recordings import a_message
from tests.cli.a_command import vakt
from tests.support.sample_desk import sample_database


@pytest.fixture
def url(migrated_sqlite_url: str) -> str:
    return migrated_sqlite_url


def test_a_tickets_message_is_written_for_its_owner_only_and_noted(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "message.wav"
    with sample_database(url) as database:
        ticket = str(a_message(database))
    words = ("recording", "listen", ticket, "--as", "Teamleiar", "--out", str(file))
    done = vakt(monkeypatch, url, *words)
    assert done.exit_code == 0, done.output
    assert file.read_bytes() == b"RIFFwav"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "command" in vakt(monkeypatch, url, "recording", "heard", "RE1").output
    assert "Teamleiar" in vakt(monkeypatch, url, "recording", "heard", "RE1").output

    again = vakt(monkeypatch, url, *words)
    assert again.exit_code == 1
    assert "already exists" in again.output


@pytest.mark.parametrize("which", ["9999", "RE9"])
def test_what_is_not_there_is_refused_in_plain_words(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    with sample_database(url) as database:
        assert isinstance(database, Database)
    out = str(tmp_path / "x.wav")
    done = vakt(monkeypatch, url, "recording", "listen", which, "--as", "Vakt 1", "--out", out)
    assert done.exit_code == 1
    assert "no recording" in done.output
    assert not (tmp_path / "x.wav").exists()


def test_nobody_listens_without_a_name(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = str(tmp_path / "x.wav")
    assert vakt(monkeypatch, url, "recording", "listen", "1", "--out", out).exit_code == 2
