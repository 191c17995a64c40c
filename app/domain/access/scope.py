"""Where a role holds: everywhere, at one desk, for one roster, or for one customer of a desk."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a grant holds, and what a question is about; without a desk or a roster everything.

    A grant names one of the two. A question about a desk names its roster too, and so whoever has
    a role for the roster sees the desk; one about a roster names nothing else, because other desks
    may have the same roster. A customer is one of its desk: its number means nothing elsewhere.
    """

    desk: str | None = None
    roster: str | None = None
    customer: str | None = None

    @property
    def is_everything(self) -> bool:
        """Tell whether it is the whole installation."""
        return self.desk is None and self.roster is None

    def covers(self, asked: "Scope") -> bool:
        """Tell whether a grant for this scope holds for what is asked about."""
        if self.is_everything:
            return True
        if self.customer is not None:
            return (self.desk, self.customer) == (asked.desk, asked.customer)
        is_desk = self.desk is not None and self.desk == asked.desk
        return is_desk or (self.roster is not None and self.roster == asked.roster)


EVERYTHING: Final = Scope()
