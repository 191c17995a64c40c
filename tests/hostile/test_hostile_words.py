"""A desk whose words are written to break out of where they stand: they are said, and no more."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import text

from app import clock
from app.logs import configure
from app.web.services import EXTENSION
from exchange.documents.read_document import read_document
from exchange.documents.schema import DocumentKind
from tests.support import sample_desk
from tests.support.fake_twilio import FakeTwilio, fake_twilio, settings
from tests.support.sample_desk import DUTY, DUTY_1, SUPPORT
from tests.tools.fuzz.stories import listening

# The first would ring a number; the others end an attribute, a section, a template, a query.
EVIL = '"/><Dial>9</Dial>&]]>{x}%s--'
WORDS = ("Fjordhjelp", "Fjord help", "Skogli skule", "Duty 1", "First line 1")


def evil(document: str) -> str:
    """The document with each of its words made evil, as TOML or CSV writes it."""
    for word in WORDS:
        document = document.replace(f'"{word}', '"' + (word[0] + EVIL).replace('"', '\\"'))
        document = document.replace(f",{word},", ',"' + (word[0] + EVIL).replace('"', '""') + '",')
    return document


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path), moved_in=False) as network:
        services = network.client.application.extensions[EXTENSION]
        texts = (sample_desk.DESK_TOML, sample_desk.ROSTER_TOML, sample_desk.CUSTOMERS_CSV)
        desk, roster, customers = map(evil, texts)
        folder = sample_desk.folder(desk=desk, roster=roster, customers=customers)
        assert [fault for fault in folder.diagnostics if fault.severity == "error"] == []
        sample_desk.import_sample_desks(services.database, folder)
        services.offline_sync.refresher.refresh(clock.now())
        yield network


def test_a_call_says_them_and_rings_nobody_else(network: FakeTwilio) -> None:
    with listening() as faults:
        said = [
            network.post("/twilio/voice", CallStatus="ringing"),
            network.post("/twilio/voice/turn/1", Digits="1"),
        ]
        whispers = [
            network.post(f"/twilio/leg/{network.call}/1/whisper", **network.of_leg(1)),
            network.post("/twilio/lifeline/whisper", **network.of_leg(1)),
        ]
        lifeline = network.post("/twilio/voice/fallback", ErrorCode="11205")
    network.call, network.line = network.call[:-1] + "7", SUPPORT
    said += [network.post("/twilio/voice"), network.post("/twilio/voice/turn/1", Digits="9")]

    assert faults.found == ["lifeline\n"] or faults.found == []
    for answer in (*said, lifeline):
        read_document(answer.data, DocumentKind.CALL)
    for answer in whispers:
        read_document(answer.data, DocumentKind.WHISPER)
    everything = [fromstring(answer.text) for answer in (*said, *whispers, lifeline)]
    rung = [number.text for document in everything for number in document.iter("Number")]
    assert rung == [DUTY_1, sample_desk.LAST_RESORT]
    heard = " ".join(" ".join(document.itertext()) for document in everything)
    assert "{x}%s" in heard, "it is said as it is written"
    assert "<Dial>9" in heard


def test_it_reaches_texts_and_the_api_as_it_is_written(network: FakeTwilio) -> None:
    network.arrives()
    network.does(1, Digits="1")

    services = network.client.application.extensions[EXTENSION]
    with services.database.read() as connection:
        payloads = connection.execute(text("select payload from outbox")).scalars().all()
        assert connection.execute(text("select count(*) from calls")).scalar_one() == 1
    told = [json.loads(payload) for payload in payloads]
    assert len(told) >= 2
    assert EVIL in json.dumps(told, ensure_ascii=False).replace('\\"', '"')


def test_a_line_of_the_log_is_one_line_whatever_is_posted(network: FakeTwilio) -> None:
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers
    configure(stream)
    forged = 'x\n{"event": "database_away", "level": "error"}\r\u2028\x1b[2J'
    network.post("/twilio/voice/fallback", ErrorCode=forged, ErrorUrl=f"https://x/{forged}")
    network.client.post("/twilio/%0A%7B%22event%22:%20%22forged%22%7D")
    network.client.post("/twilio/voice", headers={"X-Twilio-Signature": "forged"})
    root.handlers = before

    lines = [line for line in stream.getvalue().split("\n") if line]
    events = [json.loads(line)["event"] for line in lines]
    assert {"fallback", "refused"} <= set(events)
    assert not {"database_away", "forged"} & set(events)
    assert "\x1b" not in "".join(lines)


def test_an_sms_to_the_desk_is_answered_with_its_words(network: FakeTwilio) -> None:
    answer = network.post("/twilio/sms", MessageSid="SM1", From="+4749100001", To=DUTY, Body=EVIL)

    [message] = fromstring(answer.text)
    assert message.tag == "Message"
    assert len(message) == 0
