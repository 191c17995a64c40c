"""Customers of a file beside those that are there: what an import makes of them, field by field.

A customer that was changed on a page keeps what the last file said of it. Where the file has not
moved since, the page's change stays; where it has, the file's counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from app.domain.desks.customer import Customer

NUMBER: Final = "number"  # by which customers are known
FIELDS: Final = tuple(each.name for each in fields(Customer) if each.name != NUMBER)

NUMBERS: Final = frozenset({"phones", "shared_phones"})


@dataclass(frozen=True, slots=True)
class StoredCustomer:
    """A customer that is there; `in_file` is what the last file said, where a page said else."""

    customer: Customer
    in_file: Customer | None = None

    @property
    def base(self) -> Customer:
        """What the last file said."""
        return self.in_file or self.customer


class CustomerChangeKind(StrEnum):
    """What an import does with a customer."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that an import changes."""

    name: str
    before: str | tuple[str, ...]
    after: str | tuple[str, ...]
    was_edited: bool  # on a page: the file takes it over


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer as it would be, and what differs; in the fields `kept` a page's change stays.

    `result` of one that is removed is what it was.
    """

    kind: CustomerChangeKind
    result: StoredCustomer
    fields: tuple[FieldChange, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def customer(self) -> Customer:
        """The customer that it is about."""
        return self.result.customer


@dataclass(frozen=True, slots=True)
class CustomersChanged:
    """How many customers an import adds, changes and removes.

    `kept`: in how many a page's change stays; `taken_over`: in how many the file's counts instead.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    taken_over: int = 0

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return self != CustomersChanged()


@dataclass(frozen=True, slots=True)
class CustomersMerge:
    """All that an import does with a desk's customers, in the order of the file."""

    changes: tuple[CustomerChange, ...] = ()

    def of(self, kind: CustomerChangeKind) -> tuple[CustomerChange, ...]:
        """Return those of one kind."""
        return tuple(each for each in self.changes if each.kind is kind)

    @property
    def kept(self) -> tuple[CustomerChange, ...]:
        """Return those in which something that was changed on a page stays."""
        return tuple(each for each in self.changes if each.kept)

    @property
    def taken_over(self) -> tuple[CustomerChange, ...]:
        """Return those in which the file takes over what was changed on a page."""
        return tuple(each for each in self.changes if any(f.was_edited for f in each.fields))

    @property
    def counted(self) -> CustomersChanged:
        """Return how many of each there are."""
        return CustomersChanged(
            added=len(self.of(CustomerChangeKind.ADDED)),
            changed=len(self.of(CustomerChangeKind.CHANGED)),
            removed=len(self.of(CustomerChangeKind.REMOVED)),
            kept=len(self.kept),
            taken_over=len(self.taken_over),
        )


def merge_customers(
    stored: Mapping[str, StoredCustomer], wanted: Iterable[Customer]
) -> CustomersMerge:
    """Work out what a file with these customers does; those that it lacks are removed."""
    by_number = {each.number: each for each in wanted}
    found = (_change(stored.get(number), each) for number, each in by_number.items())
    gone = (
        CustomerChange(CustomerChangeKind.REMOVED, each)
        for number, each in stored.items()
        if number not in by_number
    )
    return CustomersMerge((*found, *gone))


def edited(stored: StoredCustomer, wanted: Customer) -> StoredCustomer:
    """Return a customer as somebody has changed it on a page."""
    return StoredCustomer(wanted, stored.base if wanted != stored.base else None)


def field_changes(before: StoredCustomer, after: Customer) -> Iterator[FieldChange]:
    """Yield the fields that differ."""
    base = before.base
    for name in FIELDS:
        was, will_be = _value(before.customer, name), _value(after, name)
        if was != will_be:
            yield FieldChange(name, was, will_be, was != _value(base, name))


def _change(there: StoredCustomer | None, wanted: Customer) -> CustomerChange:
    if there is None:
        return CustomerChange(CustomerChangeKind.ADDED, StoredCustomer(wanted))
    if there.in_file is None and there.customer == wanted:  # so are most of thousands
        return CustomerChange(CustomerChangeKind.UNCHANGED, there)
    kept = tuple(
        name
        for name in FIELDS
        if _value(there.customer, name) != _value(there.base, name) == _value(wanted, name)
    )
    merged = _with(wanted, there.customer, kept)
    if set(merged.phones) & set(merged.shared_phones):  # no file could say so: both are the file's
        kept = tuple(name for name in kept if name not in NUMBERS)
        merged = _with(wanted, there.customer, kept)
    differs = tuple(field_changes(there, merged))
    kind = CustomerChangeKind.CHANGED if differs else CustomerChangeKind.UNCHANGED
    in_file = wanted if merged != wanted else None
    return CustomerChange(kind, StoredCustomer(merged, in_file), differs, kept)


def _with(wanted: Customer, page: Customer, kept: Iterable[str]) -> Customer:
    values: dict[str, Any] = {name: _value(page, name) for name in kept}
    return replace(wanted, **values)


def _value(customer: Customer, name: str) -> str | tuple[str, ...]:
    value: str | tuple[str, ...] = getattr(customer, name)
    return value
