"""Stored documents as desks and rosters: each version is read once per process.

Keyed by the text's own hash, so that it holds for any database. Which version is live
stands in desks.py.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Final, Generic, TypeVar

from app.domain.config.desk_document import read_desk
from app.domain.config.diagnostics import Diagnostics, ReadResult
from app.domain.config.folder import DESK, ROSTER
from app.domain.config.roster_document import read_roster
from app.domain.desks.desk import Desk
from app.domain.roster.on_duty import Roster

D = TypeVar("D")

VERSIONS_CACHED: Final = 256


class UnreadableVersion(Exception):
    """A stored document that this release cannot read: it was stored by another one."""

    def __init__(self, name: str, diagnostics: Diagnostics) -> None:
        super().__init__(f"{name}: {', '.join(sorted({each.code for each in diagnostics}))}")
        self.name, self.diagnostics = name, diagnostics


class DocumentCache(Generic[D]):
    """The documents read last, by the hash of their text."""

    def __init__(self, read: Callable[[str, str], ReadResult[D]]) -> None:
        self._read = read
        self._cached: OrderedDict[tuple[str, str], D] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, sha: str, text: Callable[[], str]) -> D:
        """Return the document; the text is asked for only where it has not been read before."""
        with self._lock:
            if (found := self._cached.get((name, sha))) is not None:
                self._cached.move_to_end((name, sha))
                return found
        made = self._read(text(), name)
        if made.value is None:
            raise UnreadableVersion(name, made.diagnostics)
        with self._lock:
            self._cached[name, sha] = made.value
            while len(self._cached) > VERSIONS_CACHED:
                self._cached.popitem(last=False)
        return made.value


def sha_of(text: str) -> str:
    """Return the hash by which a document's text is known."""
    return sha256(text.encode()).hexdigest()


DESKS: Final[DocumentCache[Desk]] = DocumentCache(
    lambda text, name: read_desk(text, DESK, name, is_stored=True)
)
ROSTERS: Final[DocumentCache[Roster]] = DocumentCache(
    lambda text, _name: read_roster(text, ROSTER, is_stored=True)
)
