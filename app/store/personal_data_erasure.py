"""One telephone number taken out of the rows, in batches that may be stopped between.

What a row says beside the number stays, so that a call still counts.
"""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, or_, select, update

from app.domain.delivery_errors import DeliveryError
from app.domain.numbers import NumberKind
from app.domain.privacy.anonymise import mentions, without_number
from app.store.outbox import put_jobs
from app.store.personal_data import COLUMNS, DataCategory
from app.store.personal_data_search import (
    JSON,
    WRITTEN_IN,
    Key,
    Row,
    belongs_to_number,
    key_of,
    national,
    read_column,
    rows_naming,
)
from app.store.recordings import delete_job
from app.store.retention import delete_recordings
from app.store.roster_entries import refresh_entries_shas
from app.store.tables import (
    CallOutRow,
    CallRow,
    IncomingSmsRow,
    JobKind,
    JobRow,
    JobState,
    OwnNumbersRow,
    PersonRow,
    RecordingRow,
    RosterEntryRow,
    TicketRow,
)

BATCH: Final = 50
WITH_STATE: Final = frozenset({CallRow.__tablename__, CallOutRow.__tablename__})

Columns = dict[str, Any]


def erase_recordings(connection: Connection, digits: str, now: datetime) -> int:
    """Delete a few of the messages that a caller spoke, here and at the provider."""
    theirs = (
        select(RecordingRow.sid).where(belongs_to_number(_table(RecordingRow), digits)).limit(BATCH)
    )
    return delete_recordings(connection, list(connection.execute(theirs).scalars()), now)


def cancel_recording_fetches(connection: Connection, digits: str, now: datetime) -> int:
    """A recording that is not here yet must not come; the provider is to delete it."""
    waiting = and_(
        JobRow.kind == JobKind.RECORDING_FETCH,
        JobRow.due_at.is_not(None),
        belongs_to_number(_table(JobRow), digits),
    )
    columns = (JobRow.id, JobRow.payload, JobRow.desk)
    jobs = connection.execute(select(*columns).where(waiting).limit(BATCH)).all()
    for job in jobs:
        sid = str(json.loads(job.payload).get("recording", ""))
        connection.execute(update(JobRow).where(JobRow.id == job.id).values(_over(now)))
        put_jobs(connection, [delete_job(sid, job.desk)], now)
    return len(jobs)


def erase_messages(connection: Connection, digits: str, now: datetime) -> int:
    """Erase a few SMS from and to a number; what still waits to be sent to it is not sent."""
    return _erase_incoming(connection, digits) + _erase_outgoing(connection, digits, now)


def keys_to_clear(connection: Connection, table: Table, digits: str) -> list[Key]:
    """Return the keys of the rows of a table that a number can be taken out of."""
    rows = rows_naming(connection, table, digits)
    return [key_of(table, row) for row in rows if _without(table, row, digits) is not None]


def clear_rows(connection: Connection, table: Table, keys: list[Key], digits: str) -> int:
    """Take a number out of these rows; a row that is nothing without it is deleted."""
    done = 0
    rows = connection.execute(select(table).where(_one_of(table, keys)).with_for_update())
    for row in rows.mappings().all():
        this, new = _one_of(table, [key_of(table, row)]), _without(table, row, digits)
        if new is None:
            continue
        change = update(table).where(this).values(new) if new else delete(table).where(this)
        connection.execute(change)
        done += 1
    if done and table.name == RosterEntryRow.__tablename__:
        refresh_entries_shas(connection)  # a reason is told with who is on duty
    return done


def _erase_incoming(connection: Connection, digits: str) -> int:
    came = select(IncomingSmsRow.sid).where(IncomingSmsRow.sender == digits).limit(BATCH)
    sids = connection.execute(came).scalars().all()
    nothing = {"sender": "", "body": ""}
    connection.execute(update(IncomingSmsRow).where(IncomingSmsRow.sid.in_(sids)).values(nothing))
    return len(sids)


def _erase_outgoing(connection: Connection, digits: str, now: datetime) -> int:
    may_be = and_(JobRow.kind == JobKind.SMS, JobRow.payload.contains(national(digits)))
    rows = connection.execute(select(JobRow.id, JobRow.payload, JobRow.due_at).where(may_be)).all()
    theirs = [row for row in rows if json.loads(row.payload).get("to") == digits][:BATCH]
    for row in theirs:
        nothing: Columns = {"payload": "{}", "error": None}
        if row.due_at is not None:
            nothing |= _over(now) | {"error": DeliveryError.RECEIVER_ERASED}
        connection.execute(update(JobRow).where(JobRow.id == row.id).values(nothing))
    return len(theirs)


def _over(now: datetime) -> Columns:
    return {"state": JobState.DROPPED, "due_at": None, "finished_at": now}


def _without(table: Table, row: Row, digits: str) -> Columns | None:
    """Return the columns as they are without a number.

    None when it does not stand there or must stay; empty when the row has no use without it.
    """
    if table.name == PersonRow.__tablename__ and row["left_at"] is None:
        return None  # who is on the roster is rung: the roster has to change first
    is_chosen = table.name == OwnNumbersRow.__tablename__
    new: Columns = {}
    for column in table.columns:
        category = COLUMNS[table.name][column.name]
        value = read_column(category, row[column.name])
        if category not in WRITTEN_IN or not mentions(value, digits):
            continue
        if is_chosen and column.name == "ringing":
            continue  # the same: else the next import would take it from them
        if column.primary_key:
            return {}
        new[column.name] = _written(column, category, value, digits)
    if table.name in WITH_STATE and "state" in new:
        new["state"] = _called_by_nobody(new["state"])
    if table.name == TicketRow.__tablename__ and new.get("caller") == "":
        # Whom to answer is whoever has the number; the hash was made of it too.
        new |= {"contact_name": "", "contact_email": "", "opening_hash": None, "undoable": None}
    return new or None


def _written(column: Column[Any], category: DataCategory, value: Any, digits: str) -> Any:
    left = without_number(value, digits)
    if category is DataCategory.NUMBERS and isinstance(left, list):
        left = [number for number in left if number]
    if category in JSON:
        return _json(left)
    return None if left == "" and column.nullable else left


def _called_by_nobody(state: str) -> str:
    """Make a caller without a number one who withheld it."""
    held = json.loads(state)  # a call, or a call-out: whom it is about stands in its ticket
    contact = (held.get("ticket") or {}).get("contact") or {}
    for number in (held.get("caller"), contact.get("number")):
        if number and number["digits"] == "":
            number["kind"] = NumberKind.WITHHELD
    return _json(held)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _one_of(table: Table, keys: list[Key]) -> ColumnElement[bool]:
    columns = list(table.primary_key.columns)
    return or_(
        *(
            and_(*(column == part for column, part in zip(columns, key, strict=True)))
            for key in keys
        )
    )


def _table(row: type[Any]) -> Table:
    table: Table = row.__table__
    return table
