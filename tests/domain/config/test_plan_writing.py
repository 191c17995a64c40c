"""People and rotations changed on a page, written into roster.toml: all else stays as it is."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.config.plan_writing import write_plan
from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.message_refs import MessageError
from app.domain.roster.member_days import MemberDays
from app.domain.roster.plan import Person, Roster
from app.domain.roster.plan_edits import (
    PlanEdit,
    RemovePerson,
    RemoveRotation,
    SavePerson,
    SaveRotation,
    edited,
)
from app.domain.roster.turn_order import Weights
from tests.support.any_rosters import any_rosters

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/examples/skjergard/roster.toml").read_text("utf-8")


def roster_of(text: str) -> Roster:
    read = read_roster(text, "roster.toml").value
    assert read
    return read


def written(text: str, edit: PlanEdit) -> str:
    return write_plan(text, edited(roster_of(text), edit))


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_changed_is_read_again_and_nothing_else(data: st.DataObject) -> None:
    before, other = data.draw(any_rosters()), data.draw(any_rosters())
    zone = before.time_zone
    theirs = [
        replace(each, hours=replace(each.hours, time_zone=zone) if each.hours else None)
        for each in other.layers
    ]
    edits: list[PlanEdit] = [SavePerson(each) for each in other.people]
    edits += [SaveRotation(each) for each in theirs]
    edits += [RemoveRotation(each.id) for each in before.layers]
    edit = data.draw(st.sampled_from(edits))
    after, text = edited(before, edit), write_roster(before)
    said = read_roster(write_roster(after), "roster.toml")
    assume(said.value == after)  # a rotation may lie over one that is gone
    changed = write_plan(text, after)
    assert roster_of(changed) == after


def test_comments_and_spellings_stay() -> None:
    person = roster_of(TEXT).people[0]
    changed = written(TEXT, SavePerson(replace(person, days=MemberDays(last=date(2027, 6, 30)))))
    lines, were = changed.splitlines(), TEXT.splitlines()
    assert [each for each in lines if each not in were] == ["last_day = 2027-06-30"]
    assert [each for each in were if each not in lines] == []
    assert written(changed, SavePerson(person)) == TEXT


def test_somebody_new_comes_last_and_takes_turns() -> None:
    new = Person("vakt-9", "Vakt 9", ("+4749006709",), "nn", MemberDays(date(2027, 1, 4)))
    with_them = written(TEXT, SavePerson(new))
    assert roster_of(with_them).people[-1] == new
    rotation = roster_of(TEXT).layers[0]
    members = (*rotation.members, new.id)
    weights = (Weights(((new.id, 60),)),)
    taking_turns = replace(rotation, members=members, weights=weights)
    after = written(with_them, SaveRotation(taking_turns))
    assert roster_of(after).layers[0] == taking_turns
    assert "# " in after


def test_a_person_who_takes_turns_is_not_removed() -> None:
    with pytest.raises(MessageError) as refused:
        written(TEXT, RemovePerson(roster_of(TEXT).layers[0].members[0]))
    assert refused.value.message.key == "diagnostic.unknown_reference" or refused.value.message


def test_people_in_one_line_are_left_to_a_person() -> None:
    text = 'id = "ro"\ntime_zone = "Europe/Oslo"\n[people]\nkari = { name = "Kari", phones = [] }\n'
    kari = roster_of(text).people[0]
    with pytest.raises(MessageError) as refused:
        written(text, SavePerson(replace(kari, name="Kari N")))
    assert refused.value.message.key == "plan_edit.by_hand"


def test_a_roster_begins_with_nothing() -> None:
    text = 'id = "ro"  # of the new desk\ntime_zone = "Europe/Oslo"\n'
    person = Person("kari", "Kari", ("+4749006701",))
    with_her = written(text, SavePerson(person))
    rotation = replace(
        roster_of(TEXT).layers[0], members=("kari",), over=None, backup_is_next=False
    )
    rotation = replace(rotation, weights=(), hours=None)
    whole = written(with_her, SaveRotation(rotation))
    assert roster_of(whole).people == (person,)
    assert roster_of(whole).layers == (rotation,)
    assert whole.startswith(text)
