"""Numbers whose calls a desk does not take: each with its reason, author and expiry.

Without digits the row is about every caller who withholds the number.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from app.store.pagination import of_desks
from app.store.tables import BlockedNumberRow
from app.store.upsert import upsert

WITHHELD: Final = ""  # the digits of callers who withhold theirs


@dataclass(frozen=True, slots=True)
class Block:
    """One number on the block list of one desk; without `until` it holds until it is taken off."""

    desk: str
    digits: str
    reason: str
    until: datetime | None
    author: str
    at: datetime

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the number is answered again."""
        return self.until is not None and self.until <= now


def put_block(connection: Connection, block: Block) -> None:
    """Put a number on the list; one that stands there gets the new reason and expiry."""
    values = asdict(block)
    keys = {name: values.pop(name) for name in ("desk", "digits")}
    upsert(connection, BlockedNumberRow, keys, values)


def list_blocks(connection: Connection, desks: Collection[str] | None = None) -> tuple[Block, ...]:
    """List the blocked numbers, also the expired ones, by desk and number."""
    wanted = of_desks(select(BlockedNumberRow), BlockedNumberRow.desk, desks)
    rows = connection.execute(wanted.order_by(BlockedNumberRow.desk, BlockedNumberRow.digits))
    return tuple(
        Block(row.desk, row.digits, row.reason, row.until, row.author, row.at) for row in rows
    )


def remove_block(connection: Connection, desk: str, digits: str) -> bool:
    """Take a number off the list; False where it was not on it."""
    this = (BlockedNumberRow.desk == desk) & (BlockedNumberRow.digits == digits)
    return connection.execute(delete(BlockedNumberRow).where(this)).rowcount > 0
