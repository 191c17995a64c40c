"""The first line's telephones changed on a page: written into desk.toml, and live as an import."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from app.actions.desks.change_hours import EditRefusal, EditRefused, save_changed_desk
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.config.first_line_writing import write_first_line
from app.domain.desks.desk import FirstLinePhone
from app.domain.message_refs import MessageError
from app.store import Database
from app.store.desks import desk_texts, desk_version, find_desk, lock_desk

Phones = tuple[FirstLinePhone, ...]


@dataclass(frozen=True, slots=True)
class FirstLineRequest:
    """Who shall be rung at a desk, in order; `seen` is the version that its author saw."""

    desk: str
    phones: Phones
    seen: int | None = None


def try_first_line(database: Database, request: FirstLineRequest) -> EditRefused | None:
    """Say what is wrong with a change; None where nothing is. Nothing is saved."""
    with database.read() as connection:
        live, texts = find_desk(connection, request.desk), desk_texts(connection, request.desk)
    if live is None or texts is None:
        return EditRefused(EditRefusal.NO_DESK)
    try:
        write_first_line(texts[0], live.desk, request.phones)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    return None


def change_first_line(
    database: Database, request: FirstLineRequest, by: Author
) -> int | EditRefused:
    """Save a change; return the version that is live then."""
    return database.write(partial(_change, request=request, by=by))


def undo_first_line(database: Database, desk: str, version: int, by: Author) -> int | EditRefused:
    """Take back what one version has changed, where it is still so."""
    return database.write(partial(_undo, desk=desk, version=version, by=by))


def _undo(connection: Connection, desk: str, version: int, by: Author) -> int | EditRefused:
    before = desk_version(connection, desk, version - 1)
    after, live = desk_version(connection, desk, version), find_desk(connection, desk)
    if before is None or after is None or live is None:
        return EditRefused(EditRefusal.NO_DESK)
    if live.desk.first_line.phones != after.desk.first_line.phones:
        return EditRefused(EditRefusal.CHANGED_SINCE)
    request = FirstLineRequest(desk, before.desk.first_line.phones)
    return _change(connection, request, by)


def _change(connection: Connection, request: FirstLineRequest, by: Author) -> int | EditRefused:
    lock_desk(connection, request.desk)
    live, texts = find_desk(connection, request.desk), desk_texts(connection, request.desk)
    if live is None or texts is None:
        return EditRefused(EditRefusal.NO_DESK)
    was = live.desk.first_line.phones
    if was == request.phones:
        return live.version
    if request.seen not in (None, live.version):
        return EditRefused(EditRefusal.CHANGED_MEANWHILE)
    try:
        text, _ = write_first_line(texts[0], live.desk, request.phones)
    except MessageError as wrong:
        return EditRefused(EditRefusal.INVALID, (wrong.message,))
    subject = Subject(SubjectKind.DESK, request.desk)
    told = ({"phones": phone_lines(each)} for each in (was, request.phones))
    event = audit_event(AuditKind.FIRST_LINE_CHANGED, by, subject, *told)
    return save_changed_desk(connection, live, text, event)


def phone_lines(phones: Phones) -> list[str]:
    """Write telephones for people, in their order."""
    return [f"{each.name} {each.number}" for each in phones]
