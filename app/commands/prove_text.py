"""The page of a proof: sentences with their marks, holes first.

How calls and times are named is proof_words.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.commands.prove_phrases import Alike, alike, hours, parts, telephones, times, who, why
from app.domain.desks.desk import Priority
from app.domain.simulate.proof.differences import Differences
from app.domain.simulate.proof.proof import Proof, SilentClass
from app.domain.simulate.proof.verdicts import CallAttempt
from app.domain.texts.plain import moment_text
from app.domain.time.intervals import Intervals

HOLE, NOBODY, FEWER, BETTER, OK = "HOLE", "nobody", "fewer", "better", "ok"
COLOURS: Final = {HOLE: "red", NOBODY: "yellow", FEWER: "yellow", OK: "green", BETTER: "green"}
ORDER: Final = (HOLE, NOBODY, FEWER, BETTER, OK)


class ProofLine(NamedTuple):
    """One sentence of the page: its mark, what it says, and what stands below it."""

    mark: str
    what: str
    below: tuple[str, ...] = ()


def head(proof: Proof) -> str:
    """Say which desk, how far ahead, and how much was simulated."""
    zone, span = proof.desk.time_zone, proof.span
    from_, to = moment_text(span.from_, zone), moment_text(span.to, zone)
    return (
        f"{proof.desk.name}, {from_} to {to} ({hours((span,))}): "
        f"{proof.changes} changes, {proof.moments} moments looked at, "
        f"{proof.simulations} calls simulated"
    )


def page(proof: Proof, *, is_live: bool) -> tuple[ProofLine, ...]:
    """Tell a proof: critical calls, the duty, the other calls; holes first in each."""
    critical, others = _calls(proof, is_live=is_live)
    return (*_cut_off(proof), *_in_order(critical), *_duty(proof), *_in_order(others))


def changed(found: Differences) -> tuple[ProofLine, ...]:
    """Tell what a draft changes: what it opens, what it closes, and nothing else."""
    draft, live = found.draft, found.live
    lines = (
        *_in_order(_classes(draft, found.opened, "would ring nobody", ())),
        *_hours_of_duty(HOLE, "nobody would cover the duty", found.uncovered, draft),
        *_fewer(found),
        *_in_order(_classes(live, found.closed, "would ring somebody", (BETTER,))),
        *_hours_of_duty(BETTER, "somebody would cover the duty", found.covered, live),
        *_hours_of_duty(
            FEWER, "nobody would be behind the first on duty", found.newly_without_backup, draft
        ),
        *_hours_of_duty(
            BETTER, "somebody would be behind the first on duty", found.with_backup, live
        ),
        *(ProofLine(NOBODY, f"the draft has no {gone} any more") for gone in found.gone),
    )
    return lines or (ProofLine(OK, "every call reaches somebody, or nobody, just as it does now"),)


def explained(silent: SilentClass, time_zone: str) -> str:
    """The command that tells one such call in full."""
    attempt = silent.attempt
    caller = attempt.caller.number.digits or "withheld"
    keys = f" --keys {','.join(silent.keys)}" if silent.keys else ""
    at = _when(silent.at, time_zone)
    return f"vakt explain --line {attempt.line} --from {caller} --at {at}{keys}"


def _when(at: datetime, time_zone: str) -> str:
    """WHEN as the command line reads it; with its offset where the wall shows it twice."""
    local = at.astimezone(ZoneInfo(time_zone))
    lines = local if local.fold else local.replace(tzinfo=None)
    return lines.isoformat(timespec="seconds" if local.second else "minutes")


def _in_order(lines: Iterable[ProofLine]) -> list[ProofLine]:
    return sorted(lines, key=lambda each: ORDER.index(each.mark))


def _calls(proof: Proof, *, is_live: bool) -> tuple[list[ProofLine], list[ProofLine]]:
    """Critical calls, with the others that go just like them; then what is left."""
    attempts = [reach.attempt for reach in proof.reaches]
    critical: list[ProofLine] = []
    others: list[ProofLine] = []
    for group in alike(attempts, proof.silent, proof.reaches):
        for part in parts(group.attempts):
            has_critical = any(each.priority is Priority.CRITICAL for each in part)
            lines = _group(proof, group, part, is_live=is_live and has_critical)
            (critical if has_critical else others).extend(lines)
    return critical, others


def _group(
    proof: Proof, group: Alike, part: Sequence[CallAttempt], *, is_live: bool
) -> Iterator[ProofLine]:
    calls = who(proof.desk, part, [reach.attempt for reach in proof.reaches])
    if not group.silent:
        few = telephones(group.fewest)
        yield ProofLine(OK, f"{calls} always ring somebody: {few} or more while nobody answers")
    for silent in group.silent:
        yield _silent(proof, silent, f"{calls} ring nobody", is_live=is_live)


def _silent(proof: Proof, silent: SilentClass, ring_nobody: str, *, is_live: bool) -> ProofLine:
    when = f"{times(silent.when, proof)}: {why(silent)} ({hours(silent.when)})"
    can_look = is_live and not silent.attempt.caller.is_invented
    below = (explained(silent, proof.desk.time_zone),) if can_look else ()
    return ProofLine(HOLE if silent.is_hole else NOBODY, f"{ring_nobody} {when}", below)


def _classes(
    proof: Proof, silent: tuple[SilentClass, ...], what: str, mark: tuple[str, ...]
) -> Iterator[ProofLine]:
    """Classes of calls, told together where they differ by who calls only."""
    among = [reach.attempt for reach in proof.reaches]
    for group in alike(dict.fromkeys(each.attempt for each in silent), silent):
        for part in parts(group.attempts):
            for each in group.silent:
                lines = _silent(
                    proof, each, f"{who(proof.desk, part, among)} {what}", is_live=False
                )
                yield lines._replace(mark=mark[0]) if mark else lines


def _fewer(found: Differences) -> Iterator[ProofLine]:
    """Calls that would still ring somebody, but fewer than now, and when."""
    among = [reach.attempt for reach in found.draft.reaches]
    alike_in: dict[tuple[int, int, Intervals], list[CallAttempt]] = {}
    for each in found.fewer:
        alike_in.setdefault((each.now, each.then, each.when), []).append(each.attempt)
    for (now, then, when), attempts in alike_in.items():
        for part in parts(attempts):
            calls = who(found.draft.desk, part, among)
            at = f"{times(when, found.draft)} ({hours(when)})"
            yield ProofLine(FEWER, f"{calls} would ring {telephones(then)}, not {now} as now, {at}")


def _duty(proof: Proof) -> Iterator[ProofLine]:
    if proof.desk.duty is None:
        yield ProofLine(OK, "the desk has no duty, as its documents say")
    elif not proof.uncovered:
        yield ProofLine(OK, "somebody who can be rung covers every hour of duty")
    yield from _hours_of_duty(HOLE, "nobody covers the duty", proof.uncovered, proof)
    yield from _hours_of_duty(
        FEWER,
        "overrides or absences leave nobody behind the first on duty",
        proof.backup_lost,
        proof,
    )


def _hours_of_duty(mark: str, what: str, when: Intervals, proof: Proof) -> Iterator[ProofLine]:
    if when:
        yield ProofLine(mark, f"{what} {times(when, proof)} ({hours(when)})")


def _cut_off(proof: Proof) -> Iterator[ProofLine]:
    for reach in proof.reaches:
        if not reach.connects:
            calls = who(proof.desk, (reach.attempt,), [each.attempt for each in proof.reaches])
            yield ProofLine(HOLE, f"{calls} do not reach those who answer")
