"""A file of customers beside those that are there: an older one undoes nobody's change."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.customer import Customer
from app.domain.desks.customers_merge import (
    CustomersChanged,
    StoredCustomer,
    edited,
    merge_customers,
)

SCHOOL = Customer("9001", "Skogli skule", "standard", ("+4749009001",))
MENDED = replace(SCHOOL, phones=("+4749009003",))

names = st.sampled_from(["Skogli", "Skogli skule", "Teknisk"])
numbers = st.lists(st.sampled_from(["+4749009001", "+4749009002"]), unique=True).map(tuple)
customers = st.builds(
    Customer, st.just("9001"), names, st.sampled_from(["standard", "extra"]), numbers
)


def after(stored: StoredCustomer, *files: Customer) -> StoredCustomer:
    """What is there after one file after another."""
    for file in files:
        [change] = merge_customers({"9001": stored}, (file,)).changes
        stored = change.result
    return stored


def test_a_page_change_outlasts_every_file_that_has_not_moved() -> None:
    stored = edited(StoredCustomer(SCHOOL), MENDED)
    merge = merge_customers({"9001": stored}, (SCHOOL,))
    assert merge.counted == CustomersChanged(kept=1)
    assert after(stored, SCHOOL, SCHOOL, SCHOOL) == stored


def test_what_the_file_says_anew_counts_in_its_own_fields_only() -> None:
    stored = edited(StoredCustomer(SCHOOL), MENDED)
    renamed = after(stored, replace(SCHOOL, name="Skogli barneskule"))
    assert renamed.customer == replace(MENDED, name="Skogli barneskule")
    moved = replace(SCHOOL, phones=("+4749009009",))
    merge = merge_customers({"9001": stored}, (moved,))
    assert merge.counted == CustomersChanged(changed=1, taken_over=1)
    assert after(stored, moved) == StoredCustomer(moved)


def test_no_number_becomes_a_persons_and_a_switchboards() -> None:
    switchboard = replace(SCHOOL, phones=(), shared_phones=SCHOOL.phones)
    stored = edited(StoredCustomer(SCHOOL), replace(switchboard, name="Skogli"))
    more = replace(SCHOOL, phones=(*SCHOOL.phones, "+4749009009"))
    merge = merge_customers({"9001": stored}, (more,))
    assert merge.changes[0].customer == replace(more, name="Skogli")
    assert merge.counted == CustomersChanged(changed=1, kept=1, taken_over=1)
    shared = replace(SCHOOL, shared_phones=("+4720009001",))
    assert after(edited(StoredCustomer(SCHOOL), MENDED), shared).customer.phones == MENDED.phones


def test_once_the_register_says_the_same_nothing_is_left_of_the_page() -> None:
    stored = edited(StoredCustomer(SCHOOL), MENDED)
    assert after(stored, MENDED) == StoredCustomer(MENDED)
    assert after(stored, MENDED, SCHOOL) == StoredCustomer(SCHOOL), "it may change it again"


def test_those_who_are_new_or_gone_are_told() -> None:
    other = replace(SCHOOL, number="9002")
    assert merge_customers({"9001": StoredCustomer(SCHOOL)}, (other,)).counted == CustomersChanged(
        added=1, removed=1
    )


@given(first=customers, page=customers, second=customers)
def test_each_field_is_the_pages_until_the_file_moves_it(
    first: Customer, page: Customer, second: Customer
) -> None:
    result = after(edited(StoredCustomer(first), page), second)
    for name in ("name", "agreement", "phones"):
        was, wanted, said = (getattr(each, name) for each in (first, page, second))
        assert getattr(result.customer, name) == (said if said != was else wanted)
    assert (result.in_file or result.customer) == second, "the next file is compared with this one"


@given(first=customers, page=customers)
def test_taking_a_change_back_leaves_no_trace(first: Customer, page: Customer) -> None:
    stored = edited(StoredCustomer(first), page)
    assert edited(stored, first) == StoredCustomer(first)
