"""Tickets as customers see them: their own and their organisation's, who follows one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select

from app.domain.access.scope import Scope
from app.domain.desks.case_types import CaseKind
from app.domain.tickets.ticket import Ticket
from app.domain.workflow.status import Status
from app.store.tables import (
    CaseWatcherRow,
    GrantRow,
    IdeaRow,
    OutageRow,
    OutageSubscriberRow,
    PortalCaseRow,
    TicketRow,
    UserRow,
)
from app.store.tickets import read_ticket
from app.store.upsert import insert_once
from app.store.users import find_user_by_email

MOST_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class PortalCase:
    """As what somebody opened a ticket in the portal."""

    ticket: int
    user: int
    project: str
    case_type: str
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class CasesAsked:
    """Whose cases are asked for: of these customers of a desk; `of_user`: theirs alone.

    `states`: only those that stand in one of these.
    """

    desk: str
    customers: Collection[str]
    of_user: int | None = None
    open_only: bool = False
    states: Collection[str] | None = None
    below: int | None = None
    limit: int = MOST_LISTED


def list_cases(connection: Connection, asked: CasesAsked) -> tuple[Ticket, ...]:
    """List tickets as asked for, the newest first."""
    wanted = select(TicketRow).where(
        TicketRow.desk == asked.desk, TicketRow.customer.in_(list(asked.customers))
    )
    if asked.of_user is not None:
        wanted = wanted.where(_is_theirs(asked.of_user))
    if asked.open_only:
        wanted = wanted.where(TicketRow.status != Status.CLOSED)
    if asked.states is not None:
        wanted = wanted.where(TicketRow.state.in_(list(asked.states)))
    if asked.below is not None:
        wanted = wanted.where(TicketRow.number < asked.below)
    rows = connection.execute(wanted.order_by(TicketRow.number.desc()).limit(asked.limit))
    return tuple(read_ticket(row) for row in rows)


def find_case(
    connection: Connection, desk: str, customers: Collection[str], number: int
) -> Ticket | None:
    """Return a ticket of these customers of a desk; None for any other."""
    this = select(TicketRow).where(
        TicketRow.number == number,
        TicketRow.desk == desk,
        TicketRow.customer.in_(list(customers)),
    )
    row = connection.execute(this).first()
    return read_ticket(row) if row else None


def add_portal_case(connection: Connection, case: PortalCase, now: datetime) -> None:
    """Note who opened a ticket in the portal; they follow it."""
    row = {
        "ticket": case.ticket,
        "user_id": case.user,
        "project": case.project,
        "case_type": case.case_type,
        "kind": case.kind,
    }
    connection.execute(insert(PortalCaseRow), row)
    watch_case(connection, case.ticket, case.user, now)


def find_portal_case(connection: Connection, ticket: int) -> PortalCase | None:
    """Return as what a ticket was opened in the portal; None for one that was not."""
    row = connection.execute(select(PortalCaseRow).where(PortalCaseRow.ticket == ticket)).first()
    if row is None:
        return None
    return PortalCase(row.ticket, row.user_id, row.project, row.case_type, row.kind)


def watch_case(connection: Connection, ticket: int, user: int, now: datetime) -> None:
    """Let somebody follow a ticket, once."""
    row = {"ticket": ticket, "user_id": user, "at": now}
    insert_once(connection, CaseWatcherRow, row)


def unwatch_case(connection: Connection, ticket: int, user: int) -> None:
    """Let somebody follow a ticket no more."""
    this = delete(CaseWatcherRow).where(
        CaseWatcherRow.ticket == ticket, CaseWatcherRow.user_id == user
    )
    connection.execute(this)


def watchers_of_case(connection: Connection, ticket: int) -> tuple[tuple[int, str], ...]:
    """Return who follows a ticket: id and name."""
    them = (
        select(UserRow.id, UserRow.name)
        .join(CaseWatcherRow, CaseWatcherRow.user_id == UserRow.id)
        .where(CaseWatcherRow.ticket == ticket, UserRow.disabled_at.is_(None))
        .order_by(func.lower(UserRow.name), UserRow.id)
    )
    return tuple((row.id, row.name) for row in connection.execute(them))


def followers_of(connection: Connection, ticket: Ticket) -> tuple[int, ...]:
    """Return who follows a ticket beside whom it is answered to, and may see it still."""
    if ticket.customer is None:
        return ()
    may_see = exists().where(
        GrantRow.user_id == UserRow.id,
        GrantRow.desk == ticket.desk,
        GrantRow.customer == ticket.customer,
    )
    them = (
        select(UserRow.id)
        .join(CaseWatcherRow, CaseWatcherRow.user_id == UserRow.id)
        .where(CaseWatcherRow.ticket == ticket.number, UserRow.disabled_at.is_(None), may_see)
        .where(UserRow.email != ticket.contact.email.lower())
        .order_by(UserRow.id)
    )
    return tuple(connection.execute(them).scalars())


def may_be_answered(connection: Connection, ticket: Ticket) -> bool:
    """Tell whether whom a ticket is answered to may still be told of it by mail.

    Who is shut out is not, nor who opened a case in the portal and is none of the customer's people
    any more. Who is no user has never had access that could be taken.
    """
    user = find_user_by_email(connection, ticket.contact.email.lower())
    if user is None:
        return True
    if user.is_disabled:
        return False
    there = Scope(ticket.desk, customer=ticket.customer)
    is_one_of_them = any(each.scope == there for each in user.grants)
    return is_one_of_them or find_portal_case(connection, ticket.number) is None


def subscribe_to_outage(connection: Connection, outage: int, user: int, now: datetime) -> None:
    """Note that somebody is to be told when an outage is over, once."""
    insert_once(connection, OutageSubscriberRow, {"outage": outage, "user_id": user, "at": now})


def is_subscribed(connection: Connection, outage: int, user: int) -> bool:
    """Tell whether somebody is to be told when an outage is over."""
    this = exists().where(OutageSubscriberRow.outage == outage, OutageSubscriberRow.user_id == user)
    return bool(connection.execute(select(this)).scalar())


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who gets a mail when an outage is over."""

    user: int
    email: str
    language: str


def subscribers_of(connection: Connection, outage: int) -> tuple[Subscriber, ...]:
    """Return who is to be told by mail when an outage is over, and may still see the portal."""
    may_see = exists().where(
        GrantRow.user_id == UserRow.id,
        GrantRow.desk == OutageRow.desk,
        GrantRow.customer.is_not(None),
    )
    them = (
        select(UserRow.id, UserRow.email, UserRow.language)
        .join(OutageSubscriberRow, OutageSubscriberRow.user_id == UserRow.id)
        .join(OutageRow, OutageRow.id == OutageSubscriberRow.outage)
        .where(OutageRow.id == outage, UserRow.disabled_at.is_(None), may_see)
        .order_by(UserRow.id)
    )
    return tuple(Subscriber(*row) for row in connection.execute(them))


@dataclass(frozen=True, slots=True)
class NewIdea:
    """An idea that is sent on."""

    desk: str
    customer: str
    user: int
    case_type: str
    key: str


def add_idea(connection: Connection, idea: NewIdea, now: datetime) -> bool:
    """Count an idea; False where this form has sent it before."""
    row = {
        "desk": idea.desk,
        "customer": idea.customer,
        "user_id": idea.user,
        "case_type": idea.case_type,
        "at": now,
        "key": idea.key,
    }
    return insert_once(connection, IdeaRow, row)


def count_ideas(connection: Connection, desk: str, customer: str) -> int:
    """Count the ideas that a customer has had sent on."""
    theirs = select(func.count()).where(IdeaRow.desk == desk, IdeaRow.customer == customer)
    return int(connection.execute(theirs).scalar_one())


def forget_portal_user(connection: Connection, user: int) -> dict[str, int]:
    """Let a user follow nothing any more; what they opened stays, of a user without a name."""
    done: dict[str, int] = {}
    rows: tuple[Any, ...] = (CaseWatcherRow, OutageSubscriberRow)
    for row in rows:
        gone = delete(row).where(row.user_id == user)
        done[row.__tablename__] = connection.execute(gone).rowcount
    return done


def purge_ideas(connection: Connection, desk: str, before: datetime) -> int:
    """Delete the count of ideas from before an instant."""
    gone = delete(IdeaRow).where(IdeaRow.desk == desk, IdeaRow.at < before)
    return connection.execute(gone).rowcount


def _is_theirs(user: int) -> ColumnElement[bool]:
    """Opened by them, or followed by them."""
    opened = exists().where(PortalCaseRow.ticket == TicketRow.number, PortalCaseRow.user_id == user)
    followed = exists().where(
        CaseWatcherRow.ticket == TicketRow.number, CaseWatcherRow.user_id == user
    )
    return or_(opened, followed)
