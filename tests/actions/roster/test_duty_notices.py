"""People are told of their coming shifts once each, by the ways that they have chosen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.user_data import erase_user, export_user
from app.actions.roster.duty_notices import choose_notices, chosen_notices, send_duty_notices
from app.actions.roster.duty_requests import WantedCover, ask_for_cover
from app.actions.roster.entries import EntryRefused, EntryRequest, add_entry, withdraw_entry
from app.actions.roster.gap_notices import send_gap_notices
from app.domain.access.audit import AuditKind, Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.roster.duty_notices import NoticeKind
from app.domain.roster.duty_slots import slots_between
from app.domain.roster.entries import EntryKind
from app.domain.time.intervals import Interval
from app.gateways.sender import Sender
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.desks import find_desk
from app.store.sms_senders import note_opt_out
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.changed_roster import COORDINATOR
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DUTY_1,
    ROSTER_TOML,
    SUPPORT,
    folder,
    import_sample_desks,
)
from tests.support.users import a_user, author

TOMORROW, HOUR, MOVED = NoticeKind.TOMORROW, NoticeKind.IN_AN_HOUR, NoticeKind.MOVED
ALTERNATING = ROSTER_TOML.replace('members = ["duty-1"]', 'members = ["duty-2", "duty-1"]', 1)
BEFORE = datetime.fromisoformat("2026-11-18T09:00Z")  # a Wednesday


@pytest.fixture
def kari(database: Database) -> User:
    import_sample_desks(database, folder(roster=ALTERNATING))
    link = PersonLink(DESK, "duty-1")
    return a_user(database, "kari", AccessRole.DUTY_PERSON, Scope(roster=DESK), link)


def chosen(database: Database, user: User, sms: set[NoticeKind], mail: set[NoticeKind]) -> None:
    by = Author(user.actor, BEFORE)
    choose_notices(database, user, frozenset(sms), frozenset(mail), by)


def told(database: Database, *moments: datetime) -> FakeGateway:
    network = FakeGateway()
    for now in moments:
        send_duty_notices(database, now)
        while do_next_job(database, cast(Sender, network), texts(), now):
            assert len(network.sent) < 20
    return network


def next_monday(database: Database, user: User) -> datetime:
    """When the next shift of the primary begins, as the choice has noted it."""
    known = chosen_notices(database, user).known
    assert known
    return known.from_


def test_the_evening_and_the_hour_before_are_told_once_by_the_chosen_way(
    database: Database, kari: User
) -> None:
    chosen(database, kari, {TOMORROW}, {HOUR})
    begins = next_monday(database, kari)
    evening, hour = begins - timedelta(hours=14), begins - timedelta(hours=1)
    minutes = [timedelta(minutes=each) for each in (-1, 0, 1, 10)]
    network = told(database, *(evening + each for each in minutes))
    assert [each["to"] for each in network.did("sms")] == [DUTY_1]
    assert str(network.sent[0]["body"]).startswith("Fjordhjelp: Du er ")
    assert str(network.sent[0]["body"]).endswith("https://vakt.example.org/my-duty")
    assert network.mails == []
    network = told(database, *(hour + each for each in minutes))
    assert [to for to, *_ in network.mails] == [kari.email]
    assert network.did("sms") == []


def test_a_next_shift_that_somebody_else_moves_is_told_once(database: Database, kari: User) -> None:
    chosen(database, kari, {MOVED}, {MOVED})
    begins = next_monday(database, kari)
    assert told(database, BEFORE).sent == []
    away = {"person": "duty-1", "from": begins, "to": begins + timedelta(days=7)}
    request = EntryRequest(DESK, EntryKind.ABSENCE, away, COORDINATOR)
    assert not isinstance(add_entry(database, request, BEFORE), EntryRefused)
    later = [BEFORE + timedelta(minutes=each) for each in (1, 2, 3)]
    network = told(database, *later)
    [sms] = network.did("sms")
    assert "Den neste vakten din er nå" in str(sms["body"])
    assert len(network.mails) == 1
    assert next_monday(database, kari) > begins


@ONE_DATABASE
def test_who_has_written_stop_is_told_by_mail(database: Database, kari: User) -> None:
    chosen(database, kari, {TOMORROW}, set())
    evening = next_monday(database, kari) - timedelta(hours=14)
    database.write(lambda connection: note_opt_out(connection, DUTY_1, SUPPORT, BEFORE))
    network = told(database, evening, evening + timedelta(minutes=1))
    assert network.did("sms") == []
    assert [to for to, *_ in network.mails] == [kari.email]


def test_two_workers_tell_once_of_what_was_moved(database: Database, kari: User) -> None:
    chosen(database, kari, {MOVED}, set())
    begins = next_monday(database, kari)
    away = {"person": "duty-1", "from": begins, "to": begins + timedelta(days=7)}
    request = EntryRequest(DESK, EntryKind.ABSENCE, away, COORDINATOR)
    assert not isinstance(add_entry(database, request, BEFORE), EntryRefused)
    moments = [BEFORE + timedelta(seconds=each) for each in range(4)]
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda now: send_duty_notices(database, now), moments))
    assert len(told(database, BEFORE + timedelta(minutes=1)).did("sms")) == 1


@ONE_DATABASE
def test_who_has_chosen_nothing_or_takes_it_back_is_told_nothing(
    database: Database, kari: User
) -> None:
    chosen(database, kari, {TOMORROW}, set())
    evening = next_monday(database, kari) - timedelta(hours=14)
    chosen(database, kari, set(), set())
    assert told(database, evening).sent == []
    with database.read() as connection:
        asked = AuditFilter(kind=AuditKind.NOTICES_CHOSEN, limit=9)
        assert len(list_audit_events(connection, asked)) == 2


def test_choices_are_given_out_and_erased_with_their_user(database: Database, kari: User) -> None:
    chosen(database, kari, {TOMORROW}, set())
    assert len(export_user(database, kari.email)["notice_choices"]) == 1
    assert erase_user(database, kari.email, author())["notice_choices"] == 1


def test_a_coordinator_is_told_once_of_a_gap_within_a_week_and_again_when_it_opens_again(
    database: Database, kari: User
) -> None:
    liv = a_user(database, "liv", AccessRole.COORDINATOR, Scope(roster=DESK))
    chosen(database, liv, {NoticeKind.GAP}, set())
    chosen(database, kari, {NoticeKind.GAP}, set())  # she coordinates nothing
    assert gaps_told(database, BEFORE) == []
    away = {"from": BEFORE + timedelta(days=1), "to": BEFORE + timedelta(days=2)}
    added = [
        add_entry(
            database,
            EntryRequest(DESK, EntryKind.ABSENCE, {**away, "person": each}, COORDINATOR),
            BEFORE,
        )
        for each in ("duty-1", "duty-2")
    ]
    minutes = [BEFORE + timedelta(minutes=each) for each in (1, 2, 60)]
    [mail] = gaps_told(database, *minutes)
    assert mail == (
        f"{liv.email}: Fjordhjelp: Ingen har vakt fra i morgen kl. 16.00 til fredag kl. 08.00."
    )
    one = added[1]
    assert not isinstance(one, EntryRefused)
    assert one.entry
    withdraw_entry(database, DESK, one.entry.id, COORDINATOR, BEFORE + timedelta(hours=2))
    assert gaps_told(database, BEFORE + timedelta(hours=3)) == [], "that it is closed is not told"
    request = EntryRequest(DESK, EntryKind.ABSENCE, {**away, "person": "duty-2"}, COORDINATOR)
    add_entry(database, request, BEFORE + timedelta(hours=4))
    assert len(gaps_told(database, BEFORE + timedelta(hours=5))) == 1


def gaps_told(database: Database, *moments: datetime) -> list[str]:
    network = FakeGateway()
    for now in moments:
        send_gap_notices(database, now)
        while do_next_job(database, cast(Sender, network), texts(), now):
            assert len(network.sent) < 20
    return [f"{to}: {subject}" for to, subject, *_ in network.mails]


def test_who_has_not_answered_a_colleague_is_reminded_once(database: Database, kari: User) -> None:
    chosen(database, kari, {NoticeKind.WAITS}, set())
    ola = a_user(
        database, "ola", AccessRole.DUTY_PERSON, Scope(roster=DESK), PersonLink(DESK, "duty-2")
    )
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    assert live.roster
    span = Interval(BEFORE + timedelta(days=2), BEFORE + timedelta(days=30))
    slot = slots_between(live.roster, "duty-2", span)[-1]
    ask_for_cover(database, WantedCover(DESK, (slot,), ("duty-1",)), Author(ola.actor, BEFORE))
    told(database, BEFORE)
    day = BEFORE + timedelta(days=1)
    network = told(database, day - timedelta(minutes=1), day, day + timedelta(minutes=1))
    [sms] = network.did("sms")
    assert "Venter fortsatt på svaret ditt: " in str(sms["body"])
