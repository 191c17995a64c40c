"""On which kind of file system a folder lies, as the kernel lists what is mounted (proc(5))."""

import re
from pathlib import Path
from typing import Final

# SQLite's write-ahead log needs memory that all its processes share: no network has that
# (sqlite.org/wal.html), and locks over one are not to be trusted either.
OVER_A_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "virtiofs"}
)
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
