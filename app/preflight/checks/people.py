"""The people who would be rung: has each of them ever answered with a key?

A number counts as verified when somebody there has pressed a key for us in the last 180 days:
in a call, or when `vakt preflight --live` rang. Who answers by SMS only was not heard to ring.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.domain.calls.opt_outs import opt_outs_of
from app.domain.roster.on_duty import Person
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.desks import LiveDesk

Verified = Mapping[str, datetime]


def people(facts: PreflightFacts) -> Iterator[Finding]:
    """Each desk's people without a tried number, and its last resort."""
    rows = known(facts.rows)
    told: set[str] = set()
    for live in rows.desks:
        if live.desk.duty is None or live.roster is None or live.roster.id in told:
            continue  # nobody on this roster is ever rung, or another desk has told of them
        told.add(live.roster.id)
        found = list(_of_roster(live, rows.verified))
        yield from found or [ok(f"{live.desk.id}: everybody on the roster has answered lately")]


def _of_roster(live: LiveDesk, verified: Verified) -> Iterator[Finding]:
    desk, roster = live.desk.id, live.roster
    if roster is None:
        return
    for person in roster.people:
        if not person.numbers:
            yield warning(
                f"{desk}: {person.name} has no number",
                f"Write one into the roster and import {desk} anew",
            )
        elif not any(number in verified for number in person.numbers):
            yield _unverified(desk, person.name, _first(person))
    for number in roster.last_resort_numbers:
        if number not in verified:
            yield _unverified(desk, "the last resort", number)


def opted_out(facts: PreflightFacts) -> Iterator[Finding]:
    """Whoever of a desk gets no SMS any more, because the number has written STOP."""
    rows = known(facts.rows)
    found = [
        error(
            f"{each.desk}: {each.who} ({each.number}) has opted out of SMS from {each.line}",
            f"Ask them to send START to {each.line} by SMS",
        )
        for live in rows.desks
        for each in opt_outs_of(live.desk, live.roster, rows.opt_outs)
    ]
    yield from found or [ok("nobody of the desks has opted out of SMS")]


def _first(person: Person) -> str:
    return person.numbers[0]


def _unverified(desk: str, who: str, number: str) -> Finding:
    return warning(
        f"{desk}: {who}: {number} has never answered with a key",
        f"Try it: vakt preflight --live {number}",
    )
