"""What would happen: simulates a call on the live documents with the same decide; changes
nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.domain.desks.customer import Customer
from app.domain.hunts.world import World
from app.domain.numbers import NOBODY, Number, parse_number
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import RingResult, SimulationFacts, simulate
from app.domain.simulate.what_if import Ringing
from app.domain.texts.operator_input import read_when
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.store import Database
from app.store.desks import has_line, list_desks
from app.store.snapshot import read_world

RING_RESULTS: Final = {
    Ringing.ANSWERED: RingResult("accepted"),
    Ringing.UNANSWERED: RingResult("no_answer"),
}


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """The call to simulate. `at` is ISO 8601; without an offset the desk's wall time."""

    line: str
    caller: str
    at: str
    keys: tuple[str, ...] = ()
    ringing: Ringing = Ringing.ANSWERED


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated call, and the facts it was simulated on."""

    transcript: Transcript
    facts: SimulationFacts

    @property
    def time_zone(self) -> str:
        """Name the zone in which its moments are told."""
        return self.facts.desk.time_zone if self.facts.desk else ZONE_OF_NOBODY


def simulate_call(
    database: Database,
    request: SimulationRequest,
    now: datetime,
    desks: tuple[str, ...] | None = None,
) -> Simulation:
    """Simulate a call on the live documents; changes nothing.

    With `desks` the lines of all others are like numbers that nobody has. Who talks on
    another call at this moment is left out. ValueError for a moment that cannot be read.
    """
    caller = read_caller(request.caller)
    with database.read() as connection:
        line = posted_number(connection, request.line, now, desks)
        # Of another desk nothing is read: how long an answer takes tells nothing either.
        is_seen = desks is None or has_line(connection, line, desks)
        facts = (
            _facts(connection, line, caller, request.keys, now) if is_seen else SimulationFacts()
        )
    zone = facts.desk.time_zone if facts.desk else ZONE_OF_NOBODY
    at = read_when(request.at, zone)
    transcript = simulate(facts, line, caller, at, request.keys, (RING_RESULTS[request.ringing],))
    return Simulation(transcript, facts)


def read_caller(text: str) -> Number:
    """Read a caller as people write one: a number, or `withheld`."""
    return parse_number("" if text.strip().lower() == "withheld" else text)


def posted_number(
    connection: Connection, text: str, now: datetime, desks: tuple[str, ...] | None = None
) -> str:
    """Return the number that the network posts, also for one that only people know."""
    number = parse_number(text).digits or text.strip()
    if desks is None and read_world(connection, number, NOBODY, now).desk:
        return number
    lines = [line for live in list_desks(connection, desks) for line in live.desk.lines]
    if any(line.number == number for line in lines):
        return number
    return next((line.number for line in lines if line.public_number == number), number)


def _facts(
    connection: Connection, line: str, caller: Number, keys: tuple[str, ...], now: datetime
) -> SimulationFacts:
    """Gather what every turn may ask: desk, roster, and customers by caller and by keyed digits."""
    world = read_world(connection, line, caller, now)
    customers = _by_number(world)
    if world.desk:
        for digits in {key.removesuffix("#") for key in keys if len(key) > 1}:
            customers |= _by_number(read_world(connection, line, caller, now, digits))
    facts = SimulationFacts(world.desk, world.roster, tuple(customers.values()))
    return replace(
        facts,
        talking=frozenset(),
        caller_is_line=world.caller_is_line,
        caller_opted_out=world.caller_opted_out,
        outage=world.outage,
    )


def _by_number(world: World) -> dict[str, Customer]:
    return {customer.number: customer for customer in world.customers}
