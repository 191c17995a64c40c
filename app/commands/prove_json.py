"""A proof as JSON: every class with all its times, for programs that watch a desk."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.simulate.proof.differences import Differences, Fewer
from app.domain.simulate.proof.proof import Proof, Reach, SilentClass
from app.domain.simulate.proof.verdicts import CallAttempt
from app.domain.time.intervals import Intervals, total

Out = dict[str, object]


def proof_out(proof: Proof) -> Out:
    """The whole proof; instants are ISO 8601 with the desk's offset."""
    zone = ZoneInfo(proof.desk.time_zone)
    return {
        **_head(proof, zone),
        "holes": proof.has_holes,
        "calls": [_reach(each, zone) for each in proof.reaches],
        "silent": [_silent(each, zone) for each in proof.silent],
        "uncovered": _times(proof.uncovered, zone),
        "backup_lost": _times(proof.backup_lost, zone),
    }


def differences_out(found: Differences) -> Out:
    """Only what the draft changes."""
    zone = ZoneInfo(found.draft.desk.time_zone)
    return {
        **_head(found.draft, zone),
        "holes": found.has_holes,
        "opened": [_silent(each, zone) for each in found.opened],
        "closed": [_silent(each, zone) for each in found.closed],
        "uncovered": _times(found.uncovered, zone),
        "covered": _times(found.covered, zone),
        "fewer": [_fewer(each, zone) for each in found.fewer],
        "newly_without_backup": _times(found.newly_without_backup, zone),
        "with_backup": _times(found.with_backup, zone),
        "gone": list(found.gone),
    }


def _head(proof: Proof, zone: ZoneInfo) -> Out:
    return {
        "desk": proof.desk.id,
        "from": _at(proof.span.from_, zone),
        "to": _at(proof.span.to, zone),
        "changes": proof.changes,
        "moments": proof.moments,
        "simulations": proof.simulations,
    }


def _attempt(attempt: CallAttempt) -> Out:
    return {
        "line": attempt.line,
        "agreement": attempt.caller.agreement,
        "known": not attempt.caller.is_unknown,
        "priority": attempt.priority.value,
    }


def _reach(reach: Reach, zone: ZoneInfo) -> Out:
    return {
        **_attempt(reach.attempt),
        "fewest_rung": reach.fewest,
        "at": _at(reach.at, zone),
        "connects": reach.connects,
    }


def _fewer(fewer: Fewer, zone: ZoneInfo) -> Out:
    return {
        **_attempt(fewer.attempt),
        "rung": fewer.then,
        "rung_now": fewer.now,
        "hours": round(total(fewer.when).total_seconds() / 3600, 2),
        "when": _times(fewer.when, zone),
    }


def _silent(silent: SilentClass, zone: ZoneInfo) -> Out:
    return {
        **_attempt(silent.attempt),
        "reasons": [code.value for code in silent.causes],
        "hole": silent.is_hole,
        "hours": round(total(silent.when).total_seconds() / 3600, 2),
        "when": _times(silent.when, zone),
        "example": {
            "at": _at(silent.at, zone),
            "from": silent.attempt.caller.number.digits or "withheld",
            "keys": list(silent.keys),
        },
    }


def _times(when: Intervals, zone: ZoneInfo) -> list[Out]:
    return [{"from": _at(each.from_, zone), "to": _at(each.to, zone)} for each in when]


def _at(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
