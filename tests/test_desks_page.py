"""docs/desks.md and roster.md tell of every key of the documents, as does the example."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.config.cross_checks import cross_check
from app.domain.config.customer_document import COLUMNS
from app.domain.config.folder_reader import read_folder
from app.domain.time.wall_time import WEEKDAYS
from tests.support.shipped_desks import DESKS, folder_files

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
READERS = APP / "domain" / "config"
PAGE = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("desks.md", "roster.md"))
EXAMPLE = {
    file.name: file.read_text("utf-8")
    for file in (ROOT / "docs" / "examples" / "skjergard").iterdir()
}
# A reader asks for a key by a method of its table, or by a function of table and key.
ASKED = re.compile(
    r"""(?:\.(?:text|note_text|id|texts|truth|whole|choice|parsed|clock|table|list_of_tables"""
    r"""|named_tables|has|needs)\(|\w\((?:top|part|table|each|row), )"([\w-]+)\""""
)


def test_the_example_is_a_desk_without_any_fault() -> None:
    folder = read_folder(EXAMPLE, "skjergard")

    assert folder.diagnostics == ()
    assert folder.desk
    assert folder.roster
    assert len(folder.customers or ()) == 5


def test_the_example_can_live_beside_the_five() -> None:
    folders = [read_folder(folder_files(desk_id), desk_id) for desk_id in DESKS]
    folders.append(read_folder(EXAMPLE, "skjergard"))
    at = datetime(2026, 11, 21, 22, tzinfo=UTC)

    assert cross_check(folders, at, at + timedelta(days=90)) == ()


def keys_of(value: object, named: bool = False) -> set[str]:
    """Every key in a document, without the names that its author chose."""
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    if not isinstance(value, dict):
        return set()
    found = set() if named else set(value)
    for key, inner in value.items():
        by_name = not named and key in (
            "calendars",
            "agreements",
            "priorities",
            "people",
            "owners",
            "percent",
            "employees",
            "wage_codes",
        )
        found |= keys_of(inner, named=by_name)
    return found


def test_every_key_that_a_reader_asks_for_is_in_the_example() -> None:
    asked = {
        key
        for file in READERS.glob("*.py")
        if file.name != "workflow_part.py"  # a table of one's own is shown in docs/workflow.md
        for key in ASKED.findall(file.read_text("utf-8"))
    }
    written = {
        key
        for name in ("desk.toml", "roster.toml")
        for key in keys_of(tomllib.loads(EXAMPLE[name]))
    }

    assert len(asked) > 60
    assert asked - written - {"monday-friday"} == set()


@pytest.mark.parametrize("name", ["desk.toml", "roster.toml"])
def test_every_key_of_the_example_is_told_of(name: str) -> None:
    told = set(re.findall(r"`\[*([\w-]+)", PAGE))
    told |= {part for words in re.findall(r"`\[\[?([\w.]+)", PAGE) for part in words.split(".")}

    keys = {
        key for key in keys_of(tomllib.loads(EXAMPLE[name])) if key.split("-")[0] not in WEEKDAYS
    }

    assert keys - told - {"nb", "nn", "en"} == set()


def test_every_field_told_of_is_in_the_example() -> None:
    fields = {
        field
        for row in re.findall(r"^\| (`.*?) \|", PAGE, re.M)
        for field in re.findall(r"`([\w-]+)`", row)
    }
    written = set(COLUMNS)
    for name in ("desk.toml", "roster.toml"):
        written |= keys_of(tomllib.loads(EXAMPLE[name]))

    assert {field for field in fields if field.split("-")[0] not in WEEKDAYS} <= written


def test_every_column_of_the_customers_is_told_of() -> None:
    assert set(EXAMPLE["customers.csv"].split("\n", 1)[0].split(",")) == set(COLUMNS)
    for column in COLUMNS:
        assert re.search(rf"^\| `{column}` .*\|", PAGE, re.M)


def test_nothing_in_the_product_names_one_of_the_desks() -> None:
    names = re.compile("|".join([*DESKS, "brukarstøtte", "ror-ikt", "skjergard"]), re.IGNORECASE)

    named = [
        f"{file.relative_to(APP)}: {names.search(file.read_text(encoding='utf-8'))}"
        for file in sorted(APP.rglob("*.py"))
        if names.search(file.read_text(encoding="utf-8"))
    ]

    assert named == []
