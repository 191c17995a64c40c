"""A coordinator publishes a roster up to a day: who wants it is told once, and it can be undone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast

import pytest

from app.actions.outbox.outbox_worker import do_next_job
from app.actions.roster.calendars import WantedCalendar, create_calendar, feed_of, open_calendar
from app.actions.roster.duty_notices import choose_notices, send_duty_notices
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.actions.roster.publish import (
    publish,
    show_published,
    try_publication,
    undo_publication,
)
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditKind, Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.message_refs import MessageError
from app.domain.roster.calendar_words import calendar_of
from app.domain.roster.duty_notices import NoticeKind
from app.domain.roster.entries import EntryKind
from app.domain.roster.publication import border_after
from app.gateways.sender import Sender
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import DAY, DESK, DUTY_1
from tests.support.users import a_user

ANNE = Author(Actor(ActorKind.PERSON, "Anne Vik", "1"), DAY)
NEW_YEAR = border_after(date(2026, 12, 31), "Europe/Oslo")
EASTER = border_after(date(2027, 3, 29), "Europe/Oslo")
MINUTE = timedelta(minutes=1)


def kari(database: Database) -> User:
    link = PersonLink(DESK, "duty-1")
    user = a_user(database, "kari", AccessRole.DUTY_PERSON, Scope(roster=DESK), link)
    chosen = frozenset({NoticeKind.PUBLISHED})
    choose_notices(database, user, chosen, frozenset(), Author(user.actor, DAY))
    return user


def told(database: Database, *moments: datetime) -> list[str]:
    network = FakeGateway()
    for now in moments:
        send_duty_notices(database, now)
        while do_next_job(database, cast(Sender, network), texts(), now):
            assert len(network.sent) < 20
    return [f"{each['to']} {each['body']}" for each in network.did("sms")]


def until(database: Database) -> datetime | None:
    found = show_published(database, DESK)
    assert found
    return found.roster.published_until


def test_who_wants_it_is_told_once_ten_minutes_later(database: Database) -> None:
    kari(database)
    assert until(database) is None, "never published: all of it counts"
    number = publish(database, DESK, NEW_YEAR, None, ANNE)
    assert publish(database, DESK, NEW_YEAR, None, ANNE) == number, "pressed twice"
    moments = [DAY + each * MINUTE for each in (1, 9, 10, 11, 30)]
    assert told(database, *moments) == [], "these shifts they have had all the time"
    assert until(database) == NEW_YEAR
    with database.read() as connection:
        [noted] = list_audit_events(connection, AuditFilter(kind=AuditKind.ROSTER_PUBLISHED))
    assert noted.event.after == {"published_until": NEW_YEAR.isoformat()}
    by = replace(ANNE, at=ANNE.at + 60 * MINUTE)
    publish(database, DESK, EASTER, NEW_YEAR, by)
    publish(database, DESK, EASTER + timedelta(days=14), EASTER, by)
    sms, later = told(database, *(each + 60 * MINUTE for each in moments))
    assert sms.startswith(f"{DUTY_1} Fjordhjelp: Vaktlisten er klar til og med")
    assert "4. jan." in sms
    assert "april" in later, "each publication is told with what is new by it, once"
    assert told(database, DAY + 100 * MINUTE) == []


@ONE_DATABASE
def test_undone_within_ten_minutes_nobody_was_told(database: Database) -> None:
    kari(database)
    number = publish(database, DESK, NEW_YEAR, None, ANNE)
    further = publish(database, DESK, EASTER, NEW_YEAR, ANNE)
    assert not undo_publication(database, DESK, number, ANNE), "not the newest any more"
    assert undo_publication(database, DESK, further, ANNE)
    assert until(database) == NEW_YEAR
    assert undo_publication(database, DESK, number, ANNE)
    assert until(database) is None
    assert not undo_publication(database, DESK, number, ANNE)
    assert told(database, DAY + 10 * MINUTE, DAY + 20 * MINUTE) == []


@ONE_DATABASE
def test_who_is_told_and_who_is_not_is_shown_before(database: Database) -> None:
    kari(database)
    state = show_published(database, DESK)
    assert state
    first = try_publication(database, state, NEW_YEAR, DAY)
    assert (first.people, first.gaps) == ((), ()), "all of it was published until now"
    publish(database, DESK, NEW_YEAR, None, ANNE)
    state = show_published(database, DESK)
    assert state
    trial = try_publication(database, state, EASTER, DAY)
    assert [(each.person, each.by_sms, each.is_told) for each in trial.people] == [
        ("duty-1", True, True),
        ("duty-2", False, False),
    ]
    assert trial.gaps == ()


@ONE_DATABASE
@pytest.mark.parametrize(
    "border", [DAY, DAY - timedelta(days=1), DAY + timedelta(days=900)], ids=str
)
def test_a_day_that_is_over_or_far_away_is_refused(database: Database, border: datetime) -> None:
    with pytest.raises(MessageError):
        publish(database, DESK, border, None, ANNE)
    assert until(database) is None


def test_two_at_once_publish_once_each_knowing_of_the_other(database: Database) -> None:
    def work(border: datetime) -> bool:
        try:
            publish(database, DESK, border, None, ANNE)
        except MessageError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, (NEW_YEAR, EASTER)))
    assert sorted(done) == [False, True]
    with pytest.raises(MessageError):
        publish(database, DESK, EASTER + 60 * MINUTE, None, ANNE)  # seen before either of them


def test_calendars_leave_out_what_is_not_published(database: Database) -> None:
    secret = create_calendar(database, WantedCalendar(DESK, "duty-1"), ANNE)

    def calendar(now: datetime) -> tuple[str, int, list[datetime]]:
        opened = open_calendar(database, secret, now)
        assert opened
        feed = feed_of(database, opened, now)
        made = calendar_of(feed, lambda message: message.key, now)
        return opened.etag, feed.sequence, [each.when.from_ for each in made.events]

    before = calendar(DAY)
    assert max(before[2]) > EASTER
    number = publish(database, DESK, NEW_YEAR, None, ANNE)
    after = calendar(DAY)
    assert max(after[2]) < NEW_YEAR
    assert after[0] != before[0], "programs fetch it anew"
    undo_publication(database, DESK, number, ANNE)
    back = calendar(DAY)
    assert back[2] == before[2]
    assert before[1] < after[1] < back[1]


@ONE_DATABASE
def test_a_change_beyond_the_border_asks_for_nobodys_agreement(database: Database) -> None:
    publish(database, DESK, DAY + timedelta(days=2), None, ANNE)
    from_ = DAY + timedelta(days=4)
    values = {"person": "duty-2", "role": "primary", "from": from_, "to": from_ + 60 * MINUTE}
    wanted = EntryRequest(DESK, EntryKind.OVERRIDE, dict(values), ANNE.actor)
    done = add_entry(database, wanted, DAY)
    assert isinstance(done, EntryResult)
    assert done.entry
    assert done.entry.consents == ()
