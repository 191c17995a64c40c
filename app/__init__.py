"""Vaktlinje: a telephone line for service desks and their duty."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Flask is not loaded by those who only calculate
    from flask import Flask

    from app.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Put the web application together: `gunicorn 'app:create_app()'`.

    Reads the environment unless settings are given; SettingsError tells every mistake.
    """
    from app.web.application import assemble

    return assemble(settings)
