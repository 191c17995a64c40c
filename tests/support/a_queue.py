"""A queue as somebody finds it in the morning: overdue, near, waiting, nobody's, closed."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.access.users import User
from app.domain.desks.desk import Priority
from app.domain.numbers import Number, NumberKind
from app.domain.tickets.targets import Deadlines
from app.domain.tickets.ticket import Assignee, Closed, Contact, Source, Ticket, Work
from app.domain.workflow.status import Status
from app.store import Database
from tests.support.queued_tickets import a_ticket, put_tickets


def put_a_queue(database: Database, user: User, now: datetime) -> list[int]:
    """Store it, and return the numbers: four are the user's."""
    own = Work(assignee=Assignee(user.name, user.actor.id))
    asked = Work("waiting_for_customer", assignee=own.assignee)
    hour = timedelta(hours=1)
    made: list[Ticket] = [
        replace(
            a_ticket("Skriveren i andre etasje svarer ikke", customer="9001", work=own),
            priority=Priority.CRITICAL,
            due=Deadlines(now - 2 * hour, now + 6 * hour),
        ),
        replace(a_ticket("Ny bruker til mandag", customer="9002"), due=Deadlines(None, now + hour)),
        replace(
            a_ticket("Fagsystemet er tregt etter oppdateringen", work=own, customer="9001"),
            due=Deadlines(now + hour / 2, None),
        ),
        replace(
            a_ticket("Passordet er utløpt", work=asked, status=Status.WAITING),
            paused_since=now - 20 * hour,
        ),
        replace(
            a_ticket(customer="9002"),
            source=Source.SMS,
            contact=Contact(Number("+4749009002", NumberKind.MOBILE)),
        ),
        replace(a_ticket(work=own), priority=Priority.LOW, due=Deadlines(None, now + 90 * hour)),
        a_ticket("Ferdig", status=Status.CLOSED, closed=Closed("Kari Vik", now - 30 * hour)),
    ]
    return put_tickets(database, [replace(each, opened_at=now - 30 * hour) for each in made])
