"""The real web on this machine, with the sample organisation in SQLite, for tests of its pages."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.store import Database
from tests.end_to_end.processes import Process, free_port, wait_until
from tests.support.postgres_databases import migrate
from tests.support.sample_desk import sample_database

SECRET_KEY = "of the tests"
ACCOUNT, TOKEN = "AC00000000000000000000000000000002", "token-of-the-pages"
# Nobody listens there: its button is seen, and what is said where it did not help.
OPENID = """\
[fjordhjelp]
name = "Fjordhjelp"
discovery = "http://127.0.0.1:9/.well-known/openid-configuration"
client_id = "vaktlinje"
client_secret = "of the tests"
"""
WITH_GALLERY = ("-m", "gunicorn", "tests.pages.gallery:create_app()")


@dataclass(frozen=True)
class Site:
    """Where the pages are, and the rows behind them."""

    address: str
    database: Database
    database_url: str


@contextmanager
def a_site(folder: Path) -> Iterator[Site]:
    url = f"sqlite:///{folder / 'vakt.db'}"
    migrate(url)
    port = free_port()
    (folder / "openid.toml").write_text(OPENID, "utf-8")
    environment = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
        "SECRET_KEY": SECRET_KEY,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAKT_ACCESSIBILITY_URL": "https://uustatus.example/nb/erklaringer/publisert/1",
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "VAKT_OPENID": str(folder / "openid.toml"),
        "WEB_WORKERS": "1",
    }
    web = Process(WITH_GALLERY, environment, folder / "web.log")
    with sample_database(url) as database:
        web.start()
        try:
            wait_until(lambda: is_open(port) or not web.is_running, "the web listens")
            assert web.is_running, web.said()
            yield Site(f"http://localhost:{port}", database, url)
        finally:
            web.stop()


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
