"""Requests for cover and swaps as rows. Whoever changes one has locked its roster."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from app.domain.access.actor import Actor
from app.domain.access.audit import Author
from app.domain.roles import Role, rotation_role
from app.domain.roster.duty_requests import (
    WAITING,
    Answer,
    DutyRequest,
    RequestKind,
    RequestState,
)
from app.domain.roster.duty_slots import DutySlot
from app.domain.time.intervals import Interval
from app.store.tables import DeskRow, DutyRequestAnswerRow, DutyRequestRow, RosterEntryRow
from app.store.upsert import insert_new

PURGED_AT_ONCE: Final = 200
LISTED_AT_ONCE: Final = 500

ANSWERS: Final = select(DutyRequestAnswerRow).order_by(
    DutyRequestAnswerRow.request, DutyRequestAnswerRow.person
)


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to be stored."""

    kind: RequestKind
    slot: DutySlot
    wanted: DutySlot | None
    people: tuple[str, ...]  # whom it is asked of
    reason: str
    expires_at: datetime


def add_request(connection: Connection, roster: str, new: NewRequest, by: Author) -> DutyRequest:
    """Store a request that is open."""
    row = {
        "roster": roster,
        "kind": new.kind,
        "state": RequestState.OPEN,
        **_slot_columns("", new.slot),
        **_slot_columns("wanted_", new.wanted),
        "reason": new.reason,
        "asked_by": by.actor,
        "asked_at": by.at,
        "expires_at": new.expires_at,
    }
    added = insert(DutyRequestRow).returning(DutyRequestRow.id)
    request = connection.execute(added, row).scalar_one()
    answers = [{"request": request, "person": person} for person in new.people]
    connection.execute(insert(DutyRequestAnswerRow), answers)
    return _one(connection, request)


def find_request(connection: Connection, roster: str, request: int) -> DutyRequest | None:
    """Return one request of a roster, or None."""
    of_roster = DutyRequestRow.roster == roster
    return next(iter(_read(connection, of_roster, DutyRequestRow.id == request)), None)


def list_requests(
    connection: Connection,
    roster: str,
    states: Collection[RequestState],
    ahead_of: datetime | None = None,
    latest: int | None = None,
) -> tuple[DutyRequest, ...]:
    """Return the requests of a roster that have come so far, the oldest first.

    With `ahead_of` only those with a shift that ends after an instant, also where it has moved
    there. What is decided is decided about all of them; only a list has the `latest`.
    """
    which = [DutyRequestRow.roster == roster, DutyRequestRow.state.in_(states)]
    if ahead_of is not None:
        wanted = DutyRequestRow.wanted_until > ahead_of
        ids = or_(
            RosterEntryRow.id == DutyRequestRow.entry,
            RosterEntryRow.id == DutyRequestRow.wanted_entry,
        )
        moved = select(RosterEntryRow.id).where(ids, RosterEntryRow.until > ahead_of).exists()
        which.append(or_(DutyRequestRow.until > ahead_of, wanted, moved))
    return _read(connection, *which, latest=latest)


def open_requests(connection: Connection, now: datetime) -> dict[str, tuple[DutyRequest, ...]]:
    """Return by roster what waits for an answer, and may still get one."""
    waits = DutyRequestRow.state == RequestState.OPEN, DutyRequestRow.expires_at > now
    rosters = connection.execute(select(DutyRequestRow.roster).where(*waits).distinct()).scalars()
    return {
        roster: _read(connection, DutyRequestRow.roster == roster, *waits)
        for roster in rosters.all()
    }


def requests_of_entries(
    connection: Connection, roster: str, entries: Collection[int]
) -> tuple[DutyRequest, ...]:
    """Return the agreed requests that have become one of these entries."""
    theirs = or_(DutyRequestRow.entry.in_(entries), DutyRequestRow.wanted_entry.in_(entries))
    is_agreed = DutyRequestRow.state == RequestState.AGREED
    return _read(connection, DutyRequestRow.roster == roster, is_agreed, theirs)


def next_expired_request(connection: Connection, now: datetime) -> tuple[str, int] | None:
    """Return the roster and the id of a request that it is too late to answer, or None."""
    late = select(DutyRequestRow.roster, DutyRequestRow.id).where(
        DutyRequestRow.state.in_(WAITING), DutyRequestRow.expires_at <= now
    )
    found = connection.execute(late.order_by(DutyRequestRow.expires_at).limit(1)).first()
    return (found.roster, found.id) if found else None


def save_answer(connection: Connection, request: int, answer: Answer) -> None:
    """Store what somebody has said; also for whoever was not asked."""
    key = {"request": request, "person": answer.person}
    insert_new(connection, DutyRequestAnswerRow, [key])
    this = update(DutyRequestAnswerRow).where(
        DutyRequestAnswerRow.request == request, DutyRequestAnswerRow.person == answer.person
    )
    said = {"is_yes": answer.is_yes, "answered_by": answer.by, "answered_at": answer.at}
    connection.execute(this.values(said))


def save_state(
    connection: Connection, request: DutyRequest, state: RequestState, by: Actor, at: datetime
) -> DutyRequest:
    """Store how far a request has come, and where its shifts are."""
    this = update(DutyRequestRow).where(DutyRequestRow.id == request.id)
    entry, wanted_entry = (*request.entries, None, None)[:2]
    values = {
        "state": state,
        "closed_by": by,
        "closed_at": at,
        **_slot_columns("", request.slot),
        **_slot_columns("wanted_", request.wanted),
        "entry": entry,
        "wanted_entry": wanted_entry,
    }
    connection.execute(this.values(values))
    return _one(connection, request.id)


def save_entries(connection: Connection, request: int, entries: tuple[int, ...]) -> None:
    """Store which roster entries a request has become, where they have moved."""
    entry, wanted_entry = (*entries, None, None)[:2]
    this = update(DutyRequestRow).where(DutyRequestRow.id == request)
    connection.execute(this.values(entry=entry, wanted_entry=wanted_entry))


def save_expiry(connection: Connection, request: int, expires_at: datetime) -> None:
    """Store when it is too late to answer, where the shift has moved."""
    this = update(DutyRequestRow).where(DutyRequestRow.id == request)
    connection.execute(this.values(expires_at=expires_at))


def purge_requests(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete requests of the desk's roster whose shifts were over before an instant."""
    roster = select(DeskRow.roster).where(DeskRow.id == desk).scalar_subquery()
    is_over = or_(DutyRequestRow.wanted_until.is_(None), DutyRequestRow.wanted_until < before)
    old = select(DutyRequestRow.id).where(
        DutyRequestRow.roster == roster, DutyRequestRow.until < before, is_over
    )
    ids = connection.execute(old.order_by(DutyRequestRow.id).limit(PURGED_AT_ONCE)).scalars().all()
    answers = delete(DutyRequestAnswerRow).where(DutyRequestAnswerRow.request.in_(ids))
    connection.execute(answers)
    connection.execute(delete(DutyRequestRow).where(DutyRequestRow.id.in_(ids)))
    return len(ids)


def _one(connection: Connection, request: int) -> DutyRequest:
    [found] = _read(connection, DutyRequestRow.id == request)
    return found


def _read(
    connection: Connection, *which: ColumnElement[bool], latest: int | None = None
) -> tuple[DutyRequest, ...]:
    wanted = select(DutyRequestRow).where(*which).order_by(DutyRequestRow.id.desc())
    rows = connection.execute(wanted.limit(latest)).all()[::-1]
    if not rows:
        return ()
    answers: dict[int, list[Answer]] = {}
    of_these = DutyRequestAnswerRow.request.in_([row.id for row in rows])
    for row in connection.execute(ANSWERS.where(of_these)):
        said = Answer(row.person, row.is_yes, row.answered_by, row.answered_at)
        answers.setdefault(row.request, []).append(said)
    return tuple(_request(row, answers.get(row.id, ())) for row in rows)


def _request(row: Row[*tuple[Any, ...]], answers: Iterable[Answer]) -> DutyRequest:
    slot = _slot(row.person, row.role, (row.shift_since, row.shift_until), (row.since, row.until))
    wanted = None
    if row.wanted_person:
        shift = row.wanted_shift_since, row.wanted_shift_until
        when = row.wanted_since, row.wanted_until
        wanted = _slot(row.wanted_person, row.wanted_role, shift, when)
    return DutyRequest(
        row.id,
        row.kind,
        row.state,
        slot,
        wanted,
        row.reason,
        row.asked_by,
        row.asked_at,
        row.expires_at,
        tuple(answers),
        tuple(each for each in (row.entry, row.wanted_entry) if each is not None),
        row.closed_by,
        row.closed_at,
    )


def _slot(
    person: str, role: Role, shift: tuple[datetime, datetime], when: tuple[datetime, datetime]
) -> DutySlot:
    return DutySlot(person, rotation_role(role), Interval(*shift), Interval(*when))


def _slot_columns(prefix: str, slot: DutySlot | None) -> dict[str, Any]:
    if slot is None:
        return {}
    return {
        f"{prefix}person": slot.person,
        f"{prefix}role": slot.role,
        f"{prefix}shift_since": slot.shift.from_,
        f"{prefix}shift_until": slot.shift.to,
        f"{prefix}since": slot.when.from_,
        f"{prefix}until": slot.when.to,
    }
