"""[retention] of desk.toml: for how many days things are kept, and that they go in their order."""

from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.desks.desk import Retention
from app.domain.message_refs import MessageRef

LONGEST_DAYS: Final = 36500

# Turns hold numbers, and everything belongs to a ticket: the first may not outlive the second.
GOES_BEFORE: Final = (
    ("turns_days", "numbers_days"),
    ("numbers_days", "tickets_days"),
    ("recordings_days", "tickets_days"),
)


def retention(part: TableReader | None) -> Retention:
    """Read how long the desk keeps things; the usual times by default."""
    usual = Retention()
    if part is None:
        return usual
    tickets = part.whole("tickets_days", 1, LONGEST_DAYS, usual.tickets_days)
    # What is not written follows what is: who shortens the one need not repeat the others.
    numbers = part.whole("numbers_days", 1, LONGEST_DAYS, min(usual.numbers_days, tickets))
    turns = part.whole("turns_days", 1, LONGEST_DAYS, min(usual.turns_days, numbers))
    recordings = part.whole("recordings_days", 1, LONGEST_DAYS, min(usual.recordings_days, tickets))
    found = Retention(recordings, turns, numbers, tickets)
    part.close()
    for first, then in GOES_BEFORE:
        _check_order(part, found, first, then)
    return found


def _check_order(part: TableReader, found: Retention, first: str, then: str) -> None:
    days, at_most = getattr(found, first), getattr(found, then)
    if days > at_most:
        values = (("first", first), ("days", days), ("then", then), ("most", at_most))
        part.error(first, MessageRef(f"diagnostic.kept_too_long.{first}", values))
