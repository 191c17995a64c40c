"""At a handover outgoing, incoming and the inbox learn once what is open and urgent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from app.actions.notifications.send_handovers import put_due_handovers
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.roster.entries import EntryRefused, EntryRequest, add_entry
from app.actions.tickets.move_ticket import move_ticket
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.roster.entries import EntryKind
from app.gateways.sender import Sender
from app.store import Database
from app.voice_prompts import texts
from tests.support.changed_roster import COORDINATOR
from tests.support.desk_moves import ACKNOWLEDGE, CLOSE, asked
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    DUTY_1,
    DUTY_2,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    sample_database,
)
from tests.support.stored_call import critical_at_night
from tests.support.users import a_user

INBOX = "service@fjordhjelp.example"
WITH_INBOX = f'{DESK_TOML}\n[inbox]\nmail = ["{INBOX}"]\n'
ALTERNATING = ROSTER_TOML.replace('members = ["duty-1"]', 'members = ["duty-2", "duty-1"]', 1)
HANDOVER = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday; the critical call is on Saturday
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    both = folder(desk=WITH_INBOX, roster=ALTERNATING)
    with sample_database(migrated_sqlite_url, both) as database:
        yield database


def told(database: Database, *moments: datetime) -> FakeGateway:
    network = FakeGateway()
    for now in moments:
        put_due_handovers(database, now)
        while do_next_job(database, cast(Sender, network), texts(), now):
            pass
    network.sent = [each for each in network.sent if "Vaktbytte" in str(each)]
    network.letters = [each for each in network.letters if "vaktbytte" in each.subject]
    return network


def a_critical_case(database: Database) -> None:
    critical_at_night(database).hangs_up()
    told(database, HANDOVER - timedelta(hours=30))


def test_all_learn_once_what_is_open_and_who_has_it(database: Database) -> None:
    link = PersonLink(DESK, "duty-1")
    kari = a_user(database, "kari", AccessRole.DUTY_PERSON, Scope(roster=DESK), link)
    a_critical_case(database)
    move_ticket(database, asked(1001, ACKNOWLEDGE), HANDOVER - timedelta(hours=3))
    network = told(database, *(HANDOVER + each * MINUTE for each in (-1, 0, 1, 20, 40)))

    sms = {str(each["to"]): str(each["body"]) for each in network.did("sms")}
    assert set(sms) == {DUTY_1, DUTY_2}
    assert sms[DUTY_1].startswith("Fjordhjelp: Vaktbytte, Duty ")
    assert "haster: 1001 (Teamleiar). https://vakt.example.org/" in sms[DUTY_1]
    assert len(network.did("sms")) == 2
    assert {each.to for each in network.letters} == {INBOX, kari.email}
    assert len(network.letters) == 2
    assert network.letters[0].subject == "Fjordhjelp: vaktbytte, 1 åpen sak som haster"
    body = network.letters[0].body
    assert "  1001  Kritisk, meldt " in body
    assert "Skogli skule. Teamleiar har den, siden i dag kl. 05.00." in body


def test_nothing_open_is_no_message_unless_the_desk_wants_it(database: Database) -> None:
    assert told(database, HANDOVER).sent == []
    a_critical_case(database)
    move_ticket(database, asked(1001, CLOSE), HANDOVER - timedelta(hours=3))
    assert told(database, HANDOVER + MINUTE).letters == []
    always = WITH_INBOX.replace("[duty]", '[duty]\nhandover_summary = "always"')
    import_sample_desks(database, folder(desk=always, roster=ALTERNATING))
    network = told(database, HANDOVER + 2 * MINUTE)
    assert {str(each["body"]).partition(" overtar. ")[2] for each in network.did("sms")} == {
        "Ingen åpne saker haster. https://vakt.example.org/"
    }
    assert len(network.letters) == 1
    never = WITH_INBOX.replace("[duty]", '[duty]\nhandover_summary = "never"')
    import_sample_desks(database, folder(desk=never, roster=ALTERNATING))
    assert put_due_handovers(database, HANDOVER + 3 * MINUTE) == 0


def test_what_comes_after_the_handover_is_not_told_as_handed_over(database: Database) -> None:
    critical_at_night(database, start=HANDOVER + MINUTE).hangs_up()
    assert told(database, HANDOVER + 10 * MINUTE).sent == []


def test_many_workers_tell_once_and_a_swap_a_minute_before_counts(database: Database) -> None:
    a_critical_case(database)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: put_due_handovers(database, HANDOVER), range(12)))
    assert len(told(database, HANDOVER + MINUTE).did("sms")) == 2


def test_where_the_outgoing_goes_on_by_a_swap_nobody_is_told(database: Database) -> None:
    a_critical_case(database)
    values = {
        "person": "duty-1",
        "role": "primary",
        "from": HANDOVER - timedelta(days=1),
        "to": HANDOVER + timedelta(days=1),
    }
    request = EntryRequest(DESK, EntryKind.OVERRIDE, values, COORDINATOR)
    assert not isinstance(add_entry(database, request, HANDOVER - MINUTE), EntryRefused)
    assert told(database, HANDOVER).sent == []
