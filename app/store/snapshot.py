"""The World of one turn: facts gathered in two statements, the customers in the second.

Who is no known customer brings a third one: what strangers have caused in the last hour. A call
that arrives asks once more, about what its caller has been about before; a call-out, and a key that
comes when the caller is gone, whether somebody has taken the ticket; a key in a call-out, whether
the caller's message can be played.

No conclusion is drawn here.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.domain.callouts.call_out import CallOut, CallOutEvent
from app.domain.calls.call import LONGEST_CALL, Arrived, Call, Event, Pressed, Recorded, RingEnded
from app.domain.desks.customer import Customer
from app.domain.desks.desk import CEILINGS_LOOK_BACK, MOST_RINGS_PER_HOUR, Desk
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.events import LegPressed
from app.domain.hunts.world import NO_STRANGERS, Strangers, World
from app.domain.numbers import Number
from app.domain.roles import Role
from app.domain.roster.on_duty import Roster
from app.store.caller_history import load_caller_history, load_ticket_of_stranger
from app.store.codec import read_words
from app.store.documents import DESKS
from app.store.people import read_customer
from app.store.prepared import Prepared
from app.store.recordings import is_stored
from app.store.roster_plans import load_plan, plan_version
from app.store.tables import (
    CallOutRow,
    CallRow,
    CustomerPhoneRow,
    CustomerRow,
    DeskRow,
    DeskVersionRow,
    LegRow,
    LineRow,
    MissedCallOutRow,
    OptOutRow,
    OutageRow,
    RosterRow,
    RosterVersionRow,
    TicketRow,
)

SEPARATOR: Final = "\n"  # stands in no id of a person
OF_LINE: Final = aliased(DeskRow, name="of_line")

# Another web process may be ahead by the clock, or have been quicker: what it rang counts too.
_this_hour = (
    LegRow.placed_at > bindparam("hour_ago"),
    LegRow.placed_at < bindparam("hour_on"),
    LegRow.counts_hourly.is_(True),
)

_any_line = aliased(LineRow)
_caller_is_line = exists().where(_any_line.number == bindparam("caller"))
_caller_opted_out = (
    exists()
    .where(OptOutRow.number == bindparam("caller"), OptOutRow.line == LineRow.number)
    .correlate(LineRow)
)


def _rings(desk: Any, *, for_stranger: bool) -> ScalarSelect[int]:
    """Count the desk's attempts to reach somebody in the last hour."""
    of_desk = (
        select(LegRow.leg)
        .where(LegRow.desk == desk, LegRow.for_stranger.is_(for_stranger), *_this_hour)
        .limit(MOST_RINGS_PER_HOUR)
        .correlate(LineRow)
        .subquery()
    )
    return select(func.count()).select_from(of_desk).scalar_subquery()


def _strangers(joined: Any) -> Prepared:
    """What strangers have caused: attempts for them, and everybody of the duty who was rung.

    Each is named once for each other call in which they were rung, at whichever desk of the same
    roster: a person sleeps once.
    """
    rung = (
        select(LegRow.person, LegRow.call_sid)
        .distinct()
        .join(DeskRow, DeskRow.id == LegRow.desk)
        .where(
            DeskRow.roster == bindparam("roster"),
            LegRow.for_stranger.is_(True),
            LegRow.role != Role.FIRST_LINE,
            LegRow.call_sid != bindparam("sid"),
            *_this_hour,
        )
        .limit(MOST_RINGS_PER_HOUR)
        .subquery()
    )
    return Prepared(
        select(
            _rings(bindparam("desk"), for_stranger=True).label("rings"),
            select(joined(rung.c.person, SEPARATOR)).scalar_subquery().label("wakes"),
        )
    )


def _talking_in(row: type[CallRow] | type[CallOutRow]) -> Select[str | None]:
    """Select the numbers that talk in another call, or another call-out, than this one."""
    return select(row.talking).where(
        row.talking.is_not(None),
        row.sid != bindparam("sid"),
        row.created_at > bindparam("stale"),
    )


def _live(joined: Any) -> Prepared:
    """The live documents of a line, and how busy everybody is."""
    rows = union_all(*(_talking_in(row) for row in (CallRow, CallOutRow))).subquery()
    talking = select(joined(rows.c.talking, " "))
    missed = (
        select(joined(MissedCallOutRow.person, SEPARATOR))
        .where(MissedCallOutRow.roster == OF_LINE.roster)
        .correlate(OF_LINE)
    )
    return Prepared(
        select(
            LineRow.desk,
            OF_LINE.version.label("desk_version"),
            DeskVersionRow.sha.label("desk_sha"),
            OF_LINE.roster,
            RosterRow.version.label("roster_version"),
            RosterVersionRow.sha.label("roster_sha"),
            RosterRow.revision.label("roster_revision"),
            RosterRow.entries_sha,
            _rings(LineRow.desk, for_stranger=False).label("rings"),
            talking.scalar_subquery().label("talking"),
            missed.scalar_subquery().label("missed"),
            _caller_is_line.label("caller_is_line"),
            _caller_opted_out.label("caller_opted_out"),
            OutageRow.id.label("outage"),
            OutageRow.since.label("outage_since"),
            OutageRow.words.label("outage_words"),
        )
        .join(OF_LINE, OF_LINE.id == LineRow.desk)
        .join(DeskVersionRow, DeskVersionRow.id == OF_LINE.version)
        .outerjoin(RosterRow, RosterRow.id == OF_LINE.roster)
        .outerjoin(RosterVersionRow, RosterVersionRow.id == RosterRow.version)
        # One at the most: a unique index holds it.
        .outerjoin(OutageRow, (OutageRow.desk == LineRow.desk) & OutageRow.ended_at.is_(None))
        .where(LineRow.number == bindparam("line"))
    )


# Made while one thread reads this file: an alias that two threads ask first at the same time is
# broken for as long as the process lives.
JOINED: Final = {"postgresql": func.string_agg, "sqlite": func.group_concat}
_LIVE: Final = {dialect: _live(joined) for dialect, joined in JOINED.items()}
_STRANGERS: Final = {dialect: _strangers(joined) for dialect, joined in JOINED.items()}


_customer = CustomerRow.__table__
_by_phone = (
    select(_customer)
    .join(
        CustomerPhoneRow,
        (CustomerPhoneRow.desk == CustomerRow.desk)
        & (CustomerPhoneRow.customer == CustomerRow.number),
    )
    .where(
        CustomerPhoneRow.desk == bindparam("desk"), CustomerPhoneRow.digits == bindparam("caller")
    )
)
_by_number = select(_customer).where(
    CustomerRow.desk == bindparam("desk"),
    CustomerRow.number.in_([bindparam("digits"), bindparam("known")]),
)
MATCHING: Final = Prepared(union_all(_by_phone, _by_number))
ACKNOWLEDGED_BY: Final = Prepared(
    select(TicketRow.acknowledged_by).where(TicketRow.number == bindparam("ticket"))
)
LOCKED_ROSTER: Final = Prepared(  # rows that name the roster may be written meanwhile
    select(RosterRow.id)
    .join(DeskRow, DeskRow.roster == RosterRow.id)
    .where(DeskRow.id == bindparam("desk"))
    .with_for_update(of=RosterRow, key_share=True)
)
DESK_TEXT: Final = select(DeskVersionRow.text).where(DeskVersionRow.id == bindparam("version"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose facts are gathered, and when.

    `numbers` are the digits that were keyed, and the customer who is known already. `real_now`
    bounds how old a talk can be.
    """

    sid: str
    line: str
    caller: str
    numbers: tuple[str, str]
    now: datetime
    real_now: datetime

    @property
    def this_hour(self) -> dict[str, datetime]:
        """Return the bounds of the hour in which attempts to reach somebody count."""
        return {
            "hour_ago": self.now - CEILINGS_LOOK_BACK,
            "hour_on": self.now + CEILINGS_LOOK_BACK,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of one turn, and the versions of the documents that they come from."""

    world: World
    desk_version: int | None = None
    roster_version: int | None = None
    roster_revision: int | None = None


def read_world(
    connection: Connection, line: str, caller: Number, now: datetime, digits: str = ""
) -> World:
    """Gather the World for a caller on a line at a moment; changes nothing. For what-if.

    What the caller has been about before is left out: what-if is a first call.
    """
    asked = _Asked("", line, caller.digits, (digits, ""), now, now)
    return _snapshot(connection, asked).world


def take_snapshot(
    connection: Connection, call: Call, event: Event, now: datetime, real_now: datetime
) -> Snapshot:
    """Gather the World for one event of a call. `real_now` bounds how old a talk can be."""
    digits = event.digits if isinstance(event, Pressed) else ""
    numbers = (digits, call.customer or "")
    caller = call.caller.digits
    asked = _Asked(call.sid, call.line, caller, numbers, now, real_now)
    snapshot = _snapshot(connection, asked)
    if snapshot.world.desk is None:
        return snapshot
    if call.ticket and _asks_who_acknowledged(call, event):
        acknowledged_by = ACKNOWLEDGED_BY.scalar(connection, {"ticket": call.ticket.number})
        return replace(snapshot, world=replace(snapshot.world, acknowledged_by=acknowledged_by))
    world, desk = snapshot.world, snapshot.world.desk
    if isinstance(event, Arrived):
        earlier = load_caller_history(connection, desk.id, caller, call.sid, now)
        return replace(snapshot, world=replace(world, earlier=earlier))
    asks_for_case = call.ticket is None and isinstance(event, Pressed | Recorded)
    if asks_for_case and _is_stranger(world.customers, caller):
        case = load_ticket_of_stranger(connection, desk.id, caller, now)
        strangers = replace(world.strangers, ticket=case)
        return replace(snapshot, world=replace(world, strangers=strangers))
    return snapshot


def take_call_out_snapshot(
    connection: Connection,
    call_out: CallOut,
    event: CallOutEvent,
    now: datetime,
    real_now: datetime,
) -> Snapshot:
    """Gather the World for one event of a call-out, with who has taken the ticket elsewhere."""
    numbers, caller = ("", call_out.customer or ""), call_out.caller.digits
    asked = _Asked(call_out.sid, call_out.line, caller, numbers, now, real_now)
    snapshot = _snapshot(connection, asked)
    if snapshot.world.desk is None:
        return snapshot
    world = replace(
        snapshot.world,
        acknowledged_by=ACKNOWLEDGED_BY.scalar(connection, {"ticket": call_out.ticket.number}),
        message_is_stored=_may_hear_message(call_out, event)
        and is_stored(connection, call_out.recording),
    )
    return replace(snapshot, world=world)


def lock_roster_of(connection: Connection, desk: str | None) -> None:
    """Let one call at a time go on that rings people of the desk's roster; others wait here."""
    LOCKED_ROSTER.all(connection, {"desk": desk})


def _asks_who_acknowledged(call: Call, event: Event) -> bool:
    """Whether this turn depends on who has taken the ticket elsewhere in the meantime."""
    if isinstance(event, Recorded):
        return True
    return (call.joined > 0 and isinstance(event, RingEnded)) or (
        call.has_ended and isinstance(event, LegPressed)
    )


def _may_hear_message(call_out: CallOut, event: CallOutEvent) -> bool:
    """Whether this turn may play what the caller said."""
    return bool(call_out.recording) and isinstance(event, LegPressed)


def _snapshot(connection: Connection, asked: _Asked) -> Snapshot:
    live = _LIVE[connection.dialect.name].first(
        connection,
        {
            "line": asked.line,
            "caller": asked.caller,
            "sid": asked.sid,
            **asked.this_hour,
            "stale": asked.real_now - LONGEST_CALL,
        },
    )
    if live is None:
        return Snapshot(World())
    desk = load_desk(connection, live.desk, live.desk_version, live.desk_sha)
    customers = tuple(_customers(connection, live.desk, asked))
    is_stranger = _is_stranger(customers, asked.caller)
    world = World(
        desk=desk,
        line=desk.line(asked.line),
        roster=_roster(connection, live),
        customers=customers,
        talking=frozenset((live.talking or "").split()),
        rings_this_hour=live.rings,
        strangers=_of_strangers(connection, live, asked) if is_stranger else NO_STRANGERS,
        missed=frozenset((live.missed or "").splitlines()),
        caller_is_line=bool(live.caller_is_line),
        caller_opted_out=bool(live.caller_opted_out),
        outage=_outage(live),
    )
    return Snapshot(world, live.desk_version, live.roster_version, live.roster_revision)


def _outage(live: Any) -> KnownOutage | None:
    if live.outage is None:
        return None
    return KnownOutage(live.outage, live.outage_since, read_words(live.outage_words))


def _is_stranger(customers: tuple[Customer, ...], caller: str) -> bool:
    """Tell whether the caller's number is none of these customers'."""
    return not any(each.answers_to(caller) for each in customers)


def _of_strangers(
    connection: Connection, live: Row[tuple[object, ...]], asked: _Asked
) -> Strangers:
    values = {"desk": live.desk, "roster": live.roster, "sid": asked.sid, **asked.this_hour}
    found = _STRANGERS[connection.dialect.name].first(connection, values)
    return Strangers(found.rings, _counted(found.wakes))


def _counted(names: str | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter((names or "").splitlines()).items()))


def load_desk(connection: Connection, desk: str, version: int, sha: str) -> Desk:
    """Return a desk as one of its versions describes it."""

    def text() -> str:
        return str(connection.execute(DESK_TEXT, {"version": version}).scalar_one())

    return DESKS.get(desk, sha, text)


def _roster(connection: Connection, live: Row[tuple[object, ...]]) -> Roster | None:
    if live.roster_version is None:
        return None
    return load_plan(connection, plan_version(live))


def _customers(connection: Connection, desk: str, asked: _Asked) -> list[Customer]:
    digits, known = asked.numbers
    if not (asked.caller or digits or known):
        return []
    values = {"desk": desk, "caller": asked.caller, "digits": digits, "known": known}
    rows = MATCHING.all(connection, values)
    found = {row.number: row for row in rows}  # by telephone and by number it is mostly the same
    return [read_customer(row) for row in found.values()]
