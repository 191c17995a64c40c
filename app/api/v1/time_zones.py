"""On whose wall a moment is told: each desk's time zone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.api.v1.services import api_services
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.store.desks import list_desks


def time_zones_of(desks: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return the time zone of each desk by its id."""
    wanted = tuple({desk for desk in desks if desk})
    zones: defaultdict[str | None, str] = defaultdict(lambda: ZONE_OF_NOBODY)
    if wanted:
        with api_services().database.read() as connection:
            live = list_desks(connection, wanted)
        zones.update({each.desk.id: each.desk.time_zone for each in live})
    return zones
