"""Puts numbers on a desk's block list, and takes them off."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from app.domain.message_refs import MessageError, ref
from app.domain.numbers import parse_number
from app.store import Database
from app.store.blocked_numbers import Block, put_block, remove_block
from app.store.caller_history import load_caller_history
from app.store.desks import find_desk
from app.store.snapshot import read_world


class NotBlocked(MessageError):
    """The number is not blocked; `message` says why."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A number that is blocked now, and what somebody should know who blocks it."""

    customers: tuple[str, ...]  # whose number it is
    has_open_critical: bool  # such a caller is answered all the same


def block_number(database: Database, block: Block) -> Blocked:
    """Block a number at a desk, also where it was blocked before for another reason.

    NotBlocked for a number that is none, a desk that is none, and an expiry that has passed.
    """
    if not block.digits:
        raise NotBlocked(ref("block.withheld"))
    if not block.reason.strip():
        raise NotBlocked(ref("block.no_reason"))
    if block.has_expired(block.at):
        raise NotBlocked(ref("block.expired"))
    return database.write(partial(_block, block=block))


def unblock_number(database: Database, desk: str, digits: str) -> bool:
    """Take a number off a desk's block list; False where it was not on it."""
    return database.write(partial(remove_block, desk=desk, digits=digits))


def _block(connection: Connection, block: Block) -> Blocked:
    live = find_desk(connection, block.desk)
    if live is None:
        raise NotBlocked(ref("block.no_such_desk", desk=block.desk))
    put_block(connection, block)
    line, caller = live.desk.lines[0].number, parse_number(block.digits)
    world = read_world(connection, line, caller, block.at)
    earlier = load_caller_history(connection, block.desk, block.digits, "", block.at)
    return Blocked(tuple(each.name for each in world.customers), earlier.has_open_critical)
