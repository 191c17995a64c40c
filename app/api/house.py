"""What stands behind the API's doors, once per process."""

from dataclasses import dataclass
from typing import Final, cast

from flask import current_app

from app.domain.words.texts import Texts
from app.store import Database

EXTENSION: Final = "vakt_api"


@dataclass(frozen=True, slots=True)
class House:
    """The database and the texts of this process."""

    database: Database
    texts: Texts
    public_url: str


def house() -> House:
    """Return the house of the running API."""
    return cast(House, current_app.extensions[EXTENSION])
