"""The numbers that a person is rung on, changed by themselves. The rules are domain/roster.

What rings is the roster's document: each change of it is a new version, by whoever made it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from app.actions.roster.roster_of_desk import roster_of_desk
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    audit_event,
    changes,
)
from app.domain.access.users import PersonLink
from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity
from app.domain.config.folder import ROSTER, DeskFolder
from app.domain.config.phone_part import read_number
from app.domain.config.phones_writing import replace_phones
from app.domain.config.roster_document import read_roster
from app.domain.desks.contact_card import numbers_called_from
from app.domain.message_refs import MessageError, ref
from app.domain.roster.own_duty import own_duty
from app.domain.roster.own_numbers import OwnNumbers
from app.domain.roster.plan import Roster
from app.store import Database
from app.store.audit import add_audit_event
from app.store.desks import Edit, save_roster
from app.store.own_numbers import (
    ChosenNumbers,
    forget_chosen_numbers,
    load_chosen_numbers,
    save_chosen_numbers,
)
from app.store.people import save_people
from app.store.roster_entries import lock_roster
from app.store.roster_plans import load_roster_text


@dataclass(frozen=True, slots=True)
class NumbersOfPerson:
    """Somebody's numbers on a roster, as they are now."""

    whose: PersonLink
    name: str
    numbers: OwnNumbers
    chosen: ChosenNumbers | None


def show_own_numbers(database: Database, whose: PersonLink) -> OwnNumbers:
    """Return the numbers of a person; none where the roster has no such person."""
    with database.read() as connection:
        found = _load(connection, whose)
    return found[1] if found else OwnNumbers()


def add_own_number(database: Database, whose: PersonLink, text: str, by: Author) -> str:
    """Let a number wait for its confirmation and return its digits; MessageError says why not."""

    def add(connection: Connection) -> str:
        in_use, before = _locked(connection, whose)
        digits = read_number(text).digits
        if digits in numbers_called_from(in_use.desks):
            raise MessageError(ref("own_numbers.our_line"))
        after = before.adding(digits)
        _document_with(connection, whose, after.confirming(digits).ringing)  # or it says why not
        _save(connection, in_use.plan, whose, (before, after), by)
        return digits

    return database.write(add)


def remove_own_number(database: Database, whose: PersonLink, number: str, by: Author) -> None:
    """Ring a number no more; MessageError says why that may not be."""

    def remove(connection: Connection) -> None:
        in_use, before = _locked(connection, whose)
        has_duty = _has_duty(in_use, whose.person, by.at)
        after = before.removing(number, has_duty=has_duty)
        _save(connection, in_use.plan, whose, (before, after), by)

    database.write(remove)


def move_own_number(
    database: Database, whose: PersonLink, number: str, by_places: int, by: Author
) -> None:
    """Ring a number earlier or later."""
    _change(database, whose, lambda numbers: numbers.moving(number, by_places), by)


def confirm_own_number(
    connection: Connection, whose: PersonLink, number: str, now: datetime
) -> bool:
    """Ring a number from now on: its owner has answered and pressed the key.

    The change is that of whoever asked to be rung there. False where it waits no more, or where
    the document was changed meanwhile so that it cannot be written.
    """
    lock_roster(connection, whose.roster)
    found = _load(connection, whose)
    chosen = load_chosen_numbers(connection, whose.roster).get(whose.person)
    if found is None or chosen is None or number not in chosen.waiting:
        return False
    in_use, before = found
    after = before.confirming(number)
    try:
        _save(connection, in_use.plan, whose, (before, after), Author(chosen.author, now))
    except MessageError:
        return False
    return True


def list_chosen_numbers(database: Database, desk: str) -> tuple[NumbersOfPerson, ...]:
    """List whoever of a desk's roster has chosen numbers; MessageError for an unknown desk."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        chosen = load_chosen_numbers(connection, roster.id)
        return tuple(
            NumbersOfPerson(
                PersonLink(roster.id, person.id),
                person.name,
                OwnNumbers(person.numbers, chosen[person.id].waiting),
                chosen[person.id],
            )
            for person in roster.people
            if person.id in chosen
        )


def forget_own_numbers(database: Database, desk: str, person: str, by: Author) -> None:
    """Let the file count again from the next import on; MessageError where nothing was chosen."""

    def forget(connection: Connection) -> None:
        whose = PersonLink(roster_of_desk(connection, desk).id, person)
        chosen = load_chosen_numbers(connection, whose.roster).get(person)
        if chosen is None or not forget_chosen_numbers(connection, whose):
            raise MessageError(ref("own_numbers.nothing_chosen", person=person))
        numbers = OwnNumbers(chosen.ringing or (), chosen.waiting)
        _audit(connection, AuditKind.NUMBERS_FORGOTTEN, whose, (numbers, OwnNumbers()), by)

    database.write(forget)


def with_own_numbers(connection: Connection, folder: DeskFolder) -> DeskFolder:
    """Return a folder whose roster has the numbers that people have chosen, whatever it says.

    MessageError where its document cannot be changed so.
    """
    roster = folder.roster
    if roster is None:
        return folder
    text = folder.text(ROSTER)
    for person, chosen in load_chosen_numbers(connection, roster.id).items():
        if chosen.ringing is not None and roster.person(person):
            text = replace_phones(text, person, chosen.ringing)
    if text == folder.text(ROSTER):
        return folder
    texts = tuple((name, text if name == ROSTER else each) for name, each in folder.texts)
    return replace(folder, texts=texts, roster=_read(text))


def text_with_own_numbers(connection: Connection, roster: str, text: str) -> str:
    """Return a document with the numbers that people have chosen, as far as it can be changed."""
    for person, chosen in load_chosen_numbers(connection, roster).items():
        if chosen.ringing is not None:
            with suppress(MessageError, ValueError, KeyError):  # not in it, or not to be read
                text = replace_phones(text, person, chosen.ringing)
    return text


def forget_who_left(connection: Connection, roster: Roster) -> None:
    """Forget what was chosen by who is not in the document any more; coming back, all is anew."""
    for person in load_chosen_numbers(connection, roster.id):
        if roster.person(person) is None:
            forget_chosen_numbers(connection, PersonLink(roster.id, person))


def own_number_diagnostics(connection: Connection, folder: DeskFolder) -> Iterator[Diagnostic]:
    """Tell of whom a file has other numbers than those that they have chosen."""
    roster = folder.roster
    if roster is None:
        return
    for person, chosen in load_chosen_numbers(connection, roster.id).items():
        theirs = roster.person(person)
        if theirs is None or chosen.ringing in (None, theirs.numbers):
            continue
        path, numbers = ("people", person, "phones"), chosen.ringing or ()
        try:
            replace_phones(folder.text(ROSTER), person, numbers)
        except MessageError as cannot:
            yield folder.diagnostic(ROSTER, path, DiagnosticSeverity.ERROR, cannot.message)
            continue
        said = ref("diagnostic.own_numbers", person=person, numbers=numbers)
        yield folder.diagnostic(ROSTER, path, DiagnosticSeverity.WARNING, said)


def _change(
    database: Database,
    whose: PersonLink,
    change: Callable[[OwnNumbers], OwnNumbers],
    by: Author,
) -> None:
    def write(connection: Connection) -> None:
        in_use, before = _locked(connection, whose)
        _save(connection, in_use.plan, whose, (before, change(before)), by)

    database.write(write)


def _locked(connection: Connection, whose: PersonLink) -> tuple[RosterInUse, OwnNumbers]:
    lock_roster(connection, whose.roster)
    found = _load(connection, whose)
    if found is None:
        raise MessageError(ref("own_numbers.nobody"))
    return found


def _load(connection: Connection, whose: PersonLink) -> tuple[RosterInUse, OwnNumbers] | None:
    in_use = roster_in_use(connection, whose.roster)
    person = in_use.plan.person(whose.person) if in_use else None
    if in_use is None or person is None:
        return None
    chosen = load_chosen_numbers(connection, whose.roster).get(whose.person)
    return in_use, OwnNumbers(person.numbers, chosen.waiting if chosen else ())


def _save(
    connection: Connection,
    plan: Roster,
    whose: PersonLink,
    change: tuple[OwnNumbers, OwnNumbers],
    by: Author,
) -> None:
    before, after = change
    if before == after:
        return
    chosen = load_chosen_numbers(connection, whose.roster).get(whose.person)
    ringing = chosen.ringing if chosen else None
    if after.ringing != before.ringing:
        ringing = after.ringing
        text, document = _document_with(connection, whose, after.ringing)
        save_roster(connection, document, text, Edit(by.actor, by.at))
        save_people(connection, document, by.actor, by.at)
    save_chosen_numbers(connection, whose, ringing, after.waiting, by)
    _audit(connection, _kind(before, after), whose, change, by)


def _document_with(
    connection: Connection, whose: PersonLink, numbers: tuple[str, ...]
) -> tuple[str, Roster]:
    """Return the roster's document with these numbers of a person: its text, and read."""
    text = replace_phones(load_roster_text(connection, whose.roster), whose.person, numbers)
    return text, _read(text)


def _read(text: str) -> Roster:
    found = read_roster(text, ROSTER, is_stored=True).value
    if found is None:
        raise MessageError(ref("own_numbers.cannot_write"))
    return found


def _has_duty(in_use: RosterInUse, person: str, now: datetime) -> bool:
    """Whether somebody has a shift in the next 90 days, or is of the last resort."""
    theirs = in_use.plan.person(person)
    if theirs is None:
        return False
    duty = own_duty(in_use.plan, in_use.desks, theirs, now)
    return bool(duty.next) or person in in_use.plan.last_resort


def _kind(before: OwnNumbers, after: OwnNumbers) -> AuditKind:
    if len(after.ringing) > len(before.ringing):
        return AuditKind.NUMBER_CONFIRMED
    if len(after.waiting) > len(before.waiting):
        return AuditKind.NUMBER_ADDED
    is_moved = after.waiting == before.waiting and len(after.ringing) == len(before.ringing)
    return AuditKind.NUMBERS_MOVED if is_moved else AuditKind.NUMBER_REMOVED


def _audit(
    connection: Connection,
    kind: AuditKind,
    whose: PersonLink,
    change: tuple[OwnNumbers, OwnNumbers],
    by: Author,
) -> None:
    before, after = (
        {"numbers": list(each.ringing), "waiting_numbers": list(each.waiting)} for each in change
    )
    was, is_now = changes(before, after)
    subject = Subject(SubjectKind.ROSTER, whose.roster)
    told = {"person": whose.person}
    add_audit_event(connection, audit_event(kind, by, subject, {**told, **was}, {**told, **is_now}))
