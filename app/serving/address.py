"""Where the web listens, as the environment says: this machine only, unless told otherwise."""

from typing import Final

from app.settings import read_serving_settings

# Callers wait in line while processes are started anew, instead of being refused.
BACKLOG: Final = 1024


def host_and_port() -> tuple[str, str]:
    """Read both; an empty setting is none. SettingsError where they cannot be used."""
    settings = read_serving_settings()
    return settings.web_host, str(settings.port)


def written(host: str, port: str) -> str:
    """Write an address as gunicorn reads it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
