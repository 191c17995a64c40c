"""No telephone number reaches a log line, whoever writes it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from app.logs import SECRET_PATHS, configure, mask_text


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers, root.level, structlog.get_config())
    stream = io.StringIO()
    configure(stream)
    yield stream
    root.handlers, root.level = before[0], before[1]
    structlog.configure(**before[2])


def test_our_lines_and_those_of_the_libraries_are_masked(lines: io.StringIO) -> None:
    structlog.get_logger().info("sent", to="+4749000011", all=["49 00 00 12", {"x": "20000013"}])
    logging.getLogger("library").warning("POST /Messages?To=%s", "%2B4749000014")
    try:
        raise ValueError("no such number: +4749000015")
    except ValueError:
        structlog.get_logger().exception("broken")
    written = lines.getvalue()
    for digits in ("49000011", "49 00 00 12", "20000013", "49000014", "49000015"):
        assert digits not in written
    assert [json.loads(line)["event"] for line in written.splitlines()] == [
        "sent",
        "POST /Messages?To=+4749••••14",
        "broken",
    ]


def test_a_line_that_is_repeated_is_counted_and_another_one_is_written(lines: io.StringIO) -> None:
    log = structlog.get_logger()
    for _ in range(120):
        try:
            raise OSError("file is not a database")
        except OSError:
            log.exception("journal_unreadable", file="journal-1.db")
        log.info("job_done", job=1)
    log.warning("journal_unreadable", file="journal-2.db")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    told = [
        (line["file"], line.get("times", 1))
        for line in written
        if line["event"] == "journal_unreadable"
    ]
    assert told == [
        ("journal-1.db", 1),
        ("journal-1.db", 10),
        ("journal-1.db", 100),
        ("journal-2.db", 1),
    ]
    assert [line["event"] for line in written].count("job_done") == 120


@given(st.integers(10**7, 10**15 - 1), st.sampled_from(["", "+", "%2B", "tel:+", "From=", "("]))
def test_whatever_looks_like_a_number_is_masked(digits: int, before: str) -> None:
    assert str(digits) not in mask_text(f"x {before}{digits} y")


@pytest.mark.parametrize(
    "kept", ["CA0123456789abcdef0123456789abcdef", "ticket 1042", "2026-11-21T22:10", "job 17"]
)
def test_what_is_no_number_stays_readable(kept: str) -> None:
    assert mask_text(kept) == kept


def test_no_signed_link_to_a_spoken_message_reaches_a_line(lines: io.StringIO) -> None:
    address = "https://vakt.example.org/listen/WyJSRTEiXQ.abC-1.d_f"
    structlog.get_logger().info("mail_not_sent", body=f"Hør her: {address}\nHelsing")
    logging.getLogger("library").info("GET %s", address)
    assert "WyJSRTEiXQ" not in lines.getvalue()
    assert "d_f" not in lines.getvalue()
    assert "https://vakt.example.org/listen/…" in lines.getvalue()


@pytest.mark.parametrize("path", SECRET_PATHS)
def test_no_address_that_is_a_key_reaches_a_line(lines: io.StringIO, path: str) -> None:
    structlog.get_logger().info("asked", url=f"https://vakt.example.org{path}aB3-x_9.ics?v=1")
    assert f"https://vakt.example.org{path}…?v=1" in lines.getvalue()
