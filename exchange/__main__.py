"""Runs the exchange as its own process: `python -m exchange CONFIG.json`."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from exchange.config import Config, ConfigError, read_config
from exchange.server import running


def serve(config: Config, *, stop: threading.Event | None = None) -> int:
    """Runs an exchange until it is told to stop (SIGTERM, SIGINT, or the event); prints its address
    as the first line of standard output.
    """
    over = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
    with running(config) as exchange:
        sys.stdout.write(exchange.address + "\n")
        sys.stdout.flush()
        over.wait()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Reads the configuration file and serves; 1 with the reasons when it cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m exchange", description=__doc__)
    parser.add_argument("config", type=Path, help="a JSON file; see docs/exchange.md")
    given = parser.parse_args(arguments)
    try:
        config = read_config(json.loads(given.config.read_text(encoding="utf-8")))
    except (OSError, ValueError, ConfigError) as error:
        sys.stderr.write(f"{given.config}: {error}\n")
        return 1
    return serve(config)


if __name__ == "__main__":
    sys.exit(main())
