"""Two hosts answer by turns, and the database goes in mid-call: nobody hears nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.calls.answer import Answer, UnknownCall
from app.domain.calls.call import Event, RingEnded
from app.domain.hunts.instructions import Ring, Silent
from app.store import DatabaseUnavailable
from tests.offline.outage import Outage, an_outage, keys_said
from tests.support.sample_desk import DUTY, later, number, press, sample_database
from tests.support.turns import answer_call, hang_up, take_turn


@dataclass
class Hosts:
    """Two web hosts with one database; the network asks now one and now the other."""

    north: Outage
    south: Outage

    def breaks(self) -> None:
        for host in (self.north, self.south):
            host.breaks()

    def mends(self, *order: Outage) -> None:
        for host in order or (self.north, self.south):
            host.mends()
        for host in (self.north, self.south):
            assert host.offline.waiting_calls() == (), "nothing is stuck"


@pytest.fixture
def hosts(migrated_url: str, tmp_path: Path) -> Iterator[Hosts]:
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
    with (
        sample_database(migrated_url) as database,
        an_outage(database, tmp_path / "north") as north,
        an_outage(database, tmp_path / "south") as south,
    ):
        yield Hosts(north, south)


@dataclass
class Traveller:
    """A caller whose posts go to whichever host is named; as the doors answer them."""

    sid: str = "CA1"
    turn: int = 0
    second: int = 0

    def arrives(self, host: Outage) -> Answer:
        return self._heard(answer_call(host.turn_service, self.sid, DUTY, number(), self._now()))

    def does(self, host: Outage, event: Event) -> Answer:
        asked, now = self.turn + 1, self._now()
        try:
            answer = take_turn(host.turn_service, self.sid, asked, event, now)
        except UnknownCall:
            answer = answer_call(host.turn_service, self.sid, DUTY, number(), now, turn=asked)
        return self._heard(answer)

    def hangs_up(self, host: Outage) -> None:
        with suppress(DatabaseUnavailable):  # a host that never heard of the call cannot note it
            hang_up(host.turn_service, self.sid, self._now())

    def _heard(self, answer: Answer) -> Answer:
        assert not isinstance(answer.instruction, Silent), "dead air"
        self.turn = answer.turn
        return answer

    def _now(self) -> datetime:
        self.second += 1
        return later(self.second)


def test_the_host_that_knows_less_greets_anew_and_the_call_reaches_the_duty(hosts: Hosts) -> None:
    caller = Traveller()
    caller.arrives(hosts.north)
    caller.does(hosts.south, press("1"))  # rings the first of the duty
    caller.does(hosts.north, RingEnded("no-answer"))
    hosts.breaks()
    caller.does(hosts.north, RingEnded("no-answer"))

    anew = caller.does(hosts.south, RingEnded("no-answer"))
    assert "duty_menu" in keys_said(anew)
    assert isinstance(caller.does(hosts.south, press("1")).instruction, Ring)
    hosts.mends()
    assert len(hosts.north.tickets) == 1


def test_a_turn_ahead_of_a_host_that_never_heard_of_the_call_is_greeted_though_the_database_rests(
    hosts: Hosts,
) -> None:
    caller = Traveller()
    caller.arrives(hosts.north)
    hosts.breaks()
    caller.does(hosts.north, press("1"))
    hosts.south.breaker.trip(later(2))  # it is left alone for a while
    assert "duty_menu" in keys_said(caller.does(hosts.south, RingEnded("no-answer")))


def test_a_host_that_was_asked_again_knows_as_much_as_the_one_that_was_asked_first(
    hosts: Hosts,
) -> None:
    caller = Traveller()
    caller.arrives(hosts.north)
    rings = caller.does(hosts.north, press("1"))
    again = take_turn(hosts.south.turn_service, "CA1", 1, press("1"), later(3))
    assert again.is_repeated
    hosts.breaks()
    once_more = take_turn(hosts.south.turn_service, "CA1", 1, press("1"), later(4))
    assert once_more.instruction == rings.instruction
    assert "duty_menu" not in keys_said(caller.does(hosts.south, RingEnded("no-answer")))


def test_a_repeated_turn_ahead_is_answered_as_it_was(hosts: Hosts) -> None:
    caller = Traveller()
    caller.arrives(hosts.north)
    hosts.breaks()
    caller.does(hosts.north, press("1"))
    anew = caller.does(hosts.south, RingEnded("no-answer"))
    again = take_turn(hosts.south.turn_service, "CA1", anew.turn, RingEnded("no-answer"), later(9))
    assert (again.instruction, again.is_repeated) == (anew.instruction, True)


def test_somebody_who_accepts_on_a_leg_that_this_host_never_placed_is_connected_by_the_lifeline(
    hosts: Hosts,
) -> None:
    caller = hosts.north.call()
    caller.arrives()
    hosts.south.call().arrives()  # the same post, tried again there
    hosts.breaks()
    caller.presses("1")
    with pytest.raises(DatabaseUnavailable):  # then the doors answer with the lifeline
        hosts.south.call(steps=5).somebody_accepts(1)


def test_a_caller_who_waits_in_a_queue_that_another_host_made_is_not_taken_out_of_it(
    hosts: Hosts,
) -> None:
    caller = Traveller()
    caller.arrives(hosts.north)
    caller.does(hosts.south, press("1"))
    hosts.breaks()
    with pytest.raises(DatabaseUnavailable):  # then the door lets them wait
        hosts.north.turn_service.shall_wait("CA1", 3, later(9), turn=2)
    assert hosts.south.turn_service.shall_wait("CA1", 3, later(9), turn=2)


calls = itertools.count(1)


@pytest.fixture(scope="module")
def alternating(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosts]:
    place = tmp_path_factory.mktemp("two-hosts")
    (place / "vakt.db").write_bytes(migrated_sqlite_file.read_bytes())
    for name in ("north", "south"):
        (place / name).mkdir()
    with (
        sample_database(f"sqlite:///{place / 'vakt.db'}") as database,
        an_outage(database, place / "north") as north,
        an_outage(database, place / "south") as south,
    ):
        yield Hosts(north, south)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    to_south=st.lists(st.booleans(), min_size=8, max_size=8),
    breaks_before=st.integers(0, 7),
    south_first=st.booleans(),
    gone_to_south=st.booleans(),
)
def test_whoever_is_asked_nobody_hears_nothing_and_the_case_comes_into_the_database(
    alternating: Hosts,
    to_south: list[bool],
    breaks_before: int,
    south_first: bool,
    gone_to_south: bool,
) -> None:
    hosts, caller = alternating, Traveller(f"CA{next(calls)}")
    caller.second = int(timedelta(weeks=int(caller.sid[2:])).total_seconds())
    both = (hosts.north, hosts.south)
    is_ringing = False
    for step, south in enumerate(to_south):
        if step == breaks_before:
            hosts.breaks()
        host = both[south]
        if step == 0:
            answer = caller.arrives(host)
        else:
            event: Event = RingEnded("no-answer") if is_ringing else press("1")
            answer = caller.does(host, event)
        is_ringing = isinstance(answer.instruction, Ring)
    caller.hangs_up(both[gone_to_south])
    hosts.mends(*(both[::-1] if south_first else both))

    tickets = [ticket for ticket in hosts.north.tickets if ticket.call_sid == caller.sid]
    assert len(tickets) <= 1
    rang = any(leg for leg in hosts.north.stored(caller.sid).legs)
    assert bool(tickets) or not rang
