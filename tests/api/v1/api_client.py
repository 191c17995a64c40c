"""The API of an installation, asked over the web application as a program would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import clock, create_app
from app.actions.access.tokens import create_token
from app.settings import WebSettings
from app.store import Database
from app.store.tokens import NewToken
from tests.support.sample_desk import folder, sample_database


@dataclass
class Api:
    """One program with its token."""

    app: Flask
    database: Database
    token: str

    def get(self, path: str, **asked: Any) -> TestResponse:
        return self.ask("GET", path, **asked)

    def ask(self, method: str, path: str, **asked: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, headers=headers, **asked
        )

    def with_token(self, *desks: str, **more: Any) -> "Api":
        return Api(self.app, self.database, new_token(self.database, *desks, **more))


def new_token(database: Database, *desks: str, **more: Any) -> str:
    return create_token(database, NewToken("a program", desks, **more), clock.now())


@contextmanager
def an_api(url: str, *folders: Any) -> Iterator[Api]:
    """The web application on a database with the organisation in it."""
    with sample_database(url, *(folders or (folder(),))) as database, an_api_on(url) as app:
        yield Api(app, database, new_token(database))


@contextmanager
def an_api_on(url: str) -> Iterator[Flask]:
    """The web application on a database as it is."""
    app = create_app(WebSettings(secret_key="of the tests", database_url=url))
    try:
        yield app
    finally:
        app.extensions["vakt"].close()
