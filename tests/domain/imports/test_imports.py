"""Moving in: what other products export becomes a draft that is the same at every moment."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.imports.draft import Draft
from app.domain.imports.final_shifts import read_final_shifts
from app.domain.imports.proof import Proof, compare
from app.domain.imports.read_source import read_drafts
from app.domain.imports.source_schedule import Source
from app.domain.message_refs import MessageError, MessageRef
from app.domain.time.intervals import Interval
from tests.domain.imports.final_schedules import EXPORTS, SOURCES
from tests.domain.time.wall_clock import oslo

AUTUMN, SPRING = "2026-09-15 00:00", "2027-01-20 00:00"  # each has a clock change in its 90 days


def drafts_of(source: str, **changed: str) -> tuple[Draft, ...]:
    files = [(name, (EXPORTS / name).read_text("utf-8")) for name in SOURCES[source].files]
    files = [(name, _changed(text, changed)) for name, text in files]
    return read_drafts(Source(source), files)


def _changed(text: str, changed: dict[str, str]) -> str:
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def proof_of(source: str, first: str, final: str | None = None) -> Proof:
    (draft,) = drafts_of(source)
    read = read_roster(write_roster(draft.roster), "roster.toml")
    assert read.value, read.diagnostics
    span = Interval(oslo(first), oslo(first) + timedelta(days=90))
    text = SOURCES[source].final(first) if final is None else final
    shifts = read_final_shifts(text, "final", draft.source, span)
    return compare(draft, read.value, shifts, span)


def notes(draft: Draft) -> set[str]:
    return {note.key for note in draft.notes}


@pytest.mark.parametrize("first", [AUTUMN, SPRING])
@pytest.mark.parametrize("source", SOURCES)
def test_a_draft_differs_from_the_sources_own_schedule_by_no_minute(
    source: str, first: str
) -> None:
    proof = proof_of(source, first)
    assert proof.differences == ()
    assert (proof.minutes, proof.holds) == (0, True)


def test_what_differs_is_told_with_its_moments_and_names() -> None:
    entries = json.loads(SOURCES["pagerduty"].final(AUTUMN))
    of_night = entries["schedule"]["final_schedule"]["rendered_schedule_entries"]
    night = next(each for each in of_night if each["start"] == "2026-10-26T19:00:00+00:00")
    taken = {**night, "end": "2026-10-26T21:30:00+00:00", "user": {"id": "PPER"}}
    night["start"] = taken["end"]
    of_night.append(taken)
    proof = proof_of("pagerduty", AUTUMN, json.dumps(entries))
    (one,) = proof.differences
    assert one.when == Interval(oslo("2026-10-26 20:00"), oslo("2026-10-26 22:30"))
    assert (one.theirs, len(one.ours)) == (("Per Lie",), 1)
    assert proof.minutes == 150


def test_a_turn_that_nobody_has_stays_nobodys_and_is_told_of() -> None:
    (draft,) = drafts_of("opsgenie")
    assert draft.roster.layers[0].members == ("kari", "nobody", "ola")
    assert draft.roster.person("nobody")
    assert "import.planned_empty" in notes(draft)


def test_a_whole_team_as_member_is_a_question() -> None:
    (draft,) = drafts_of("opsgenie", **{'{"type": "none"}': '{"type": "team", "name": "Nett"}'})
    assert MessageRef("import.a_team", (("layer", "Natt og helg"), ("team", "Nett"))) in draft.notes


def test_the_numbers_that_are_missing_are_asked_for_and_known_ones_are_kept() -> None:
    (without,) = drafts_of("pagerduty")
    assert "import.no_numbers" in notes(without)
    user = {
        "id": "PKARI",
        "name": "Kari Vik",
        "email": "kari@kommune.example",
        "contact_methods": [
            {"type": "phone_contact_method", "country_code": 47, "address": "49009101"}
        ],
    }
    files = [("pagerduty.json", (EXPORTS / "pagerduty.json").read_text("utf-8"))]
    (draft,) = read_drafts(
        Source.PAGERDUTY, [*files, ("users.json", json.dumps({"users": [user]}))]
    )
    kari = draft.roster.person("kari-vik")
    assert kari
    assert kari.numbers == ("+4749009101",)


def test_terraforms_state_of_a_schedule_is_read_alike() -> None:
    schedule = json.loads((EXPORTS / "pagerduty.json").read_text("utf-8"))["schedule"]
    layers = [
        {
            **each,
            "restriction": each["restrictions"],
            "users": [u["user"]["id"] for u in each["users"]],
        }
        for each in reversed(schedule["schedule_layers"])
    ]
    attributes = {
        "id": schedule["id"],
        "name": "Drift",
        "time_zone": "Europe/Oslo",
        "layer": layers,
    }
    state = {
        "resources": [{"type": "pagerduty_schedule", "instances": [{"attributes": attributes}]}]
    }
    (draft,) = read_drafts(Source.PAGERDUTY, [("terraform.tfstate", json.dumps(state))])
    (same,) = drafts_of("pagerduty")
    assert [(each.start, each.handover_minute, each.hours) for each in draft.roster.layers] == [
        (each.start, each.handover_minute, each.hours) for each in same.roster.layers
    ]


@pytest.mark.parametrize(
    ("source", "text", "key"),
    [
        ("opsgenie", "<html>", "import.no_json"),
        ("opsgenie", "[]", "import.no_schedule"),
        ("ilert", '{"name": "x", "timezone": "Oslo"}', "import.unknown_zone"),
        ("pagerduty", '{"time_zone": "UTC", "layer": [{"name": "a"}]}', "import.missing"),
        (
            "pagerduty",
            '{"event": {"recurrence": [], "assignment_strategy": {}}}',
            "import.of_shifts",
        ),
        ("grafana", '{"shifts": ["O9"], "name": "x", "time_zone": "UTC"}', ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(source: str, text: str, key: str) -> None:
    if not key:
        (draft,) = read_drafts(Source(source), [("a.json", text)])
        assert notes(draft) == {"import.no_shift", "import.nothing_planned"}
        return
    with pytest.raises(MessageError) as refused:
        read_drafts(Source(source), [("a.json", text)])
    assert refused.value.message.key == key
