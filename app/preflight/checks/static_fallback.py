"""What answers while the whole site is away: whether it lies at the network, and is not old."""

from collections.abc import Iterator

from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.lifeline_pushes import LifelinePush

DO = "Read the worker's log for lifeline_not_pushed; look at VAKT_LIFELINE_PUSH_URL and its key"


def documents(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether each desk's documents are there and still say what is so, where we put any."""
    if not facts.settings.vakt_lifeline_push_url:
        return
    rows = known(facts.rows)
    for live in rows.desks:
        desk = live.desk.id
        yield _of_desk(facts, desk, rows.pushes.get(desk, LifelinePush(desk)))


def _of_desk(facts: PreflightFacts, desk: str, pushed: LifelinePush) -> Finding:
    why = f": {pushed.error}" if pushed.error else ""
    if pushed.valid_until is None:
        return error(f"{desk}: nothing lies at the network for when the site is down{why}", DO)
    if pushed.valid_until <= facts.now:
        return error(f"{desk}: what lies at the network names who had the duty before{why}", DO)
    if pushed.failing_since is not None:
        return warning(f"{desk}: what lies at the network cannot be renewed{why}", DO)
    return ok(f"{desk}: the network knows whom to ring while the site is down")
