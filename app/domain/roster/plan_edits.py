"""One change of who is on a roster or how they take turns, as a coordinator makes it on a page."""

from dataclasses import dataclass, replace
from typing import assert_never

from app.domain.message_refs import MessageError, ref
from app.domain.roster.plan import Person, Roster
from app.domain.roster.rotation import Rotation


@dataclass(frozen=True, slots=True)
class SavePerson:
    """Somebody as they are to be; whoever has no such id yet comes last."""

    person: Person


@dataclass(frozen=True, slots=True)
class RemovePerson:
    """Somebody who was never on duty: who leaves gets a last day."""

    id: str


@dataclass(frozen=True, slots=True)
class SaveRotation:
    """A rotation as it is to be; one with no such id yet comes last."""

    rotation: Rotation


@dataclass(frozen=True, slots=True)
class RemoveRotation:
    """A rotation that is to be no more."""

    id: str


PlanEdit = SavePerson | RemovePerson | SaveRotation | RemoveRotation


def edited(roster: Roster, edit: PlanEdit) -> Roster:
    """Return the roster with the change; MessageError where it has no such person or rotation."""
    people, layers = roster.people, roster.layers
    match edit:
        case SavePerson(person):
            known = {each.id: each for each in people} | {person.id: person}
            return replace(roster, people=tuple(known.values()))
        case RemovePerson(gone):
            if not any(each.id == gone for each in people):
                raise MessageError(ref("plan_edit.no_person"))
            return replace(roster, people=tuple(each for each in people if each.id != gone))
        case SaveRotation(rotation):
            laid = {each.id: each for each in layers} | {rotation.id: rotation}
            return replace(roster, layers=tuple(laid.values()))
        case RemoveRotation(gone):
            if not any(each.id == gone for each in layers):
                raise MessageError(ref("plan_edit.no_rotation"))
            return replace(roster, layers=tuple(each for each in layers if each.id != gone))
        case _:
            assert_never(edit)
