"""Who confirms the next shift is left in peace; else backup, coordinator, contacts hear of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.access.users import disable_user
from app.actions.health.audit import audit
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.overview.coverage import CoverageCache
from app.actions.overview.live_overview import LiveOverview
from app.actions.privacy.purge import purge_batch
from app.actions.roster.confirm_shifts import (
    confirm_shift,
    look_after_confirmations,
    shifts_to_confirm,
)
from app.actions.roster.entries import EntryRefused, EntryRequest, add_entry
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import AuditKind, Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageError
from app.domain.roster.entries import EntryKind
from app.gateways.sender import Sender
from app.gateways.shift_links import ShiftLinks
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.sms_senders import note_opt_out
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.changed_roster import COORDINATOR
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    ROSTER_TOML,
    SUPPORT,
    folder,
    import_sample_desks,
    sample_database,
)
from tests.support.users import a_user, author

KARI = PersonLink(DESK, "duty-1")
RULES = "\n[confirm_shifts]\nhours_before = 24\nalarm_hours_before = 2\n"
ROSTER = ROSTER_TOML.replace("\n[people.duty-1]", f"{RULES}\n[people.duty-1]", 1)
CONTACT = "+4749009181"
DESK_WITH_CONTACT = (
    DESK_TOML
    + f'\n[[contacts]]\nrole = "Koordinator"\nphone = "{CONTACT}"\nemail = "k@f.example"\n'
)
LINKS = ShiftLinks("of the tests", "https://vakt.example.org")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(roster=ROSTER, desk=DESK_WITH_CONTACT)) as database:
        yield database


@pytest.fixture
def begins(database: Database) -> datetime:
    """When the primary's next shift begins; each is a week."""
    now = datetime.fromisoformat("2026-11-23T06:00Z")  # a Monday, an hour before the handover
    look_after_confirmations(database, now - 30 * HOUR)
    assert shifts_to_confirm(database, KARI, now) == ()
    return now + HOUR


def works(database: Database, network: FakeGateway, now: datetime) -> None:
    look_after_confirmations(database, now)
    while do_next_job(database, cast(Sender, network), texts(), now):
        assert len(network.sent) < 50


def sms(network: FakeGateway, number: str) -> list[str]:
    return [str(each["body"]) for each in network.did("sms") if each["to"] == number]


def by_kari(at: datetime) -> Author:
    return Author(Actor(ActorKind.PERSON, "Duty 1", "duty-1", "sms"), at)


def taken_over(database: Database, begins: datetime, at: datetime) -> None:
    """The backup takes the primary's first day."""
    values = {
        "person": "duty-2",
        "role": "primary",
        "instead_of": "duty-1",
        "from": begins,
        "to": begins + 24 * HOUR,
    }
    done = add_entry(database, EntryRequest(DESK, EntryKind.OVERRIDE, values, COORDINATOR), at)
    assert not isinstance(done, EntryRefused)


def test_who_has_the_next_shift_is_asked_once_and_confirms_all_at_once(
    database: Database, begins: datetime
) -> None:
    network, now = FakeGateway(shift_links=LINKS), begins - 24 * HOUR
    for minutes in (0, 1, 2):
        works(database, network, now + minutes * MINUTE)
    [asked] = sms(network, DUTY_1)
    assert "Du er hovedvakt fra" in asked
    assert "https://vakt.example.org/c/" in asked
    [one] = confirm_shift(database, KARI, by_kari(now + HOUR))
    assert one.when.from_ == begins
    with pytest.raises(MessageError):
        confirm_shift(database, PersonLink(DESK, "duty-9"), by_kari(now + HOUR))
    again = confirm_shift(database, KARI, by_kari(now + 2 * HOUR), one.id)
    assert again[0].confirmed_at == now + HOUR, "the first time counts"
    works(database, network, begins - MINUTE)
    audit(database, open_offline_store(()), begins - MINUTE)
    assert not [
        each for each in network.sent if "ikke bekreftet" in str(each) and "Duty 1" in str(each)
    ]
    with database.read() as connection:
        events = [each.event for each in list_audit_events(connection, AuditFilter(limit=9))]
    assert [each.kind for each in events] == [AuditKind.SHIFT_CONFIRMED]


def test_of_who_does_not_confirm_backup_coordinator_and_contacts_hear_once(
    database: Database, begins: datetime
) -> None:
    a_user(database, "anne")
    network, now = FakeGateway(), begins - 24 * HOUR
    works(database, network, now)
    confirm_shift(database, PersonLink(DESK, "duty-2"), by_kari(now))
    for minutes in (-1, 0, 1, 30):
        late = begins - 2 * HOUR + minutes * MINUTE
        works(database, network, late)
        audit(database, open_offline_store(()), late)
        works(database, network, late)
    told = [each for each in sms(network, DUTY_2) if "har ikke bekreftet" in each]
    assert len(told) == 1
    assert "Vær forberedt på å ta vakten" in told[0]
    assert [to for to, *_ in network.mails].count("anne@kommune.example") == 1
    assert len(sms(network, CONTACT)) == 1
    assert "Duty 1 har ikke bekreftet vakten" in sms(network, CONTACT)[0]

    confirm_shift(database, KARI, by_kari(begins - HOUR))
    audit(database, open_offline_store(()), begins - HOUR)
    works(database, network, begins - HOUR)
    assert "Duty 1 har bekreftet vakten" in sms(network, CONTACT)[1]


def test_a_shift_that_is_given_on_after_its_confirmation_is_asked_about_anew(
    database: Database, begins: datetime
) -> None:
    network, now = FakeGateway(), begins - 24 * HOUR
    works(database, network, now)
    [one] = confirm_shift(database, KARI, by_kari(now))
    taken_over(database, begins, now + HOUR)
    assert shifts_to_confirm(database, KARI, now + HOUR) == (), "theirs begins a day later"
    works(database, network, now + HOUR)
    assert "Du er hovedvakt fra" in sms(network, DUTY_2)[-1]
    with pytest.raises(MessageError):
        confirm_shift(database, KARI, by_kari(now + 2 * HOUR), one.id)


@ONE_DATABASE
def test_an_sms_that_waits_while_the_shift_is_confirmed_is_not_sent(
    database: Database, begins: datetime
) -> None:
    look_after_confirmations(database, begins - 24 * HOUR)
    confirm_shift(database, KARI, by_kari(begins - 24 * HOUR))
    network = FakeGateway()
    works(database, network, begins - 24 * HOUR + MINUTE)
    assert sms(network, DUTY_1) == []


@ONE_DATABASE
def test_now_shows_whether_they_confirmed(database: Database, begins: datetime) -> None:
    overview = LiveOverview(database, CoverageCache())

    def has_confirmed(now: datetime) -> bool | None:
        duty = overview.see(now).rows[0].duty
        assert duty
        return duty.has_confirmed

    assert has_confirmed(begins - 25 * HOUR) is None, "of the shift that goes on nobody was asked"
    look_after_confirmations(database, begins - 24 * HOUR)
    assert has_confirmed(begins) is False
    confirm_shift(database, KARI, by_kari(begins + MINUTE))
    assert has_confirmed(begins + MINUTE) is True


def test_what_was_asked_is_deleted_in_time(database: Database, begins: datetime) -> None:
    look_after_confirmations(database, begins - 24 * HOUR)
    asked = shifts_to_confirm(database, KARI, begins)
    assert asked
    while purge_batch(database, begins + timedelta(days=4000)):
        pass
    assert shifts_to_confirm(database, KARI, begins) == ()


@ONE_DATABASE
def test_who_has_written_stop_is_asked_by_mail_unless_they_may_not_log_in(
    database: Database, begins: datetime
) -> None:
    duty_person = (AccessRole.DUTY_PERSON, Scope(roster=DESK), KARI)
    kari, gone = a_user(database, "kari", *duty_person), a_user(database, "gone", *duty_person)
    disable_user(database, gone.id, author())
    database.write(lambda connection: note_opt_out(connection, DUTY_1, SUPPORT, begins))
    network = FakeGateway()
    works(database, network, begins - 24 * HOUR)
    assert sms(network, DUTY_1) == []
    assert [to for to, *_ in network.mails] == [kari.email]


def test_a_question_that_the_network_does_not_take_for_an_hour_is_asked_all_the_same(
    database: Database, begins: datetime
) -> None:
    network = FakeGateway()
    look_after_confirmations(database, begins - 24 * HOUR)
    works(database, network, begins - 23 * HOUR)
    assert len(sms(network, DUTY_1)) == 1


@ONE_DATABASE
def test_a_roster_that_asks_nobody_any_more_tells_of_nobody(
    database: Database, begins: datetime
) -> None:
    network = FakeGateway()
    works(database, network, begins - 24 * HOUR)
    import_sample_desks(database, folder(desk=DESK_WITH_CONTACT))
    works(database, network, begins - 23 * HOUR)
    works(database, network, begins - HOUR)
    audit(database, open_offline_store(()), begins - HOUR)
    works(database, network, begins - HOUR)
    assert "ikke bekreftet" not in str(network.sent)
