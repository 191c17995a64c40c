"""What runs and lies beside the database: the worker, its outbox, the files for an outage."""

from collections.abc import Iterator
from datetime import datetime

from app.actions.health.gather import static_fallback
from app.domain.health.facts import SystemFacts
from app.domain.health.readiness import OfflineState
from app.domain.health.thresholds import Part
from app.domain.message_refs import ref
from app.preflight.checks.health import health_lines
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.desks import LiveDesk
from app.store.lifeline_pushes import LifelinePush


def worker(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody sends, rings and fetches."""
    yield from health_lines(Part.WORKER, known(facts.rows).system, facts.now)


def outbox(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether what is due leaves the system."""
    yield from health_lines(Part.OUTBOX, known(facts.rows).system, facts.now)


def recordings(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether recordings that are stored here are deleted at the provider."""
    yield from health_lines(Part.RECORDINGS, known(facts.rows).system, facts.now)


def offline(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether calls would go on without the database, and those of the last outage came in."""
    files = known(facts.local_files)
    system = SystemFacts(snapshot=files.snapshot, journal=files.journal)
    yield from health_lines(Part.SNAPSHOT, system, facts.now)
    yield from health_lines(Part.JOURNAL, system, facts.now)


def offline_of_the_web(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the web process at PUBLIC_URL, which may be on another machine, is well offline."""
    state = known(facts.webhooks).offline
    if state in (OfflineState.NO_FACTS, OfflineState.OLD_FACTS):
        yield warning(ref("preflight.web_without_facts"), ref("preflight.web_without_facts_do"))
    elif state == OfflineState.DAMAGED:
        yield error(ref("preflight.web_damaged"), ref("preflight.web_damaged_do"))


def lifeline(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the fallback is written for every line."""
    local_files, desks = known(facts.local_files), known(facts.rows).desks
    write = ref("preflight.lifeline_do")
    if local_files.lines is None:
        yield warning(ref("preflight.lifeline_unreadable", path=local_files.lifeline), write)
        return
    lines = [line.number for live in desks for line in live.desk.lines]
    missing = tuple(number for number in lines if number not in local_files.lines)
    newer = tuple(live.desk.id for live in desks if _is_before(local_files.lines_written_at, live))
    if missing:
        yield warning(ref("preflight.lifeline_misses", lines=missing), write)
    elif newer:
        yield warning(ref("preflight.lifeline_old", desks=newer), write)
    elif lines:
        yield ok(ref("preflight.lifeline_well"))


def _is_before(written_at: datetime | None, live: LiveDesk) -> bool:
    return written_at is not None and written_at < live.changed_at


def watched(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether somebody outside would notice that the whole site is away."""
    if not facts.settings.vakt_heartbeat_url:
        yield warning(ref("preflight.not_watched"), ref("preflight.not_watched_do"))
    elif known(facts.watcher):
        yield ok(ref("preflight.watcher_answers"))


def mail_server(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether an alarm by mail would be taken."""
    if known(facts.mail_server):
        yield ok(ref("preflight.mail_server_well"))


def static_documents(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether each desk's documents at the network are there and not old, where we put any."""
    if not facts.settings.vakt_lifeline_push_url:
        return
    rows = known(facts.rows)
    for desk in (live.desk.id for live in rows.desks):
        fallback = static_fallback(rows.pushes.get(desk, LifelinePush(desk)))
        system = SystemFacts(fallbacks=(fallback,))
        for line in health_lines(Part.FALLBACK, system, facts.now):
            yield line if line.do else ok(ref("preflight.fallback_well", desk=desk))
