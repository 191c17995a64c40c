"""The database: its server, its schema, its disk and its clock."""

from collections.abc import Iterator
from typing import Final

from app.domain.health.facts import ClockReference, ClockSkew, SystemFacts
from app.domain.health.thresholds import Part
from app.domain.message_refs import MessageRef, RefValue, ref
from app.preflight.checks.health import health_lines
from app.preflight.collect.database import UPGRADE
from app.preflight.facts import Disk, PreflightFacts, Unknown, known
from app.preflight.finding import Finding, error, ok, warning
from app.store.database_server import DatabaseServer

# SQLite's write-ahead log needs memory that all its processes share: no network has that
# (sqlite.org/wal.html), and locks over one are not to be trusted either.
OVER_A_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "virtiofs"}
)


OLDEST_SQLITE: Final = (3, 35)  # the first with RETURNING
OLDEST_POSTGRESQL: Final = 13
OLDEST_MAINTAINED: Final = 15  # the first that is maintained at the end of 2026 (postgresql.org)
MEGABYTE: Final = 1024 * 1024
FULL: Final = 100 * MEGABYTE
NEARLY_FULL: Final = 1024 * MEGABYTE


def server(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the server is one that this release was made for."""
    found = known(facts.server)
    yield _sqlite(found) if found.is_sqlite else _postgresql(found)
    if found.is_sqlite and found.journal_mode != "wal":
        yield error(
            ref("preflight.sqlite_journal", mode=found.journal_mode or ""),
            ref("preflight.sqlite_journal_do"),
        )


def schema(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the tables are those of this release."""
    found, newest = known(facts.server).schema, known(facts.newest_schema)
    if found == newest:
        yield ok(ref("preflight.schema_well", version=newest))
    elif found is None:
        yield error(ref("preflight.schema_empty"), UPGRADE)
    elif found < newest:  # our schemas are numbered
        yield error(ref("preflight.schema_old", version=found, newest=newest), UPGRADE)
    else:
        yield error(
            ref("preflight.schema_newer", version=found, newest=newest),
            ref("preflight.schema_newer_do"),
        )


def writes(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether it takes what is written."""
    refuses = known(facts.rows).refuses
    if refuses:
        yield error(
            ref("preflight.database_refuses", cause=refuses), ref("preflight.database_refuses_do")
        )


def disks(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether there is room, and whether SQLite lies where its locks hold."""
    for disk in known(facts.disks):
        if disk.holds_database and disk.filesystem in OVER_A_NETWORK:
            yield error(
                ref("preflight.disk_network", folder=disk.folder, kind=disk.filesystem),
                ref("preflight.disk_network_do"),
            )
        yield _room(disk)


def clock(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether the database's clock, ours and the workers' tell the same time."""
    clock_skew = known(facts.server).clock_skew
    clocks = () if isinstance(facts.rows, Unknown) else facts.rows.system.clocks or ()
    if clock_skew is not None:  # of the database's clock, ahead of ours
        clocks = (ClockSkew(-clock_skew, ClockReference.DATABASE), *clocks)
    if clocks:
        yield from health_lines(Part.CLOCK, SystemFacts(clocks=clocks), facts.now)


def _sqlite(found: DatabaseServer) -> Finding:
    name = ".".join(map(str, found.version))
    if found.version >= OLDEST_SQLITE:
        return ok(ref("preflight.sqlite_well", version=name))
    return error(ref("preflight.sqlite_old", version=name), ref("preflight.sqlite_old_do"))


def _postgresql(found: DatabaseServer) -> Finding:
    name, major = ".".join(map(str, found.version)), found.version[0]
    upgrade = ref("preflight.postgresql_do", version=OLDEST_MAINTAINED)
    if major < OLDEST_POSTGRESQL:
        return error(ref("preflight.postgresql_old", version=name), upgrade)
    if major < OLDEST_MAINTAINED:
        return warning(ref("preflight.postgresql_unmaintained", version=name), upgrade)
    return ok(ref("preflight.postgresql_well", version=name))


def _room(disk: Disk) -> Finding:
    where: dict[str, RefValue] = {
        "free": _size(disk.free),
        "what": disk.what,
        "folder": disk.folder,
    }
    if disk.free < FULL:
        return error(ref("preflight.disk_full", **where), ref("preflight.disk_full_do"))
    if disk.free < NEARLY_FULL:
        return warning(ref("preflight.disk_full", **where), ref("preflight.disk_nearly_full_do"))
    return ok(ref("preflight.disk_well", **where))


def _size(size: int) -> MessageRef:
    megabytes = size / MEGABYTE
    if megabytes >= 1024:
        return ref("preflight.gigabytes", count=megabytes / 1024)
    return ref("preflight.megabytes", count=round(megabytes))
