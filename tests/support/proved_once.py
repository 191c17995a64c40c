"""A desk is proved once for all tests of a file that ask for the same proof: it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.actions.simulate import prove as action
from app.domain.simulate.proof.proof import Proof
from app.domain.simulate.simulation import SimulationFacts
from app.domain.time.intervals import Interval


@contextmanager
def proved_once() -> Iterator[None]:
    """What is equal is proved once meanwhile; how a proof comes about has tests of its own."""
    proofs: list[tuple[SimulationFacts, Interval, Proof]] = []
    really = action.prove

    def prove(facts: SimulationFacts, span: Interval) -> Proof:
        for asked, within, proof in proofs:
            if (asked, within) == (facts, span):
                return proof
        proofs.append((facts, span, really(facts, span)))
        return proofs[-1][2]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(action, "prove", prove)
        yield
