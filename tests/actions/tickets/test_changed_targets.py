"""A changed document or customer sets open deadlines anew; and what an agent decides."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, select, update

from app.actions.desks.import_desks import import_desks
from app.actions.tickets.change_targets import (
    AgreeDate,
    HoldEscalation,
    TargetChange,
    TargetRequest,
    change_targets,
)
from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
from app.actions.tickets.preview_escalation import levels_of_ticket
from app.actions.tickets.recompute_targets import recompute_next_targets
from app.actions.tickets.review_targets import review_due_targets
from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.next_deadline import next_deadline
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.tables import TicketRow
from app.store.ticket_lists import find_ticket, ticket_events
from tests.domain.time.wall_clock import oslo
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import CUSTOMERS_CSV, DESK, edit, sample_database
from tests.support.target_desk import a_folder
from tests.tools.fuzz.two_desks import BERG, FJORD, folders

NOW: Final = oslo("2026-11-18 10:00")  # a Wednesday; 08:00 to 16:00
BY: Final = Actor(ActorKind.COMMAND, "Teamleiar", via="vakt ticket")


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, a_folder()) as database:
        yield database


def opened(database: Database, priority: Priority = Priority.HIGH) -> int:
    asked = TicketAsked(DESK, priority, "Journalen svarer ikke", BY, customer="9001")
    answer = open_asked_ticket(database, OpenRequest(asked, "test", "1"), NOW)
    assert isinstance(answer, Opened)
    work(database)
    return answer.number


def work(database: Database, minutes: int = 1) -> None:
    now = NOW + timedelta(minutes=minutes)
    while recompute_next_targets(database, now) or review_due_targets(database, now):
        pass


def stored(database: Database, number: int) -> tuple[Ticket, list[tuple[str, object]]]:
    with database.read() as connection:
        ticket = find_ticket(connection, number)
        events = ticket_events(connection, number)
    assert ticket
    return ticket, [(str(each.kind), each.facts.get("why")) for each in events[1:]]


def test_a_new_version_of_the_document_moves_open_deadlines_once(database: Database) -> None:
    number = opened(database)
    import_desks(database, (a_folder(hours=5),), edit(NOW))
    work(database)
    work(database, 2)
    ticket, events = stored(database, number)
    assert ticket.due.solve_by == oslo("2026-11-18 15:00")
    assert events == [("targets_changed", "document")]


def test_another_agreement_of_the_customer_moves_them_too(database: Database) -> None:
    number = opened(database)
    premium = CUSTOMERS_CSV.replace("9001,Skogli skule,standard", "9001,Skogli skule,premium")
    import_desks(database, (a_folder(customers=premium),), edit(NOW))
    work(database)
    ticket, events = stored(database, number)
    assert (ticket.agreement, ticket.due.respond_by) == ("premium", oslo("2026-11-18 11:00"))
    assert ticket.due.solve_by is None, "not agreed, and so it stays"
    assert events == [("targets_changed", "agreement")] * 2


def asked(number: int, change: TargetChange | AgreeDate) -> TargetRequest:
    return TargetRequest(number, change, BY, "kunden vet det")


def test_a_hold_is_kept_once_and_what_was_reached_is_told_when_it_is_released(
    database: Database,
) -> None:
    number = opened(database)
    for expected in (Outcome, Unchanged):
        held = change_targets(database, asked(number, HoldEscalation()), NOW)
        assert isinstance(held, expected)
    work(database, 180)
    held_kinds = [kind for kind, _ in stored(database, number)[1]]
    assert held_kinds == ["escalation_held", "target_missed"], "nobody is told"
    released = asked(number, TargetChange.RELEASE_ESCALATION)
    change_targets(database, released, NOW + timedelta(hours=3))
    work(database, 181)
    assert [kind for kind, _ in stored(database, number)[1]][2:] == [
        "escalation_released",
        "escalated",
    ]
    with database.read() as connection:
        shown = levels_of_ticket(connection, number)
        elsewhere = levels_of_ticket(connection, number, ("another",))
    assert shown
    assert [each.notified_at for each in shown.levels] == [NOW + timedelta(minutes=181)]
    assert elsewhere is None


@ONE_DATABASE
def test_a_date_is_agreed_for_low_only(database: Database) -> None:
    date = AgreeDate("2026-12-10T12:00")
    assert isinstance(change_targets(database, asked(opened(database), date), NOW), Refused)
    low = TicketAsked(DESK, Priority.LOW, "Skjermen flimrer", BY)
    answer = open_asked_ticket(database, OpenRequest(low, "test", "2"), NOW)
    assert isinstance(answer, Opened)
    assert isinstance(change_targets(database, asked(answer.number, date), NOW), Outcome)
    import_desks(database, (a_folder(hours=6),), edit(NOW))
    work(database)
    assert stored(database, answer.number)[0].due.solve_by == oslo("2026-12-10 12:00")


@ONE_DATABASE
def test_a_ticket_about_which_nothing_can_be_done_does_not_keep_the_others(
    migrated_url: str,
) -> None:
    fjord, berg = folders()
    with sample_database(migrated_url, fjord) as database:
        import_desks(database, (berg,), edit(NOW))
        numbers = [
            _opened_at(database, *each) for each in ((FJORD, "1"), (FJORD, "2"), (BERG, "3"))
        ]
        broken = update(TicketRow).where(TicketRow.number == numbers[0]).values(pauses="broken")

        def outdate(connection: Connection) -> None:
            connection.execute(update(TicketRow).values(target_version=0))
            connection.execute(broken)

        database.write(outdate)
        assert recompute_next_targets(database, NOW) == 2, "of its own desk, and of the other"
        assert recompute_next_targets(database, NOW) == 0
        with database.read() as connection:
            left = select(TicketRow.number).where(TicketRow.target_version == 0)
            assert connection.execute(left).scalars().all() == numbers[:1]


def _opened_at(database: Database, desk: str, key: str) -> int:
    asked = TicketAsked(desk, Priority.LOW, "Skjermen flimrer", BY)
    answer = open_asked_ticket(database, OpenRequest(asked, "test", key), NOW)
    assert isinstance(answer, Opened)
    return answer.number


@ONE_DATABASE
def test_a_temporary_solution_takes_a_case_out_of_the_order_of_deadlines(
    database: Database,
) -> None:
    number = opened(database)
    ticket, _ = stored(database, number)
    assert next_deadline(ticket).due_at == ticket.due.respond_by
    database.write(
        lambda connection: connection.execute(update(TicketRow).values(responded_at=NOW))
    )
    change_targets(database, asked(number, TargetChange.NOTE_WORKAROUND), NOW)
    assert next_deadline(stored(database, number)[0]).due_at is None
    change_targets(database, asked(number, TargetChange.WITHDRAW_WORKAROUND), NOW)
    assert next_deadline(stored(database, number)[0]).due_at == ticket.due.solve_by
