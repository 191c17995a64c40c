"""Who is it: the caller recognised by number, by customer number, or not at all.

Forks of the call flow; what the caller may then do is forks.py.
"""

from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.copies import replace
from app.domain.desks.customer import Customer
from app.domain.reasons import Code, because


def who_is_it(context: CallContext) -> Branch:
    """Recognise the caller by number; ask for one only where agreements differ."""
    digits = context.call.caller.digits
    matches = tuple(c for c in context.world.customers if digits and c.answers_to(digits))
    if len(matches) == 1:
        shared = digits in matches[0].shared_phones
        return _recognised(context, matches[0], Code.SHARED_NUMBER if shared else Code.KNOWN_NUMBER)
    code = Code.SHARED_BY_SEVERAL if matches else Code.UNKNOWN_CALLER
    if len(context.desk.agreements) > 1:
        return Branch(Step.CUSTOMER_NUMBER, context.call, (because(code),))
    agreement = context.desk.default_agreement()
    trace = (because(code), because(Code.ONE_AGREEMENT, agreement=agreement.name))
    return Branch(Step.IS_SERVED, replace(context.call, agreement=agreement.id), trace)


def customer_of(context: CallContext, digits: str) -> Branch | None:
    """Find the customer by the number that was keyed; # alone means unknown."""
    if not digits:
        agreement = context.desk.default_agreement()
        reason = because(Code.NO_CUSTOMER_NUMBER, agreement=agreement.name)
        return Branch(Step.IS_SERVED, replace(context.call, agreement=agreement.id), (reason,))
    customer = next((c for c in context.world.customers if c.number == digits), None)
    return _recognised(context, customer, Code.CUSTOMER_NUMBER_FOUND) if customer else None


def is_served(context: CallContext) -> Branch:
    """Turn away a class of callers whom the desk does not serve."""
    group = context.customer.caller_class if context.customer else ""
    if group and any(group == refused.caller_class for refused in context.desk.not_served):
        reason = because(Code.NOT_SERVED, caller_class=group)
        return Branch(Step.NOT_SERVED, replace(context.call, informed=True), (reason,))
    return Branch(Step.HAS_TELEPHONE, context.call)


def as_known(context: CallContext) -> Branch:
    """Recognise the caller where the number is enough, and ask nobody anything."""
    if context.call.agreement is not None:
        return Branch(Step.IS_SERVED, context.call)
    found = who_is_it(context)
    return (
        found if found.to is Step.IS_SERVED else Branch(Step.IS_SERVED, context.call, found.trace)
    )


def _recognised(context: CallContext, customer: Customer, code: Code) -> Branch:
    agreement = context.desk.agreement(customer.agreement)
    call = replace(context.call, customer=customer.number, agreement=agreement.id)
    reason = because(code, customer=customer.name, agreement=agreement.name)
    return Branch(Step.IS_SERVED, call, (reason,))
