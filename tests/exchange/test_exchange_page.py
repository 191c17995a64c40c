"""docs/exchange.md tells of every setting, persona, fault and kind of event."""

from dataclasses import fields
from pathlib import Path

import pytest

from exchange.config import Config
from exchange.faults.rules import How
from exchange.people.personas import PERSONAS
from exchange.records.transcript import Kind

PAGE = (Path(__file__).parent.parent.parent / "docs" / "exchange.md").read_text("utf-8")


@pytest.mark.parametrize(
    "name", [*(field.name for field in fields(Config)), *PERSONAS, *How, *Kind], ids=str
)
def test_the_page_tells_of(name: str) -> None:
    assert f"`{name}`" in PAGE
