"""Browsers in which somebody is logged in, without the time that a password takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.actions.access.sessions import begin_session
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.web.services import EXTENSION
from app.web.session import COOKIE, HOST_ONLY

HOST = "vakt.example.org"
HTTPS = f"https://{HOST}"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def database_of(app: Flask) -> Database:
    found: Database = app.extensions[EXTENSION].database
    return found


def a_login(database: Database, user: User) -> str:
    """The secret of a new login, made just now."""
    client = Client("192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0")
    log_in = partial(
        begin_session, user=user, kind=LoginKind.PASSWORD, client=client, now=clock.now()
    )
    return database.write(log_in)


class Browser:
    """A browser on PUBLIC_URL that sends forms as one does, from a page of ours."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()

    def open(self, path: str, *, method: str = "GET", **how: Any) -> TestResponse:
        usual = {"base_url": HTTPS, "headers": FROM_HERE if method == "POST" else {}}
        return self.client.open(path, method=method, **{**usual, **how})

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.open(path, **how)

    def post(self, path: str, form: Mapping[str, object] | None = None, **how: Any) -> TestResponse:
        return self.open(path, method="POST", data=form or {}, **how)

    def cookie(self, name: str = COOKIE) -> str | None:
        """The value of a cookie that it has."""
        found = self.client.get_cookie(f"{HOST_ONLY}{name}", domain=HOST)
        return found.value if found else None

    def keep(self, secret: str, name: str = COOKIE) -> None:
        self.client.set_cookie(f"{HOST_ONLY}{name}", secret, domain=HOST, secure=True)


def a_browser(app: Flask, user: User | None = None) -> Browser:
    """A browser in which this user is logged in, or nobody."""
    browser = Browser(app)
    if user:
        browser.keep(a_login(database_of(app), user))
    return browser
