"""A registry in which the network keeps things by their sid, for all threads."""

import threading
from typing import Generic, Protocol, TypeVar


class HasSid(Protocol):
    """Whatever the network has given an identifier."""

    @property
    def sid(self) -> str:
        """The identifier."""
        ...


Entry = TypeVar("Entry", bound=HasSid)


class Registry(Generic[Entry]):
    """Everything of one kind since the start, or until it is deleted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> Entry:
        """Enters one."""
        with self._lock:
            self._entries[entry.sid] = entry
        return entry

    def find(self, sid: str) -> Entry | None:
        """One by its sid."""
        with self._lock:
            return self._entries.get(sid)

    def delete(self, sid: str) -> bool:
        """Forgets one; whether it was there."""
        with self._lock:
            return self._entries.pop(sid, None) is not None

    def all(self) -> list[Entry]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._entries.values()))
