"""The folder in which web processes share their counters: /metrics then tells those of all."""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

COUNTERS: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks for its folder here
LIVE_GAUGES: Final = re.compile(r"gauge_live\w*_(\d+)\.db")


def make_own_folder() -> str | None:
    """Make one where the environment names none; return it, for whoever removes it at the end."""
    if os.environ.get(COUNTERS):
        return None
    os.environ[COUNTERS] = folder = tempfile.mkdtemp(prefix="vakt-metrics-")
    return folder


def forget_dead_processes(folder: Path) -> None:
    """Remove what only counts while its process lives: a master that was killed could not."""
    for file in folder.glob("gauge_live*.db"):
        found = LIVE_GAUGES.fullmatch(file.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            file.unlink(missing_ok=True)
