"""Exceptions and early closings entered on a page: written into desk.toml, and live as an import.

One transaction, with the checks of `vakt desk import`; only on top of the version that was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection

from app.actions.desks.import_desks import ImportRefused, import_folders
from app.domain.access.audit import (
    AuditEvent,
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Value,
    audit_event,
)
from app.domain.config.diagnostics import errors
from app.domain.config.folder import DESK
from app.domain.config.folder_reader import read_folder
from app.domain.config.hours_writing import hours_line, write_hours_edits
from app.domain.desks.desk import Desk
from app.domain.desks.hours_edits import HoursEdit, entry_of, hours_edits
from app.domain.desks.wanted_hours import Wanted, edits_for
from app.domain.message_refs import MessageError, MessageRef
from app.store import Database
from app.store.audit import add_audit_event
from app.store.desks import Edit, LiveDesk, desk_texts, desk_version, find_desk, lock_desk


class EditRefusal(StrEnum):
    """Why nothing was saved."""

    NO_DESK = "no_desk"
    CHANGED_MEANWHILE = "changed_meanwhile"
    CHANGED_SINCE = "changed_since"  # what is to be undone is not so any more
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class EditRefused:
    """Nothing was saved, and why; `messages` say what is wrong."""

    refusal: EditRefusal
    messages: tuple[MessageRef, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursRequest:
    """What somebody wants of some calendars of a desk; `seen` is the version that they saw."""

    desk: str
    calendars: tuple[str, ...]
    wanted: Wanted
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class HoursTrial:
    """What a change would make of a desk: nothing is saved."""

    live: LiveDesk
    desk: Desk
    edits: tuple[HoursEdit, ...]


def try_hours(database: Database, request: HoursRequest) -> HoursTrial | EditRefused:
    """Work out what a change would make of a desk."""
    with database.read() as connection:
        found = _trial(connection, request)
    return found if isinstance(found, EditRefused) else found[0]


def change_hours(database: Database, request: HoursRequest, by: Author) -> int | EditRefused:
    """Save a change; return the version that is live then."""
    return database.write(partial(_change, request=request, by=by))


def undo_hours(database: Database, desk: str, version: int, by: Author) -> int | EditRefused:
    """Take back what one version has changed, where the hours are still what it made of them."""
    return database.write(partial(_undo, desk=desk, version=version, by=by))


def _change(connection: Connection, request: HoursRequest, by: Author) -> int | EditRefused:
    lock_desk(connection, request.desk)
    found = _trial(connection, request)
    if isinstance(found, EditRefused):
        return found
    trial, text = found
    if not trial.edits:
        return trial.live.version
    if request.seen not in (None, trial.live.version):
        return EditRefused(EditRefusal.CHANGED_MEANWHILE)
    return _save(connection, trial.live, text, trial.edits, by)


def _undo(connection: Connection, desk: str, version: int, by: Author) -> int | EditRefused:
    lock_desk(connection, desk)
    live, edits = find_desk(connection, desk), edits_of_version(connection, desk, version)
    texts = desk_texts(connection, desk)
    if live is None or texts is None or not edits:
        return EditRefused(EditRefusal.NO_DESK)
    back = tuple(each.reversed for each in edits)
    if any(entry_of(live.desk, each.calendar, each.day) != each.before for each in back):
        return EditRefused(EditRefusal.CHANGED_SINCE)
    try:
        text, _ = write_hours_edits(texts[0], live.desk, back)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    return _save(connection, live, text, back, by)


def edits_of_version(connection: Connection, desk: str, version: int) -> tuple[HoursEdit, ...]:
    """Return what a version has changed in the hours; nothing for the first one."""
    before = desk_version(connection, desk, version - 1)
    after = desk_version(connection, desk, version)
    return hours_edits(before.desk, after.desk) if before and after else ()


def _trial(connection: Connection, request: HoursRequest) -> tuple[HoursTrial, str] | EditRefused:
    live, texts = find_desk(connection, request.desk), desk_texts(connection, request.desk)
    if live is None or texts is None:
        return EditRefused(EditRefusal.NO_DESK)
    edits = edits_for(live.desk, request.calendars, request.wanted)
    try:
        text, desk = write_hours_edits(texts[0], live.desk, edits)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    return HoursTrial(live, desk, edits), text


def _save(
    connection: Connection, live: LiveDesk, text: str, edits: Sequence[HoursEdit], by: Author
) -> int | EditRefused:
    before: dict[str, Value] = {"hours": [hours_line(each, each.before) for each in edits]}
    after: dict[str, Value] = {"hours": [hours_line(each, each.after) for each in edits]}
    subject = Subject(SubjectKind.DESK, live.desk.id)
    event = audit_event(AuditKind.HOURS_CHANGED, by, subject, before, after)
    return save_changed_desk(connection, live, text, event)


def save_changed_desk(
    connection: Connection, live: LiveDesk, text: str, event: AuditEvent
) -> int | EditRefused:
    """Make a changed text live, with the checks of an import; return its version."""
    folder = read_folder({DESK: text}, live.desk.id)
    try:
        import_folders(connection, (folder,), Edit(event.actor, event.at))
    except ImportRefused as refused:
        found = tuple(each.message for each in errors(refused.diagnostics))
        return EditRefused(EditRefusal.INVALID, found)
    add_audit_event(connection, event)
    now = find_desk(connection, live.desk.id)
    return now.version if now else live.version
