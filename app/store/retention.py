"""What is old enough goes, a few rows at a time. How old that is stands in the desk's [retention].

Every function takes one small batch of one desk and returns how much of it there was, so a
worker may stop between any two. `desk` None is what belongs to no desk.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, text, true, update

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import Call
from app.domain.privacy.anonymise import (
    ERASED,
    RetentionLevel,
    call_out_figures_only,
    call_out_without_numbers,
    figures_only,
    names_that_are_numbers,
    without_numbers,
    without_numbers_in,
)
from app.domain.tickets.events import TicketEventKind
from app.store.codec import (
    read_call,
    read_call_out,
    read_facts,
    write_call,
    write_call_out,
    write_facts,
)
from app.store.outages import purge_outages
from app.store.outbox import put_jobs
from app.store.recordings import delete_job
from app.store.sms_cases import purge_cases
from app.store.sms_changes import purge_changes
from app.store.sms_senders import purge_sms_replies
from app.store.tables import (
    Base,
    BlockedNumberRow,
    CallOutRow,
    CallRow,
    DeliveryRow,
    IncomingSmsRow,
    JobRow,
    LegRow,
    RecordingAccessRow,
    RecordingRow,
    TicketEventRow,
    TicketRow,
    TurnRow,
)
from app.store.tickets import add_event

HeldRow = type[CallRow] | type[CallOutRow]

HELD: Final[tuple[HeldRow, ...]] = (CallRow, CallOutRow)
BATCH: Final = 25
ROWS: Final = 200
NO_CONTACT: Final = {
    "caller": "",
    "contact_name": "",
    "contact_email": "",
    "opening_hash": None,
    "undoable": None,
}


def overwrite_deleted_rows(connection: Connection) -> None:
    """Have SQLite overwrite what is deleted: it would leave the words in the file."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))


def purge_recordings(
    connection: Connection, desk: str | None, before: datetime, now: datetime
) -> int:
    """Delete recordings fetched before an instant; their tickets tell that they were there."""
    old = select(RecordingRow.sid).where(
        _of(RecordingRow.desk, desk), RecordingRow.fetched_at < before
    )
    sids = connection.execute(old.order_by(RecordingRow.fetched_at).limit(BATCH)).scalars().all()
    return delete_recordings(connection, list(sids), now)


def delete_recordings(connection: Connection, sids: list[str], now: datetime) -> int:
    """Delete recordings here, and at the provider where they still are."""
    columns = (
        RecordingRow.sid,
        RecordingRow.desk,
        RecordingRow.call_sid,
        RecordingRow.ticket,
        RecordingRow.deleted_at_provider_at,
    )
    rows = connection.execute(select(*columns).where(RecordingRow.sid.in_(sids))).all()
    for row in rows:
        if row.ticket is not None:
            gone = TicketEventKind.RECORDING_DELETED
            add_event(connection, row.ticket, gone, now, recording=row.sid)
    still_there = [
        delete_job(row.sid, row.desk, row.call_sid)
        for row in rows
        if row.deleted_at_provider_at is None
    ]
    if still_there:
        put_jobs(connection, still_there, now)
    connection.execute(delete(RecordingRow).where(RecordingRow.sid.in_([r.sid for r in rows])))
    return len(rows)


def purge_messages(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete SMS that came in, jobs of the outbox and outages that are over, from before then."""
    came = select(IncomingSmsRow.sid).where(
        _of(IncomingSmsRow.desk, desk), IncomingSmsRow.at < before
    )
    incoming = connection.execute(came.order_by(IncomingSmsRow.at).limit(ROWS)).scalars().all()
    connection.execute(delete(IncomingSmsRow).where(IncomingSmsRow.sid.in_(incoming)))
    over = select(JobRow.id, JobRow.provider_sid).where(
        _of(JobRow.desk, desk), JobRow.created_at < before, JobRow.due_at.is_(None)
    )
    jobs = connection.execute(over.order_by(JobRow.created_at).limit(ROWS)).all()
    sids = [job.provider_sid for job in jobs if job.provider_sid]
    connection.execute(delete(DeliveryRow).where(DeliveryRow.sid.in_(sids)))
    connection.execute(delete(JobRow).where(JobRow.id.in_([job.id for job in jobs])))
    purge_sms_replies(connection, before)
    purge_changes(connection, desk, before)
    purge_cases(connection, desk, before)
    return len(incoming) + len(jobs) + purge_outages(connection, desk, before)


def purge_turns(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete what was pressed, said and decided in calls from before an instant."""
    return sum(_purge_turns_of(connection, row, desk, before) for row in HELD)


def _purge_turns_of(
    connection: Connection, row: HeldRow, desk: str | None, before: datetime
) -> int:
    old = _kept(connection, row, RetentionLevel.EVERYTHING, desk, before)
    sids = [each.sid for each in old]
    connection.execute(delete(TurnRow).where(TurnRow.call_sid.in_(sids)))
    less = update(row).where(row.sid.in_(sids)).values(retained=RetentionLevel.NO_TURNS)
    connection.execute(less)
    return len(sids)


def purge_numbers(connection: Connection, desk: str | None, before: datetime) -> int:
    """Take the numbers out of calls from before an instant, and out of their tickets."""
    calls = _kept(connection, CallRow, RetentionLevel.NO_TURNS, desk, before)
    for each in calls:
        call = read_call(each.state)
        _anonymise_unnamed_callees(connection, call)
        _change(connection, without_numbers(call), RetentionLevel.NO_NUMBERS)
    call_outs = _kept(connection, CallOutRow, RetentionLevel.NO_TURNS, desk, before)
    for each in call_outs:
        call_out = read_call_out(each.state)
        _anonymise_unnamed_callees(connection, call_out)
        bare = call_out_without_numbers(call_out)
        _change_call_out(connection, bare, RetentionLevel.NO_NUMBERS)
    sids = [each.sid for each in (*calls, *call_outs)]
    connection.execute(update(LegRow).where(LegRow.call_sid.in_(sids)).values(number=""))
    theirs = TicketRow.call_sid.in_(sids)
    connection.execute(update(TicketRow).where(theirs).values(NO_CONTACT))
    _clear_events(connection, theirs)
    return len(sids) + _drop_contacts(connection, desk, before)


def _drop_contacts(connection: Connection, desk: str | None, before: datetime) -> int:
    """Take whom to answer out of tickets that no call opened, from before an instant."""
    has_one = or_(
        TicketRow.caller != "", TicketRow.contact_name != "", TicketRow.contact_email != ""
    )
    numbers = _without_calls(connection, desk, before, has_one)
    theirs = TicketRow.number.in_(numbers)
    connection.execute(update(TicketRow).where(theirs).values(NO_CONTACT))
    _clear_events(connection, theirs)
    return len(numbers)


def purge_tickets(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete tickets of calls from before an instant; of the calls only figures are left."""
    calls = _kept(connection, CallRow, RetentionLevel.NO_NUMBERS, desk, before)
    of_calls = select(TicketRow.number).where(TicketRow.call_sid.in_([each.sid for each in calls]))
    _delete_tickets(connection, list(connection.execute(of_calls).scalars()))
    others = _without_calls(connection, desk, before, true())
    _delete_tickets(connection, others)
    for each in calls:
        bare = figures_only(read_call(each.state))
        _change(connection, bare, RetentionLevel.FIGURES, customer=None)
    call_outs = _kept(connection, CallOutRow, RetentionLevel.NO_NUMBERS, desk, before)
    for each in call_outs:
        nobodys = call_out_figures_only(read_call_out(each.state))
        _change_call_out(connection, nobodys, RetentionLevel.FIGURES)
    sids = [each.sid for each in (*calls, *call_outs)]
    nobody = {"person": "", "name": "", "number": "", "sid": ""}
    connection.execute(update(LegRow).where(LegRow.call_sid.in_(sids)).values(nobody))
    return len(sids) + len(others)


def _without_calls(
    connection: Connection, desk: str | None, before: datetime, which: ColumnElement[bool]
) -> list[int]:
    """Lock a few tickets that no call opened; another worker takes others."""
    old = and_(TicketRow.call_sid.is_(None), TicketRow.created_at < before, which)
    few = select(TicketRow.number).where(_of(TicketRow.desk, desk), old)
    few = few.order_by(TicketRow.number).limit(BATCH).with_for_update(skip_locked=True)
    return list(connection.execute(few).scalars())


def purge_blocks(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete blocked numbers whose block ended before an instant."""
    over = and_(_of(BlockedNumberRow.desk, desk), BlockedNumberRow.until < before)
    return connection.execute(delete(BlockedNumberRow).where(over)).rowcount


def purge_recording_accesses(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete who listened to what before an instant."""
    old = select(RecordingAccessRow.id).where(
        _of(RecordingAccessRow.desk, desk), RecordingAccessRow.at < before
    )
    ids = connection.execute(old.order_by(RecordingAccessRow.at).limit(ROWS)).scalars().all()
    connection.execute(delete(RecordingAccessRow).where(RecordingAccessRow.id.in_(ids)))
    return len(ids)


def _of(column: Any, desk: str | None) -> ColumnElement[bool]:
    is_desks: ColumnElement[bool] = column.is_(None) if desk is None else column == desk
    return is_desks


def _kept(
    connection: Connection,
    row: HeldRow,
    retained: RetentionLevel,
    desk: str | None,
    before: datetime,
) -> list[Any]:
    """Lock a few calls, or call-outs, that are kept so far; another worker takes others."""
    old = select(row.sid, row.state).where(
        row.retained == retained, _of(row.desk, desk), row.created_at < before
    )
    few = old.order_by(row.created_at).limit(BATCH).with_for_update(skip_locked=True)
    return list(connection.execute(few))


def _change(
    connection: Connection, call: Call, retained: RetentionLevel, **columns: object
) -> None:
    state = {"caller": "", "talking": None, "state": write_call(call), "retained": retained}
    this = update(CallRow).where(CallRow.sid == call.sid)
    connection.execute(this.values(state | columns))


def _change_call_out(connection: Connection, call_out: CallOut, retained: RetentionLevel) -> None:
    this = update(CallOutRow).where(CallOutRow.sid == call_out.sid)
    state = write_call_out(call_out)
    connection.execute(this.values(talking=None, state=state, retained=retained))


def _anonymise_unnamed_callees(connection: Connection, held: Call | CallOut) -> None:
    """Whoever was rung without a name stands by the number, also where they took the ticket."""
    names = names_that_are_numbers(held.hunt)
    if not names:
        return
    nobody = {"person": ERASED, "name": ERASED}
    of_call = and_(LegRow.call_sid == held.sid, LegRow.person.in_(names))
    connection.execute(update(LegRow).where(of_call).values(nobody))
    if held.ticket is None:
        return
    taken = and_(TicketRow.number == held.ticket.number, TicketRow.acknowledged_person.in_(names))
    by_nobody = {"acknowledged_by": ERASED, "acknowledged_person": ERASED}
    connection.execute(update(TicketRow).where(taken).values(by_nobody))
    for column in (TicketRow.changed_by, TicketRow.moved_by):
        changed = and_(TicketRow.number == held.ticket.number, column.in_(names))
        connection.execute(update(TicketRow).where(changed).values({column: ERASED}))
    theirs = and_(TicketEventRow.ticket == held.ticket.number, TicketEventRow.who.in_(names))
    connection.execute(update(TicketEventRow).where(theirs).values(who=ERASED))


def _clear_events(connection: Connection, of: ColumnElement[bool]) -> None:
    """The network's own words about a failed message may tell the number."""
    of_tickets = (
        select(TicketEventRow.id, TicketEventRow.facts)
        .join(TicketRow, TicketRow.number == TicketEventRow.ticket)
        .where(of)
    )
    for event in connection.execute(of_tickets).all():
        facts = read_facts(event.facts)
        clear = without_numbers_in(facts)
        if clear != facts and isinstance(clear, dict):
            this = update(TicketEventRow).where(TicketEventRow.id == event.id)
            connection.execute(this.values(facts=write_facts(**clear)))


def _delete_tickets(connection: Connection, numbers: list[int]) -> None:
    """Delete tickets with all that hangs on them; what may stand without one is let go."""
    connection.execute(delete(RecordingRow).where(RecordingRow.ticket.in_(numbers)))
    for table in reversed(Base.metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.column.table.name != TicketRow.__tablename__:
                continue
            theirs = key.parent.in_(numbers)
            if key.parent.nullable:
                connection.execute(table.update().where(theirs).values({key.parent: None}))
            else:
                connection.execute(table.delete().where(theirs))
    connection.execute(delete(TicketRow).where(TicketRow.number.in_(numbers)))
