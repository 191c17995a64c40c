"""The `vakt` command as somebody types it, on an installation's database."""

import pytest
from click.testing import CliRunner, Result

from app.cli import main


def vakt(monkeypatch: pytest.MonkeyPatch, url: str, *words: str, typed: str = "") -> Result:
    """Type a command; what it prints and how it ends."""
    monkeypatch.setenv("DATABASE_URL", url)
    return CliRunner().invoke(main, list(words), input=typed)
