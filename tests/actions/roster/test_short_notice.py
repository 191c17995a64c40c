"""A change at short notice keeps who had agreed; one of the past is marked as a correction."""

from datetime import datetime, timedelta

from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.actions.roster.report_hours import AskedPeriod, HoursOf, ReportedHours, report_hours
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditKind
from app.domain.roster.entries import Consent, EntryKind, RosterEntry
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DAY, DESK

ANNE = Actor(ActorKind.PERSON, "Anne Vik", "1")
HOUR = timedelta(hours=1)


def changed(
    database: Database, begins: timedelta, kind: str = "override", *agreed: str
) -> RosterEntry:
    from_: datetime = DAY + begins
    values = {"person": "duty-2", "from": from_, "to": from_ + 8 * HOUR, "note": "Byttet"}
    if kind == "override":
        values |= {"role": "primary", "instead_of": "duty-1"}
    wanted = EntryRequest(DESK, EntryKind(kind), dict(values), ANNE, agreed=frozenset(agreed))
    done = add_entry(database, wanted, DAY)
    assert isinstance(done, EntryResult)
    assert done.entry
    return done.entry


@ONE_DATABASE
def test_who_was_asked_is_stored_and_told_in_the_audit_trail(database: Database) -> None:
    soon = changed(database, 3 * HOUR, "override", "duty-2", "nobody")
    assert soon.consents == (Consent("duty-1", False), Consent("duty-2", True))
    with database.read() as connection:
        [told] = list_audit_events(connection, AuditFilter(kind=AuditKind.ENTRY_ADDED))
    assert told.event.after["agreed"] == ["Duty 2"]
    assert told.event.after["not_asked"] == ["Duty 1"]


def test_with_more_notice_nobody_is_asked(database: Database) -> None:
    assert changed(database, timedelta(days=20)).consents == ()


@ONE_DATABASE
def test_whoever_falls_ill_is_not_asked_whether_they_agree(database: Database) -> None:
    assert changed(database, 3 * HOUR, "absence").consents == ()


@ONE_DATABASE
def test_time_that_is_over_is_nobodys_to_agree_to_and_is_a_correction(database: Database) -> None:
    late = changed(database, -20 * HOUR)
    assert late.consents == ()
    assert late.is_correction
    assert not changed(database, timedelta(minutes=-5)).is_correction, "a form takes a moment"
    period = AskedPeriod("2026-11-17", "2026-11-18")
    told = report_hours(database, HoursOf(DESK), period, DAY)
    assert isinstance(told, ReportedHours)
    assert [each.id for each in told.corrections] == [late.id]
