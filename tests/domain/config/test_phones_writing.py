"""A person's numbers are written into a roster.toml, and nothing else in it changes."""

import tomllib

import pytest

from app.domain.config.phones_writing import replace_phones
from app.domain.message_refs import MessageError

NEW = ("+4749009105", "+4749009101")
REST = """
# who is there
[people.duty-2]
name = "Duty 2"
phones = ["+4749009102"]

[[rotations]]
id = "primary"
phones = "not a person's"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[people.duty-1]\nname = "Duty 1"  # æøå\nphones = [ "+47 490 09 101" ]  # private\n',
            '[people.duty-1]\nname = "Duty 1"  # æøå\n'
            'phones = ["+4749009105", "+4749009101"]  # private\n',
        ),
        (
            '[people.duty-1]\nphones = [\n  "+4749009101", # first\n]\nname = "Duty 1"\n',
            '[people.duty-1]\nphones = ["+4749009105", "+4749009101"]\nname = "Duty 1"\n',
        ),
        (
            '[people.duty-1]\n\n# no number yet\nname = "Duty 1"\n',
            '[people.duty-1]\nphones = ["+4749009105", "+4749009101"]\n\n'
            '# no number yet\nname = "Duty 1"\n',
        ),
        (
            '[people]\nduty-1.name = "Duty 1"\nduty-1.phones = ["+4749009101"]\n',
            '[people]\nduty-1.name = "Duty 1"\nduty-1.phones = ["+4749009105", "+4749009101"]\n',
        ),
        (
            '[people]\nduty-1 = { name = "Duty 1", phones = ["+4749009101"] }\n',
            '[people]\nduty-1 = { name = "Duty 1", phones = ["+4749009105", "+4749009101"] }\n',
        ),
        (
            '[people]\nduty-1 = { name = "Duty 1" }\n',
            '[people]\nduty-1 = { name = "Duty 1", phones = ["+4749009105", "+4749009101"] }\n',
        ),
    ],
)
def test_only_the_numbers_change_however_the_person_is_written(before: str, after: str) -> None:
    assert replace_phones(before + REST, "duty-1", NEW) == after + REST
    assert tomllib.loads(after)["people"]["duty-1"]["phones"] == list(NEW)


def test_the_numbers_that_are_there_change_no_sign() -> None:
    text = '[people.duty-1]\nphones = [ "+4749009105",\n "+4749009101" ]\n' + REST
    assert replace_phones(text, "duty-1", NEW) == text
    assert replace_phones(REST, "duty-2", ()) != REST


def test_what_cannot_be_changed_alone_is_refused() -> None:
    text = '[people]\n"duty-1" = { name = "a } b", note = "phones = []", phones = ["+4749009101"] }'
    with pytest.raises(MessageError):
        replace_phones(text, "duty-1", NEW)
