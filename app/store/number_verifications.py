"""Number verifications: a call and an SMS to one number, which ask for a key; and which numbers
have answered with one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from app.domain.access.users import PersonLink
from app.domain.calls.call import LONGEST_CALL
from app.domain.calls.flows.key_question import (
    STATUSES_BEFORE_END,
    is_over,
    statuses_before,
)
from app.domain.calls.flows.verify import (
    OUTCOMES_BY_KEY,
    SMS_REPLY_COUNTS_FOR,
    VerificationCall,
    VerificationPurpose,
    VerificationStep,
)
from app.store.codec import read_texts, write_texts
from app.store.tables import (
    CallOutRow,
    CallRow,
    DeliveryRow,
    LegRow,
    NumberVerificationRow,
)

MOST_SHOWN: Final = 50
NO_TEXTS: Final = write_texts(())
WITH_DELIVERY: Final = select(
    *NumberVerificationRow.__table__.columns, DeliveryRow.status.label("delivery")
).outerjoin(DeliveryRow, DeliveryRow.sid == NumberVerificationRow.sms_sid)


@dataclass(frozen=True, slots=True)
class NewNumberVerification:
    """Whose number is verified, with which line of ours, in which language.

    `then` are the numbers that are rung where this one gives no key.
    """

    number: str
    desk: str
    line: str
    language: str
    purpose: VerificationPurpose = VerificationPurpose.PREFLIGHT
    whose: PersonLink | None = None
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberVerification:
    """A verification as it stands. `status` is the call's, `delivery` the SMS', in the network's
    words; `step` and `misses` say how far the conversation has come.
    """

    id: int
    number: str
    desk: str
    line: str
    language: str
    status: str
    delivery: str
    step: VerificationStep
    misses: int
    key_pressed_at: datetime | None
    replied_at: datetime | None
    started_at: datetime
    purpose: VerificationPurpose
    whose: PersonLink | None
    then: tuple[str, ...]
    call_sid: str

    def call(self, desk_name: str) -> VerificationCall:
        """Return its call as the conversation knows it."""
        return VerificationCall(desk_name, self.language, self.purpose, self.step, self.misses)

    @property
    def is_over(self) -> bool:
        """Tell whether the call has ended."""
        return is_over(self.status)


def add_number_verification(
    connection: Connection, verification: NewNumberVerification, now: datetime
) -> int:
    """Note that a verification begins; return its id."""
    row = {
        "number": verification.number,
        "desk": verification.desk,
        "line": verification.line,
        "language": verification.language,
        "started_at": now,
        "status": "",
        "step": VerificationStep.QUESTION,
        "misses": 0,
        "purpose": verification.purpose,
        "roster": verification.whose.roster if verification.whose else None,
        "person": verification.whose.person if verification.whose else None,
        "then": write_texts(verification.then),
    }
    return connection.execute(
        insert(NumberVerificationRow).values(row).returning(NumberVerificationRow.id)
    ).scalar_one()


def load_number_verification(
    connection: Connection, verification: int
) -> NumberVerification | None:
    """Return a verification, or None."""
    wanted = WITH_DELIVERY.where(NumberVerificationRow.id == verification)
    found = connection.execute(wanted).first()
    return _number_verification(found) if found else None


def note_sms(connection: Connection, verification: int, sid: str) -> None:
    """Note the network's sid of the SMS, by which it tells how that fares."""
    _change(connection, verification, sms_sid=sid)


def latest_verifications(
    connection: Connection, whose: PersonLink, since: datetime
) -> tuple[NumberVerification, ...]:
    """Return a person's verifications since an instant, the newest first."""
    theirs = (
        WITH_DELIVERY.where(
            NumberVerificationRow.roster == whose.roster,
            NumberVerificationRow.person == whose.person,
            NumberVerificationRow.started_at >= since,
        )
        .order_by(NumberVerificationRow.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(_number_verification(row) for row in connection.execute(theirs))


def verifications_at(
    connection: Connection, number: str, since: datetime
) -> tuple[NumberVerification, ...]:
    """Return those since an instant whose call to a number is not over, as far as is known."""
    there = WITH_DELIVERY.where(
        NumberVerificationRow.number == number,
        NumberVerificationRow.started_at >= since,
        NumberVerificationRow.status.in_(STATUSES_BEFORE_END),
        NumberVerificationRow.call_sid.is_not(None),
    )
    return tuple(_number_verification(row) for row in connection.execute(there))


def note_call(connection: Connection, verification: int, sid: str) -> None:
    """Note the network's sid of the call, by which it is hung up."""
    _change(connection, verification, call_sid=sid)


def take_next(connection: Connection, verification: NumberVerification) -> bool:
    """Take the numbers that are still to be rung, for whoever rings them; once."""
    has_some = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification.id, NumberVerificationRow.then != NO_TEXTS
    )
    return connection.execute(has_some.values(then=NO_TEXTS)).rowcount > 0


def is_call_going_on(connection: Connection, desks: Collection[str], now: datetime) -> bool:
    """Tell whether a call or a call-out goes on at one of these desks."""
    open_ones = (
        exists().where(
            row.ended_at.is_(None), row.created_at > now - LONGEST_CALL, row.desk.in_(desks)
        )
        for row in (CallRow, CallOutRow)
    )
    return bool(connection.execute(select(or_(*open_ones))).scalar())


def note_status(connection: Connection, verification: int, status: str) -> None:
    """Note how the call fares; what is told late takes nothing back."""
    noted = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification,
        NumberVerificationRow.status.in_(statuses_before(status)),
    )
    connection.execute(noted.values(status=status))


def save_conversation(
    connection: Connection, before: NumberVerification, call: VerificationCall, now: datetime
) -> None:
    """Store how far the conversation has come; of two posts of one key the first one counts."""
    columns: dict[str, Any] = {"step": call.step, "misses": call.misses}
    if call.step is VerificationStep.CONFIRMED:
        columns["key_pressed_at"] = now
    unchanged = (
        NumberVerificationRow.id == before.id,
        NumberVerificationRow.step == before.step,
        NumberVerificationRow.misses == before.misses,
    )
    connection.execute(update(NumberVerificationRow).where(*unchanged).values(columns))


def note_reply(connection: Connection, sender: str, now: datetime) -> NumberVerification | None:
    """Note that a number has replied to its newest SMS, and return the verification; else None."""
    asked = (
        select(NumberVerificationRow.id)
        .where(
            NumberVerificationRow.number == sender,
            NumberVerificationRow.sms_sid.is_not(None),
            NumberVerificationRow.started_at >= now - SMS_REPLY_COUNTS_FOR,
        )
        .order_by(NumberVerificationRow.id.desc())
        .limit(1)
    )
    verification = connection.execute(asked).scalar()
    if verification is None:
        return None
    first = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification, NumberVerificationRow.replied_at.is_(None)
    )
    connection.execute(first.values(replied_at=now))
    return load_number_verification(connection, verification)


def last_answers(connection: Connection, since: datetime) -> dict[str, datetime]:
    """Return when each number last answered with a key, since an instant."""
    last = func.max(LegRow.changed_at).label("last")
    by_legs = (
        select(LegRow.number, last)
        .where(LegRow.placed_at >= since, LegRow.outcome.in_(OUTCOMES_BY_KEY), LegRow.number != "")
        .group_by(LegRow.number)
    )
    by_verifications = select(
        NumberVerificationRow.number, NumberVerificationRow.key_pressed_at.label("last")
    ).where(NumberVerificationRow.key_pressed_at >= since, NumberVerificationRow.number != "")
    answers = union_all(by_legs, by_verifications).subquery()
    newest = select(answers.c.number, func.max(answers.c.last).label("last"))
    found = connection.execute(newest.group_by(answers.c.number)).all()
    return {row.number: row.last for row in found}


def purge_number_verifications(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete verifications from before an instant, and how their SMS fared."""
    is_desks = (
        NumberVerificationRow.desk.is_(None) if desk is None else NumberVerificationRow.desk == desk
    )
    old = select(NumberVerificationRow.id, NumberVerificationRow.sms_sid).where(
        is_desks, NumberVerificationRow.started_at < before
    )
    rows = connection.execute(old).all()
    sids = [row.sms_sid for row in rows if row.sms_sid]
    connection.execute(delete(DeliveryRow).where(DeliveryRow.sid.in_(sids)))
    connection.execute(
        delete(NumberVerificationRow).where(NumberVerificationRow.id.in_([row.id for row in rows]))
    )
    return len(rows)


def _change(connection: Connection, verification: int, **columns: Any) -> None:
    connection.execute(
        update(NumberVerificationRow)
        .where(NumberVerificationRow.id == verification)
        .values(columns)
    )


def _number_verification(row: Row[*tuple[Any, ...]]) -> NumberVerification:
    return NumberVerification(
        id=row.id,
        number=row.number,
        desk=row.desk,
        line=row.line,
        language=row.language,
        status=row.status,
        delivery=row.delivery or "",
        step=VerificationStep(row.step),
        misses=row.misses,
        key_pressed_at=row.key_pressed_at,
        replied_at=row.replied_at,
        started_at=row.started_at,
        purpose=row.purpose,
        whose=PersonLink(row.roster, row.person) if row.roster else None,
        then=read_texts(row.then),
        call_sid=row.call_sid or "",
    )
