"""What runs and lies beside the database: the worker, its outbox, the files for an outage."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from app.domain.health.checks import FACTS_OLD_AFTER, WORKER_SILENT_AFTER
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.desks import LiveDesk

JOBS_WAIT: Final = timedelta(minutes=1)
JOBS_ARE_STUCK: Final = timedelta(minutes=10)


def worker(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody sends, rings and fetches."""
    beat = known(facts.rows).beat
    if beat is not None and facts.now - beat <= WORKER_SILENT_AFTER:
        yield ok("a worker lives")
        return
    silent = "" if beat is None else f", the last one fell silent {_ago(facts.now - beat)} ago"
    yield error(
        f"no worker lives{silent}: no SMS goes out and nobody is rung at once", "vakt worker"
    )


def outbox(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether what is due leaves the system."""
    due = known(facts.rows).oldest_due
    age = timedelta(0) if due is None else facts.now - due
    if age < JOBS_WAIT:
        yield ok("nothing in the outbox waits longer than it should")
        return
    told = f"the outbox is {_ago(age)} behind"
    do = "Read the worker's log: what refuses to be sent stands there"
    yield error(told, do) if age >= JOBS_ARE_STUCK else warning(told, do)


def offline(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether calls would go on without the database."""
    local_files = known(facts.local_files)
    start = "Start the web on this machine: it writes them; compare VAKT_LIFELINE"
    if local_files.facts_written_at is None:
        yield warning("this machine has no facts to answer from without the database", start)
    elif facts.now - local_files.facts_written_at > FACTS_OLD_AFTER:
        age = _ago(facts.now - local_files.facts_written_at)
        yield warning(f"what this machine knows without the database is {age} old", start)
    else:
        yield ok("calls would go on without the database")
    if local_files.waiting:
        yield warning(
            f"{local_files.waiting} calls of an outage wait to come into the database",
            "Look in the web's log for journal_stuck (docs/outage.md)",
        )


def offline_of_the_web(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the web process at PUBLIC_URL, which may be on another machine, knows enough."""
    if known(facts.doors).offline == "no facts":
        yield warning(
            "the web at PUBLIC_URL could not answer without the database",
            "May it write beside VAKT_LIFELINE there? Look in its log",
        )


def lifeline(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the fallback is written for every line."""
    local_files, desks = known(facts.local_files), known(facts.rows).desks
    write = "Start the web on this machine: it writes it at its start and after each import"
    if local_files.lines is None:
        yield warning(f"the lifeline's file cannot be read: {local_files.lifeline}", write)
        return
    lines = [line.number for live in desks for line in live.desk.lines]
    missing = [number for number in lines if number not in local_files.lines]
    newer = [live.desk.id for live in desks if _is_before(local_files.lines_written_at, live)]
    if missing:
        yield warning(f"the lifeline does not know {', '.join(missing)}", write)
    elif newer:
        yield warning(f"the lifeline is older than the last import of {', '.join(newer)}", write)
    elif lines:
        yield ok("the lifeline knows every line")


def _is_before(written_at: datetime | None, live: LiveDesk) -> bool:
    return written_at is not None and written_at < live.changed_at


def watched(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody outside would notice that the whole site is away."""
    if not facts.settings.vakt_heartbeat_url:
        yield warning(
            "nobody outside would notice that the whole site is away",
            "Let a watching service wait for the worker: VAKT_HEARTBEAT_URL (docs/outage.md)",
        )
    elif known(facts.watcher):
        yield ok("the watching service answers")


def mail_server(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether an alarm by mail would be taken."""
    if known(facts.mail_server):
        yield ok("the mail server lets us in")


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 2:
        return f"{age.total_seconds():.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // 60 // 24} days"
