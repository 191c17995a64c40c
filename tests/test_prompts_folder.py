"""Where the texts are read from, and that a folder without any is told at once."""

from pathlib import Path

import pytest

from app.domain.texts.catalogue import InvalidTexts
from app.installation import home
from app.voice_prompts import prompts_folder, read_folder, recordings_folder


def test_the_texts_stand_beside_the_product_unless_a_home_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VAKT_HOME", raising=False)
    assert (home() / "app" / "voice_prompts.py").is_file()
    monkeypatch.setenv("VAKT_HOME", str(tmp_path))
    assert prompts_folder() == tmp_path / "voice_prompts"
    assert recordings_folder() == tmp_path / "voice_prompts" / "recordings"


def test_every_file_of_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "call.toml").write_text('[hello]\nnb = "Blåbær"\n', "utf-8")
    (tmp_path / "names.toml").write_text('[weekday.mon]\nnn = "måndag"\n', "utf-8")
    assert {text.key for text in read_folder(tmp_path)} == {"hello", "weekday.mon"}


def test_a_folder_without_texts_or_with_bad_ones_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no texts in"):
        read_folder(tmp_path)
    (tmp_path / "sms.toml").write_text('[sms]\nnb = "{"\n', "utf-8")
    with pytest.raises(InvalidTexts, match=r"sms\.toml: sms: nb: a \{ or \} has no partner"):
        read_folder(tmp_path)
