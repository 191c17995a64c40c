"""Stored documents as desks and rosters: each version is read once per process.

Keyed by the text's own hash, so that it holds for any database. Which version is live
stands in desks.py.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Final, Generic, TypeVar

from app.domain.desk import Desk
from app.domain.documents.desk_document import read_desk
from app.domain.documents.faults import Read
from app.domain.documents.roster_document import read_roster
from app.domain.duty.roster import Roster

D = TypeVar("D")

VERSIONS_KEPT: Final = 256


class UnreadableVersion(Exception):
    """A stored document that this release cannot read: it was stored by another one."""


class Shelf(Generic[D]):
    """The documents read last, by the hash of their text."""

    def __init__(self, read: Callable[[str, str], Read[D]]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[str, str], D] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, sha: str, text: Callable[[], str]) -> D:
        """Return the document; the text is asked for only where it has not been read before."""
        with self._lock:
            if (found := self._kept.get((name, sha))) is not None:
                self._kept.move_to_end((name, sha))
                return found
        made = self._read(text(), name)
        if made.value is None:
            raise UnreadableVersion(f"{name}: " + "; ".join(str(fault) for fault in made.faults))
        with self._lock:
            self._kept[name, sha] = made.value
            while len(self._kept) > VERSIONS_KEPT:
                self._kept.popitem(last=False)
        return made.value


def sha_of(text: str) -> str:
    """Return the hash by which a document's text is known."""
    return sha256(text.encode()).hexdigest()


DESKS: Final[Shelf[Desk]] = Shelf(
    lambda text, name: read_desk(text, "desk.toml", name, is_stored=True)
)
ROSTERS: Final[Shelf[Roster]] = Shelf(
    lambda text, _name: read_roster(text, "roster.toml", is_stored=True)
)
