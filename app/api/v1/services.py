"""What the API's views use, once per process."""

from typing import Final, cast

from flask import current_app

from app.composition import Services

EXTENSION: Final = "vakt_api"


def api_services() -> Services:
    """Return the services of the running API."""
    return cast(Services, current_app.extensions[EXTENSION])
