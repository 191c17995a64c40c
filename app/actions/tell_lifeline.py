"""What a desk's lines do while the whole house is away, by the live documents. Changes nothing."""

from dataclasses import replace
from datetime import datetime

from app.domain.house_away import DeskAlone, desk_alone
from app.domain.words.when import read_when
from app.store import Database
from app.store.desks import find_desk


class DoesNotHold(Exception):
    """Hours or people change at `alone.until`, before the wanted moment."""

    def __init__(self, alone: DeskAlone, wanted: datetime) -> None:
        super().__init__(f"holds until {alone.until}, not until {wanted}")
        self.alone, self.wanted = alone, wanted


def tell_lifeline(
    database: Database, desk: str, when: str | None, until: str | None, now: datetime
) -> DeskAlone | None:
    """Tell it from WHEN, or now, on; None where there is no such desk.

    With `until` it is said to hold until then, or DoesNotHold. ValueError for a moment that
    cannot be read, or for an end that is not after the beginning.
    """
    with database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        return None
    zone = live.desk.time_zone
    alone = desk_alone(live.desk, live.roster, read_when(when, zone) if when else now)
    if not until:
        return alone
    wanted = read_when(until, zone)
    if wanted <= alone.from_:
        raise ValueError("it would end before it begins")
    if wanted > alone.until:
        raise DoesNotHold(alone, wanted)
    return replace(alone, until=wanted)
