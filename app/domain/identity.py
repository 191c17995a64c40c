"""Who is it: the caller recognised by number, by customer number, or not at all.

Forks of the call flow; what the caller may then do is forks.py.
"""

from dataclasses import replace

from app.domain.call import Place
from app.domain.decision import Code
from app.domain.people import Customer
from app.domain.sight import Go, Sight, because


def who_is_it(sight: Sight) -> Go:
    """Recognise the caller by number; ask for one only where agreements differ."""
    digits = sight.call.caller.digits
    matches = tuple(c for c in sight.world.customers if digits and c.answers_to(digits))
    if len(matches) == 1:
        shared = digits in matches[0].shared_phones
        return _recognised(sight, matches[0], Code.SHARED_NUMBER if shared else Code.KNOWN_NUMBER)
    code = Code.SHARED_BY_SEVERAL if matches else Code.UNKNOWN_CALLER
    if len(sight.desk.agreements) > 1:
        return Go(Place.CUSTOMER_NUMBER, sight.call, (because(code),))
    agreement = sight.desk.default_agreement()
    story = (because(code), because(Code.ONE_AGREEMENT, agreement=agreement.name))
    return Go(Place.IS_SERVED, replace(sight.call, agreement=agreement.id), story)


def customer_of(sight: Sight, digits: str) -> Go | None:
    """Find the customer by the number that was keyed; # alone means unknown."""
    if not digits:
        agreement = sight.desk.default_agreement()
        reason = because(Code.NO_CUSTOMER_NUMBER, agreement=agreement.name)
        return Go(Place.IS_SERVED, replace(sight.call, agreement=agreement.id), (reason,))
    customer = next((c for c in sight.world.customers if c.number == digits), None)
    return _recognised(sight, customer, Code.CUSTOMER_NUMBER_FOUND) if customer else None


def is_served(sight: Sight) -> Go:
    """Turn away a class of callers whom the desk does not serve (D2)."""
    group = sight.customer.caller_class if sight.customer else ""
    if group and any(group == refused.caller_class for refused in sight.desk.not_served):
        reason = because(Code.NOT_SERVED, caller_class=group)
        return Go(Place.NOT_SERVED, replace(sight.call, told=True), (reason,))
    return Go(Place.HAS_TELEPHONE, sight.call)


def as_known(sight: Sight) -> Go:
    """Recognise the caller where the number is enough, and ask nobody anything."""
    if sight.call.agreement is not None:
        return Go(Place.IS_SERVED, sight.call)
    found = who_is_it(sight)
    return found if found.to is Place.IS_SERVED else Go(Place.IS_SERVED, sight.call, found.story)


def _recognised(sight: Sight, customer: Customer, code: Code) -> Go:
    agreement = sight.desk.agreement(customer.agreement)
    call = replace(sight.call, customer=customer.number, agreement=agreement.id)
    reason = because(code, customer=customer.name, agreement=agreement.name)
    return Go(Place.IS_SERVED, call, (reason,))
