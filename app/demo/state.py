"""Where a running demo is found: a small file, so that other terminals can use it too."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from app.installation import state_folder


@dataclass(frozen=True, slots=True)
class DemoState:
    """A running demo: its process, its addresses, and its database."""

    pid: int
    product_url: str
    exchange_url: str
    exchange_secret: str
    database_url: str


def state_file() -> Path:
    """Tell where the file stands."""
    return state_folder() / "demo.json"


def running_demo() -> DemoState | None:
    """Return the demo that runs now, or None: also where an old file is left behind."""
    try:
        state = DemoState(**json.loads(state_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return state if _is_running(state.pid) else None


def write_state(state: DemoState) -> None:
    """Tell the other terminals where this demo is; only for this user's eyes."""
    new = state_file().with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(asdict(state), indent=1), "utf-8")
    new.replace(state_file())


def delete_state() -> None:
    """Remove the file, if it tells of this process or of one that is gone."""
    state = running_demo()
    if state is None or state.pid == os.getpid():
        state_file().unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
