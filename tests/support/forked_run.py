"""Runs the tests in several processes, each of them a fork of the one that has collected them.

Reading the product and all of its tests takes many seconds of processor time: so it happens once.
A fork that has nothing more to do takes the next group of tests (sharding.py), and sends what came
of each test to the process that has collected, which reports as if it had run them all itself.
"""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

Groups = Sequence[Sequence[pytest.Item]]
Reports = list[dict[str, Any]]  # of one test: how it began, went and ended

NUMBER = struct.Struct("=i")
FORKS = get_context("fork")
DIED = "the process that ran it has ended with code {code}"
NOT_RUN = "the process that was to run it has ended before"


def run_in_forks(session: pytest.Session, groups: Groups, processes: int) -> None:
    """Runs all tests, so many at a time."""
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # one for all
    untaken = _numbers_of(groups)
    forks = [_fork(session, groups, untaken) for _ in range(min(processes, len(groups)))]
    missing = {item.nodeid: item for group in groups for item in group}
    try:
        while open_ones := {fork.told: fork for fork in forks if fork.is_open}:
            for told in connection.wait([*open_ones]):
                for report in _reports(session, open_ones[told].receive()):
                    missing.pop(report.nodeid, None)
                    session.config.hook.pytest_runtest_logreport(report=report)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
    finally:
        os.read(untaken, NUMBER.size * len(groups))  # where it ends early nobody takes another
        os.close(untaken)
        for fork in forks:
            fork.end()
    died = {fork.test: DIED.format(code=fork.process.exitcode) for fork in forks}
    for item in missing.values():
        _report_failed(item, died.get(item.nodeid, NOT_RUN))


def _numbers_of(groups: Groups) -> int:
    """A pipe that holds them: each is read by one fork alone."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(map(NUMBER.pack, range(len(groups)))))
    os.close(writing)
    return reading


def _fork(session: pytest.Session, groups: Groups, untaken: int) -> Fork:
    told, tells = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_work, args=(session, groups, untaken, tells))
    process.start()
    tells.close()
    return Fork(process, told)


def _reports(session: pytest.Session, told: Reports) -> Iterator[pytest.TestReport]:
    from_dict = session.config.hook.pytest_report_from_serializable
    for each in told:
        yield from_dict(config=session.config, data=each)


def _report_failed(item: pytest.Item, why: str) -> None:
    report = pytest.TestReport(item.nodeid, item.location, {}, "failed", why, "call")
    item.config.hook.pytest_runtest_logreport(report=report)


@dataclass(slots=True)
class Fork:
    """A fork, as whoever has started it sees it."""

    process: BaseProcess
    told: Connection
    is_open: bool = True
    test: str = ""  # that it is at

    def receive(self) -> Reports:
        """What came of a test, where one has ended."""
        try:
            news: str | Reports = self.told.recv()
        except EOFError:
            self.is_open = False
            return []
        if isinstance(news, str):
            self.test = news
            return []
        return news

    def end(self) -> None:
        if self.is_open:
            self.process.terminate()
        self.process.join()
        self.told.close()


def _work(session: pytest.Session, groups: Groups, untaken: int, tells: Connection) -> None:
    """What a fork does: a test knows which one comes next, and so what it may leave standing."""
    over: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: over.append(number))  # after this test
    _report_only_to(tells, session.config)
    try:
        for item, next_item in pairwise(chain(_items(groups, untaken), [None])):
            if over:
                break
            assert item
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
    except KeyboardInterrupt:  # whoever has collected says so
        pass
    finally:
        session._setupstate.teardown_exact(None)


def _items(groups: Groups, untaken: int) -> Iterator[pytest.Item]:
    while number := os.read(untaken, NUMBER.size):
        yield from groups[NUMBER.unpack(number)[0]]


def _report_only_to(tells: Connection, config: pytest.Config) -> None:
    plugins = config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(Teller(config, tells))
    capture = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()  # what it wrote to is one file for all forks
    capture.start_global_capturing()


class Teller:
    """Tells in a fork which test begins, and what came of it."""

    def __init__(self, config: pytest.Config, tells: Connection) -> None:
        self._config = config
        self._tells = tells
        self._reports: Reports = []

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tells.send(str(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        to_dict = self._config.hook.pytest_report_to_serializable
        self._reports.append(to_dict(config=self._config, report=report))

    def pytest_runtest_logfinish(self) -> None:
        self._tells.send(self._reports)
        self._reports = []
