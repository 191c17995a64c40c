"""The whole host is away: a network plays documents that a store of files answers with.

Nothing of the product runs in these stories. The number's own address is dead, its
fallback address is a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from app.domain.desks.desk import LineKind
from app.domain.simulate.simulation import SimulationFacts
from app.domain.simulate.site_outage import build_static_plan
from app.gateways.twilio.site_outage_twiml import documents, line_file, spoken_languages
from app.voice_prompts import texts
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.json_values import Json
from exchange.records.transcript import Kind
from exchange.server import running
from tests.gateways.static_files import static_files
from tests.support.shipped_desks import DESKS, desk_of, line_number, oslo, shipped

NIGHT = oslo("2026-11-21 23:10").astimezone(UTC)  # a Saturday
DAY = oslo("2026-11-18 10:00").astimezone(UTC)  # a Wednesday
CALLER = "+4749002001"
DEAD = "http://127.0.0.1:9"  # nobody listens there

VAKT_1, VAKT_1_HOME, VAKT_2, LAST_RESORT = (
    "+4749002701",
    "+4720002701",
    "+4749002702",
    "+4749002790",
)


@dataclass(frozen=True)
class Told:
    """What happened in a call, as its caller and those who were rung would tell it."""

    exchange: Exchange
    sid: str

    def of(self, kind: Kind, name: str) -> list[Json]:
        events = self.exchange.events(self.sid)
        return [event.facts.get(name) for event in events if event.kind is kind]

    @property
    def heard(self) -> str:
        return " ".join(str(text) for text in self.of(Kind.HEARS, "text"))

    @property
    def rung(self) -> list[Json]:
        return self.of(Kind.RINGS, "number")

    @property
    def talked(self) -> bool:
        return bool(self.of(Kind.TALKS, "seconds"))

    @property
    def recorded(self) -> list[Json]:
        return self.of(Kind.RECORDS, "status")


@contextmanager
def away(
    folder: Path,
    facts: SimulationFacts,
    at: datetime,
    personas: Mapping[str, Json],
    *,
    plan: bool = False,
) -> Iterator[Exchange]:
    """A network whose numbers lead to a dead installation, and from there to the desk's files."""
    desk = desk_of(facts)
    with static_files(folder) as address:
        base = "" if plan else f"{address}/{desk.id}"
        files = documents(build_static_plan(desk, facts.roster, at), texts(), base)
        (folder / desk.id).mkdir()
        for name, text in files.items():
            (folder / desk.id / name).write_text(text, "utf-8")
        numbers: dict[str, Json] = {
            line.number: {
                "fallback_url": f"{address}/{desk.id}/{line_file(line)}",
                "fallback_method": "GET",
                "status_url": None,
            }
            for line in desk.lines
        }
        config: dict[str, Json] = {
            "account_sid": "AC" + "0" * 32,
            "auth_token": "the-token-of-the-tests",
            "product_url": DEAD,
            "numbers": numbers,
            "personas": dict(personas),
            "speed": 0,
        }
        with running(read_config(config)) as exchange:
            yield exchange
        strange = [each for each in exchange.alerts() if not each.url.startswith(DEAD)]
        assert not strange, strange


def phone(exchange: Exchange, line: str, script: str = "") -> Told:
    sid = exchange.call(CALLER, line, script=script)
    exchange.wait(sid)
    return Told(exchange, sid)


def duty_line(facts: SimulationFacts) -> str:
    return line_number(facts, LineKind.DUTY)


BRUKARSTOTTE = shipped("brukarstotte")


def test_the_duty_presses_one_and_the_two_talk(tmp_path: Path) -> None:
    assignments: dict[str, Json] = {VAKT_1: {"persona": "accepts", "talks": 95}}
    with away(tmp_path, BRUKARSTOTTE, NIGHT, assignments) as exchange:
        transcript = phone(exchange, duty_line(BRUKARSTOTTE))
        whispered = " ".join(str(text) for text in transcript.of(Kind.WHISPER_HEARS, "text"))

    assert transcript.heard.startswith("Systemet vårt er nede. Our system is down.")
    assert transcript.rung == [VAKT_1]
    assert transcript.of(Kind.RINGS, "caller_id") == [duty_line(BRUKARSTOTTE)]
    assert transcript.of(Kind.TALKS, "seconds") == [95]
    assert transcript.recorded == []
    assert whispered.startswith("Brukarstøtte: systemet er nede, innringar ventar, trykk 1")


def test_a_voicemail_presses_nothing_and_the_next_one_is_rung(tmp_path: Path) -> None:
    assignments: dict[str, Json] = {VAKT_1: "voicemail", VAKT_1_HOME: "sleeper", VAKT_2: "accepts"}
    with away(tmp_path, BRUKARSTOTTE, NIGHT, assignments) as exchange:
        transcript = phone(exchange, duty_line(BRUKARSTOTTE))

    assert transcript.rung == [VAKT_1, VAKT_1_HOME, VAKT_2]
    assert transcript.talked
    assert transcript.recorded == []


def test_nobody_takes_it_and_the_caller_leaves_a_message(tmp_path: Path) -> None:
    with away(tmp_path, BRUKARSTOTTE, NIGHT, {VAKT_1: "busy", VAKT_2: "drops"}) as exchange:
        transcript = phone(exchange, duty_line(BRUKARSTOTTE), "speak 7")

    assert transcript.rung == [VAKT_1, VAKT_1_HOME, VAKT_2, LAST_RESORT]
    assert "Sei etter tonen kven du er, nummeret ditt og kva det gjeld." in transcript.heard
    assert transcript.recorded == ["completed"]
    assert transcript.heard.endswith("Hastar det, ring på nytt.")
    assert transcript.of(Kind.ENDS, "status") == ["completed"]


def test_whoever_hangs_up_is_not_rung_for_any_more(tmp_path: Path) -> None:
    with away(tmp_path, BRUKARSTOTTE, NIGHT, {}) as exchange:
        transcript = phone(exchange, duty_line(BRUKARSTOTTE), "ring-hangup@8")

    assert transcript.rung == [VAKT_1]
    assert transcript.recorded == []


def test_after_a_talk_that_broke_off_the_next_one_is_rung_unless_the_caller_hangs_up(
    tmp_path: Path,
) -> None:
    breaks_off: Json = {"persona": "accepts", "talks": 20, "ends_talk": "callee"}
    with away(tmp_path, BRUKARSTOTTE, NIGHT, {VAKT_1: breaks_off}) as exchange:
        transcript = phone(exchange, duty_line(BRUKARSTOTTE), "speak 5 hangup")

    assert transcript.rung == [VAKT_1, VAKT_1_HOME, VAKT_2, LAST_RESORT]
    assert "Har du fått hjelp, kan du leggje på." in transcript.heard


def test_on_the_support_line_at_night_a_key_wakes_the_duty_and_nothing_else_does(
    tmp_path: Path,
) -> None:
    facts = shipped("dekode")
    line = line_number(facts)
    primary = "+4749005701"
    with away(tmp_path, facts, NIGHT, {primary: "accepts"}) as exchange:
        critical = phone(exchange, line, "1")
        patient = phone(exchange, line, "-,speak 6")

    assert critical.rung == [primary]
    assert critical.talked
    assert patient.rung == []
    assert "For kritiske feil, trykk 1." in patient.heard
    assert patient.recorded == ["completed"]


def test_in_opening_hours_the_first_line_is_rung_and_the_last_resort_is_a_key_away(
    tmp_path: Path,
) -> None:
    first_line = [phone.number for phone in desk_of(BRUKARSTOTTE).first_line.phones]
    assignments: dict[str, Json] = {LAST_RESORT: "accepts"}
    with away(tmp_path, BRUKARSTOTTE, DAY, assignments) as exchange:
        transcript = phone(exchange, line_number(BRUKARSTOTTE), "1")

    assert transcript.rung == [*first_line, LAST_RESORT]
    assert transcript.talked


@pytest.mark.parametrize("desk", ["brukerhjelpen", "kundeservice", "prokom"])
def test_a_desk_without_duty_takes_a_message_at_night(desk: str, tmp_path: Path) -> None:
    facts = shipped(desk)
    with away(tmp_path, facts, NIGHT, {}) as exchange:
        transcript = phone(exchange, line_number(facts), "speak 6")

    assert transcript.rung == []
    assert transcript.recorded == ["completed"]
    assert transcript.heard.startswith(
        "Systemet vårt er nede. Our system is down. Vi når ingen nå."
    )


def test_silence_after_the_tone_is_no_message_and_no_loop(tmp_path: Path) -> None:
    facts = shipped("prokom")
    with away(tmp_path, facts, NIGHT, {}) as exchange:
        transcript = phone(exchange, line_number(facts), "-")

    assert transcript.of(Kind.ENDS, "status") == ["completed"]
    assert transcript.heard.count("Systemet vårt er nede.") == 1


def test_a_document_that_stands_alone_rings_everybody_shorter_than_a_voicemail_waits(
    tmp_path: Path,
) -> None:
    assignments: dict[str, Json] = {
        VAKT_1: {"persona": "voicemail", "rings": 25},
        VAKT_2: "accepts",
    }
    with away(tmp_path, BRUKARSTOTTE, NIGHT, assignments, plan=True) as exchange:
        on_duty_line = phone(exchange, duty_line(BRUKARSTOTTE))
        exchange.assign({VAKT_2: "no_answer"})
        on_support_line = phone(exchange, line_number(BRUKARSTOTTE), "speak 7 hangup")

    assert on_duty_line.rung == [VAKT_1, VAKT_1_HOME, VAKT_2]
    assert on_duty_line.talked
    assert on_support_line.rung == [VAKT_1, VAKT_1_HOME, VAKT_2, LAST_RESORT]
    assert on_support_line.recorded == ["completed"]


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("at", [NIGHT, DAY], ids=["night", "day"])
@pytest.mark.parametrize("base", ["", "https://files.example.org/secret"])
def test_every_document_of_a_shipped_desk_says_until_when_it_holds(
    desk: str, at: datetime, base: str
) -> None:
    facts = shipped(desk)
    plan = build_static_plan(desk_of(facts), facts.roster, at)
    written = documents(plan, texts(), base)

    for line in desk_of(facts).lines:
        document = written[line_file(line)]
        assert f"<!-- {desk}, line {line.number}: valid from 2026-11-" in document
        assert "+01:00 until 2026-" in document
        assert document.endswith("<Hangup/></Response>")
    for document in written.values():
        fromstring(document)
        assert len(document.encode()) < 64 * 1024
        if base:  # whatever is asked for is there, and asked for as a file is
            for asked in fromstring(document).iter():
                for address in (asked.get("url"), asked.get("action")):
                    assert address is None or address.removeprefix(f"{base}/") in written
                    assert address is None or asked.get("method") == "GET"


def test_a_line_is_spoken_to_in_its_languages_and_not_in_both_forms_of_norwegian() -> None:
    line = desk_of(shipped("brukerhjelpen")).lines[0]
    assert line.languages == ("nb", "nn", "en")
    assert spoken_languages(line) == ("nb", "en")
    assert spoken_languages(replace(line, languages=("en", "nn"))) == ("en", "nn")


def test_the_whisper_speaks_the_language_of_whoever_is_rung() -> None:
    roster = BRUKARSTOTTE.roster
    assert roster
    people = tuple(replace(person, language="en") for person in roster.people)
    plan = build_static_plan(desk_of(BRUKARSTOTTE), replace(roster, people=people), NIGHT)
    written = documents(plan, texts(), "https://files.example.org/secret/")

    assert "the system is down, a caller is waiting, press 1" in written["whisper-en.xml"]
    assert 'url="https://files.example.org/secret/whisper-en.xml"' in written["4720000210.xml"]
