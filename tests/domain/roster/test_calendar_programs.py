"""Programs that people have read a roster's calendar: vdirsyncer fetches it, khal lists it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from app.domain.roster.ical import Ical, write_ical
from app.domain.time.intervals import Interval
from tests.domain.roster.calendar_night import calendar
from tests.domain.time.wall_clock import oslo

AUTUMN = Interval(oslo("2026-10-24 00:00"), oslo("2026-10-27 00:00"))
SPRING = Interval(oslo("2027-03-26 12:00"), oslo("2027-03-30 12:00"))
BIN = Path(sys.executable).parent

VDIRSYNCER = """
[general]
status_path = "{home}/status/"
[pair vakt]
a = "ours"
b = "theirs"
collections = null
[storage ours]
type = "http"
url = "{url}"
[storage theirs]
type = "filesystem"
path = "{home}/vdir/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[vakt]]
path = {home}/vdir/
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
print_new = False
"""


@contextmanager
def served(file: bytes) -> Iterator[str]:
    """A server that answers the file, as the web does."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(file)))
            self.end_headers()
            self.wfile.write(file)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/ical/secret.ics"
        finally:
            server.shutdown()


def run(home: Path, *words: str) -> str:
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        words, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def of_both_nights(whole: Ical) -> Ical:
    events = (
        each
        for each in whole.events
        if any(night.from_ <= each.when.from_ < night.to for night in (AUTUMN, SPRING))
    )
    return replace(whole, events=tuple(events))


def test_both_programs_read_both_nights_of_the_clock_change_right(tmp_path: Path) -> None:
    told = of_both_nights(calendar())
    with served(write_ical(told)) as url:
        for name, text in (("vdirsyncer", VDIRSYNCER), ("khal", KHAL)):
            (tmp_path / name).write_text(text.format(home=tmp_path, url=url), "utf-8")
        for step in ("discover", "sync"):
            run(tmp_path, str(BIN / "vdirsyncer"), "-c", str(tmp_path / "vdirsyncer"), step)
    listed = run(
        tmp_path,
        *(str(BIN / "khal"), "-c", str(tmp_path / "khal"), "list", "--once"),
        *("--day-format", "", "--format", "{start-long}|{end-long}|{title}"),
        *("2026-10-01", "2027-04-30"),
    )
    assert [line.split("|") for line in listed.splitlines() if line.strip()] == [
        [f"{each.when.from_:%Y-%m-%d %H:%M}", f"{each.when.to:%Y-%m-%d %H:%M}", each.summary]
        for each in told.events
    ]
