"""Where things stand in a TOML text."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message_refs import ref
from app.domain.toml_positions import Path, Position, parse_toml

TEXT = """\
a = 1
"b å" = { c = [10, { d = 2 }] }

[one.two]
x.y = "å" # the end
[[rows]]
name = "first"
[[rows.inner]]
n = 1
[[rows.inner]]
n = 2
[[rows]]
list = [
  "å", # a comment is no value
  "second",
]
[[rows.inner]]
n = 3
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("a",), 1, 1),
        (("b å",), 2, 1),
        (("b å", "c"), 2, 11),
        (("b å", "c", 1), 2, 20),
        (("b å", "c", 1, "d"), 2, 22),
        (("one",), 4, 2),
        (("one", "two", "x", "y"), 5, 1),
        (("rows",), 6, 3),
        (("rows", 0, "name"), 7, 1),
        (("rows", 0, "inner", 1, "n"), 11, 1),
        (("rows", 1), 12, 3),
        (("rows", 1, "list", 1), 15, 3),
        (("rows", 1, "inner", 0, "n"), 18, 1),
    ],
)
def test_every_key_and_value_has_its_place(path: Path, line: int, column: int) -> None:
    assert parse_toml(TEXT).position(path) == Position(line, column)


def test_a_path_that_is_not_written_stands_where_its_table_does() -> None:
    toml = parse_toml(TEXT)

    assert toml.position(("rows", 1, "missing")) == Position(12, 3)
    assert toml.position(("nowhere",)) == Position(1, 1)


def test_columns_count_characters_not_bytes() -> None:
    toml = parse_toml('æøå = 1\n"æ" = { "ø" = [ "å", 2 ] }\n'.replace("æøå", '"æøå"'))

    assert toml.position(("æ", "ø", 1)) == Position(2, 22)


def test_lines_of_windows_and_of_unix_count_alike() -> None:
    assert parse_toml(TEXT.replace("\n", "\r\n")).position(("rows", 1, "list", 1)) == Position(
        15, 3
    )


def test_every_line_that_is_not_toml_is_named() -> None:
    toml = parse_toml('a = 08:00:61\nb = 1\nc = = 2\n[ok]\nd = "fine"\ne ==\n')

    lines = {mistake.position.line for mistake in toml.mistakes}
    assert toml.values == {}
    assert {1, 3, 6} <= lines
    assert not lines & {2, 4, 5}


def test_a_key_given_twice_is_a_mistake_on_its_line() -> None:
    [mistake] = parse_toml("a = 1\nb = 2\na = 3\n").mistakes

    assert mistake.position.line == 3


def test_a_text_that_just_ends_is_a_mistake_at_its_end() -> None:
    mistake = parse_toml('a = "open').mistakes[0]

    assert mistake.position == Position(1, 10)


def test_values_nested_without_end_are_refused_and_not_followed() -> None:
    toml = parse_toml("a = " + "[" * 20_000)

    assert toml.mistakes


@given(st.text(max_size=60))
def test_whatever_is_written_comes_back_as_values_or_as_mistakes(text: str) -> None:
    toml = parse_toml(text)

    try:
        expected = tomllib.loads(text)
    except ValueError:
        assert toml.mistakes
    else:
        assert (toml.values, toml.mistakes) == (expected, ())


KEYS = st.text(st.sampled_from("abø. \"'"), min_size=1, max_size=4)


@given(
    st.dictionaries(KEYS, st.dictionaries(KEYS, st.integers(0, 9), max_size=3), max_size=3),
)
def test_every_written_key_has_a_place_of_its_own(tables: dict[str, dict[str, int]]) -> None:
    def quoted(key: str) -> str:
        return '"' + key.replace('"', '\\"') + '"'

    lines: list[str] = []
    wanted: dict[Path, int] = {}
    for name, table in tables.items():
        lines.append(f"[{quoted(name)}]")
        wanted[(name,)] = len(lines)
        for key, value in table.items():
            lines.append(f"{quoted(key)} = {value}")
            wanted[(name, key)] = len(lines)

    toml = parse_toml("\n".join(lines))

    assert {path: toml.position(path).line for path in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 50_000) + " = 1",
        f"[{'.'.join(['a'] * 50_000)}]",
        "[[" + ". ".join(['"a"'] * 50_000) + "]]",
        f"x = {{ y = 1, {'.'.join(['a'] * 50_000)} = 1 }}",
        "x = " + "[" * 50_000 + "]" * 50_000,
        "x = " + "{a=" * 50_000 + "1" + "}" * 50_000,
    ],
    ids=["key", "table", "quoted parts", "inline table", "arrays", "inline tables"],
)
def test_values_inside_each_other_without_end_are_one_mistake_at_once(text: str) -> None:
    [mistake] = parse_toml(text).mistakes

    assert mistake.message == ref("diagnostic.not_toml.too_deep")


@pytest.mark.parametrize(
    "text", ['a = "' + "x. " * 99 + '"', "a = '" + "." * 999 + "'", "# a.b" * 99]
)
def test_a_text_full_of_full_stops_is_no_deep_key(text: str) -> None:
    assert parse_toml(text).mistakes == ()
