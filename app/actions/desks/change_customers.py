"""Customers changed on pages: one by one, or by a file whose changes were seen first.

Read and checked as `vakt desk import` does it; saved only on top of what was seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.desks.import_desks import ImportRefused, import_folders
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, Value, audit_event
from app.domain.config.csv_text import write_rows
from app.domain.config.customer_document import COLUMNS, customer_cells
from app.domain.config.diagnostics import Diagnostic, Diagnostics, errors
from app.domain.config.folder import CUSTOMERS, DESK, DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.desks.customer import Customer, removes_too_many
from app.domain.desks.customers_merge import (
    CustomerChangeKind,
    CustomersMerge,
    StoredCustomer,
    edited,
    field_changes,
    merge_customers,
)
from app.store import Database
from app.store.audit import add_audit_event
from app.store.desks import Edit, LiveDesk, desk_texts, find_desk, lock_desk
from app.store.documents import sha_of
from app.store.people import (
    customers_of_numbers,
    find_stored_customer,
    load_stored_customers,
    save_customer,
)

OWN_LINE: Final = 2  # of the customer that is edited, below the names of the columns
# Of two customers together: it may stand at the other one's line.
OF_TWO: Final = frozenset({"shared_and_personal"})


class CustomersRefusal(StrEnum):
    """Why nothing was saved."""

    NO_SUCH = "no_such"  # desk, or customer
    CHANGED_MEANWHILE = "changed_meanwhile"
    INVALID = "invalid"  # `diagnostics` say what
    TOO_MANY_REMOVED = "too_many_removed"


@dataclass(frozen=True, slots=True)
class CustomersRefused:
    """Nothing was saved, and why."""

    refusal: CustomersRefusal
    diagnostics: Diagnostics = ()


@dataclass(frozen=True, slots=True)
class CustomerShown:
    """A customer with its desk, what is odd about it, and by what one knows that it has changed."""

    live: LiveDesk
    stored: StoredCustomer
    warnings: Diagnostics
    seen: str


@dataclass(frozen=True, slots=True)
class CustomerEdit:
    """A customer as somebody wants it: cells by their columns, as they were typed."""

    desk: str
    number: str
    cells: Mapping[str, str]
    seen: str


@dataclass(frozen=True, slots=True)
class CustomersPreview:
    """What a file would do with a desk's customers; `merge` is empty where errors refuse it."""

    live: LiveDesk
    merge: CustomersMerge
    diagnostics: Diagnostics
    seen: str
    removes_too_many: bool


@dataclass(frozen=True, slots=True)
class CustomersFile:
    """A customers.csv for a desk, and the state in which its preview was seen."""

    desk: str
    text: str
    seen: str = ""
    may_remove: bool = False


def show_customer(database: Database, desk: str, number: str) -> CustomerShown | None:
    """Read a customer for its page; None where there is none."""
    with database.read() as connection:
        live, texts = find_desk(connection, desk), desk_texts(connection, desk)
        stored = find_stored_customer(connection, desk, number)
        if live is None or texts is None or stored is None:
            return None
        cells = customer_cells(stored.customer)
        warnings = tuple(_wrong(_checked(connection, desk, texts[0], cells)))
    return CustomerShown(live, stored, warnings, _seen(stored))


def edit_customer(
    database: Database, edit: CustomerEdit, by: Author
) -> StoredCustomer | CustomersRefused:
    """Save a customer as somebody wants it, where it is still as they have seen it."""
    return database.write(partial(_edit, edit=edit, by=by))


def preview_customers(database: Database, file: CustomersFile) -> CustomersPreview | None:
    """Tell what a file would do; None without the desk. Nothing is saved."""
    with database.read() as connection:
        return _preview(connection, file)


def import_customers(
    database: Database, file: CustomersFile, by: Author
) -> CustomersMerge | CustomersRefused:
    """Save a file's customers, where they are still as its preview has seen them.

    The file is read before the transaction: no call waits for that.
    """
    with database.read() as connection:
        texts = desk_texts(connection, file.desk)
    if texts is None:
        return CustomersRefused(CustomersRefusal.NO_SUCH)
    folder = read_folder({DESK: texts[0], CUSTOMERS: file.text}, file.desk)
    wrong = errors(_of_customers(folder))
    if wrong or folder.customers is None:
        return CustomersRefused(CustomersRefusal.INVALID, wrong)
    return database.write(partial(_import, file=file, folder=folder, by=by))


def _edit(
    connection: Connection, edit: CustomerEdit, by: Author
) -> StoredCustomer | CustomersRefused:
    lock_desk(connection, edit.desk)
    stored = find_stored_customer(connection, edit.desk, edit.number)
    texts = desk_texts(connection, edit.desk)
    if stored is None or texts is None:
        return CustomersRefused(CustomersRefusal.NO_SUCH)
    cells = tuple(edit.cells.get(name, "") for name in COLUMNS)
    folder = _checked(connection, edit.desk, texts[0], cells)
    wrong = errors(_wrong(folder))
    wanted = next((each.customer for each in folder.partial.rows if each.line == OWN_LINE), None)
    if wrong or wanted is None:
        return CustomersRefused(CustomersRefusal.INVALID, wrong)
    if wanted == stored.customer:
        return stored
    if edit.seen != _seen(stored):
        return CustomersRefused(CustomersRefusal.CHANGED_MEANWHILE)
    changed = edited(stored, wanted)
    save_customer(connection, edit.desk, changed)
    _note_edit(connection, edit, stored, wanted, by)
    return changed


def _checked(connection: Connection, desk: str, text: str, cells: tuple[str, ...]) -> DeskFolder:
    """Read one customer as a file, with the others that have one of its numbers."""
    alone = read_folder({DESK: text, CUSTOMERS: write_rows((COLUMNS, cells))}, desk)
    row = next((each.customer for each in alone.partial.rows if each.line == OWN_LINE), None)
    if row is None:
        return alone
    numbers = (*row.phones, *row.shared_phones)
    others = customers_of_numbers(connection, desk, numbers) if numbers else ()
    rows = (customer_cells(each) for each in others if each.number != row.number)
    return read_folder({DESK: text, CUSTOMERS: write_rows((COLUMNS, cells, *rows))}, desk)


def _wrong(folder: DeskFolder) -> Iterator[Diagnostic]:
    """What is wrong or odd with the customer itself."""
    for each in folder.diagnostics:
        is_of_customers = each.file.endswith(CUSTOMERS)
        if is_of_customers and (each.position.line == OWN_LINE or each.code in OF_TWO):
            yield each


def _note_edit(
    connection: Connection, edit: CustomerEdit, stored: StoredCustomer, wanted: Customer, by: Author
) -> None:
    before: dict[str, Value] = {"customer": edit.number}
    after: dict[str, Value] = {"customer": edit.number}
    for change in field_changes(stored, wanted):
        before[change.name] = _value(change.before)
        after[change.name] = _value(change.after)
    subject = Subject(SubjectKind.DESK, edit.desk)
    event = audit_event(AuditKind.CUSTOMER_CHANGED, by, subject, before, after)
    add_audit_event(connection, event)


def _value(value: str | tuple[str, ...]) -> Value:
    return value if isinstance(value, str) else list(value)


def _preview(connection: Connection, file: CustomersFile) -> CustomersPreview | None:
    live, texts = find_desk(connection, file.desk), desk_texts(connection, file.desk)
    if live is None or texts is None:
        return None
    stored = load_stored_customers(connection, file.desk)
    folder = read_folder({DESK: texts[0], CUSTOMERS: file.text}, file.desk)
    found = _of_customers(folder)
    is_sound = folder.customers is not None and not errors(found)
    merge = merge_customers(stored, folder.customers or ()) if is_sound else CustomersMerge()
    removed = len(merge.of(CustomerChangeKind.REMOVED))
    too_many = removes_too_many(removed, of=len(stored))
    return CustomersPreview(live, merge, found, _seen_all(stored), too_many)


def _of_customers(folder: DeskFolder) -> Diagnostics:
    return tuple(each for each in folder.diagnostics if each.file.endswith(CUSTOMERS))


def _import(
    connection: Connection, file: CustomersFile, folder: DeskFolder, by: Author
) -> CustomersMerge | CustomersRefused:
    lock_desk(connection, file.desk)
    stored, texts = load_stored_customers(connection, file.desk), desk_texts(connection, file.desk)
    if texts is None:
        return CustomersRefused(CustomersRefusal.NO_SUCH)
    if file.seen != _seen_all(stored) or texts[0] != folder.text(DESK):
        return CustomersRefused(CustomersRefusal.CHANGED_MEANWHILE)
    removed = stored.keys() - {each.number for each in folder.customers or ()}
    if removes_too_many(len(removed), of=len(stored)) and not file.may_remove:
        return CustomersRefused(CustomersRefusal.TOO_MANY_REMOVED)
    edit = Edit(by.actor, by.at)
    try:
        done = import_folders(connection, (folder,), edit, may_remove=file.may_remove)
    except ImportRefused as refused:
        return CustomersRefused(CustomersRefusal.INVALID, errors(refused.diagnostics))
    merge = done.desks[0].customers
    counted = merge.counted
    after: dict[str, Value] = {
        "customers_added": counted.added,
        "customers_changed": counted.changed,
        "customers_removed": counted.removed,
    }
    subject = Subject(SubjectKind.DESK, file.desk)
    event = audit_event(AuditKind.CUSTOMERS_IMPORTED, by, subject, {}, after)
    add_audit_event(connection, event)
    return merge


def _seen(stored: StoredCustomer) -> str:
    return sha_of(repr(stored))


def _seen_all(stored: Mapping[str, StoredCustomer]) -> str:
    return sha_of(repr([stored[number] for number in sorted(stored)]))
