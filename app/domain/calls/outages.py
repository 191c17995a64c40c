"""The known outage in a call: who can be told its end, and that it is noted. Key 8."""

from app.domain.calls.call import Step
from app.domain.calls.context import Branch, CallContext
from app.domain.copies import replace
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.effects import WatchOutage
from app.domain.reasons import Code, Reason, because


def told_outage(context: CallContext) -> KnownOutage | None:
    """Return the outage that a caller hears of now; a call may be simulated before it began."""
    outage = context.world.outage
    return outage if outage and outage.since <= context.now else None


def why_not_noted(context: CallContext) -> Reason | None:
    """Say why a caller cannot be told by SMS when it is over; None where they can."""
    if told_outage(context) is None:
        return because(Code.OUTAGE_OVER)
    return None if context.caller_gets_sms else because(Code.NO_SMS_TO_CALLER)


def note_affected(context: CallContext) -> Branch:
    """Note that the caller is told when it is over: no case is opened, and nobody is rung.

    Where none is known any more they go on as any caller.
    """
    outage = told_outage(context)
    if outage is None:
        return Branch(Step.NEW_TICKET, context.call, (because(Code.OUTAGE_OVER),))
    call = replace(context.call, outage=outage.id, will_be_told=True, informed=True)
    watch = WatchOutage(outage.id, context.call.caller.digits, context.call.language)
    return Branch(Step.NOTED, call, (because(Code.AFFECTED, since=outage.since), watch))


def something_else(context: CallContext) -> Branch:
    """Go on as any caller: whoever hangs up now has not been answered by the outage."""
    return Branch(Step.NEW_TICKET, replace(context.call, informed=False))
