"""The database: its server, its schema, its disk and its clock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.preflight.facts import Disk, PreflightFacts, known
from app.preflight.filesystems import OVER_A_NETWORK
from app.preflight.finding import Finding, error, ok, warning
from app.store.database_server import DatabaseServer

OLDEST_SQLITE: Final = (3, 35)  # the first with RETURNING
OLDEST_POSTGRESQL: Final = 13
OLDEST_MENDED: Final = 15  # the first that is still mended at the end of 2026 (postgresql.org)
MEGABYTE: Final = 1024 * 1024
FULL: Final = 100 * MEGABYTE
NEARLY_FULL: Final = 1024 * MEGABYTE
CLOCK_MAY_DIFFER: Final = timedelta(seconds=3)
CLOCK_MUST_NOT: Final = timedelta(seconds=10)


def server(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the server is one that this release was made for."""
    found = known(facts.server)
    yield _sqlite(found) if found.is_sqlite else _postgresql(found)
    if found.is_sqlite and found.journal_mode != "wal":
        yield error(
            f"SQLite's journal mode is {found.journal_mode}: readers and writers stop each other",
            "Close whatever else has the file open; opening it anew sets WAL, except on a network",
        )


def schema(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the tables are those of this release."""
    found, newest = known(facts.server).schema, known(facts.newest_schema)
    if found == newest:
        yield ok(f"its tables are those of this release ({newest})")
    elif found is None:
        yield error("the database is empty", "vakt db upgrade")
    elif found < newest:  # our schemas are numbered
        yield error(f"its tables are old: {found}, not {newest}", "vakt db upgrade")
    else:
        yield error(
            f"its tables are newer than this release: {found}, not {newest}",
            "Install the release that made them; a database is never brought back",
        )


def writes(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether it takes what is written."""
    refuses = known(facts.rows).refuses
    if refuses:
        yield error(
            f"the database refuses to be written to: {refuses}",
            "Is its disk full, is it read-only, or does another program hold it?",
        )


def disks(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether there is room, and whether SQLite lies where its locks hold."""
    for disk in known(facts.disks):
        if disk.holds_database and disk.filesystem in OVER_A_NETWORK:
            yield error(
                f"{disk.folder} is on a network ({disk.filesystem}): SQLite loses rows there",
                "Move the file to a disk of this machine, or take PostgreSQL",
            )
        yield _room(disk)


def clock(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the database's clock and ours tell the same time."""
    clock_skew = known(facts.server).clock_skew
    if clock_skew is not None:
        yield from differs(clock_skew, "the database's")


def differs(clock_skew: timedelta, whose: str) -> Iterator[Finding]:
    """Tell whether another clock is far from ours. Which of them is wrong is not known here."""
    seconds = abs(clock_skew)
    if seconds <= CLOCK_MAY_DIFFER:
        yield ok(f"our clock and {whose} agree")
        return
    way = "behind" if clock_skew > timedelta(0) else "ahead of"
    told = f"our clock is {seconds.total_seconds():.0f} s {way} {whose}"
    do = "Let the machines keep time by NTP: timedatectl set-ntp true"
    if seconds >= CLOCK_MUST_NOT:
        yield error(f"{told}: shifts, hours and retries would be at the wrong time", do)
    else:
        yield warning(told, do)


def _sqlite(found: DatabaseServer) -> Finding:
    name = ".".join(map(str, found.version))
    if found.version >= OLDEST_SQLITE:
        return ok(f"SQLite {name} answers: one host only")
    return error(f"SQLite {name} is too old", "Take a Python with SQLite 3.35 or newer")


def _postgresql(found: DatabaseServer) -> Finding:
    name, major = ".".join(map(str, found.version)), found.version[0]
    if major < OLDEST_POSTGRESQL:
        return error(f"PostgreSQL {name} is too old", f"Take {OLDEST_MENDED} or newer")
    if major < OLDEST_MENDED:
        return warning(
            f"PostgreSQL {name} answers, but is mended no more",
            f"Plan the step to {OLDEST_MENDED} or newer",
        )
    return ok(f"PostgreSQL {name} answers")


def _room(disk: Disk) -> Finding:
    free = disk.free / MEGABYTE
    told = f"{free / 1024:.1f} GB" if free >= 1024 else f"{free:.0f} MB"
    where = f"{told} are free for {disk.what} in {disk.folder}"
    if disk.free < FULL:
        return error(f"only {where}", "Make room: a full disk takes no calls into the database")
    if disk.free < NEARLY_FULL:
        return warning(f"only {where}", "Make room before it is full; vakt backup tells the size")
    return ok(where)
