"""Whom we let call: one customer for each agreement, and somebody whom nobody knows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from app.domain.desks.customer import Customer
from app.domain.desks.desk import Agreement, Desk
from app.domain.numbers import NOBODY, Number, parse_number

FIRST_INVENTED: Final = 9000


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller: by which number, and what they key when asked for the customer number."""

    agreement: str  # of somebody unknown: the desk's default one
    number: Number
    keys: str
    is_unknown: bool = False
    customer: Customer | None = None
    is_invented: bool = False  # the desk has no such customer; nobody can look at the call live


def callers(desk: Desk, customers: Iterable[Customer]) -> tuple[Caller, ...]:
    """One for each agreement, recognised by number where the desk has such a customer.

    Else one who withholds it and keys the customer number; at last an unknown caller.
    """
    refused = {each.caller_class for each in desk.not_served}
    known = tuple(customers)
    served = [each for each in known if not each.caller_class or each.caller_class not in refused]
    owners = Counter(phone for each in known for phone in {*each.phones, *each.shared_phones})
    named = tuple(_caller(desk, agreement, served, owners) for agreement in desk.agreements)
    unknown = Caller(desk.default_agreement().id, NOBODY, "#", is_unknown=True)
    return (*_all_found(named, known), unknown)


def _caller(
    desk: Desk, agreement: Agreement, served: list[Customer], owners: Counter[str]
) -> Caller:
    of_agreement = [each for each in served if each.agreement == agreement.id]
    for customer in of_agreement:
        for phone in customer.phones:
            if owners[phone] == 1 and parse_number(phone).digits == phone:
                number = parse_number(phone)
                return Caller(agreement.id, number, f"{customer.number}#", customer=customer)
    if of_agreement:
        customer = of_agreement[0]
        return Caller(agreement.id, NOBODY, f"{customer.number}#", customer=customer)
    # Where there is one agreement only, nobody is asked for a number: no need to invent one.
    return Caller(agreement.id, NOBODY, "#", is_invented=len(desk.agreements) > 1)


def _all_found(named: tuple[Caller, ...], known: tuple[Customer, ...]) -> tuple[Caller, ...]:
    """Give every caller whom we invent a customer number that nobody has."""
    numbers_in_use = {customer.number for customer in known}
    free = (str(number) for number in count(FIRST_INVENTED) if str(number) not in numbers_in_use)
    return tuple(
        _invented(caller, next(free)) if caller.is_invented else caller for caller in named
    )


def _invented(caller: Caller, number: str) -> Caller:
    customer = Customer(number, number, caller.agreement)
    return replace(caller, keys=f"{number}#", customer=customer)
