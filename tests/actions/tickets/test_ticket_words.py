"""By which words a ticket is found: those that stand on it, as long as they stand there."""

from functools import partial

from sqlalchemy import Connection, select

from app.actions.privacy.personal_data import erase_person
from app.actions.tickets.move_ticket import MoveRequest, Undo, WriteComment, move_ticket
from app.domain.access.actor import command_line
from app.domain.tickets.comments import Comment, Side
from app.store import Database
from app.store.comments import NewComment, add_comment, withdraw_comment
from app.store.tables import TicketWordRow
from tests.support.call_out_steps import a_message_is_left
from tests.support.sample_desk import later

AGENT = command_line("kari")


def words(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(TicketWordRow.word)).scalars())


def writes(database: Database, body: str) -> None:
    change = WriteComment(Comment(body, Side.DESK))
    move_ticket(database, MoveRequest(1001, change, AGENT), later(600))


def test_a_call_writes_no_words_and_a_comment_its_own(database: Database) -> None:
    a_message_is_left(database)
    assert words(database) == set()
    writes(database, "The printer is out.")
    assert words(database) == {"the", "printer", "is", "out"}


def test_a_comment_that_is_taken_back_is_not_found(database: Database) -> None:
    a_message_is_left(database)
    writes(database, "The printer is out.")
    writes(database, "The secret is out.")
    move_ticket(database, MoveRequest(1001, Undo(), AGENT), later(605))
    assert words(database) == {"the", "printer", "is", "out"}
    database.write(partial(taken_back_at_once, body="Another secret."))
    assert words(database) == {"the", "printer", "is", "out"}


def test_a_word_that_is_an_erased_number_goes(database: Database) -> None:
    a_message_is_left(database)
    writes(database, "Ring +4749009077 about it.")
    assert "4749009077" in words(database)
    erase_person(database, "+4749009077", later(900))
    assert words(database) == {"ring", "about", "it"}


def taken_back_at_once(connection: Connection, body: str) -> None:
    add_comment(connection, 1001, NewComment(Comment(body, Side.DESK), AGENT, later(700)))
    withdraw_comment(connection, 1001, later(700))
