"""The lifeline's file: written in one move, read when it is new, broken without harm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.domain.calls.line_fallback import line_fallback_of, line_fallbacks
from app.domain.desks.desk import Desk
from app.domain.roster.on_duty import Roster
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.line_fallback_twiml import answer
from app.offline.lifeline_file import Lifeline, write_lines
from app.voice_prompts import texts
from tests.support.sample_desk import DUTY, LAST_RESORT, SUPPORT, folder
from tests.support.shipped_desks import DESKS, shipped

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
NOBODY = line_fallback_of(texts(), "nb", NOW)


def write(path: Path) -> None:
    written = folder()
    assert written.desk
    write_desks(path, (written.desk, written.roster))


def write_desks(path: Path, *desks: tuple[Desk, Roster | None]) -> None:
    write_lines(path, line_fallbacks(desks, texts(), NOW), NOW)


def test_every_line_of_a_desk_has_its_words_and_its_last_resort(tmp_path: Path) -> None:
    path = tmp_path / "var" / "lifeline.json"

    write(path)

    lifeline = Lifeline(path, NOBODY)
    for line in (SUPPORT, DUTY):
        fallback = lifeline.fallback(line)
        assert fallback.last_resort == (LAST_RESORT,)
        assert "Fjordhjelp" in fallback.whisper
    assert lifeline.fallback("+4720000999") is NOBODY
    assert [file.name for file in path.parent.iterdir()] == ["lifeline.json"]


def test_the_shipped_desks_speak_the_language_of_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "lifeline.json"
    desks = [(shipped(name).desk, shipped(name).roster) for name in DESKS]

    write_desks(path, *((desk, roster) for desk, roster in desks if desk))

    lifeline = Lifeline(path, NOBODY)
    for desk, roster in desks:
        assert desk
        for line in desk.lines:
            fallback = lifeline.fallback(line.number)
            assert fallback.language == line.languages[0]
            assert fallback.last_resort, f"{line.number} has nobody to ring"
            if roster and roster.last_resort:
                assert fallback.last_resort == roster.last_resort


def test_a_desk_without_last_resort_falls_back_to_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "lifeline.json"
    written = folder()
    assert written.desk
    assert written.roster
    first_line = tuple(phone.number for phone in written.desk.first_line.phones)
    assert first_line

    for roster in (replace(written.roster, last_resort=()), None):
        write_desks(path, (written.desk, roster))

        fallback = Lifeline(path, NOBODY).fallback(SUPPORT)
        assert fallback.last_resort == first_line
        told = answer(fallback, SUPPORT, Addresses("https://vakt.example.org"))
        assert f"{first_line[0]}</Number>" in told
        assert "/twilio/lifeline/whisper" in told, "they press 1 as everybody does"


def test_a_new_file_is_read_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "lifeline.json"
    lifeline = Lifeline(path, NOBODY)
    assert lifeline.fallback(DUTY) is NOBODY

    write(path)

    assert lifeline.fallback(DUTY).last_resort == (LAST_RESORT,)


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lifeline.json"
    write(path)
    lifeline = Lifeline(path, NOBODY)
    good = lifeline.fallback(DUTY)

    for broken in ("", "[]", "{", '{"lines": 7}', '{"lines": {"+47": {"sorry": 1}}}', "\x00"):
        path.write_text(broken)
        assert lifeline.fallback(DUTY) == good
    path.unlink()
    assert lifeline.fallback(DUTY) == good


def test_several_last_resorts_are_tried_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "lifeline.json"
    write(path)
    content = json.loads(path.read_text())
    content["lines"][DUTY]["last_resort"] = [LAST_RESORT, "+4749009191"]
    path.write_text(json.dumps(content))
    fallback = Lifeline(path, NOBODY).fallback(DUTY)
    addresses = Addresses("https://vakt.example.org")

    first, second, last = (answer(fallback, DUTY, addresses, tried) for tried in range(3))

    assert f"{LAST_RESORT}</Number>" in first
    assert "/twilio/lifeline/ring/1" in first
    assert "+4749009191</Number>" in second
    assert fallback.sorry in first
    assert fallback.sorry not in second
    assert fallback.nobody in last
    assert last.endswith("<Hangup/></Response>")
