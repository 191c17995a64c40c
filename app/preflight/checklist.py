"""Every check in its order, under its heading; and how they are gone through."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.preflight.bounded import REPORT
from app.preflight.checks import (
    database,
    desks,
    numbers,
    people,
    provider,
    services,
    settings,
    static_fallback,
)
from app.preflight.facts import NotKnown, PreflightFacts, Unknown
from app.preflight.finding import Finding, Mark

Check = Callable[[PreflightFacts], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A finding, under which heading it stands and which check found it."""

    heading: str
    check: str
    finding: Finding


CHECKLIST: Final[dict[str, tuple[Check, ...]]] = {
    "Settings": (settings.settings, settings.public_address, settings.signature),
    "Database": (
        database.server,
        database.schema,
        database.writes,
        database.disks,
        database.clock,
    ),
    "Services": (
        services.worker,
        services.outbox,
        services.offline,
        services.offline_of_the_web,
        services.lifeline,
        services.watched,
        services.mail_server,
        static_fallback.documents,
    ),
    "Provider": (provider.account, provider.clock, provider.profile),
    "Numbers": (numbers.lines, numbers.strangers),
    "Desks": (desks.desks, desks.duty, desks.contacts, desks.inboxes),
    "People": (people.people, people.opted_out),
}


def judge(facts: PreflightFacts) -> Iterator[CheckResult]:
    """Yield what every check finds. What could not be learnt is told once, where it is missed.

    A check that breaks is an error line of its own; the others go on.
    """
    missed: set[str] = set()
    for heading, checks in CHECKLIST.items():
        for check in checks:
            for finding in _run_check(check, facts, missed):
                yield CheckResult(heading, f"{heading.lower()}.{check.__name__}", finding)


def _run_check(check: Check, facts: PreflightFacts, missed: set[str]) -> Iterator[Finding]:
    try:
        yield from check(facts)
    except NotKnown as gone:
        if gone.unknown.why not in missed:
            missed.add(gone.unknown.why)
            yield _finding_of(gone.unknown)
    except Exception as fault:  # whatever it is, the other checks are worth their lines
        yield Finding(
            Mark.ERROR, f"{check.__name__} broke: {type(fault).__name__}: {fault}", REPORT
        )


def _finding_of(unknown: Unknown) -> Finding:
    return Finding(unknown.mark, unknown.why, unknown.do)
