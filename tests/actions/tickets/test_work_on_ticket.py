"""A ticket worked on by the desk and its customer: versions, comments, undo, two at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.tickets.link_tickets import CopyRequest, copy_ticket
from app.actions.tickets.move_ticket import (
    Assign,
    Close,
    MakeMove,
    MoveRequest,
    Route,
    TicketChange,
    Undo,
    WriteComment,
    move_ticket,
)
from app.domain.access.actor import Actor, ActorKind
from app.domain.calls.turn_request import Moment
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.links import LinkKind
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import Assignee, Ticket
from app.domain.tickets.workflow_moves import MoveAsked, make_move
from app.domain.workflow.workflow import Mover, StateMove
from app.store import Database
from app.store.apply import apply_outcome
from app.store.comments import comments_on
from app.store.desks import find_desk
from app.store.ticket_lists import find_ticket, ticket_events
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import a_message_is_left
from tests.support.sample_desk import later

AGENT = frozenset({Mover.AGENT})
CUSTOMER = frozenset({Mover.CUSTOMER})
START = MakeMove(MoveAsked("start", AGENT))
ASK = MakeMove(MoveAsked("ask", AGENT, "Which ward?"))
ANSWER = WriteComment(Comment("Ward 2.", Side.CUSTOMER))
NOTE = WriteComment(Comment("Looks like the proxy.", Side.DESK, Visibility.INTERNAL))


def does(
    database: Database,
    change: TicketChange,
    who: str = "Kari",
    at: datetime | None = None,
    **more: Any,
) -> Outcome | Unchanged | Refused | None:
    by = Actor(ActorKind.PERSON, who, f"id-{who}")
    return move_ticket(database, MoveRequest(1001, change, by, **more), at or later(600))


def ticket(database: Database) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def written(database: Database, *visible: Visibility) -> list[str]:
    with database.read() as connection:
        stored = comments_on(connection, 1001, visible or tuple(Visibility))
    return [each.comment.body for each in stored]


def kinds(database: Database) -> list[str]:
    with database.read() as connection:
        return [each.kind for each in ticket_events(connection, 1001)][2:]  # opened, message


@ONE_DATABASE
def test_a_question_an_answer_and_a_note_that_the_customer_does_not_read(
    database: Database,
) -> None:
    a_message_is_left(database)
    for change, who in ((ASK, "Kari"), (NOTE, "Kari"), (ANSWER, "Ola")):
        assert isinstance(does(database, change, who), Outcome)
    now = ticket(database)
    assert (now.work.state, now.status, now.acknowledged_by) == (
        "in_progress",
        "in_progress",
        "Kari",
    )
    assert (now.work.version, now.work.changed_by) == (4, "Ola")
    assert written(database) == ["Which ward?", "Looks like the proxy.", "Ward 2."]
    assert written(database, Visibility.PUBLIC) == ["Which ward?", "Ward 2."]
    assert kinds(database)[-6:] == [
        "acknowledged",
        "moved",
        "commented",
        "commented",
        "moved",
        "commented",
    ]


@ONE_DATABASE
def test_whoever_changes_what_is_no_longer_so_is_told_and_nothing_is_lost(
    database: Database,
) -> None:
    a_message_is_left(database)
    seen = ticket(database).work.version
    assert isinstance(does(database, START, "Kari", version=seen), Outcome)
    refused = does(database, ASK, "Ola", version=seen)
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.by) == (Refusal.CHANGED_MEANWHILE, "Kari")
    assert written(database) == []
    assert isinstance(does(database, ASK, "Ola", version=seen + 1), Outcome)


def test_of_two_at_once_one_wins_and_the_other_is_told(database: Database) -> None:
    a_message_is_left(database)
    seen, names = ticket(database).work.version, [f"Agent {number}" for number in range(1, 5)]
    with ThreadPoolExecutor(len(names)) as pool:
        done = list(pool.map(lambda who: does(database, ASK, who, version=seen), names))
    assert sum(isinstance(each, Outcome) for each in done) == 1
    others = [each for each in done if isinstance(each, Refused)]
    assert len(others) == len(names) - 1
    assert written(database) == ["Which ward?"]


def test_a_comment_sent_twice_stands_once(database: Database) -> None:
    a_message_is_left(database)
    assert isinstance(does(database, NOTE, key="form 1"), Outcome)
    assert does(database, NOTE, key="form 1") == Unchanged()
    assert isinstance(does(database, NOTE, key="form 2"), Outcome)
    assert len(written(database)) == 2


def test_a_question_taken_back_at_once_was_never_asked(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    before = ticket(database)
    does(database, ASK, at=now)
    undone = does(database, Undo(), at=now + timedelta(seconds=8))
    assert isinstance(undone, Outcome)
    after = ticket(database)
    assert (after.work.state, after.status, after.acknowledged) == ("open", "open", None)
    assert after.due == before.due
    assert written(database) == []
    assert kinds(database)[-1] == "change_undone"
    assert begin_due_call_outs(database, now + timedelta(minutes=3)) == 1, "the duty is rung again"
    again = does(database, Undo(), at=now + timedelta(seconds=9))
    assert again == Refused(Refusal.TOO_LATE_TO_UNDO, "", None)


@ONE_DATABASE
def test_what_a_colleague_has_changed_since_is_not_undone(database: Database) -> None:
    a_message_is_left(database)
    does(database, ASK, "Kari")
    does(database, START, "Ola")
    refused = does(database, Undo(), "Kari")
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.by) == (Refusal.NOT_THEIRS, "Ola")
    assert ticket(database).work.state == "in_progress"


def test_a_customers_words_are_told_at_once_and_stay(database: Database) -> None:
    a_message_is_left(database)
    does(database, ASK, "Kari")
    does(database, ANSWER, "Ola")
    refused = does(database, Undo(), "Ola")
    assert refused == Refused(Refusal.TOO_LATE_TO_UNDO, "", None)


@ONE_DATABASE
def test_a_customer_who_closes_a_case_that_nobody_had_lets_the_duty_sleep(
    database: Database,
) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    does(database, MakeMove(MoveAsked("solve", AGENT, "Restarted.")), at=now)
    does(database, MakeMove(MoveAsked("confirm", CUSTOMER)), "Ola", at=now)
    assert ticket(database).status == "closed"
    assert begin_due_call_outs(database, now + timedelta(minutes=10)) == 0


@ONE_DATABASE
def test_whoever_takes_a_ticket_has_it_and_routing_takes_it_from_them(database: Database) -> None:
    a_message_is_left(database)
    kari = Assignee("Kari", "id-Kari")
    assert isinstance(does(database, Assign(kari), "Kari"), Outcome)
    assert ticket(database).work.assignee == kari
    assert ticket(database).acknowledged_by == "Kari"
    assert does(database, Assign(kari), "Kari") == Unchanged()
    refused = does(database, Route("nowhere"))
    assert refused == Refused(Refusal.NO_SUCH_GROUP, "", None)
    assert isinstance(does(database, Assign(None)), Outcome)
    assert ticket(database).work.assignee is None
    does(database, Close())
    assert isinstance(does(database, Assign(kari)), Refused)


def test_other_words_by_the_same_form_stand_too_and_so_do_those_taken_back(
    database: Database,
) -> None:
    a_message_is_left(database)
    other = WriteComment(Comment("It is the switch.", Side.DESK, Visibility.INTERNAL))
    does(database, NOTE, key="form 1")
    assert isinstance(does(database, other, key="form 1"), Outcome)
    assert isinstance(does(database, Undo()), Outcome)
    assert isinstance(does(database, other, key="form 1"), Outcome), "it was taken back"
    assert written(database) == ["Looks like the proxy.", "It is the switch."]


def test_asking_again_with_other_words_is_not_lost_without_a_word(database: Database) -> None:
    a_message_is_left(database)
    does(database, ASK)
    again = does(database, MakeMove(MoveAsked("ask", AGENT, "And which computer?")))
    assert isinstance(again, Refused)
    assert does(database, MakeMove(MoveAsked("ask", AGENT))) == Unchanged()


def test_nobody_is_rung_about_what_its_customer_has_closed(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    with database.read() as connection:
        live = find_desk(connection, ticket(database).desk)
    assert live
    close_it = StateMove("withdraw", ("open",), "closed", CUSTOMER)
    own = replace(live.desk.workflow, moves=(*live.desk.workflow.moves, close_it))
    by = Actor(ActorKind.PERSON, "Ola", "ola")
    asked = MoveAsked("withdraw", CUSTOMER)
    done = make_move(ticket(database), asked, replace(live.desk, workflow=own), by, now)
    assert isinstance(done, Outcome)

    def store(connection: Connection) -> None:
        apply_outcome(connection, done, live.desk, Moment(now, now))

    database.write(store)
    assert ticket(database).status == "closed"
    assert begin_due_call_outs(database, now + timedelta(minutes=10)) == 0


def test_what_was_given_to_somebody_is_theirs_when_they_take_it(database: Database) -> None:
    a_message_is_left(database)
    kari = Assignee("Kari", "id-Kari")
    does(database, Assign(kari), "Ola")
    assert ticket(database).acknowledged is None
    assert isinstance(does(database, Assign(kari), "Kari"), Outcome)
    assert ticket(database).acknowledged_by == "Kari"


def test_a_copy_wakes_nobody(database: Database) -> None:
    now = a_message_is_left(database) + timedelta(minutes=2)
    does(database, START, at=now)
    by = Actor(ActorKind.PERSON, "Kari", "id-Kari")
    opened = copy_ticket(database, CopyRequest(1001, LinkKind.CLONE_OF, by, "copy 1"), now)
    assert opened
    assert begin_due_call_outs(database, now + timedelta(minutes=5)) == 0
