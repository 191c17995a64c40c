"""The balance over a year: what everybody has had and will have, beside an equal share."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.reasons import CountedCode, FigureKind, Reason, because
from app.domain.roster.working_hours.figures import Amount
from app.domain.roster.working_hours.numbers_written import quantity

COMPARED: Final = (
    FigureKind.DUTY,
    FigureKind.NIGHTS,
    FigureKind.WEEKEND_DAYS,
    FigureKind.HOLIDAYS,
)
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside an equal share of it; no share for whoever takes no turns."""

    kind: FigureKind
    amount: Amount
    share: Fraction | None  # hours, or how many

    @property
    def load(self) -> Fraction | None:
        """How many equal shares it is; None where there is no share."""
        return quantity(self.amount) / self.share if self.share else None

    @property
    def percent(self) -> int | None:
        """How much of an equal share it is, in whole percent."""
        return None if self.load is None else round(self.load * HUNDRED)


@dataclass(frozen=True, slots=True)
class PersonsBalance:
    """One person's figures beside their shares. `weight` is their part of all shares."""

    person: str
    weight: Fraction
    compared: tuple[Compared, ...]
    why: Reason

    def of(self, kind: FigureKind) -> Compared:
        """The figure of this kind."""
        return next(each for each in self.compared if each.kind is kind)


def balances(
    amounts: Mapping[str, Mapping[FigureKind, Amount]], shares: Mapping[str, int]
) -> tuple[PersonsBalance, ...]:
    """Everybody's balance, in the order of the amounts. Those without a share have none."""
    everybody = sum(shares.get(person, 0) for person in amounts)
    totals = {
        kind: sum((quantity(theirs[kind]) for theirs in amounts.values()), Fraction())
        for kind in COMPARED
    }
    found = []
    for person, theirs in amounts.items():
        weight = Fraction(shares.get(person, 0), everybody) if everybody else Fraction()
        compared = tuple(
            Compared(kind, theirs[kind], totals[kind] * weight if weight else None)
            for kind in COMPARED
        )
        why = because(CountedCode.SHARE if weight else CountedCode.NO_SHARE)
        found.append(PersonsBalance(person, weight, compared, why))
    return tuple(found)
