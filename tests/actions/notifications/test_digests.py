"""A digest of what is still open: once for each occasion and address, and none without anything."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import func, select

from app.actions.notifications.send_digests import put_due_digests
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.move_ticket import TicketChange, move_ticket
from app.gateways.sender import Sender
from app.store import Database
from app.store.tables import JobKind, JobRow
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.desk_moves import ACKNOWLEDGE, CLOSE, asked
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import DESK_TOML, STRANGER, SUPPORT, folder, sample_database
from tests.support.stored_call import DrivenCall

SERVICE = "service@fjordhjelp.example"
INBOX = f'\n[inbox]\nmail = ["{SERVICE}"]\n'
TARGET = '\n[[targets]]\npriority = "high"\nrespond = "4 hours"\ncalendar = "desk"\n'
OPENING = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)  # Thursday 08:00 in Oslo
CLOSING = OPENING + timedelta(hours=7)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + INBOX + TARGET)) as database:
        yield database


def a_case(database: Database, sid: str, caller: str = STRANGER) -> None:
    call = DrivenCall(
        database, sid, line=SUPPORT, caller=caller, start=OPENING - timedelta(hours=12)
    )
    call.arrives()
    call.presses("2")
    call.hangs_up()


def does(database: Database, number: int, move: TicketChange) -> None:
    move_ticket(database, asked(number, move), OPENING - timedelta(hours=1))


def work(database: Database, now: datetime) -> FakeGateway:
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass
    return network


def digests(network: FakeGateway) -> list[str]:
    return [mail.body for mail in network.letters if "åpne saker" in mail.subject]


@ONE_DATABASE
def test_it_tells_what_nobody_has_taken_and_what_is_not_closed(database: Database) -> None:
    for sid, caller in (("CA1", "+4749009001"), ("CA2", STRANGER), ("CA3", "+4749009098")):
        a_case(database, sid, caller)
    does(database, 1002, ACKNOWLEDGE)
    does(database, 1003, CLOSE)
    work(database, OPENING - timedelta(minutes=1))
    assert put_due_digests(database, OPENING) == 1

    network = work(database, OPENING)
    [mail] = network.letters
    assert (mail.to, mail.subject) == (SERVICE, "Fjordhjelp: åpne saker når vi åpner: 2")
    assert "Saker som ingen har tatt: 1\n  1001  Høy, meldt" in mail.body
    assert "Skogli skule. Svarfrist: i dag kl. 12.00" in mail.body
    assert "Saker som er tatt, men ikke avsluttet: 1\n  1002" in mail.body
    assert "(Teamleiar)" in mail.body
    assert "1003" not in mail.body
    assert put_due_digests(database, CLOSING) == 1
    assert "(over fristen)" in digests(work(database, CLOSING))[0], "at 15 the answer was due at 12"


@ONE_DATABASE
def test_nothing_open_is_no_mail_also_when_something_comes_a_minute_later(
    database: Database,
) -> None:
    assert put_due_digests(database, OPENING) == 1
    assert digests(work(database, OPENING)) == []
    a_case(database, "CA1")
    assert put_due_digests(database, OPENING + timedelta(minutes=1)) == 0
    assert digests(work(database, OPENING + timedelta(minutes=1))) == []


def test_many_workers_at_once_send_one(database: Database) -> None:
    a_case(database, "CA1")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: put_due_digests(database, OPENING), range(12)))
    with database.read() as connection:
        count = select(func.count()).where(JobRow.kind == JobKind.DIGEST_MAIL)
        assert connection.execute(count).scalar_one() == 1
    assert len(digests(work(database, OPENING))) == 1
    assert put_due_digests(database, OPENING + timedelta(minutes=30)) == 0


@ONE_DATABASE
def test_a_digest_that_would_come_hours_late_is_not_sent(database: Database) -> None:
    a_case(database, "CA1")
    put_due_digests(database, OPENING)
    assert digests(work(database, OPENING + timedelta(hours=3))) == []


@ONE_DATABASE
def test_a_desk_without_an_address_gets_none(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        a_case(database, "CA1")
        assert put_due_digests(database, OPENING) == 0
