"""No number in the tree may be a subscriber's: they come from series that nobody has."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "bench", "docs", "exchange", "rosters", "tests", "voice_prompts")
KINDS = {".csv", ".json", ".md", ".py", ".toml", ".txt"}

ABROAD = re.compile(r"(?<![\w%])\+[1-9](?: ?\d){6,14}(?!\d)")
AT_HOME = re.compile(
    r"(?<![\w.+=-])(?:00)?(?:47)?(?:[2-9]\d{7}|[2-9]\d(?: \d\d){3})(?![\w.]|[ ]\d)"
)
INVENTED = (
    "+4749",  # the demo's telephones, the people's and the callers'
    "+4720",  # the demo's lines
    "+46701740",  # the Swedish, French and British series for films and books
    "+331990000",
    "+447700900",
    "+999",  # a country that does not exist
    "+4782",  # numbers that cost, which documents may not name
    "+266696687",  # how Twilio writes a withheld number
    "+7378742833",  # and so these: RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE in keys
    "+2562533",
    "+8656696",
    "+86282452253",
    "+881612345678",  # satellite and shared-cost series, which documents may not name
    "+882161234567",
    "+97912345678",
    "+14158675309",  # and the numbers of its own published examples
    "+18005551212",
    "+12349013030",
)
NO_TELEPHONES = {"+4731536000", "+4799999999"}  # a year in seconds; a length far too long


def numbers(text: str) -> set[str]:
    """Every number in a text that somebody could dial, as one dials it from abroad."""
    bare = (re.sub(r"\D", "", found) for found in AT_HOME.findall(text))
    abroad = {found.replace(" ", "") for found in ABROAD.findall(text)}
    return abroad | {f"+47{digits[-8:]}" for digits in bare}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_number_is_of_a_series_that_nobody_has(folder: str) -> None:
    own = Path(__file__)
    files = [each for each in (ROOT / folder).rglob("*") if each.suffix in KINDS and each != own]
    assert files

    found = {
        (str(file.relative_to(ROOT)), number)
        for file in files
        for number in numbers(file.read_text("utf-8"))
    }

    wrong = {each for each in found if not each[1].startswith(INVENTED)}
    assert {each for each in wrong if each[1] not in NO_TELEPHONES} == set()


def test_numbers_are_found_however_they_are_written() -> None:
    written = 'a "+4741000001", 41 00 00 02; (0047 41000003) or tel=+46 70 00 00 00 4'

    assert numbers(written) >= {"+4741000001", "+4741000002", "+4741000003", "+46700000004"}
