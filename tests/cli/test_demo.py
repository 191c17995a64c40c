"""`vakt demo` and `vakt call`: the whole product as processes, and nothing left behind."""

import os
import pty
import re
import select
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.cli.a_terminal import VAKT, Terminal

pytestmark = pytest.mark.end_to_end

BROKEN = "the database is stuck now: nothing can be written"
KILLED = "the worker is killed now (kill -9)"
REFUSED = "Twilio's REST is away now: it answers 503 to everything"
ONE_WEB_PROCESS = {"WEB_WORKERS": "1"}  # where it is not about the web: the start is quicker
NIGHT = ("--line", "+4720000210", "--from", "+4749002001", "--at", "2026-11-21T23:10")


def free_port() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return str(listener.getsockname()[1])


def processes_of(terminal: Terminal) -> list[str]:
    """The commands of processes that live in this terminal's home."""
    mark = f"VAKT_HOME={terminal.home}".encode()
    found = []
    for process in Path("/proc").iterdir():
        try:
            environment = (process / "environ").read_bytes() if process.name.isdigit() else b""
        except OSError:
            continue
        if mark in environment.split(b"\0"):
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def left_behind(terminal: Terminal) -> list[str]:
    give_up = time.monotonic() + 60
    while processes_of(terminal) and time.monotonic() < give_up:
        time.sleep(0.1)
    var = terminal.home / "var"
    return processes_of(terminal) + [file.name for file in var.iterdir()]


def does(terminal: Terminal, *words: str, **more: str) -> str:
    done = terminal.as_process(*words, **more)
    assert done.code == 0, done
    return done.out


class Screen:
    """A terminal that somebody watches and types into."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.seen = ""

    def shows(self, words: str, seconds: float = 90) -> None:
        give_up = time.monotonic() + seconds
        while words not in self.seen:
            assert time.monotonic() < give_up, f"never showed {words!r}:\n{self.seen}"
            self._read(0.2)

    def types(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def ends(self, process: subprocess.Popen[bytes]) -> int:
        give_up = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < give_up:
            self._read(0.1)
        return process.wait(1)

    def _read(self, seconds: float) -> None:
        if select.select([self.handle], [], [], seconds)[0]:
            try:
                text = os.read(self.handle, 65536).decode("utf-8", "replace")
            except OSError:  # the other end has closed
                return
            self.seen += re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")


@contextmanager
def on_screen(
    terminal: Terminal, *words: str, **more: str
) -> Iterator[tuple[Screen, subprocess.Popen[bytes]]]:
    ours, theirs = pty.openpty()
    shown = {"TERM": "xterm", "COLUMNS": "120", **ONE_WEB_PROCESS}
    environment = {**terminal.environment, **shown, **more}
    process = subprocess.Popen(
        [*VAKT, *words], cwd=terminal.home, env=environment,
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Screen(ours), process
    finally:
        process.kill() if process.poll() is None else None
        process.wait()
        os.close(ours)


def test_each_part_breaks_in_a_call_and_a_visitor_sees_before_while_and_after(
    terminal: Terminal,
) -> None:
    parts = ("--break", "database", "--break", "worker", "--break", "twilio")
    more = {"PORT": free_port(), "COLUMNS": "80", **ONE_WEB_PROCESS}
    told = does(terminal, "demo", "--once", "--speed", "10", *parts, **more)
    nights = told.split("Somebody at ")[1:]
    for night, line, number in zip(
        nights, (BROKEN, KILLED, REFUSED), (1001, 1002, 1003), strict=True
    ):
        before, _, later = night.partition(f" {line} ")
        during, _, after = later.partition("In short, without")
        assert "trykk 1" in before, "the caller has heard the menu"
        assert "presses 1" not in before
        assert re.search(r"rings: Vakt \d.*is answered.*and is connected.*they talk", during, re.S)
        assert re.search(rf"ends +connected\nticket +{number}, critical, .*acknowledged", during)
        assert during.count(f"nummer {number}.") == 1, "one SMS for the caller"
        assert not re.search(rf"kritisk,\s+sak {number}\.", during), "none of what is taken"
        told_after = " ".join(after.split())
        assert f"ticket {number}, once, and 1 SMS, each once; 2 not sent" in told_after
        assert after.count("/readyz 200: database ok, worker ok, offline ok") >= 2
        assert "not as promised" not in after
        assert "no SMS went out" in after
    stuck, killed, refused = nights
    assert "Du får saksnummeret på SMS." in stuck.partition("they talk")[0]
    assert "/readyz 503: database away, worker ok, offline ok" in stuck
    assert "no ticket in the database yet; 1 call in the journal on the disk" in stuck
    assert "3 SMS in the outbox, 0 sent" in killed
    assert "Brukarstøtte: SMS og utgåande samtalar går ikkje ut" in refused.partition("is back")[0]
    assert "2 mails to the desk" in refused
    assert max(map(len, told.splitlines())) <= 80
    assert "Try next" not in told, "it is over: nothing would answer"
    assert "\x1b" not in told
    assert left_behind(terminal) == []


def test_what_is_not_there_cannot_be_broken(terminal: Terminal) -> None:
    assert "'telephone' is not one of" in terminal.is_wrong("demo", "--break", "telephone")
    assert "Either --no-play or --break" in terminal.is_wrong(
        "demo", "--no-play", "--break", "worker"
    )


def test_a_port_that_is_taken_is_refused(terminal: Terminal) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = str(listener.getsockname()[1])
        assert f"port {port} is taken" in terminal.is_refused("demo", PORT=port)
    assert "must be a number" in terminal.is_refused("demo", PORT="http")


def test_a_setting_that_cannot_be_used_is_told_and_nothing_is_left_behind(
    terminal: Terminal,
) -> None:
    wrong = {"VAKT_MAIL_FROM": "not an address"}
    assert "VAKT_MAIL_FROM" in terminal.is_refused("demo", "--once", PORT=free_port(), **wrong)
    assert "VAKT_MAIL_FROM" in terminal.is_refused("call", *NIGHT, "--keys", "1", **wrong)
    assert left_behind(terminal) == []


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """A demo that runs, and a terminal beside it."""

    terminal: Terminal
    screen: Screen
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    terminal = Terminal(tmp_path_factory.mktemp("running"))
    with on_screen(terminal, "demo", "--no-play", PORT=free_port()) as (screen, process):
        screen.shows("Running until Ctrl-C", 150)
        yield RunningDemo(terminal, screen, process)


@pytest.fixture
def running(demo: RunningDemo) -> Terminal:
    """A terminal beside a demo that runs."""
    return demo.terminal


def test_a_visitor_logs_in_to_both_sides_of_the_demo(demo: RunningDemo) -> None:
    told = [line.split() for line in demo.screen.seen.splitlines() if "@demo.example" in line]
    assert [email for _, email, _ in told] == ["staff@demo.example", "customer@demo.example"]
    for page, email, password in told:
        with requests.Session() as browser:
            login = browser.get(page, timeout=60)
            assert login.status_code == 200
            [csrf] = re.findall(r'name="csrf_token" value="([^"]+)"', login.text)
            form = {"csrf_token": csrf, "email": email, "password": password}
            first = browser.post(login.url, data=form, timeout=60)
            assert (first.status_code, first.url) == (200, page)


def test_a_running_demo_serves_other_terminals(running: Terminal) -> None:
    assert "Vakt 1" in running.does("duty", "brukarstotte", "--at", "2026-11-21T23:10")
    done = running.vakt("call", *NIGHT, "--keys", "1", "--speed", "40")
    assert done.code == 0
    assert "ends   connected" in done.out
    assert "No demo is running" not in done.err
    assert "already running" in running.is_refused("demo")


def test_a_scripted_call_starts_its_own_house_and_tells_the_call(terminal: Terminal) -> None:
    words = ("call", *NIGHT, "--keys", "1", "--persona", "passes", "--speed", "40")
    told = does(terminal, *words, **ONE_WEB_PROCESS)
    assert told.startswith("call   Brukarstøtte duty, from +47 49 00 20 01, Sat 21 Nov 2026 23:10")
    assert told.count("\npassed\n") == 3, "each person once, not each telephone"
    assert "does opens ticket 1001, critical" in told
    assert "ends   ticket" in told
    assert left_behind(terminal) == []


def test_somebody_at_the_terminal_is_the_caller(running: Terminal) -> None:
    with on_screen(running, "call", *NIGHT, "--speed", "2") as (screen, call):
        screen.shows("berre for kritiske feil")
        screen.types("1")
        screen.shows("they talk, 20 s")
        screen.shows("For å bli kopla til att")
        screen.types("h")
        screen.ends(call)
        assert call.returncode == 0, screen.seen
    assert "presses 1" in screen.seen
    assert re.search(r"ends +connected", screen.seen)


def test_somebody_at_the_terminal_is_on_duty(running: Terminal) -> None:
    # In real time: a telephone rings, and waits for a key, for so long only.
    words = ("call", *NIGHT, "--keys", "1", "--as", "duty", "--speed", "1")
    with on_screen(running, *words) as (screen, call):
        screen.shows("It rings here")
        screen.types("a")
        screen.shows("is answered")
        screen.shows("trykk 1")
        screen.types("1")
        screen.shows("and is connected")
        screen.types("h")
        screen.ends(call)
        assert call.returncode == 0, screen.seen
    assert "taken by Vakt 1" in screen.seen


def test_without_a_terminal_and_without_keys_a_call_is_wrong_usage(terminal: Terminal) -> None:
    assert "give --keys" in terminal.is_wrong("call", *NIGHT)
    assert "is not an answer" in terminal.is_wrong("call", *NIGHT, "--keys", "x")


def test_a_demo_that_is_killed_takes_its_processes_along(demo: RunningDemo) -> None:
    demo.process.kill()
    demo.screen.ends(demo.process)
    left = left_behind(demo.terminal)
    assert [each for each in left if "python" in each] == []
    told = demo.terminal.is_refused("duty", "dekode")
    assert "vakt db upgrade" in told, "and the file it left behind disturbs nobody"
