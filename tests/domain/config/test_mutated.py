"""Whatever is done to a shipped document, it is read or refused with places: never a failure."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.cross_checks import cross_check
from app.domain.config.folder import CUSTOMERS, DESK, ROSTER, DeskFolder
from app.domain.config.folder_reader import read_folder
from tests.support.shipped_desks import DESKS, folder_files
from tests.support.written import english

NOW: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
PIECES: Final = (
    *("=", "[", "]", "{", "}", '"', "'", "#", ",", ";", "\n", "\r", "\t", " ", "\\", "“", "”", "‘"),
    *("\u00a0", "\u200e", "\u202a", "\ufeff", "\x00", "\x07", "\ud800", "A\u030a", "😀", "٣", "²"),
    *("True", "false", "nan", "inf", "-1", "99999999999999999999", "1e999", "0x1", "15.30", "1530"),
    *("2026-12-24", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "24:00", "easter+99"),
    *(
        "+4749002001",
        "112",
        "round the clock",
        "next day",
        "[[overrides]]\n",
        "[duty]\n",
        '""',
        "[]",
    ),
)
DATED: Final = (
    '[[overrides]]\nperson = "vakt-1"\nrole = "primary"\n'
    "from = 2026-12-24T15:30:00\nto = 2026-12-25T08:00:00\n",
    '[[absences]]\nperson = "vakt-2"\nfrom = 2027-01-01T00:00:00\nto = 2027-01-02T00:00:00\n',
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, bytes | str]:
    """A shipped desk's files with some of their text put out, put in twice, or exchanged."""
    files = dict(folder_files(draw(st.sampled_from(DESKS))))
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from([DESK, ROSTER, CUSTOMERS]))
        content = files.get(name, "")
        text = content if isinstance(content, str) else content.decode("utf-8", "surrogateescape")
        if name == ROSTER and draw(st.booleans()):
            text += draw(st.sampled_from(DATED))
        files[name] = _changed(draw, text)
    return files


def _changed(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    row = draw(st.integers(0, len(lines) - 1))
    line = lines[row]
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
    piece = draw(st.sampled_from(PIECES) | st.text(max_size=3))
    match draw(st.sampled_from(["put in", "instead", "out", "twice", "value", "moved"])):
        case "put in":
            lines[row] = line[:start] + piece + line[start:]
        case "instead":
            lines[row] = line[:start] + piece + line[end:]
        case "out":
            del lines[row]
        case "twice":
            lines.insert(row, line)
        case "value":
            lines[row] = f"{line.partition('=')[0]}= {piece}"
        case "moved":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(row))
    return "\n".join(lines)


def places_are_right(folder: DeskFolder, files: dict[str, bytes | str]) -> bool:
    """Every fault stands at a line that there is."""
    count = {
        name: len(content.splitlines()) + 2 if isinstance(content, str) else 10**6
        for name, content in files.items()
    }
    return all(
        1 <= diagnostic.position.line <= count.get(diagnostic.file.rpartition("/")[2], 1)
        and diagnostic.position.column >= 1
        and english(diagnostic.message).isprintable()
        for diagnostic in folder.diagnostics
    )


@given(mutated())
@settings(max_examples=75, deadline=None)
def test_a_mutated_document_is_read_or_refused_with_places(files: dict[str, bytes | str]) -> None:
    folder = read_folder(files, "mutated")

    assert folder.is_refused or folder.desk
    assert places_are_right(folder, files)
    for diagnostic in cross_check([folder], NOW, NOW + timedelta(days=14)):
        assert english(diagnostic.line)


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_refused_with_places(desk: bytes, roster: bytes, customers: bytes) -> None:
    folder = read_folder({DESK: desk, ROSTER: roster, CUSTOMERS: customers}, "mutated")

    assert folder.is_refused
    assert all(english(diagnostic.line) for diagnostic in folder.diagnostics)
