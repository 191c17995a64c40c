"""Who writes to us by SMS: when they were last answered, and whether they want no more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from app.domain.health.opt_outs import OptOut
from app.domain.messages.intent import ONE_REPLY_IN
from app.store.tables import IncomingSmsRow, OptOutRow, SmsReplyRow
from app.store.upsert import insert_once

BY_SMS, BY_NETWORK = "sms", "network"


def may_reply(connection: Connection, sender: str, sid: str, now: datetime) -> bool:
    """Tell whether this SMS may be answered: one in an hour of each sender, and note it.

    The same SMS, posted again because its answer was lost, is answered again.
    """
    if insert_once(connection, SmsReplyRow, {"sender": sender, "sid": sid, "at": now}):
        return True
    again = update(SmsReplyRow).where(
        SmsReplyRow.sender == sender,
        or_(SmsReplyRow.sid == sid, SmsReplyRow.at <= now - ONE_REPLY_IN),
    )
    return connection.execute(again.values(sid=sid, at=now)).rowcount > 0


def purge_sms_replies(connection: Connection, before: datetime) -> int:
    """Delete when somebody was last answered, where that is long over."""
    return connection.execute(delete(SmsReplyRow).where(SmsReplyRow.at < before)).rowcount


def count_from(connection: Connection, desk: str, sender: str, since: datetime) -> int:
    """Count the SMS that a sender has written to a desk since an instant."""
    theirs = select(func.count()).select_from(IncomingSmsRow)
    theirs = theirs.where(IncomingSmsRow.desk == desk, IncomingSmsRow.at > since)
    return connection.execute(theirs.where(IncomingSmsRow.sender == sender)).scalar_one()


def note_opt_out(
    connection: Connection, number: str, line: str, now: datetime, by: str = BY_SMS
) -> None:
    """Note that a number takes no SMS from a line; `by` an SMS, or the network's refusal."""
    row = {"number": number, "line": line, "since": now, "by": by}
    if number and not insert_once(connection, OptOutRow, row) and by == BY_SMS:
        connection.execute(update(OptOutRow).where(_this(number, line)).values(by=by))


def note_opt_in(connection: Connection, number: str, line: str, by: str = "") -> None:
    """Note that a number takes SMS from a line again; `by`: only where it was noted so."""
    this = delete(OptOutRow).where(_this(number, line))
    connection.execute(this.where(OptOutRow.by == by) if by else this)


def has_sent_stop(connection: Connection, number: str, line: str) -> bool:
    """Tell whether a number has written that it wants no SMS from this line."""
    found = select(OptOutRow.number).where(_this(number, line), OptOutRow.by == BY_SMS)
    return connection.execute(found).first() is not None


def load_opt_outs(connection: Connection) -> Collection[OptOut]:
    """Return every number that takes no SMS from a line."""
    rows = connection.execute(select(OptOutRow.number, OptOutRow.line))
    return frozenset(OptOut(row.number, row.line) for row in rows)


def _this(number: str, line: str) -> ColumnElement[bool]:
    return and_(OptOutRow.number == number, OptOutRow.line == line)
