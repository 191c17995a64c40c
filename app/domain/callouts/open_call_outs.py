"""Call-outs that are going on: which of them keep the other tickets of their desk waiting."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.callouts.call_out import CallOut
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class OpenCallOut:
    """A call-out that is going on, and the name of whoever has taken its ticket."""

    desk: str
    call_out: CallOut
    acknowledged_by: str | None
    is_watched: bool  # it is looked at whether it still goes on

    @property
    def ticket(self) -> int:
        """Return the number of the ticket that it is about."""
        return self.call_out.ticket.number

    @property
    def is_ringing(self) -> bool:
        """Tell whether nobody has accepted in it, as far as that is known."""
        return self.call_out.hunt.accepted_leg is None

    @property
    def blocks_others(self) -> bool:
        """Tell whether no other call-out may be begun at its desk meanwhile.

        Whoever hears of one ticket can take only that one. One that nobody watches may hang.
        """
        return self.is_ringing and self.is_watched


def desk_rings(ticket: Ticket, going_on: Iterable[OpenCallOut]) -> bool:
    """Tell whether a call-out about another ticket rings at the ticket's desk."""
    return any(
        each.desk == ticket.desk and each.ticket != ticket.number and each.blocks_others
        for each in going_on
    )
