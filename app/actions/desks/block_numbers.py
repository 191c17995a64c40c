"""Puts numbers on a desk's block list, and takes them off; the audit trail tells who did."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, Value, audit_event
from app.domain.config.phone_part import why_impossible
from app.domain.message_refs import MessageError, ref
from app.domain.numbers import parse_number
from app.store import Database
from app.store.audit import add_audit_event
from app.store.blocked_numbers import Block, list_blocks, put_block, remove_block
from app.store.caller_history import load_caller_history
from app.store.desks import LiveDesk, find_desk
from app.store.snapshot import read_world


class NotBlocked(MessageError):
    """The number is not blocked; `message` says why."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A number that is blocked now, and what somebody should know who blocks it."""

    customers: tuple[str, ...]  # whose number it is
    has_open_critical: bool  # such a caller is answered all the same


def read_number_to_block(text: str) -> str:
    """Return the digits of a number; NotBlocked for what is none, and what cannot exist."""
    number = parse_number(text)
    if not number.digits:
        raise NotBlocked(ref("block.no_number", number=text))
    if wrong := why_impossible(number, text):
        raise NotBlocked(wrong)
    return number.digits


def block_number(database: Database, block: Block, by: Author) -> Blocked:
    """Block a number at a desk, also where it was blocked before for another reason.

    NotBlocked for a number that is none, a desk that is none, and an expiry that has passed.
    """
    if not block.digits:
        raise NotBlocked(ref("block.withheld"))
    if not block.reason.strip():
        raise NotBlocked(ref("block.no_reason"))
    if block.has_expired(block.at):
        raise NotBlocked(ref("block.expired"))
    return database.write(partial(_block, block=block, by=by))


def unblock_number(database: Database, desk: str, digits: str, by: Author) -> bool:
    """Take a number off a desk's block list; False where it was not on it."""
    return database.write(partial(_unblock, desk=desk, digits=digits, by=by))


def _block(connection: Connection, block: Block, by: Author) -> Blocked:
    live = find_desk(connection, block.desk)
    if live is None:
        raise NotBlocked(ref("block.no_such_desk", desk=block.desk))
    known = list_blocks(connection, [block.desk])
    before = next((_audited(each) for each in known if each.digits == block.digits), {})
    put_block(connection, block)
    _note(connection, AuditKind.NUMBER_BLOCKED, block.desk, before, _audited(block), by)
    return about_number(connection, live, block.digits, block.at)


def _audited(block: Block) -> dict[str, Value]:
    until = block.until.isoformat(" ", "minutes") if block.until else None
    return {"number": block.digits, "note": block.reason, "until": until}


def _unblock(connection: Connection, desk: str, digits: str, by: Author) -> bool:
    is_gone = remove_block(connection, desk=desk, digits=digits)
    if is_gone:
        _note(connection, AuditKind.NUMBER_UNBLOCKED, desk, {"number": digits}, {}, by)
    return is_gone


def _note(
    connection: Connection,
    kind: AuditKind,
    desk: str,
    before: dict[str, Value],
    after: dict[str, Value],
    by: Author,
) -> None:
    subject = Subject(SubjectKind.DESK, desk)
    add_audit_event(connection, audit_event(kind, by, subject, before, after))


def about_number(connection: Connection, live: LiveDesk, digits: str, at: datetime) -> Blocked:
    """Tell what somebody should know of a number that is blocked."""
    line, caller = live.desk.lines[0].number, parse_number(digits)
    world = read_world(connection, line, caller, at)
    earlier = load_caller_history(connection, live.desk.id, digits, "", at)
    return Blocked(tuple(each.name for each in world.customers), earlier.has_open_critical)
