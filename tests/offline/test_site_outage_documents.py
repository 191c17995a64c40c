"""What the network plays without us is put there at every handover, and somebody is told if not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app import clock
from app.actions.desks.import_desks import import_desks
from app.actions.health.audit import audit
from app.domain.health.alarms import AlarmKind
from app.gateways.sender import Sender
from app.gateways.static_host import StaticHost
from app.offline.offline_store import open_offline_store
from app.offline.refresher import OfflineRefresher
from app.offline.site_outage_documents import StaticDocuments
from app.settings import Settings
from app.store import Database
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes
from app.voice_prompts import texts
from app.worker.worker import Worker
from tests.actions.health.test_alarm import sent
from tests.gateways.static_files import AStore, a_store
from tests.support.contacts import CONTACTS, LEADER, WITH_CONTACTS
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    ROSTER_TOML,
    edit,
    folder,
    later,
    sample_database,
)
from tests.worker.test_worker import wait_until

pytestmark = pytest.mark.real_clock


DUTY_FILE = f"/vakt/{DESK}/{DUTY.lstrip('+')}.xml"
TAKES_OVER = """
[[overrides]]
person = "duty-2"
role = "primary"
from = 2026-11-21T23:30:00
to = 2026-11-22T02:00:00
"""


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


@pytest.fixture
def store() -> Iterator[AStore]:
    with a_store() as one:
        yield one


def shelf_of(store: AStore, **more: str) -> StaticHost:
    settings: dict[str, object] = {
        "secret_key": "of the test",
        "vakt_lifeline_push_url": f"{store.address}/vakt",
        **more,
    }
    return StaticHost(Settings.model_validate(settings), texts())


def kept(database: Database, static_host: StaticHost) -> OfflineRefresher:
    return OfflineRefresher(database, (StaticDocuments(static_host),))


def put(documents: OfflineRefresher, now: datetime) -> bool:
    """Whether a desk's documents were put there at a look."""
    return documents.refresh(now).written == ("static documents",)


def pushed(database: Database) -> LifelinePush:
    with database.read() as connection:
        return load_lifeline_pushes(connection)[DESK]


def test_they_are_put_there_once_and_again_when_the_desk_opens(
    database: Database, store: AStore
) -> None:
    documents = kept(database, shelf_of(store))

    assert put(documents, NIGHT)
    assert f"{DUTY_1}</Number>" in store.files[DUTY_FILE]
    assert f"{LAST_RESORT}</Number>" in store.files[DUTY_FILE]
    assert f'url="{store.address}/vakt/{DESK}/whisper-nb.xml"' in store.files[DUTY_FILE]
    assert f"/vakt/{DESK}/whisper-nb.xml" in store.files
    assert pushed(database).pushed_at == NIGHT

    assert not put(documents, later(3600))
    opens = pushed(database).valid_until
    assert opens == datetime.fromisoformat("2026-11-23T08:00+01:00")
    assert not put(documents, opens - timedelta(seconds=1))
    assert put(documents, opens)
    assert DUTY_1 not in store.files[DUTY_FILE]
    assert "+4749009201</Number>" in store.files[DUTY_FILE]


def test_somebody_who_takes_over_is_put_there_when_it_is_imported_and_when_it_begins(
    database: Database, store: AStore
) -> None:
    documents = kept(database, shelf_of(store))
    put(documents, NIGHT)

    changed = folder(desk=DESK_TOML + CONTACTS, roster=ROSTER_TOML + TAKES_OVER)
    import_desks(database, [changed], edit())
    assert put(documents, later(60))
    assert pushed(database).valid_until == datetime.fromisoformat("2026-11-21T23:30+01:00")
    assert put(documents, later(20 * 60))
    duty = store.files[DUTY_FILE]
    assert duty.index(DUTY_2) < duty.index(LAST_RESORT)
    assert DUTY_1 not in duty


def test_a_key_of_ours_goes_with_every_document_and_the_network_reads_elsewhere(
    database: Database, store: AStore
) -> None:
    static_host = shelf_of(
        store,
        vakt_lifeline_push_url=f"{store.address}/vakt?sig=abc",
        vakt_lifeline_push_header="Authorization: Bearer of-the-test",
        vakt_lifeline_public_url="https://files.example.org/secret",
    )
    documents = kept(database, static_host)
    put(documents, NIGHT)

    duty = store.files[f"{DUTY_FILE}?sig=abc"]
    assert f'url="https://files.example.org/secret/{DESK}/whisper-nb.xml"' in duty
    assert "sig=abc" not in duty
    for headers in store.headers:
        assert headers["Authorization"] == "Bearer of-the-test"
        assert headers["Content-Type"].startswith("text/xml")


def test_a_store_that_refuses_is_asked_ever_more_seldom_and_the_contacts_are_told_once(
    database: Database, store: AStore
) -> None:
    documents = kept(database, shelf_of(store))
    store.refuses = 403
    asked = []
    for seconds in range(0, 300, 10):
        before = len(store.headers)
        assert not put(documents, later(seconds))
        if len(store.headers) > before:
            asked.append(seconds)
    assert asked == [0, 10, 30, 70, 150]
    assert pushed(database).pushed_at is None

    auditor = open_offline_store(())
    [alarm] = audit(database, auditor, later(300)).raised
    assert alarm.kind is AlarmKind.LIFELINE_OLD
    assert audit(database, auditor, later(301)).raised == ()
    network = sent(database, later(302))
    [sms] = network.did("sms")
    assert sms["to"] == LEADER
    assert "Det som svarer når alt er nede, er ikke blitt oppdatert siden" in str(sms["body"])
    assert "avvist med status 403" in network.mails[0][2]

    store.refuses = 0
    assert put(documents, later(310))
    assert audit(database, auditor, later(310)).is_well
    assert "er oppdatert igjen" in str(sent(database, later(311)).did("sms")[0]["body"])


def test_a_store_that_is_not_there_harms_nobody(database: Database, store: AStore) -> None:
    nowhere = kept(database, shelf_of(store, vakt_lifeline_push_url="http://127.0.0.1:9/vakt"))
    assert not put(nowhere, NIGHT)
    assert pushed(database).failing_since == NIGHT
    assert put(kept(database, shelf_of(store)), later(15)), "as if it were a new one"
    assert pushed(database).failing_since is None


def test_the_worker_looks_after_it_beside_its_jobs(database: Database, store: AStore) -> None:
    network = cast(Sender, FakeGateway())
    worker = Worker(database, network, texts(), static_host=shelf_of(store))
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: DUTY_FILE in store.files)
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()
    said = pushed(database)
    assert said.valid_until
    assert said.valid_until > clock.now()
