"""Customers come and go by import, but never many at once without being told to."""

from functools import partial

import pytest
from sqlalchemy import event, select

from app.domain.access.actor import command_line
from app.domain.desks.customer import Customer
from app.domain.desks.customers_merge import CustomersChanged
from app.domain.roster.plan import Person, Roster
from app.store import Database
from app.store.people import (
    TooManyRemoved,
    load_customers,
    replace_customers,
    save_people,
)
from app.store.snapshot import read_world
from app.store.tables import CustomerPhoneRow, PersonRow
from tests.support.sample_desk import (
    DAY,
    DESK,
    NIGHT,
    SUPPORT,
    SWITCHBOARD,
    number,
)


def many(count: int) -> tuple[Customer, ...]:
    return tuple(
        Customer(str(n), f"Customer {n}", "standard", (f"+474901{n:04}",)) for n in range(count)
    )


def replace(
    database: Database, customers: tuple[Customer, ...], *, may_remove: bool = False
) -> CustomersChanged:
    work = partial(replace_customers, desk=DESK, customers=customers, may_remove=may_remove)
    return database.write(work).counted


def test_a_tenth_may_go_but_not_one_more(database: Database) -> None:
    replace(database, many(100), may_remove=True)
    assert replace(database, many(90)) == CustomersChanged(removed=10)
    with pytest.raises(TooManyRemoved) as refused:
        replace(database, many(80))
    assert (refused.value.removed, refused.value.of) == (10, 90)
    with database.read() as connection:
        assert len(load_customers(connection, DESK)) == 90
    assert replace(database, many(80), may_remove=True) == CustomersChanged(removed=10)


def test_who_goes_takes_their_telephone_numbers_along(database: Database) -> None:
    replace(database, (), may_remove=True)
    with database.read() as connection:
        assert connection.execute(select(CustomerPhoneRow.digits)).all() == []


def test_an_import_without_changes_writes_nothing(database: Database) -> None:
    with database.read() as connection:
        same = tuple(load_customers(connection, DESK).values())
    written: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*args: object) -> None:
        if str(args[2]).startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(str(args[2]))

    assert not replace(database, same)
    assert written == []


def test_a_customer_who_changes_number_is_known_by_the_new_one_only(database: Database) -> None:
    with database.read() as connection:
        skule, eining = load_customers(connection, DESK).values()
    moved = Customer(skule.number, skule.name, skule.agreement, ("+4749009555",))
    assert replace(database, (moved, eining)) == CustomersChanged(changed=1)
    with database.read() as connection:
        old = read_world(connection, SUPPORT, number(skule.phones[0]), DAY)
        new = read_world(connection, SUPPORT, number("+4749009555"), DAY)
    assert old.customers == ()
    assert new.customers == (moved,)


def test_a_switchboard_of_two_customers_finds_both(database: Database) -> None:
    with database.read() as connection:
        world = read_world(connection, SUPPORT, number(SWITCHBOARD), DAY)
    assert sorted(customer.number for customer in world.customers) == ["9001", "9002"]
    assert all(SWITCHBOARD in customer.shared_phones for customer in world.customers)


def test_four_thousand_customers_are_taken_in_and_left_alone_again(database: Database) -> None:
    assert replace(database, many(4000), may_remove=True).added == 4000
    assert not replace(database, many(4000))


def test_staff_who_leave_keep_their_row(database: Database) -> None:
    roster = Roster("fjordhjelp", "Europe/Oslo", (Person("duty-2", "Duty Two", ()),))
    database.write(partial(save_people, roster=roster, author=command_line("Teamleiar"), now=NIGHT))
    with database.read() as connection:
        rows = connection.execute(select(PersonRow).order_by(PersonRow.id)).all()
    assert [(row.id, row.name, row.left_at) for row in rows] == [
        ("duty-1", "Duty 1", NIGHT),
        ("duty-2", "Duty Two", None),
    ]
