"""`/rosters/ID/plan`: who is on a roster and how they take turns; changed, told first, then saved.

What is saved is the roster's document: the same as the file says, in the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.change_document import DocumentRefused
from app.actions.roster.change_plan import (
    PlanRequest,
    ShownPlan,
    change_plan,
    show_plan,
    try_plan,
    undo_plan,
)
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.config.diagnostics import errors
from app.domain.config.ids import NEW
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roster.plan import Person, Roster
from app.domain.roster.plan_edits import (
    PlanEdit,
    RemovePerson,
    RemoveRotation,
    SavePerson,
    SaveRotation,
)
from app.domain.roster.rotation import Rotation
from app.web.page_access import needs, require
from app.web.pages.person_form import PersonForm
from app.web.pages.render import page
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_words import RosterWords
from app.web.pages.rotation_form import RotationForm, RotationSheet
from app.web.pages.rotation_words import rotation_words
from app.web.services import current_services
from app.web.session import current_author

roster_plan_page = Blueprint("roster_plan_page", __name__, url_prefix="/rosters")

ONE_PERSON: Final = f"{ONE_ROSTER}/people/<string(maxlength=64):person>"
ONE_ROTATION: Final = f"{ONE_ROSTER}/rotations/<string(maxlength=64):rotation>"
LONGEST_NUMBER: Final = 9

Messages = tuple[MessageRef, ...]

# What the fields of people and rotations are called.
LABELS: Final[Mapping[str, str]] = {
    "name": "person_form.name",
    "numbers": "person_form.numbers",
    "language": "person_form.language",
    "days": "plan_page.days",
    "role": "rotation_form.role",
    "members": "plan_page.who",
    "kind": "rotation_form.kind",
    "handover_minute": "rotation_form.handover",
    "handover_weekday": "rotation_form.handover_day",
    "start": "rotation_form.start",
    "every": "rotation_form.every",
    "until": "rotation_form.until",
    "weights": "plan_page.shares",
    "backup_is_next": "rotation_form.backup",
    "over": "rotation_form.over",
    "hours": "plan_page.hours",
    "holidays": "plan_page.shared_holidays",
}


@dataclass(frozen=True, slots=True)
class AskedEdit:
    """A change that was read, the page that it is made on, and what that page sends once more."""

    shown: ShownPlan
    edit: PlanEdit
    address: str
    carried: tuple[tuple[str, str], ...] = ()


@roster_plan_page.get(f"{ONE_ROSTER}/plan")
@needs(Permission.CHANGE_ROSTER)
def plan(roster: str) -> Response:
    """Show the people and the rotations of a roster."""
    return _plan(_shown(roster), done=_number(request.args.get("done", "")) or 0)


@roster_plan_page.post(f"{ONE_ROSTER}/plan/undo")
@needs(Permission.CHANGE_ROSTER)
def undo(roster: str) -> Response:
    """Take back what the last version has changed."""
    shown = _shown(roster)
    version = _number(request.form.get("version", ""))
    try:
        done = undo_plan(current_services().database, roster, version or 0, current_author())
    except DocumentRefused as refused:
        return _plan(shown, 409, refused=_reasons(refused, "changed_since"))
    return redirect(f"{_back(roster)}?done={done}#done", 303)


@roster_plan_page.get(ONE_PERSON)
@needs(Permission.CHANGE_ROSTER)
def person(roster: str, person: str) -> Response:
    """Show the form of somebody, or of somebody new."""
    shown = _shown(roster)
    return _person_form(shown, _form_of_person(shown, person), person)


@roster_plan_page.post(ONE_PERSON)
@needs(Permission.CHANGE_ROSTER)
def send_person(roster: str, person: str) -> Response:
    """Read the form of somebody; tell what it would change, or save it."""
    shown, step = _shown(roster), request.form.get("step", "check")
    address = f"{_back(roster, 'people')}/{quote(person, safe='')}"
    reader = _form_of_person(shown, person)
    if step in ("remove", "save_removal"):
        return _take(AskedEdit(shown, RemovePerson(person), address), is_saved=step != "remove")
    form, wanted = reader.read(request.form)
    if wanted is None or step == "edit":
        return _person_form(shown, reader, person, 200 if wanted else 422, sent=True)
    typed = ((each.name, each.value) for each in form if each.value)
    carried = (*typed, ("id", wanted.id), ("base", request.form.get("base", "")))
    asked = AskedEdit(shown, SavePerson(wanted), address, carried)
    return _take(asked, is_saved=step == "save")


@roster_plan_page.get(ONE_ROTATION)
@needs(Permission.CHANGE_ROSTER)
def rotation(roster: str, rotation: str) -> Response:
    """Show the form of a rotation, or of a new one."""
    shown = _shown(roster)
    return _rotation_form(shown, rotation, _form_of_rotation(shown, rotation).blank())


@roster_plan_page.post(ONE_ROTATION)
@needs(Permission.CHANGE_ROSTER)
def send_rotation(roster: str, rotation: str) -> Response:
    """Read the form of a rotation; tell what it would change, or save it."""
    shown, step = _shown(roster), request.form.get("step", "check")
    address = f"{_back(roster, 'rotations')}/{quote(rotation, safe='')}"
    reader = _form_of_rotation(shown, rotation)
    if step in ("remove", "save_removal"):
        asked = AskedEdit(shown, RemoveRotation(rotation), address)
        return _take(asked, is_saved=step != "remove")
    sheet, wanted = reader.read(request.form)
    if wanted is None or step == "edit":
        return _rotation_form(shown, rotation, sheet, 200 if wanted else 422)
    carried = (*sheet.carried, ("id", wanted.id), ("base", request.form.get("base", "")))
    asked = AskedEdit(shown, SaveRotation(wanted), address, carried)
    return _take(asked, is_saved=step == "save", sheet=sheet)


def _take(asked: AskedEdit, *, is_saved: bool, sheet: RotationSheet | None = None) -> Response:
    """Save a change, or tell what it would do."""
    roster, database = asked.shown.plan.id, current_services().database
    try:
        if not is_saved:
            return _check(asked)
        seen = _number(request.form.get("version", ""))
        wanted = PlanRequest(roster, asked.edit, _base(), seen)
        done = change_plan(database, wanted, current_author())
    except DocumentRefused as refused:
        if not refused.diagnostics:
            return _check(asked, 409)
        return _refused(asked, _reasons(refused, "invalid"), sheet)
    except MessageError as wrong:
        return _refused(asked, (wrong.message,), sheet)
    return redirect(f"{_back(roster)}?done={done}#done", 303)


def _check(asked: AskedEdit, status: int = 200) -> Response:
    """Tell what a change does to the roster as it is now; DocumentRefused where it cannot be."""
    plan = asked.shown.plan
    wanted = PlanRequest(plan.id, asked.edit, _base())
    tried = try_plan(current_services().database, wanted, current_author())
    told = tried.document
    if told.meaning is None:
        raise DocumentRefused(told.diagnostics)
    desks = {each.id: each.name for each in told.roster.desks}
    return page(
        "plan_check.html",
        ref("plan_page.check_title", desks=tuple(desks.values())),
        status=status,
        time_zone=plan.time_zone,
        told=told,
        soon=tried.soon,
        notice_days=plan.notice_days,
        what=_what(asked.edit, plan),
        words=RosterWords(told.meaning.names, {}),
        desk_name=lambda desk: desks.get(desk, desk),
        warnings=[each.message for each in told.diagnostics],
        carried=asked.carried,
        is_removal=isinstance(asked.edit, RemovePerson | RemoveRotation),
        is_changed_meanwhile=status == 409 or _base() not in (None, told.live.document.number),
        kept=_labels(tried.meanwhile.kept),
        both=_labels(tried.meanwhile.both),
        address=asked.address,
        back=_back(plan.id),
    )


def _refused(asked: AskedEdit, wrong: Messages, sheet: RotationSheet | None) -> Response:
    """Show the form again with what is wrong; of a removal, why it cannot be."""
    key = unquote(asked.address.rpartition("/")[2])
    match asked.edit:
        case RemovePerson() | RemoveRotation():
            return _plan(asked.shown, 409, refused=wrong)
        case SaveRotation() if sheet:
            for each in wrong:
                sheet.form.refuse(each)
            return _rotation_form(asked.shown, key, sheet, 422)
        case _:
            reader = _form_of_person(asked.shown, key)
            return _person_form(asked.shown, reader, key, 422, wrong, sent=True)


def _plan(shown: ShownPlan, status: int = 200, done: int = 0, refused: Messages = ()) -> Response:
    plan = shown.plan
    return page(
        "plan.html",
        ref("plan_page.title", desks=_names(shown)),
        status=status,
        time_zone=plan.time_zone,
        people=[(each, _turns_of(each, plan.layers)) for each in plan.people],
        rotations=[(each, rotation_words(each, plan)) for each in plan.layers],
        done=done if done == shown.version else 0,
        refused=refused,
        version=shown.version,
        back=_back(plan.id),
        people_address=_back(plan.id, "people"),
        rotations_address=_back(plan.id, "rotations"),
        roster_address=f"/rosters/{quote(plan.id, safe='')}",
    )


def _person_form(
    shown: ShownPlan,
    reader: PersonForm,
    person: str,
    status: int = 200,
    wrong: Iterable[MessageRef] = (),
    *,
    sent: bool = False,
) -> Response:
    form = reader.read(request.form)[0] if sent else reader.blank()
    for each in wrong:
        form.refuse(each)
    of = reader.person
    title = ref("plan_page.person", name=of.name) if of else ref("plan_page.new_person")
    return page(
        "plan_person.html",
        title,
        status=status,
        form=form,
        is_new=of is None,
        has_chosen=person in shown.chosen,
        base=_base() or shown.version,
        address=f"{_back(shown.plan.id, 'people')}/{quote(person, safe='')}",
        back=_back(shown.plan.id),
        roster_title=ref("plan_page.title", desks=_names(shown)),
    )


def _rotation_form(
    shown: ShownPlan, rotation: str, sheet: RotationSheet, status: int = 200
) -> Response:
    is_new = rotation == NEW
    title = ref("plan_page.new_rotation") if is_new else ref("plan_page.rotation", name=rotation)
    return page(
        "plan_rotation.html",
        title,
        status=status,
        sheet=sheet,
        form=sheet.form,
        is_new=is_new,
        base=_base() or shown.version,
        address=f"{_back(shown.plan.id, 'rotations')}/{quote(rotation, safe='')}",
        back=_back(shown.plan.id),
        has_people=bool(shown.plan.people),
        roster_title=ref("plan_page.title", desks=_names(shown)),
    )


def _form_of_person(shown: ShownPlan, person: str) -> PersonForm:
    found = shown.plan.person(person)
    if found is None and person != NEW:
        abort(404)
    return PersonForm(shown.plan, found, clock.now())


def _form_of_rotation(shown: ShownPlan, rotation: str) -> RotationForm:
    found = next((each for each in shown.plan.layers if each.id == rotation), None)
    if found is None and rotation != NEW:
        abort(404)
    return RotationForm(shown.plan, found, clock.now())


def _what(edit: PlanEdit, plan: Roster) -> MessageRef:
    """Say what the change is."""
    match edit:
        case SavePerson(person):
            key = "changed_person" if plan.person(person.id) else "added_person"
            return ref(f"plan_page.{key}", name=person.name)
        case RemovePerson(person):
            return ref("plan_page.removed_person", name=plan.name_of(person))
        case SaveRotation(rotation):
            is_new = all(each.id != rotation.id for each in plan.layers)
            key = "added_rotation" if is_new else "changed_rotation"
            return ref(f"plan_page.{key}", name=rotation.id, what=rotation_words(rotation, plan))
        case RemoveRotation(rotation):
            return ref("plan_page.removed_rotation", name=rotation)


def _turns_of(person: Person, rotations: Iterable[Rotation]) -> tuple[str, ...]:
    return tuple(each.id for each in rotations if person.id in each.members)


def _reasons(refused: DocumentRefused, otherwise: str) -> Messages:
    found = tuple(each.message for each in errors(refused.diagnostics))
    return found or (MessageRef(f"plan_page.refused_{otherwise}"),)


def _names(shown: ShownPlan) -> tuple[str, ...]:
    return tuple(each.name for each in shown.live.roster.desks)


def _shown(roster: str) -> ShownPlan:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    shown = show_plan(current_services().database, roster)
    if shown is None:
        abort(404)
    return shown


def _back(roster: str, below: str = "plan") -> str:
    return f"/rosters/{quote(roster, safe='')}/{below}"


def _base() -> int | None:
    """The number of the document on which a form was begun."""
    return _number(request.form.get("base", ""))


def _labels(names: Iterable[str]) -> tuple[MessageRef, ...]:
    """What fields of a person or a rotation are called on their forms."""
    return tuple(dict.fromkeys(MessageRef(LABELS[each]) for each in names))


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_one else None
