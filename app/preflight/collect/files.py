"""The files on this machine: the disks they lie on, and those that calls may be answered from."""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from app import clock
from app.actions.health import gather
from app.domain.message_refs import MessageRef, ref
from app.offline.offline_store import open_offline_store
from app.offline.storage_dirs import storage_dirs
from app.preflight.facts import Disk, LocalFiles
from app.settings import Settings
from app.store.database import sqlite_file

MOUNTS: Final = Path("/proc/self/mountinfo")


def ask_disks(settings: Settings) -> tuple[Disk, ...]:
    """Look at the disks of the database's file, where it is one, and of the offline store."""
    file = sqlite_file(settings.database_url)
    offline = _disk(
        ref("preflight.offline_store"), settings.vakt_lifeline.parent, holds_database=False
    )
    if file is None:
        return (offline,)
    return (_disk(ref("preflight.part_database"), file.parent, holds_database=True), offline)


def ask_local_files(settings: Settings) -> LocalFiles:
    """Look at the lifeline's file and the offline store's, without making any."""
    offline = open_offline_store(storage_dirs(settings.offline_folder, settings.database_url))
    try:
        lines, written_at = _lifeline(settings.vakt_lifeline)
        return LocalFiles(
            lifeline=str(settings.vakt_lifeline),
            lines=lines,
            lines_written_at=written_at,
            snapshot=gather.snapshot(offline),
            journal=gather.journal(offline, clock.now()),
        )
    finally:
        offline.close()


def _lifeline(file: Path) -> tuple[frozenset[str] | None, datetime | None]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return frozenset(told["lines"]), datetime.fromisoformat(told["written_at"])
    except (OSError, ValueError, TypeError, KeyError):
        return None, None


def _disk(what: MessageRef, folder: Path, holds_database: bool) -> Disk:
    """Look at the folder, or at the nearest one above it that is there."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    found = os.statvfs(there)
    kind = filesystem_of(there.resolve(), _mounts())
    return Disk(what, str(folder), found.f_bavail * found.f_frsize, kind, holds_database)


def _mounts() -> str:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not on this kind of machine
        return ""


ESCAPED: Final = re.compile(r"\\([0-7]{3})")


def filesystem_of(folder: Path, mounts: str) -> str:
    """Return the kind of the mount that a folder lies in; empty where none is listed."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = Path(ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), fields[4]))
        # One mounted later at the same place covers the earlier one.
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.split(" ")[0]
    return kind
