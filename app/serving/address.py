"""Where the web listens, as the environment says: this machine only, unless told otherwise."""

import os
from typing import Final

HOST, PORT = "WEB_HOST", "PORT"
ONLY_HERE, USUAL_PORT = "127.0.0.1", "8000"
# Callers wait in line while processes are started anew, instead of being refused.
BACKLOG: Final = 1024


def host_and_port() -> tuple[str, str]:
    """Read both; an empty setting is none."""
    return os.environ.get(HOST) or ONLY_HERE, os.environ.get(PORT) or USUAL_PORT


def written(host: str, port: str) -> str:
    """Write an address as gunicorn reads it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
