"""The journal's entries: a file of its own for each turn and each callback, with a checksum.

One that is damaged takes no other with it, and is counted. Each stands in the journal's
database too (journal.py), from which the next turn of its call is decided.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from app.offline.storage_dirs import is_ours, make_private
from app.store.codec import read_facts, write_facts

CALLS: Final = "calls"  # a folder for each call below it
CALLBACKS: Final = "callbacks"
DIGEST_BYTES: Final = 16
UNFINISHED: Final = ".new"

Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One file. `content` is None where it is damaged; its name tells what stood in it."""

    file: Path
    content: Content | None

    @property
    def of(self) -> str:
        """Return what the entry is of, as `add_entry` was told."""
        return self.file.name.split("-")[1]


def add_entry(folder: Path, of: str, content: Content, after: Iterable[Path] = ()) -> Path:
    """Write an entry, forced to the disk; OSError where it cannot be.

    It comes after those that are in the folder, and `after` those in others. `of` is a word
    that tells entries of the same thing from others.
    """
    make_private(folder)
    text = write_facts(**content).encode()
    new = folder / f"{os.getpid()}-{threading.get_ident()}{UNFINISHED}"
    try:
        _write_through(new, _digest(text).encode() + b"\n" + text + b"\n")
        return _move_to_end(new, folder, of, {folder, *after})
    finally:
        new.unlink(missing_ok=True)


def entries_in(folder: Path) -> Iterator[JournalEntry]:
    """Yield the entries of a folder in the order in which they were written."""
    for file in files_in(folder):
        with suppress(FileNotFoundError):  # another process has brought it in meanwhile
            yield JournalEntry(file, _read(file))


def files_in(folder: Path) -> list[Path]:
    """List the files of entries in their order, without reading them."""
    if not is_ours(folder):
        return []
    with suppress(OSError):
        return sorted(file for file in folder.iterdir() if file.suffix != UNFINISHED)
    return []


def digest_of(*parts: object) -> str:
    """Return a short word for a file's name that is the same for the same parts only."""
    return blake2b(repr(parts).encode(), digest_size=6).hexdigest()


def _write_through(file: Path, content: bytes) -> None:
    with open(file, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _move_to_end(new: Path, folder: Path, of: str, after: set[Path]) -> Path:
    numbers = (file.name.partition("-")[0] for each in after for file in files_in(each))
    last = max((int(number) for number in numbers if number.isdecimal()), default=0)
    # Two of one call at once may count the same: the writer's name keeps both.
    entry = new.replace(folder / f"{last + 1:09d}-{of}-{new.stem}")
    _sync(folder)
    _sync(folder.parent)
    return entry


def _sync(folder: Path) -> None:
    """Force a folder's names to the disk too: a file without a name is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(file: Path) -> Content | None:
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
    except FileNotFoundError:
        raise
    except OSError:  # a broken disk
        return None
    text = text.removesuffix(b"\n")
    if digest != _digest(text).encode():
        return None
    return read_facts(text.decode())


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=DIGEST_BYTES).hexdigest()
