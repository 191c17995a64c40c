"""The page of a proof: sentences with their marks, holes first.

How calls and times are named is prove_phrases.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.commands.prove_phrases import Alike, alike, hours, parts, times, who, why
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.simulate.proof.differences import Differences
from app.domain.simulate.proof.proof import Proof, SilentClass
from app.domain.simulate.proof.verdicts import CallAttempt
from app.domain.texts.written_moments import moment_ref
from app.domain.time.intervals import Intervals


class ProofMark(StrEnum):
    """What a line of the page is, the gravest first."""

    HOLE = "hole"
    NOBODY = "nobody"
    FEWER = "fewer"
    BETTER = "better"
    OK = "ok"


COLOURS: Final = {
    ProofMark.HOLE: "red",
    ProofMark.NOBODY: "yellow",
    ProofMark.FEWER: "yellow",
    ProofMark.OK: "green",
    ProofMark.BETTER: "green",
}
ORDER: Final = tuple(ProofMark)


class ProofLine(NamedTuple):
    """One sentence of the page: its mark, what it says, and what stands below it."""

    mark: ProofMark
    what: MessageRef
    below: tuple[str, ...] = ()


def head(proof: Proof) -> MessageRef:
    """Say which desk, how far ahead, and how much was simulated."""
    zone, span = proof.desk.time_zone, proof.span
    return ref(
        "proof.head",
        desk=proof.desk.name,
        from_=moment_ref(span.from_, zone),
        to=moment_ref(span.to, zone),
        hours=hours((span,)),
        changes=proof.changes,
        moments=proof.moments,
        simulations=proof.simulations,
    )


def page(proof: Proof, *, is_live: bool) -> tuple[ProofLine, ...]:
    """Tell a proof: critical calls, the duty, the other calls; holes first in each."""
    critical, others = _calls(proof, is_live=is_live)
    return (*_cut_off(proof), *_in_order(critical), *_duty(proof), *_in_order(others))


def changed(found: Differences) -> tuple[ProofLine, ...]:
    """Tell what a draft changes: what it opens, what it closes, and nothing else."""
    draft, live = found.draft, found.live
    lines = (
        *_in_order(_classes(draft, found.opened, "proof.would_ring_nobody")),
        *_hours_of_duty(ProofMark.HOLE, "proof.nobody_would_cover", found.uncovered, draft),
        *_fewer(found),
        *_in_order(_classes(live, found.closed, "proof.would_ring_somebody", ProofMark.BETTER)),
        *_hours_of_duty(ProofMark.BETTER, "proof.somebody_would_cover", found.covered, live),
        *_hours_of_duty(ProofMark.FEWER, "proof.no_backup_then", found.newly_without_backup, draft),
        *_hours_of_duty(ProofMark.BETTER, "proof.backup_then", found.with_backup, live),
        *(ProofLine(ProofMark.NOBODY, ref("proof.gone", name=gone)) for gone in found.gone),
    )
    return lines or (ProofLine(ProofMark.OK, ref("proof.nothing_changes")),)


def explained(silent: SilentClass, time_zone: str) -> str:
    """The command that tells one such call in full."""
    attempt = silent.attempt
    caller = attempt.caller.number.digits or "withheld"
    words = ["vakt", "explain", "--line", attempt.line, "--from", caller]
    words += ["--at", _when(silent.at, time_zone)]
    return " ".join([*words, "--keys", ",".join(silent.keys)] if silent.keys else words)


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
        yield ProofLine(ProofMark.OK, ref("proof.ring_somebody", calls=calls, count=group.fewest))
    for silent in group.silent:
        can_look = is_live and not silent.attempt.caller.is_invented
        below = (explained(silent, proof.desk.time_zone),) if can_look else ()
        yield _silent(proof, silent, calls, "proof.ring_nobody")._replace(below=below)


def _silent(proof: Proof, silent: SilentClass, calls: MessageRef, key: str) -> ProofLine:
    what = ref(
        key,
        calls=calls,
        when=times(silent.when, proof),
        cause=why(silent),
        hours=hours(silent.when),
    )
    return ProofLine(ProofMark.HOLE if silent.is_hole else ProofMark.NOBODY, what)


def _classes(
    proof: Proof, silent: tuple[SilentClass, ...], key: str, mark: ProofMark | None = None
) -> Iterator[ProofLine]:
    """Classes of calls, told together where they differ by who calls only."""
    among = [reach.attempt for reach in proof.reaches]
    for group in alike(dict.fromkeys(each.attempt for each in silent), silent):
        for part in parts(group.attempts):
            calls = who(proof.desk, part, among)
            for each in group.silent:
                line = _silent(proof, each, calls, key)
                yield line._replace(mark=mark) if mark else line


def _fewer(found: Differences) -> Iterator[ProofLine]:
    """Calls that would still ring somebody, but fewer than now, and when."""
    among = [reach.attempt for reach in found.draft.reaches]
    alike_in: dict[tuple[int, int, Intervals], list[CallAttempt]] = {}
    for each in found.fewer:
        alike_in.setdefault((each.now, each.then, each.when), []).append(each.attempt)
    for (now, then, when), attempts in alike_in.items():
        for part in parts(attempts):
            fewer = ref(
                "proof.would_ring_fewer",
                calls=who(found.draft.desk, part, among),
                count=then,
                now=now,
                when=times(when, found.draft),
                hours=hours(when),
            )
            yield ProofLine(ProofMark.FEWER, fewer)


def _duty(proof: Proof) -> Iterator[ProofLine]:
    if proof.desk.duty is None:
        yield ProofLine(ProofMark.OK, ref("proof.no_duty"))
    elif not proof.uncovered:
        yield ProofLine(ProofMark.OK, ref("proof.duty_covered"))
    yield from _hours_of_duty(ProofMark.HOLE, "proof.nobody_covers", proof.uncovered, proof)
    yield from _hours_of_duty(ProofMark.FEWER, "proof.backup_lost", proof.backup_lost, proof)


def _hours_of_duty(mark: ProofMark, key: str, when: Intervals, proof: Proof) -> Iterator[ProofLine]:
    if when:
        yield ProofLine(mark, ref(key, when=times(when, proof), hours=hours(when)))


def _cut_off(proof: Proof) -> Iterator[ProofLine]:
    for reach in proof.reaches:
        if not reach.connects:
            calls = who(proof.desk, (reach.attempt,), [each.attempt for each in proof.reaches])
            yield ProofLine(ProofMark.HOLE, ref("proof.not_connected", calls=calls))
