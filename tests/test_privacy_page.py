"""docs/privacy.md names every table that holds anything about people, and the usual times."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from app.actions.privacy.personal_data import KEPT_AS_WRITTEN
from app.domain.desks.desk import Retention
from app.logs import mask_text
from app.store.personal_data import COLUMNS, DataCategory
from app.store.recording_accesses import AccessChannel

PAGE = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text(encoding="utf-8")
ABOUT_PEOPLE = [
    table for table, columns in COLUMNS.items() if set(columns.values()) - {DataCategory.NOTHING}
]


@pytest.mark.parametrize("table", ABOUT_PEOPLE)
def test_each_table_about_people_has_its_line(table: str) -> None:
    assert re.search(rf"^\| .*`{table}`", PAGE, re.M), f"tell of `{table}` in docs/privacy.md"


@pytest.mark.parametrize(("field", "days"), asdict(Retention()).items())
def test_the_usual_times_are_those_of_the_code(field: str, days: int) -> None:
    told = f"{days} days" if days < 1000 else f"{days // 365} years"
    assert f"{told} (`{field}`)" in PAGE


def test_the_masked_number_is_what_logs_show() -> None:
    assert mask_text("+4749009001") in PAGE


@pytest.mark.parametrize("channel", AccessChannel)
def test_each_way_to_a_recording_is_told_of(channel: AccessChannel) -> None:
    assert re.search(rf"^\| .* \| `{channel}` \|", PAGE, re.M)


def test_what_stands_for_a_document_in_an_export_is_explained() -> None:
    assert f"`{KEPT_AS_WRITTEN}`" in PAGE
