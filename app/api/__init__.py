"""The REST API with its OpenAPI description. Thin: check the token, ask, word the answer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["register"]


def register(app: "Flask") -> None:
    """Serve the API below /api/ of the web application."""
    from app.api.v1.application import mount

    mount(app)
