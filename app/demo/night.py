"""The Saturday night that the demo plays: which desk, who calls, who sleeps. Pure choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.customer import Customer
from app.domain.desks.desk import LineKind
from app.domain.numbers import parse_number
from app.domain.roster.on_duty import OnDuty, on_duty
from app.store.desks import LiveDesk

SATURDAY: Final = 5
AT: Final = time(23, 10)
SLEEPS: Final = {"persona": "sleeper", "rings": 5}
BUSY: Final = {"persona": "busy", "rings": 2}
WAKES: Final = {"persona": "accepts", "rings": 4, "talks": 15}


@dataclass(frozen=True, slots=True)
class Night:
    """A call that is played: who calls which line when, and who sits at which telephone."""

    desk: LiveDesk
    line: str
    caller: str
    customer: str
    at: datetime
    personas: dict[str, object]


def the_night(
    desks: Iterable[LiveDesk], customers: dict[str, tuple[Customer, ...]], now: datetime
) -> Night | None:
    """Choose a desk with a duty line and two persons on duty; None where there is none such."""
    for live in desks:
        line = next((each for each in live.desk.lines if each.kind is LineKind.DUTY), None)
        caller = _caller(customers.get(live.desk.id, ()))
        if line is None or live.roster is None or caller is None:
            continue
        at = next_saturday_night(now, live.desk.time_zone)
        people = [entry for entry in on_duty(live.roster, at).ringing if entry.person]
        if len(people) >= 2:
            number, name = caller
            return Night(live, line.number, number, name, at, _sleepers(people))
    return None


def next_saturday_night(now: datetime, time_zone: str) -> datetime:
    """Return this week's Saturday at 23:10, or next week's when it is past."""
    local = now.astimezone(ZoneInfo(time_zone))
    days = (SATURDAY - local.weekday()) % 7
    night = datetime.combine(local + timedelta(days=days), AT, local.tzinfo)
    return night if night >= local else night + timedelta(days=7)


def _caller(customers: Iterable[Customer]) -> tuple[str, str] | None:
    for customer in customers:
        for phone in customer.phones:
            if parse_number(phone).can_receive_sms:
                return phone, customer.name
    return None


def _sleepers(people: list[OnDuty]) -> dict[str, object]:
    """The first one sleeps, at home the line is busy, everybody else wakes up."""
    first, *others = people
    mobile, *home = first.numbers
    assignments: dict[str, object] = {mobile: SLEEPS, **dict.fromkeys(home, BUSY)}
    for other in others:
        assignments |= dict.fromkeys(other.numbers, WAKES)
    return assignments
