"""What the API's views use, once per process."""

from dataclasses import dataclass
from typing import Final, cast

from flask import current_app

from app.domain.texts.catalogue import Texts
from app.store import Database

EXTENSION: Final = "vakt_api"


@dataclass(frozen=True, slots=True)
class ApiServices:
    """The database and the texts of this process."""

    database: Database
    texts: Texts
    public_url: str


def api_services() -> ApiServices:
    """Return the services of the running API."""
    return cast(ApiServices, current_app.extensions[EXTENSION])
