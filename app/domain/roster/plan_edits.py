"""One change of who is on a roster or how they take turns, as a coordinator makes it on a page."""

from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar, assert_never

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


Item = TypeVar("Item", Person, Rotation)
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


@dataclass(frozen=True, slots=True)
class ConcurrentChanges:
    """What others have changed in the same person or rotation: fields by their names.

    Theirs is `kept` where the author of a change has not touched it; `both` have changed the
    others, and there the author's counts.
    """

    kept: tuple[str, ...] = ()
    both: tuple[str, ...] = ()


NOTHING: Final = ConcurrentChanges()


def merge_concurrent(
    base: Roster, live: Roster, edit: PlanEdit
) -> tuple[PlanEdit, ConcurrentChanges]:
    """Return a change that was begun on `base` as it is to be made in the roster as it is now."""
    match edit:
        case SavePerson(person):
            old, now = base.person(person.id), live.person(person.id)
            if old and now:
                merged, meanwhile = _merged(old, now, person)
                return SavePerson(merged), meanwhile
        case SaveRotation(rotation):
            before, theirs = (_rotation(each, rotation.id) for each in (base, live))
            if before and theirs:
                laid, meanwhile = _merged(before, theirs, rotation)
                return SaveRotation(laid), meanwhile
        case RemovePerson() | RemoveRotation():
            pass
    return edit, NOTHING


def _merged(base: Item, theirs: Item, yours: Item) -> tuple[Item, ConcurrentChanges]:
    names = [each.name for each in fields(base)]
    changed = [name for name in names if getattr(theirs, name) != getattr(base, name)]
    kept: tuple[str, ...] = tuple(
        name for name in changed if getattr(yours, name) == getattr(base, name)
    )
    both: tuple[str, ...] = tuple(
        name
        for name in changed
        if name not in kept and getattr(yours, name) != getattr(theirs, name)
    )
    values: dict[str, Any] = {name: getattr(theirs, name) for name in kept}
    try:
        return replace(yours, **values), ConcurrentChanges(kept, both)
    except ValueError:  # the two do not go together
        return yours, ConcurrentChanges((), tuple(dict.fromkeys((*kept, *both))))


def _rotation(roster: Roster, rotation: str) -> Rotation | None:
    return next((each for each in roster.layers if each.id == rotation), None)
