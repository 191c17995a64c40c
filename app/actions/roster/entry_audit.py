"""What the audit trail tells of a change of a roster's entries."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Value,
    Values,
    audit_event,
)
from app.domain.roster.entries import RosterEntry, identity_of
from app.domain.roster.period_copy import Proposal
from app.domain.roster.plan import Roster
from app.store.audit import add_audit_event


def note_added(connection: Connection, plan: Roster, entry: RosterEntry, by: Author) -> None:
    """Note who has added an entry."""
    _note(connection, plan, AuditKind.ENTRY_ADDED, by, ({}, _values(plan, entry)))


def note_withdrawn(connection: Connection, plan: Roster, entry: RosterEntry, by: Author) -> None:
    """Note who has taken an entry back."""
    _note(connection, plan, AuditKind.ENTRY_WITHDRAWN, by, (_values(plan, entry), {}))


def row_values(names: Roster, row: Proposal) -> Values:
    """What a row of a draft says."""
    zone = ZoneInfo(names.time_zone)
    return {
        "duty_person": names.name_of(row.person),
        "duty_role": str(row.role),
        "since": wall(row.when.from_, zone),
        "until": wall(row.when.to, zone),
    }


def _note(
    connection: Connection,
    plan: Roster,
    kind: AuditKind,
    by: Author,
    change: tuple[Values, Values],
) -> None:
    subject = Subject(SubjectKind.ROSTER, plan.id)
    add_audit_event(connection, audit_event(kind, by, subject, *change))


def _values(plan: Roster, entry: RosterEntry) -> Values:
    """What an entry says; what it leaves open is left out."""
    identity, zone = identity_of(entry.dated), ZoneInfo(plan.time_zone)
    told: dict[str, Value] = {
        "entry": entry.id,
        "entry_kind": str(identity.kind),
        "duty_person": plan.name_of(identity.person),
        "duty_role": str(identity.role) if identity.role else None,
        "instead_of": plan.name_of(identity.instead_of) if identity.instead_of else None,
        "since": wall(identity.from_, zone),
        "until": wall(identity.to, zone),
        "note": entry.dated.note or None,
        "agreed": [plan.name_of(one.person) for one in entry.consents if one.has_agreed] or None,
        "not_asked": [plan.name_of(one.person) for one in entry.consents if not one.has_agreed]
        or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def wall(at: datetime, zone: ZoneInfo) -> str:
    """An instant as the wall shows it, with the offset that tells two of the same time apart."""
    return at.astimezone(zone).isoformat(" ", "minutes")
