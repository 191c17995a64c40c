"""What the API's views use, once per process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, cast

from flask import current_app

from app.composition import Services
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.store.desks import list_desks

EXTENSION: Final = "vakt_api"


def api_services() -> Services:
    """Return the services of the running API."""
    return cast(Services, current_app.extensions[EXTENSION])


def time_zones_of(desks: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return the time zone of each desk by its id."""
    wanted = tuple({desk for desk in desks if desk})
    zones: defaultdict[str | None, str] = defaultdict(lambda: ZONE_OF_NOBODY)
    if wanted:
        with api_services().database.read() as connection:
            live = list_desks(connection, wanted)
        zones.update({each.desk.id: each.desk.time_zone for each in live})
    return zones
