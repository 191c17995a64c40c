"""Where a running demo is found: a small file, so that other terminals can use it too."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

STATE: Final = Path("var/demo.json")


@dataclass(frozen=True, slots=True)
class DemoState:
    """A running demo: its process, its addresses, and its database."""

    pid: int
    product_url: str
    exchange_url: str
    exchange_secret: str
    database_url: str
    secret_key: str


def running_demo(path: Path = STATE) -> DemoState | None:
    """Return the demo that runs now, or None: also where an old file is left behind."""
    try:
        state = DemoState(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return state if _lives(state.pid) else None


def write_state(state: DemoState, path: Path = STATE) -> None:
    """Tell the other terminals where this demo is; only for this user's eyes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(asdict(state), indent=1), "utf-8")
    new.replace(path)


def forget_state(pid: int, path: Path = STATE) -> None:
    """Remove the file, if it still tells of this process."""
    state = running_demo(path)
    if state is None or state.pid == pid:
        path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
