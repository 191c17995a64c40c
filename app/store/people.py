"""Customers and staff as rows: read, found by number, and replaced by an import."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.domain.access.actor import Actor
from app.domain.desks.customer import Customer, removes_too_many
from app.domain.desks.customers_merge import (
    FIELDS,
    CustomerChangeKind,
    CustomersMerge,
    StoredCustomer,
    merge_customers,
)
from app.domain.roster.on_duty import Person, Roster
from app.store.codec import read_texts, write_texts
from app.store.tables import CustomerPhoneRow, CustomerRow, PersonRow
from app.store.target_reviews import outdate_targets_of

ROWS_AT_ONCE: Final = 2000


class TooManyRemoved(Exception):
    """An import would remove more than a tenth of the customers, and nobody said that it may."""

    def __init__(self, desk: str, removed: int, of: int) -> None:
        super().__init__(desk, removed, of)
        self.desk, self.removed, self.of = desk, removed, of


def read_customer(row: Row[*tuple[Any, ...]]) -> Customer:
    """Make a customer of a row of the customers table."""
    return Customer(
        number=row.number,
        name=row.name,
        agreement=row.agreement,
        phones=read_texts(row.phones),
        shared_phones=read_texts(row.shared_phones),
        caller_class=row.caller_class,
        owner=row.owner,
        mail_domains=read_texts(row.mail_domains),
    )


def replace_customers(
    connection: Connection, desk: str, customers: tuple[Customer, ...], *, may_remove: bool = False
) -> CustomersMerge:
    """Make the desk's customers these, but for what was changed on pages and not in the file.

    Only rows that differ are touched. TooManyRemoved when more than a tenth would go, unless
    `may_remove`.
    """
    stored = load_stored_customers(connection, desk)
    merge = merge_customers(stored, customers)
    gone = [each.customer.number for each in merge.of(CustomerChangeKind.REMOVED)]
    if removes_too_many(len(gone), of=len(stored)) and not may_remove:
        raise TooManyRemoved(desk, len(gone), len(stored))
    new = [each.result for each in merge.of(CustomerChangeKind.ADDED)]
    there = (*merge.of(CustomerChangeKind.CHANGED), *merge.of(CustomerChangeKind.UNCHANGED))
    other = [each.result for each in there if each.result != stored[each.customer.number]]
    _remove(connection, desk, gone)
    _store(connection, desk, new, other)
    return merge


def save_customer(connection: Connection, desk: str, changed: StoredCustomer) -> None:
    """Store one customer that is there anew."""
    _store(connection, desk, [], [changed])


def load_stored_customers(connection: Connection, desk: str) -> dict[str, StoredCustomer]:
    """Return every customer of a desk, by number, with what the last file said of it."""
    rows = connection.execute(select(CustomerRow).where(CustomerRow.desk == desk))
    return {row.number: _stored(row) for row in rows}


def customers_of_other_agreements(
    connection: Connection, desk: str, agreements: Collection[str]
) -> dict[str, StoredCustomer]:
    """Return the desk's customers that have none of these agreements, by number."""
    theirs = select(CustomerRow).where(
        CustomerRow.desk == desk, CustomerRow.agreement.not_in(list(agreements))
    )
    rows = connection.execute(theirs.order_by(CustomerRow.number))
    return {row.number: _stored(row) for row in rows}


def find_stored_customer(connection: Connection, desk: str, number: str) -> StoredCustomer | None:
    """Return a desk's customer with what the last file said of it; None without it."""
    this = select(CustomerRow).where(CustomerRow.desk == desk, CustomerRow.number == number)
    row = connection.execute(this).first()
    return _stored(row) if row else None


def customers_of_numbers(
    connection: Connection, desk: str, digits: Collection[str]
) -> tuple[Customer, ...]:
    """Return the desk's customers that have one of these numbers."""
    theirs = select(CustomerPhoneRow.customer).where(
        CustomerPhoneRow.desk == desk, CustomerPhoneRow.digits.in_(list(digits))
    )
    found = select(CustomerRow).where(CustomerRow.desk == desk, CustomerRow.number.in_(theirs))
    return tuple(read_customer(row) for row in connection.execute(found))


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer as lists show it."""

    number: str
    name: str
    agreement: str
    is_edited: bool  # on a page since the last file


def list_customers(connection: Connection, desk: str) -> tuple[CustomerLine, ...]:
    """List a desk's customers by number: what lists show of them."""
    shown = select(
        CustomerRow.number,
        CustomerRow.name,
        CustomerRow.agreement,
        CustomerRow.in_file.is_not(None).label("is_edited"),
    ).where(CustomerRow.desk == desk)
    rows = connection.execute(shown.order_by(CustomerRow.number))
    return tuple(CustomerLine(*row) for row in rows)


def numbers_of_customers(connection: Connection, desk: str, digits: str) -> frozenset[str]:
    """Return the numbers of the customers with a telephone number that holds these digits."""
    theirs = select(CustomerPhoneRow.customer).where(
        CustomerPhoneRow.desk == desk, CustomerPhoneRow.digits.contains(digits, autoescape=True)
    )
    return frozenset(connection.execute(theirs).scalars())


def _stored(row: Row[*tuple[Any, ...]]) -> StoredCustomer:
    customer = read_customer(row)
    if row.in_file is None:
        return StoredCustomer(customer)
    values: dict[str, Any] = json.loads(row.in_file)
    said: dict[str, Any] = {
        name: tuple(filter(None, value)) if isinstance(value, list) else value
        for name, value in values.items()
    }
    return StoredCustomer(customer, replace(customer, **said))


def _in_file(stored: StoredCustomer) -> str | None:
    """What the last file said of the fields that a page has changed."""
    base = stored.in_file
    if base is None:
        return None
    said = {name: getattr(base, name) for name in FIELDS}
    differs = {n: said[n] for n in FIELDS if said[n] != getattr(stored.customer, n)}
    return json.dumps(differs, ensure_ascii=False)


def find_customer(connection: Connection, desk: str, number: str) -> Customer | None:
    """Return the desk's customer with this number, or None."""
    this = select(CustomerRow).where(CustomerRow.desk == desk, CustomerRow.number == number)
    row = connection.execute(this).first()
    return read_customer(row) if row else None


def load_customers(connection: Connection, desk: str) -> dict[str, Customer]:
    """Return every customer of a desk, by number."""
    rows = connection.execute(select(CustomerRow).where(CustomerRow.desk == desk))
    return {row.number: read_customer(row) for row in rows}


def customer_agreements(
    connection: Connection, desk: str, numbers: Sequence[str]
) -> dict[str, str]:
    """Return the agreements of a desk's customers by their numbers."""
    theirs = select(CustomerRow.number, CustomerRow.agreement).where(
        CustomerRow.desk == desk, CustomerRow.number.in_(numbers)
    )
    return {row.number: row.agreement for row in connection.execute(theirs)}


def customer_names(connection: Connection, desk: str, numbers: Sequence[str]) -> dict[str, str]:
    """Return the names of a desk's customers by their numbers."""
    named = select(CustomerRow.number, CustomerRow.name).where(
        CustomerRow.desk == desk, CustomerRow.number.in_(numbers)
    )
    return {row.number: row.name for row in connection.execute(named)}


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """Somebody on a roster."""

    roster: str
    id: str
    name: str


def list_people(connection: Connection) -> tuple[RosterPerson, ...]:
    """List everybody who is on a roster now, by roster and name."""
    there = select(PersonRow.roster, PersonRow.id, PersonRow.name).where(
        PersonRow.left_at.is_(None)
    )
    rows = connection.execute(there.order_by(PersonRow.roster, PersonRow.name, PersonRow.id))
    return tuple(RosterPerson(row.roster, row.id, row.name) for row in rows)


def rosters_with_number(connection: Connection, digits: str) -> tuple[str, ...]:
    """Return the rosters on which somebody has this number."""
    there = select(PersonRow.roster, PersonRow.numbers).where(
        PersonRow.left_at.is_(None), PersonRow.numbers.contains(digits, autoescape=True)
    )
    rows = connection.execute(there.order_by(PersonRow.roster))
    found = (row.roster for row in rows if digits in read_texts(row.numbers))
    return tuple(dict.fromkeys(found))


def save_people(connection: Connection, roster: Roster, author: Actor, now: datetime) -> None:
    """Keep a row for everybody on the roster; who is not on it any more is marked as gone."""
    known = select(PersonRow).where(PersonRow.roster == roster.id)
    stored = {row.id: row for row in connection.execute(known)}
    for person in roster.people:
        row = stored.pop(person.id, None)
        told = _person_columns(person) | {"author": author, "changed_at": now, "left_at": None}
        if row is None:
            connection.execute(insert(PersonRow), {"roster": roster.id, "id": person.id} | told)
        elif row.left_at is not None or _person(row) != person:
            this = (PersonRow.roster == roster.id) & (PersonRow.id == person.id)
            connection.execute(update(PersonRow).where(this).values(told))
    gone = [person_id for person_id, row in stored.items() if row.left_at is None]
    if gone:
        leaves = update(PersonRow).where(PersonRow.roster == roster.id, PersonRow.id.in_(gone))
        connection.execute(leaves.values(left_at=now, author=author, changed_at=now))


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(row.id, row.name, read_texts(row.numbers), row.language)


def _person_columns(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "language": person.language,
        "numbers": write_texts(person.numbers),
    }


def _remove(connection: Connection, desk: str, numbers: list[str]) -> None:
    for some in _in_parts(numbers):
        of_desk = delete(CustomerRow).where(CustomerRow.desk == desk)
        connection.execute(of_desk.where(CustomerRow.number.in_(some)))


def _store(
    connection: Connection,
    desk: str,
    new: list[StoredCustomer],
    changed: list[StoredCustomer],
) -> None:
    outdate_targets_of(connection, desk, [stored.customer.number for stored in changed])
    for stored in changed:
        this = (CustomerRow.desk == desk) & (CustomerRow.number == stored.customer.number)
        connection.execute(update(CustomerRow).where(this).values(_columns(desk, stored)))
    for some in _in_parts([stored.customer.number for stored in changed]):
        old = delete(CustomerPhoneRow).where(CustomerPhoneRow.desk == desk)
        connection.execute(old.where(CustomerPhoneRow.customer.in_(some)))
    for few in _in_parts(new):
        connection.execute(insert(CustomerRow), [_columns(desk, stored) for stored in few])
    both = (stored.customer for stored in (*new, *changed))
    for phones in _in_parts([phone for each in both for phone in _phones(desk, each)]):
        connection.execute(insert(CustomerPhoneRow), phones)


def _columns(desk: str, stored: StoredCustomer) -> dict[str, object]:
    customer = stored.customer
    return {
        "desk": desk,
        "number": customer.number,
        "name": customer.name,
        "agreement": customer.agreement,
        "phones": write_texts(customer.phones),
        "shared_phones": write_texts(customer.shared_phones),
        "caller_class": customer.caller_class,
        "owner": customer.owner,
        "mail_domains": write_texts(customer.mail_domains),
        "in_file": _in_file(stored),
    }


def _phones(desk: str, customer: Customer) -> list[dict[str, object]]:
    shared = dict.fromkeys(customer.phones, False) | dict.fromkeys(customer.shared_phones, True)
    return [
        {"desk": desk, "digits": digits, "customer": customer.number, "is_shared": is_shared}
        for digits, is_shared in shared.items()
    ]


def _in_parts(things: list[Any]) -> list[list[Any]]:
    return [things[i : i + ROWS_AT_ONCE] for i in range(0, len(things), ROWS_AT_ONCE)]
