"""Calls from a ticket's page to its customer, as rows: who was rung for whom, and how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from app.domain.access.actor import Actor
from app.domain.calls.flows.customer import LONGEST, CustomerCall, CustomerCallStep
from app.domain.calls.flows.key_question import STATUSES_BEFORE_END
from app.store.tables import CustomerCallRow

PURGED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class NewCustomerCall:
    """Who calls about which ticket, on which of their numbers, and whom from which of ours."""

    ticket: int
    desk: str
    line: str
    number: str
    language: str
    customer_number: str
    by: Actor
    key: str


@dataclass(frozen=True, slots=True)
class StoredCustomerCall:
    """A call as it stands. `talk_seconds` as the network tells them; None where it has not."""

    id: int
    new: NewCustomerCall
    started_at: datetime
    step: CustomerCallStep
    misses: int
    status: str
    call_sid: str
    customer_status: str
    connected_at: datetime | None
    talk_seconds: int | None
    recorded_at: datetime | None

    def call(self, desk_name: str = "") -> CustomerCall:
        """Return it as the conversation knows it."""
        return CustomerCall(
            desk_name,
            self.new.ticket,
            self.new.language,
            self.started_at,
            self.step,
            self.misses,
            self.status,
            self.customer_status,
            self.connected_at,
        )


def add_customer_call(connection: Connection, new: NewCustomerCall, now: datetime) -> int:
    """Note that a call begins; return its id."""
    row = {
        "ticket": new.ticket,
        "desk": new.desk,
        "line": new.line,
        "number": new.number,
        "language": new.language,
        "customer_number": new.customer_number,
        "author": new.by,
        "key": new.key,
        "started_at": now,
        "status": "",
        "step": CustomerCallStep.QUESTION,
        "misses": 0,
        "customer_status": "",
    }
    added = insert(CustomerCallRow).values(row).returning(CustomerCallRow.id)
    return connection.execute(added).scalar_one()


def load_customer_call(
    connection: Connection, call: int, *, lock: bool = False
) -> StoredCustomerCall | None:
    """Return a call, or None; `lock` keeps others from changing it meanwhile."""
    this = select(CustomerCallRow).where(CustomerCallRow.id == call)
    found = connection.execute(_all(this.with_for_update() if lock else this)).first()
    return _read(found) if found else None


def call_with_key(connection: Connection, key: str) -> StoredCustomerCall | None:
    """Return the call that a form or a request has begun already, or None."""
    this = select(CustomerCallRow).where(CustomerCallRow.key == key)
    found = connection.execute(_all(this)).first()
    return _read(found) if found else None


def last_call_about(
    connection: Connection, ticket: int, since: datetime
) -> StoredCustomerCall | None:
    """Return the last call about a ticket since an instant, or None."""
    about = select(CustomerCallRow).where(
        CustomerCallRow.ticket == ticket, CustomerCallRow.started_at >= since
    )
    found = connection.execute(_all(about.order_by(CustomerCallRow.id.desc()).limit(1))).first()
    return _read(found) if found else None


def calls_going_on(
    connection: Connection, ticket: int, number: str, now: datetime
) -> tuple[StoredCustomerCall, ...]:
    """Return those about a ticket, or on a number of the staff, whose end was not told."""
    recent = select(CustomerCallRow).where(
        CustomerCallRow.started_at > now - LONGEST,
        or_(CustomerCallRow.ticket == ticket, CustomerCallRow.number == number),
        CustomerCallRow.status.in_(STATUSES_BEFORE_END),
    )
    return tuple(_read(row) for row in connection.execute(_all(recent)))


def change_customer_call(connection: Connection, call: int, **columns: Any) -> None:
    """Store how far a call has come."""
    this = update(CustomerCallRow).where(CustomerCallRow.id == call)
    connection.execute(this.values(columns))


def purge_customer_calls(connection: Connection, desk: str, before: datetime) -> int:
    """Delete calls from before an instant; what came of them is told on their tickets."""
    old = select(CustomerCallRow.id).where(
        CustomerCallRow.desk == desk, CustomerCallRow.started_at < before
    )
    ids = connection.execute(old.limit(PURGED_AT_ONCE)).scalars().all()
    connection.execute(delete(CustomerCallRow).where(CustomerCallRow.id.in_(ids)))
    return len(ids)


def _all(query: Any) -> Any:
    return query.with_only_columns(*CustomerCallRow.__table__.columns)


def _read(row: Row[*tuple[Any, ...]]) -> StoredCustomerCall:
    new = NewCustomerCall(
        row.ticket,
        row.desk,
        row.line,
        row.number,
        row.language,
        row.customer_number,
        row.author,
        row.key,
    )
    return StoredCustomerCall(
        id=row.id,
        new=new,
        started_at=row.started_at,
        step=CustomerCallStep(row.step),
        misses=row.misses,
        status=row.status,
        call_sid=row.call_sid or "",
        customer_status=row.customer_status,
        connected_at=row.connected_at,
        talk_seconds=row.talk_seconds,
        recorded_at=row.recorded_at,
    )
