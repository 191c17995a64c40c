import pytest

from app.domain.texts.text_parts import Form, Medium
from app.domain.texts.text_reader import InvalidTexts, read_texts

GREETING = '[greeting]\nnb = "Dette er {desk}."\n'


def test_every_fault_in_every_file_is_told_at_once() -> None:
    files = {
        "call.toml": (
            '[greeting]\nnb = "Hei {desk"\nnn = ""\nseconds = 0\n'
            '[goodbye]\nkeys = 1\n[menu]\nnb = "{level:loudly}"\nsv = "Hej"\n'
        ),
        "sms.toml": "[sms_ticket\n",
        "names.toml": 'stray = 1\n[priority.high]\nnb = "{0}"\n',
    }
    with pytest.raises(InvalidTexts) as refused:
        read_texts(files)
    told = "\n".join(refused.value.diagnostics)
    for place in (
        "call.toml: greeting: nb",
        "call.toml: greeting: nn",
        "call.toml: greeting: seconds",
        "call.toml: goodbye: keys",
        "call.toml: goodbye: has no words in any language",
        "call.toml: menu: nb: “level” has the unknown form “loudly”",
        "call.toml: menu: the field “sv” is unknown",
        "sms.toml: Expected",
        "names.toml: stray",
        "names.toml: priority.high: nb: “{0}” is no placeholder",
    ):
        assert place in told


def test_a_key_that_stands_in_two_files_is_refused() -> None:
    with pytest.raises(InvalidTexts, match=r"whisper\.toml: greeting: the key stands in another"):
        read_texts({"call.toml": GREETING, "whisper.toml": GREETING})


def test_tables_of_tables_group_texts_even_when_they_are_named_as_languages() -> None:
    texts = read_texts(
        {"names.toml": '[language.nb]\nnb = "bokmål"\n[language.en]\nen = "English"\n'}
    )
    assert list(texts) == ["language.nb", "language.en"]


def test_a_text_knows_its_medium_its_placeholders_and_its_limits() -> None:
    text = read_texts(
        {"call.toml": '[menu]\nnb = "Sak {ticket:digits}, trykk 1"\nseconds = 5\nkeys = "1"\n'}
    )["menu"]
    assert text.medium is Medium.VOICE
    assert text.placeholders("nb") == {("ticket", Form.DIGITS)}
    assert text.placeholders("nn") == frozenset()
    assert (text.seconds, text.keys, text.long_because) == (5.0, "1", "")


def test_the_file_tells_how_a_text_reaches_people() -> None:
    words = {"nb": '[{}]\nnb = "ord"\n'}["nb"]
    texts = read_texts({f"{name}.toml": words.format(name) for name in ("whisper", "sms", "told")})
    assert [text.medium for text in texts.values()] == [Medium.VOICE, Medium.SMS, Medium.READ]
