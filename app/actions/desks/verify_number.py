"""Verifies one number: begun, updated with its call's and SMS's state, confirmed with a key."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.own_numbers import confirm_own_number
from app.actions.roster.ring_numbers import ring_next
from app.domain.calls.flows import verify
from app.domain.calls.flows.verify import VerificationPurpose, VerificationStep
from app.domain.hunts.instructions import Ask, End
from app.store import Database
from app.store.desks import LiveDesk, find_desk
from app.store.number_verifications import (
    NewNumberVerification,
    NumberVerification,
    add_number_verification,
    load_number_verification,
    note_reply,
    note_sms,
    note_status,
    save_conversation,
)

VerificationAtDesk = tuple[NumberVerification, LiveDesk | None]


@dataclass(frozen=True, slots=True)
class VerificationAnswer:
    """What is heard by whoever lifted the receiver, and at which prompt."""

    instruction: Ask | End
    prompt: int = 0


NOBODY_KNOWN = VerificationAnswer(End())


def begin_verification(
    database: Database, verification: NewNumberVerification, now: datetime
) -> int:
    """Note that a number is going to be verified; return the verification's id."""
    return database.write(partial(add_number_verification, verification=verification, now=now))


def find_verification(database: Database, verification: int) -> NumberVerification | None:
    """Return a verification as it stands, or None."""
    with database.read() as connection:
        return load_number_verification(connection, verification)


def verification_answered(database: Database, verification: int) -> VerificationAnswer:
    """Say what whoever has lifted the receiver hears; one that nobody knows is hung up."""
    with database.read() as connection:
        found = load_number_verification(connection, verification)
        return _answer(_call_of(connection, found)) if found else NOBODY_KNOWN


def press_on_verification(
    database: Database, verification: int, key: str, prompt: int, now: datetime
) -> VerificationAnswer:
    """Answer a key, or none, at a prompt."""

    def press(connection: Connection) -> VerificationAnswer:
        found = load_number_verification(connection, verification)
        if found is None:
            return NOBODY_KNOWN
        call = _call_of(connection, found)
        after = verify.pressed(call, key, prompt)
        if after != call:
            save_conversation(connection, found, after, now)
            if after.step is VerificationStep.CONFIRMED and not _joins(connection, found, now):
                return VerificationAnswer(End())  # it was taken away while it rang
        return _answer(after)

    return database.write(press)


def update_verification(database: Database, verification: int, status: str, now: datetime) -> None:
    """Note how the verification's call fares; any order, any number of times."""

    def update(connection: Connection) -> None:
        note_status(connection, verification, status)
        ring_next(connection, verification, now)

    database.write(update)


def sent_on_verification(database: Database, verification: int, sid: str) -> None:
    """Note by which sid the network knows the verification's SMS."""
    database.write(partial(note_sms, verification=verification, sid=sid))


def reply_to_verification(
    database: Database, sender: str, body: str, now: datetime
) -> VerificationAtDesk | None:
    """Note that an SMS answers a verification; None for one that does not."""
    if body.strip() != verify.CONFIRMS or not sender:
        return None
    return database.write(
        lambda connection: _with_desk(connection, note_reply(connection, sender, now))
    )


def _joins(connection: Connection, found: NumberVerification, now: datetime) -> bool:
    """Ring the number from now on, where it is asked for that; False where nobody wants it now."""
    if found.purpose is not VerificationPurpose.JOINS or found.whose is None:
        return True
    return confirm_own_number(connection, found.whose, found.number, now)


def _with_desk(
    connection: Connection, verification: NumberVerification | None
) -> VerificationAtDesk | None:
    return (verification, find_desk(connection, verification.desk)) if verification else None


def _call_of(connection: Connection, found: NumberVerification) -> verify.VerificationCall:
    live = find_desk(connection, found.desk)
    if live is None:
        return found.call("")
    return found.call(live.desk.spoken_name.in_language(found.language) or live.desk.name)


def _answer(call: verify.VerificationCall) -> VerificationAnswer:
    return VerificationAnswer(verify.instruction_of(call), call.prompt)
