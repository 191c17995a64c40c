"""Three colleagues who take turns weekly, for tests of requests for cover and of swaps."""

from datetime import UTC, datetime, timedelta

from app import clock
from app.actions.roster.duty_requests import (
    WantedCover,
    WantedMove,
    WantedSwap,
    ask_for_cover,
    find_duty_request,
    move_request,
    offer_swap,
)
from app.actions.roster.request_moves import MovedRequest
from app.actions.roster.shown_rosters import show_roster
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.config.folder import DeskFolder
from app.domain.message_refs import MessageRef
from app.domain.roster.duty_requests import DutyRequest, RequestMove
from app.domain.roster.duty_slots import DutySlot, slots_between
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval
from app.store import Database
from tests.support.changed_roster import COORDINATOR
from tests.support.sample_desk import DESK, ROSTER_TOML, folder
from tests.support.users import a_user

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday, in a week of duty-1's
YEAR = Interval(NOW, datetime(2027, 11, 18, tzinfo=UTC))
PERSON_3 = """
[people.duty-3]
name = "Duty 3"
phones = ["+4749009103"]
language = "nb"
"""
HEAD = ROSTER_TOML.split("[[rotations]]")[0]


def plan_text(
    *members: str, handover: str = "08:00", start: str = "2026-11-02", more: str = ""
) -> str:
    named = ", ".join(f'"{each}"' for each in members or ("duty-2", "duty-3", "duty-1"))
    rotation = f"""
[[rotations]]
id = "weeks"
role = "primary"
kind = "weekly"
handover = "{handover}"
handover_day = "monday"
start = {start}
members = [{named}]
"""
    return f"{more}{HEAD}{PERSON_3}{rotation}"


def a_folder(**plan: str) -> DeskFolder:
    return folder(roster=plan_text(**plan))  # type: ignore[arg-type]


def colleagues(database: Database) -> dict[str, User]:
    """A user for each of the three, and the coordinator."""
    found = {}
    for number, name in enumerate(("kari", "ola", "siri"), 1):
        person = PersonLink(DESK, f"duty-{number}")
        role, scope = AccessRole.DUTY_PERSON, Scope(roster=DESK)
        found[f"duty-{number}"] = a_user(database, name, role, scope, person)
    found["coordinator"] = a_user(database, "anne", AccessRole.COORDINATOR)
    return found


def the_plan(database: Database) -> Roster:
    shown = show_roster(database, DESK)
    assert shown
    return shown.roster.plan


def next_shift(database: Database, person: str) -> DutySlot:
    slots = slots_between(the_plan(database), person, YEAR)
    return next(each for each in slots if each.when.from_ > NOW)


def by(user: User, at: datetime = NOW) -> Author:
    return Author(user.actor, at, "192.0.2.7")


def asked(database: Database, user: User, *people: str) -> DutyRequest:
    """Kari asks for cover for her next shift."""
    slot = next_shift(database, "duty-1")
    wanted = WantedCover(DESK, (slot,), people or ("duty-2", "duty-3"), "Bryllup")
    [request] = ask_for_cover(database, wanted, by(user))
    return request


def offered(database: Database, user: User, other: str = "duty-2") -> DutyRequest:
    """Kari offers her next shift for the next one of somebody."""
    slot, wanted = next_shift(database, "duty-1"), next_shift(database, other)
    return offer_swap(database, WantedSwap(DESK, slot, wanted, "Bryllup"), by(user))


def moved(
    database: Database, request: DutyRequest, move: RequestMove, person: str, author: Author
) -> MovedRequest:
    done = move_request(database, WantedMove(DESK, request.id, move, person), author)
    assert done
    return done


def agreed(database: Database, request: DutyRequest, person: str, author: Author) -> DutyRequest:
    done = moved(database, request, RequestMove.YES, person, author)
    assert done.refused is None, done.refused
    return done.request


def stored(database: Database, request: DutyRequest) -> DutyRequest:
    found = find_duty_request(database, DESK, request.id)
    assert found
    return found


def refused(done: MovedRequest) -> MessageRef:
    assert done.refused
    return done.refused


def has_duty(database: Database, at: datetime) -> str:
    ringing = on_duty(the_plan(database), at).ringing
    return next(each.person.id for each in ringing if each.person)


def put_requests(database: Database) -> None:
    """The backup asks for cover and offers a swap, both for shifts of a while ahead."""
    plan, now = the_plan(database), clock.now()
    ahead = Interval(now + timedelta(days=15), now + timedelta(days=50))
    theirs, other = (
        [each for each in slots_between(plan, person, ahead) if each.is_whole]
        for person in ("duty-2", "duty-1")
    )
    author = Author(COORDINATOR, now)
    cover = WantedCover(DESK, (theirs[0],), ("duty-1",), "Bryllup")
    ask_for_cover(database, cover, author)
    offer_swap(database, WantedSwap(DESK, theirs[1], other[2], "Kurs i Bergen"), author)
