"""A roster with handovers in both nights of the clock change, and its calendar."""

from datetime import UTC, date, datetime
from functools import cache

from app.domain.roles import Role
from app.domain.roster.calendar_words import CalendarFeed, calendar_of
from app.domain.roster.ical import Ical
from app.domain.roster.plan import Override, Person, Roster
from app.domain.roster.rotation import Rotation, RotationKind
from app.voice_prompts import texts
from tests.domain.time.wall_clock import oslo

KARI, BJOERN = "kari", "bjoern"
PEOPLE = (
    Person(KARI, "Kari Æåsen, rådgiver", ("+4749009101",)),
    Person(BJOERN, "Bjørn Øygard", ("+4749009102",)),
)
HALF_PAST_TWO = 150
SECOND_HALF_PAST_TWO = oslo("2026-10-25 02:30", fold=1)
CHANGED = datetime(2026, 9, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)  # the calendar goes from August to the December after


def at_half_past_two(members: tuple[str, ...] = (KARI, BJOERN)) -> Rotation:
    """Handed over every night at 02:30: twice there in October, not at all in March."""
    return Rotation(
        "primary", Role.PRIMARY, members, RotationKind.DAILY, HALF_PAST_TWO, date(2026, 1, 1)
    )


ROSTER = Roster(
    "drift",
    "Europe/Oslo",
    PEOPLE,
    (at_half_past_two(),),
    overrides=(
        Override(
            KARI, Role.PRIMARY, SECOND_HALF_PAST_TWO, oslo("2026-10-25 08:00"), instead_of=BJOERN
        ),
    ),
)


@cache
def calendar(
    roster: Roster = ROSTER, person: str | None = None, now: datetime = NOW, *before: Roster
) -> Ical:
    feed = CalendarFeed(roster, ("Drift", "Skule; IT"), person, 7, CHANGED, before)
    return calendar_of(feed, lambda words: texts().write(words, "nb"), now)
