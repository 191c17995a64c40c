"""What the audit trail tells of requests for cover and of swaps."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.actions.roster.entry_audit import wall
from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Value,
    Values,
    audit_event,
)
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.duty_slots import DutySlot
from app.domain.roster.plan import Roster
from app.store.audit import add_audit_event


def note_request(
    connection: Connection,
    plan: Roster,
    kind: AuditKind,
    by: Author,
    request: DutyRequest,
    person: str | None = None,
) -> None:
    """Note what somebody has done with a request; `person`: for whom they have answered."""
    subject, values = Subject(SubjectKind.ROSTER, plan.id), _values(plan, request, person)
    add_audit_event(connection, audit_event(kind, by, subject, {}, values))


def _values(plan: Roster, request: DutyRequest, person: str | None) -> Values:
    told: dict[str, Value] = {
        "request": request.id,
        "request_kind": str(request.kind),
        **_slot(plan, "", request.slot),
        "asked": [plan.name_of(each.person) for each in request.answers],
        "answered_for": plan.name_of(person) if person else None,
        "note": request.reason or None,
    }
    if request.wanted:
        told |= _slot(plan, "wanted_", request.wanted)
    return {name: value for name, value in told.items() if value is not None}


def _slot(plan: Roster, prefix: str, slot: DutySlot) -> Values:
    zone = ZoneInfo(plan.time_zone)
    return {
        f"{prefix}duty_person": plan.name_of(slot.person),
        f"{prefix}duty_role": str(slot.role),
        f"{prefix}since": wall(slot.when.from_, zone),
        f"{prefix}until": wall(slot.when.to, zone),
    }
