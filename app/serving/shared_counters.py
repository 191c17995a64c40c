"""The folder in which web processes share their counters: /metrics then tells those of all."""

import os
import tempfile
from typing import Final

COUNTERS: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks for its folder here


def make_own_folder() -> str | None:
    """Make one where the environment names none; return it, for whoever removes it at the end."""
    if os.environ.get(COUNTERS):
        return None
    os.environ[COUNTERS] = folder = tempfile.mkdtemp(prefix="vakt-metrics-")
    return folder
