"""On whose wall a moment is told: each desk's time zone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.api.house import house
from app.domain.words.told import ZONE_OF_NOBODY
from app.store.desks import list_desks


def zones_of(desks: Iterable[str | None]) -> Mapping[str | None, str]:
    """Return the time zone of each desk by its id."""
    wanted = tuple({desk for desk in desks if desk})
    zones: defaultdict[str | None, str] = defaultdict(lambda: ZONE_OF_NOBODY)
    if wanted:
        with house().database.read() as connection:
            live = list_desks(connection, wanted)
        zones.update({each.desk.id: each.desk.time_zone for each in live})
    return zones
