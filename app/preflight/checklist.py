"""Every check in its order, under its heading; and how they are gone through."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef, ref
from app.preflight.bounded import REPORT, in_short
from app.preflight.checks import (
    database,
    desks,
    numbers,
    people,
    provider,
    services,
    settings,
)
from app.preflight.facts import NotKnown, PreflightFacts, Unknown
from app.preflight.finding import Finding, error

Check = Callable[[PreflightFacts], Iterable[Finding]]


class Heading(StrEnum):
    """What the checks stand under."""

    SETTINGS = "settings"
    DATABASE = "database"
    SERVICES = "services"
    PROVIDER = "provider"
    NUMBERS = "numbers"
    DESKS = "desks"
    PEOPLE = "people"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A finding, under which heading it stands and which check found it."""

    heading: Heading
    check: str
    finding: Finding


CHECKLIST: Final[dict[Heading, tuple[Check, ...]]] = {
    Heading.SETTINGS: (settings.settings, settings.public_address, settings.signature),
    Heading.DATABASE: (
        database.server,
        database.schema,
        database.writes,
        database.disks,
        database.clock,
    ),
    Heading.SERVICES: (
        services.worker,
        services.outbox,
        services.recordings,
        services.offline,
        services.offline_of_the_web,
        services.lifeline,
        services.watched,
        services.mail_server,
        services.static_documents,
    ),
    Heading.PROVIDER: (provider.account, provider.clock, provider.profile),
    Heading.NUMBERS: (numbers.lines, numbers.strangers),
    Heading.DESKS: (desks.desks, desks.duty, desks.contacts, desks.inboxes),
    Heading.PEOPLE: (people.people, people.opted_out, people.calendars),
}


def judge(facts: PreflightFacts) -> Iterator[CheckResult]:
    """Yield what every check finds. What could not be learnt is told once, where it is missed.

    A check that breaks is an error line of its own; the others go on.
    """
    missed: set[MessageRef] = set()
    for heading, checks in CHECKLIST.items():
        for check in checks:
            for finding in _run_check(check, facts, missed):
                yield CheckResult(heading, f"{heading}.{check.__name__}", finding)


def _run_check(check: Check, facts: PreflightFacts, missed: set[MessageRef]) -> Iterator[Finding]:
    try:
        yield from check(facts)
    except NotKnown as gone:
        if gone.unknown.why not in missed:
            missed.add(gone.unknown.why)
            yield _finding_of(gone.unknown)
    except Exception as fault:  # whatever it is, the other checks are worth their lines
        yield error(ref("preflight.broke", what=check.__name__, cause=in_short(fault)), REPORT)


def _finding_of(unknown: Unknown) -> Finding:
    return Finding(unknown.mark, unknown.why, unknown.do)
