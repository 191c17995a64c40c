"""Dekode's way of working: assessed, built in the test environment, tested, approved, published."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.actions.tickets.move_ticket import MakeMove, MoveRequest, WriteComment, move_ticket
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import MoveAsked, state_of
from app.domain.workflow.workflow import Mover
from app.store import Database
from app.store.desks import find_desk
from app.store.ticket_lists import find_ticket
from tests.support.sample_desk import sample_database
from tests.support.shipped_desks import folder_files

DEVELOPER = Actor(ActorKind.PERSON, "Utvikler", "1")
OLA = Actor(ActorKind.PERSON, "Ola at the museum", "2")
AGENT = frozenset({Mover.AGENT})
MEMBER = frozenset({Mover.CUSTOMER})
APPROVER = frozenset({Mover.CUSTOMER, Mover.APPROVER})
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(
        migrated_sqlite_url, read_folder(folder_files("dekode"), "dekode")
    ) as database:
        asked = TicketAsked(
            desk="dekode",
            priority=Priority.LOW,
            subject="The ticket shop shows the wrong prices",
            by=DEVELOPER,
            customer="5001",
        )
        open_asked_ticket(database, OpenRequest(asked, "test", "1"), MONDAY)
        yield database


def ticket(database: Database) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def moves(
    database: Database, move: str, movers: frozenset[Mover], words: str = "", hours: int = 1
) -> object:
    by = DEVELOPER if movers is AGENT else OLA
    asked = MakeMove(MoveAsked(move, movers, words))
    return move_ticket(database, MoveRequest(1001, asked, by), MONDAY + timedelta(hours=hours))


def test_nothing_is_published_before_the_customer_has_tested_and_approved(
    database: Database,
) -> None:
    assert ticket(database).work.state == "assessment"
    too_soon = moves(database, "publish", AGENT, "Out.")
    assert isinstance(too_soon, Refused)
    assert too_soon.refusal is Refusal.NO_SUCH_MOVE

    assert isinstance(moves(database, "ask", AGENT, "Which prices?"), Outcome)
    assert ticket(database).paused_since, "the clock stands while the customer is asked"
    answer = WriteComment(Comment("Those for children.", Side.CUSTOMER))
    move_ticket(database, MoveRequest(1001, answer, OLA), MONDAY + timedelta(hours=2))
    assert ticket(database).work.state == "assessment"
    assert ticket(database).paused_since is None

    steps = (("build", AGENT, ""), ("offer_test", AGENT, "See the test address."))
    for move, movers, words in steps:
        assert isinstance(moves(database, move, movers, words, 3), Outcome)
    wordless = moves(database, "reject", MEMBER, hours=4)
    assert isinstance(wordless, Refused)
    assert wordless.refusal is Refusal.NEEDS_COMMENT
    assert isinstance(moves(database, "reject", MEMBER, "Not for groups.", 4), Outcome)
    assert ticket(database).work.state == "in_test_environment"

    assert isinstance(moves(database, "offer_test", AGENT, "Groups too.", 5), Outcome)
    member = moves(database, "approve", MEMBER, hours=6)
    assert isinstance(member, Refused)
    assert member.refusal is Refusal.NOT_THEIRS
    for move, movers, words in (
        ("approve", APPROVER, ""),
        ("publish", AGENT, "It is out."),
        ("confirm", MEMBER, ""),
    ):
        assert isinstance(moves(database, move, movers, words, 7), Outcome)
    done = ticket(database)
    assert (done.work.state, done.status, done.closed_by) == ("closed", "closed", OLA.name)
    with database.read() as connection:
        live = find_desk(connection, "dekode")
    assert live
    assert state_of(done, live.desk.workflow).id == "closed"
