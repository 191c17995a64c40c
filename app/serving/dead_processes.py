"""Gauges of web processes that are gone: a master that was killed could not drop them."""

import re
from pathlib import Path
from typing import Final

LIVE_GAUGES: Final = re.compile(r"gauge_live\w*_(\d+)\.db")


def forget_dead_processes(folder: Path) -> None:
    """Remove what only counts while its process lives, of processes that do not."""
    for file in folder.glob("gauge_live*.db"):
        found = LIVE_GAUGES.fullmatch(file.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            file.unlink(missing_ok=True)
