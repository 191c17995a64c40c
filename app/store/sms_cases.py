"""Of which ticket a number wrote last to a desk, as rows; and who the number's customers are."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select

from app.domain.desks.customer import Customer
from app.domain.messages.cases import Case, CaseStep
from app.domain.tickets.ticket import Source
from app.domain.workflow.status import UNSOLVED
from app.store.people import read_customer
from app.store.tables import CustomerPhoneRow, CustomerRow, SmsCaseRow, TicketRow
from app.store.upsert import upsert

AN_HOUR: Final = timedelta(hours=1)


def find_case(connection: Connection, desk: str, sender: str) -> Case | None:
    """Return the ticket of which a number wrote last to the desk; None where it never did."""
    found = (
        select(
            SmsCaseRow.ticket,
            TicketRow.priority,
            TicketRow.status,
            SmsCaseRow.step,
            SmsCaseRow.asked_at,
        )
        .join(TicketRow, TicketRow.number == SmsCaseRow.ticket)
        .where(SmsCaseRow.desk == desk, SmsCaseRow.sender == sender)
    )
    row = connection.execute(found).first()
    if row is None:
        return None
    return Case(row.ticket, row.priority, row.status in UNSOLVED, row.step, row.asked_at)


def save_case(
    connection: Connection, whose: tuple[str, str], ticket: int, step: CaseStep, now: datetime
) -> None:
    """Note what a number was asked; `whose` are the desk and the number."""
    desk, sender = whose
    values = {"ticket": ticket, "step": step, "asked_at": now}
    upsert(connection, SmsCaseRow, {"desk": desk, "sender": sender}, values)


def customers_with_number(connection: Connection, desk: str, digits: str) -> tuple[Customer, ...]:
    """Return the desk's customers who have a number."""
    theirs = (CustomerPhoneRow.desk == CustomerRow.desk) & (
        CustomerPhoneRow.customer == CustomerRow.number
    )
    found = select(CustomerRow).join(CustomerPhoneRow, theirs)
    found = found.where(CustomerPhoneRow.desk == desk, CustomerPhoneRow.digits == digits)
    rows = connection.execute(found.with_only_columns(*CustomerRow.__table__.columns))
    return tuple(read_customer(row) for row in rows)


def strangers_tickets(connection: Connection, desk: str, now: datetime) -> int:
    """Count the tickets that strangers have opened by SMS at a desk in the last hour."""
    opened = select(func.count()).select_from(TicketRow)
    opened = opened.where(TicketRow.desk == desk, TicketRow.created_at > now - AN_HOUR)
    of_strangers = opened.where(TicketRow.source == Source.SMS, TicketRow.customer.is_(None))
    return int(connection.execute(of_strangers).scalar_one())


def purge_cases(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete of which tickets numbers wrote before an instant."""
    old = delete(SmsCaseRow).where(SmsCaseRow.desk == desk, SmsCaseRow.asked_at < before)
    return connection.execute(old).rowcount
