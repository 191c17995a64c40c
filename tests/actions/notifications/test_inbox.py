"""Somebody at the desk learns of every ticket: by mail and webhook, once for each event."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.move_ticket import MakeMove, SetPriority, move_ticket
from app.domain.calls.call import Recorded
from app.domain.desks.desk import Priority
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.health_queries import failed_jobs
from app.store.recording_accesses import recording_accesses_of
from app.store.tables import JobKind, JobRow, JobState
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.desk_moves import ACKNOWLEDGE, asked
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DAY,
    DESK_TOML,
    STRANGER,
    SUPPORT,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night

SERVICE, LEADER = "service@fjordhjelp.example", "leiar@fjordhjelp.example"
INBOX = (
    f'\n[inbox]\nmail = ["{SERVICE}", "{LEADER}"]\nwebhook = "https://sak.fjordhjelp.example/h"\n'
)
EVENING = DAY.replace(hour=20)
TARGET = '\n[[targets]]\npriority = "high"\nrespond = "4 hours"\ncalendar = "desk"\n'


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + INBOX + TARGET)) as database:
        yield database


def work(database: Database, network: FakeGateway, now: datetime) -> int:
    count = 0
    while do_next_job(database, cast(Sender, network), texts(), now):
        count += 1
        assert count < 100
    return count


def a_message(database: Database, sid: str = "CA1", caller: str = "+4749009001") -> DrivenCall:
    """A high case in the evening, with a spoken message."""
    call = DrivenCall(database, sid, line=SUPPORT, caller=caller, start=EVENING)
    call.arrives()
    call.presses("2")
    call.does(Recorded(12, f"RE{sid}"))
    return call


def test_a_new_case_is_told_to_each_address_and_posted_once(database: Database) -> None:
    network = FakeGateway(recordings={"RECA1": b"RIFF-sound"})
    call = DrivenCall(database, line=SUPPORT, start=EVENING)
    call.arrives()
    call.presses("2")
    work(database, network, later(10, EVENING))

    assert [mail.to for mail in network.letters] == [SERVICE, LEADER]
    mail = network.letters[0]
    assert mail.subject == "Fjordhjelp: ny sak 1001, høy (Skogli skule)"
    for words in ("Kunde: Skogli skule", "Telefon: 49 00 90 01", "Status: ingen har tatt den"):
        assert words in mail.body
    assert "Svarfrist: i morgen kl. 12.00" in mail.body
    assert "Løsningsfrist: ikke avtalt" in mail.body
    assert 'vakt ticket acknowledge 1001 --as "NAVN"' in mail.body
    assert not mail.is_urgent
    [post] = network.posts
    told = json.loads(post.body)
    assert (post.url, post.desk) == ("https://sak.fjordhjelp.example/h", "fjordhjelp")
    assert told["type"] == "ticket.opened"
    assert told["data"]["ticket"]["number"] == 1001
    assert told["data"]["ticket"]["customer_name"] == "Skogli skule"
    assert told["data"]["ticket"]["respond_by"] == "2026-11-19T12:00:00+01:00"
    assert work(database, network, later(20, EVENING)) == 0, "nothing is told twice"


@ONE_DATABASE
def test_a_message_is_told_when_it_is_here_with_a_link_for_each_receiver(
    database: Database,
) -> None:
    network = FakeGateway(recordings={"RECA1": b"RIFF-sound"})
    a_message(database)
    work(database, network, later(30, EVENING))

    heard = [mail for mail in network.letters if "talemelding" in mail.subject]
    assert [mail.to for mail in heard] == [SERVICE, LEADER]
    assert f"https://vakt.example.org/listen/RECA1-for-{SERVICE}" in heard[0].body
    assert all(mail.thread == first.id for mail, first in zip(heard, network.letters, strict=False))
    posted = json.loads(network.posts[-1].body)
    assert posted["type"] == "ticket.message"
    assert posted["data"]["recording"]["sid"] == "RECA1"
    assert "listen/RECA1" in posted["data"]["recording"]["link"]


@ONE_DATABASE
def test_a_desk_that_wants_it_attached_gets_the_sound_and_the_copy_is_noted(
    database: Database,
) -> None:
    import_sample_desks(database, folder(desk=DESK_TOML + INBOX + 'recordings = "attached"\n'))
    network = FakeGateway(recordings={"RECA1": b"RIFF-sound"})
    a_message(database)
    work(database, network, later(30, EVENING))

    heard = [mail for mail in network.letters if mail.attachment]
    assert [(mail.to, mail.attachment and mail.attachment.media) for mail in heard] == [
        (SERVICE, b"RIFF-sound"),
        (LEADER, b"RIFF-sound"),
    ]
    with database.read() as connection:
        noted = recording_accesses_of(connection, "RECA1")
    assert [(each.who, each.channel) for each in noted] == [(SERVICE, "mail"), (LEADER, "mail")]


@ONE_DATABASE
def test_a_message_that_cannot_be_fetched_is_told_too(database: Database) -> None:
    network = FakeGateway()
    a_message(database)
    work(database, network, later(30, EVENING))
    assert "kunne ikke hentes" in network.letters[-1].subject
    assert json.loads(network.posts[-1].body)["type"] == "ticket.message_lost"


@ONE_DATABASE
def test_a_second_call_about_the_case_is_told(database: Database) -> None:
    network = FakeGateway()
    critical_at_night(database)
    again = DrivenCall(database, "CA2", start=later(600))
    again.arrives()
    again.presses("1")
    work(database, network, later(700))
    subjects = [mail.subject for mail in network.letters if mail.to == SERVICE]
    assert [subject.split(",")[0] for subject in subjects] == [
        "Fjordhjelp: ny sak 1001",
        "Fjordhjelp: nytt anrop om sak 1001",
    ]
    assert network.letters[0].is_urgent


@ONE_DATABASE
def test_many_calls_about_the_case_are_one_mail_in_five_minutes_and_a_post_each(
    database: Database,
) -> None:
    network = FakeGateway()
    critical_at_night(database)
    for count in range(10):
        again = DrivenCall(database, f"CA{count + 2}", start=later(600 + 10 * count))
        again.arrives()
        again.presses("1")
    work(database, network, later(900))

    mails = [mail.subject for mail in network.letters if mail.to == SERVICE]
    assert len([subject for subject in mails if "nytt anrop" in subject]) <= 2
    types = [json.loads(post.body)["type"] for post in network.posts]
    assert types.count("ticket.called_again") == 10


@ONE_DATABASE
def test_a_change_of_priority_is_told_with_what_it_was(database: Database) -> None:
    network = FakeGateway()
    a_message(database)
    change = asked(1001, SetPriority(Priority.LOW))
    move_ticket(database, change, later(60, EVENING))
    move_ticket(database, change, later(61, EVENING))
    work(database, network, later(70, EVENING))
    changed = [mail for mail in network.letters if "endret til" in mail.subject]
    assert [mail.to for mail in changed] == [SERVICE, LEADER], "once for each"
    assert "fra høy til lav" in changed[0].body
    posted = [json.loads(post.body) for post in network.posts]
    [told] = [each for each in posted if each["type"] == "ticket.priority_changed"]
    assert (told["data"]["was"], told["data"]["ticket"]["priority"]) == ("high", "low")


@ONE_DATABASE
def test_a_mail_that_waits_tells_the_case_as_it_is_when_it_goes(database: Database) -> None:
    a_message(database)
    taken = asked(1001, ACKNOWLEDGE)
    move_ticket(database, taken, later(60, EVENING))
    network = FakeGateway()
    work(database, network, later(3600, EVENING))
    assert "Status: tatt av Teamleiar" in network.letters[0].body


@ONE_DATABASE
def test_a_receiver_that_takes_nothing_is_tried_for_hours_and_then_shown(
    database: Database,
) -> None:
    call = DrivenCall(database, line=SUPPORT, caller=STRANGER, start=EVENING)
    call.arrives()
    call.presses("2")
    network = FakeGateway(refuses_posts=TemporaryFailure("refused with status 503", 503))
    now, tries = later(10, EVENING), 0
    while work(database, network, now) and tries < 200:
        with database.read() as connection:
            due = connection.execute(
                select(JobRow.due_at).where(JobRow.kind == JobKind.WEBHOOK)
            ).scalar()
        if due is None:
            break
        now, tries = due, tries + 1
    assert now - EVENING > timedelta(hours=1)
    with database.read() as connection:
        failed = [e for e in ticket_events(connection, 1001) if e.kind == "notification_failed"]
        alarming = failed_jobs(connection, EVENING)
    assert [(e.who, e.facts["error_code"]) for e in failed] == [("webhook", "503")]
    assert [each.error for each in alarming] == ["refused with status 503"]


@ONE_DATABASE
def test_an_address_that_is_refused_for_good_shows_on_the_ticket(database: Database) -> None:
    a_message(database)
    network = FakeGateway(refuses_mail=PermanentFailure("SMTPRecipientsRefused"))
    work(database, network, later(30, EVENING))
    with database.read() as connection:
        failed = [e.who for e in ticket_events(connection, 1001) if e.kind == "notification_failed"]
    assert SERVICE in failed
    assert LEADER in failed


def test_no_number_and_no_name_waits_in_the_outbox(database: Database) -> None:
    a_message(database)
    with database.read() as connection:
        kinds = (JobKind.TICKET_MAIL, JobKind.WEBHOOK)
        rows = connection.execute(select(JobRow).where(JobRow.kind.in_(kinds))).all()
    assert rows
    for row in rows:
        assert "49009001" not in row.payload
        assert "Skogli" not in row.payload


def test_a_webhook_that_the_desk_took_away_gets_nothing_more(database: Database) -> None:
    a_message(database)
    import_sample_desks(database, folder(desk=DESK_TOML + f'\n[inbox]\nmail = ["{SERVICE}"]\n'))
    network = FakeGateway()
    work(database, network, later(30, EVENING))
    assert network.posts == []
    with database.read() as connection:
        states = connection.execute(
            select(JobRow.state).where(JobRow.kind == JobKind.WEBHOOK)
        ).scalars()
        assert set(states) == {JobState.DROPPED}


@ONE_DATABASE
def test_a_desk_without_an_inbox_gets_nothing(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        network = FakeGateway()
        a_message(database)
        work(database, network, later(30, EVENING))
    assert network.letters == []
    assert network.posts == []


@ONE_DATABASE
def test_who_is_taken_off_the_inbox_gets_no_mail_that_still_waits(database: Database) -> None:
    network = FakeGateway()
    critical_at_night(database)
    import_sample_desks(
        database, folder(desk=DESK_TOML + INBOX.replace(f', "{LEADER}"', "") + TARGET)
    )
    work(database, network, later(60))
    assert {mail.to for mail in network.letters} == {SERVICE}


@ONE_DATABASE
def test_a_customer_who_accepts_without_a_word_is_told_of_and_nothing_is_left_to_do(
    database: Database,
) -> None:
    import_sample_desks(
        database, folder(desk='workflow = "support_web"\n' + DESK_TOML + INBOX + TARGET)
    )
    network = FakeGateway(recordings={"RECA1": b"RIFF-sound"})
    a_message(database)
    work(database, network, later(30, EVENING))
    network.letters.clear()
    for move, mover, words in (
        ("propose", Mover.AGENT, "Slå den av og på"),
        ("accept", Mover.CUSTOMER, ""),
    ):
        made = MakeMove(MoveAsked(move, frozenset({mover}), comment=words))
        move_ticket(database, asked(1001, made), later(60, EVENING))
    work(database, network, later(90, EVENING))
    mail = network.letters[-1]
    assert "Kunden har endret tilstanden til sak 1001. Nå er den: Lukket." in mail.body
    assert "vakt ticket show 1001" in mail.body
    assert "vakt ticket close" not in mail.body
    assert json.loads(network.posts[-1].body)["type"] == "ticket.moved"
