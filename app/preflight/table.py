"""Every check in its order, under its heading; and how they are gone through."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.preflight.bounded import REPORT
from app.preflight.checks import (
    database,
    desks,
    host_away,
    house,
    numbers,
    people,
    provider,
    settings,
)
from app.preflight.facts import Facts, NotKnown, Unknown
from app.preflight.finding import Finding, Mark

Check = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, under which heading it stands and which check found it."""

    heading: str
    check: str
    finding: Finding


TABLE: Final[dict[str, tuple[Check, ...]]] = {
    "Settings": (settings.settings, settings.public_address, settings.signature),
    "Database": (
        database.server,
        database.schema,
        database.writes,
        database.disks,
        database.clock,
    ),
    "House": (
        house.worker,
        house.outbox,
        house.standby,
        house.standby_of_the_web,
        house.lifeline,
        house.watched,
        house.mail_server,
        host_away.documents,
    ),
    "Provider": (provider.account, provider.clock, provider.profile),
    "Numbers": (numbers.lines, numbers.strangers),
    "Desks": (desks.desks, desks.duty, desks.contacts, desks.inboxes),
    "People": (people.people, people.opted_out),
}


def judge(facts: Facts) -> Iterator[Told]:
    """Yield what every check finds. What could not be learnt is told once, where it is missed.

    A check that breaks is an error line of its own; the others go on.
    """
    missed: set[str] = set()
    for heading, checks in TABLE.items():
        for check in checks:
            for finding in _looked(check, facts, missed):
                yield Told(heading, f"{heading.lower()}.{check.__name__}", finding)


def _looked(check: Check, facts: Facts, missed: set[str]) -> Iterator[Finding]:
    try:
        yield from check(facts)
    except NotKnown as gone:
        if gone.unknown.why not in missed:
            missed.add(gone.unknown.why)
            yield _of(gone.unknown)
    except Exception as fault:  # whatever it is, the other checks are worth their lines
        yield Finding(
            Mark.ERROR, f"{check.__name__} broke: {type(fault).__name__}: {fault}", REPORT
        )


def _of(unknown: Unknown) -> Finding:
    return Finding(unknown.mark, unknown.why, unknown.do)
