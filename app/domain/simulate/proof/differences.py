"""What a draft would change: calls that would reach nobody any more, and those that would."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.simulate.proof.proof import MOMENT, ClassKey, Proof, SilentClass, example, key_of
from app.domain.simulate.proof.verdicts import CallAttempt
from app.domain.time.intervals import Intervals, intersect, subtract, union


@dataclass(frozen=True, slots=True)
class Fewer:
    """Calls of one kind that still ring somebody, but fewer telephones than now, and when."""

    attempt: CallAttempt
    now: int
    then: int
    when: Intervals


@dataclass(frozen=True, slots=True)
class Differences:
    """Only what differs between what is live and a draft, over the same span."""

    live: Proof
    draft: Proof
    opened: tuple[SilentClass, ...]  # silent in the draft only, with just those times
    closed: tuple[SilentClass, ...]  # silent in what is live only
    fewer: tuple[Fewer, ...]
    uncovered: Intervals  # hours of duty that the draft leaves to nobody
    covered: Intervals  # hours that nobody has now, and somebody in the draft
    newly_without_backup: (
        Intervals  # hours of duty with somebody behind the first one now, not in the draft
    )
    with_backup: Intervals  # the other way round

    @property
    def gone(self) -> tuple[str, ...]:
        """The lines, by number, and the agreements, by name, that the draft has no more."""
        lines = {line.number for line in self.draft.desk.lines}
        agreements = {agreement.id for agreement in self.draft.desk.agreements}
        return (
            *(line.public_number for line in self.live.desk.lines if line.number not in lines),
            *(each.name for each in self.live.desk.agreements if each.id not in agreements),
        )

    @property
    def has_holes(self) -> bool:
        """Tell whether the draft opens a hole that is not there now."""
        return bool(self.uncovered) or any(each.is_hole for each in self.opened)


def differences(live: Proof, draft: Proof) -> Differences:
    """Compare two proofs of the same span, call by call.

    Calls that only the draft knows (a new line, a new agreement) are opened where they are
    silent. Of those that it knows no more nothing is said here: `gone` names them.
    """
    both = {key_of(reach.attempt) for reach in draft.reaches}
    still = replace(live, silent=tuple(each for each in live.silent if each.key in both))
    return Differences(
        live,
        draft,
        _only_in(draft, live),
        _only_in(still, draft),
        tuple(_fewer(live, draft)),
        subtract(draft.uncovered, live.uncovered),
        subtract(live.uncovered, draft.uncovered),
        intersect(draft.without_backup, live.with_backup),
        intersect(live.without_backup, draft.with_backup),
    )


def _only_in(one: Proof, other: Proof) -> tuple[SilentClass, ...]:
    silent = {key: _silent(other, key) for key in {each.key for each in one.silent}}
    cut = (replace(each, when=subtract(each.when, silent[each.key])) for each in one.silent)
    return tuple(replace(each, at=example(each.when)) for each in cut if each.when)


def _fewer(live: Proof, draft: Proof) -> Iterator[Fewer]:
    """Compare what rings at every moment; calls that ring nobody are told as such.

    The year's worst alone would hide a night that is thinner than it is now.
    """
    now = {key_of(reach.attempt): reach for reach in live.reaches}
    for reach in draft.reaches:
        before = now.get(key_of(reach.attempt))
        for then, when in reach.rung if before and reach.connects else ():
            assert before
            for count, while_now in before.rung:
                both = tuple(p for p in intersect(when, while_now) if p.length > MOMENT)
                if 0 < then < count and both:
                    yield Fewer(reach.attempt, count, then, both)


def _silent(proof: Proof, key: ClassKey) -> Intervals:
    return union(*(each.when for each in proof.silent if key_of(each.attempt) == key))
