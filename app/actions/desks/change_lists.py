"""The first line and the contacts changed on a page: written into desk.toml, live as an import."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.desks.change_hours import EditRefusal, EditRefused, save_changed_desk
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.config.desk_lists_writing import write_list
from app.domain.desks.desk_lists import DeskList, Entries, entries_of, entry_line
from app.domain.message_refs import MessageError
from app.store import Database
from app.store.desks import desk_texts, desk_version, find_desk, lock_desk

KINDS: Final = {
    DeskList.FIRST_LINE: AuditKind.FIRST_LINE_CHANGED,
    DeskList.CONTACTS: AuditKind.CONTACTS_CHANGED,
}


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list of a desk as somebody wants it; `seen` is the version that they saw."""

    desk: str
    which: DeskList
    entries: Entries
    seen: int | None = None


def try_list(database: Database, request: ListRequest) -> EditRefused | None:
    """Say what is wrong with a change; None where nothing is. Nothing is saved."""
    with database.read() as connection:
        live, texts = find_desk(connection, request.desk), desk_texts(connection, request.desk)
    if live is None or texts is None:
        return EditRefused(EditRefusal.NO_DESK)
    try:
        write_list(texts[0], live.desk, request.which, request.entries)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    return None


def change_list(database: Database, request: ListRequest, by: Author) -> int | EditRefused:
    """Save a change; return the version that is live then."""
    return database.write(partial(_change, request=request, by=by))


def undo_list(
    database: Database, desk: str, which: DeskList, version: int, by: Author
) -> int | EditRefused:
    """Take back what one version has changed, where it is still so."""
    return database.write(partial(_undo, desk=desk, which=which, version=version, by=by))


def _undo(
    connection: Connection, desk: str, which: DeskList, version: int, by: Author
) -> int | EditRefused:
    lock_desk(connection, desk)
    before = desk_version(connection, desk, version - 1)
    after, live = desk_version(connection, desk, version), find_desk(connection, desk)
    if before is None or after is None or live is None:
        return EditRefused(EditRefusal.NO_DESK)
    if entries_of(live.desk, which) != entries_of(after.desk, which):
        return EditRefused(EditRefusal.CHANGED_SINCE)
    return _change(connection, ListRequest(desk, which, entries_of(before.desk, which)), by)


def _change(connection: Connection, request: ListRequest, by: Author) -> int | EditRefused:
    lock_desk(connection, request.desk)
    live, texts = find_desk(connection, request.desk), desk_texts(connection, request.desk)
    if live is None or texts is None:
        return EditRefused(EditRefusal.NO_DESK)
    was = entries_of(live.desk, request.which)
    if was == request.entries:
        return live.version
    if request.seen not in (None, live.version):
        return EditRefused(EditRefusal.CHANGED_MEANWHILE)
    try:
        text, _ = write_list(texts[0], live.desk, request.which, request.entries)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    subject = Subject(SubjectKind.DESK, request.desk)
    told = ({"phones": [entry_line(e) for e in each]} for each in (was, request.entries))
    event = audit_event(KINDS[request.which], by, subject, *told)
    return save_changed_desk(connection, live, text, event)
