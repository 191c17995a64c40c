"""An outage of the demo in words: what the system tells meanwhile, and what came of it."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final

import click

from app.demo.choices import DemoPart
from app.demo.outage import Outage, OutageSnapshot
from app.demo.side_by_side import BAD
from app.demo.summary import LABEL, label
from app.domain.calls.call import CallOutcome
from app.store.call_lists import CallNotification
from app.store.tables.outbox import JobState

READYZ: Final = "/readyz"
BEAT_COUNTS: Final = "it says “silent” when the worker has told nothing for a minute"


def meanwhile(outage: Outage, seen: OutageSnapshot, width: int) -> Iterator[str]:
    """Tell what the system says and holds while the part is away, and the mail to the desk."""
    yield f"{label('while')}{ready(seen)}"
    if outage.part is DemoPart.WORKER and seen.status == 200:
        yield f"{label('')}{BEAT_COUNTS}"
    yield f"{label('')}{waits(seen)}"
    if not outage.mails:
        return
    first = outage.mails[0]
    to = ", ".join(mail.to for mail in outage.mails if mail.body == first.body)
    yield from _wrapped("mail", to, width)
    for line in (first.subject, *first.body.splitlines()):
        yield from _wrapped("", line, width, fg="magenta")


def ready(seen: OutageSnapshot) -> str:
    """Write what /readyz says in one line."""
    told = seen.ready
    parts = f"database {told['database']}, worker {told['worker']}, offline {told['offline']}"
    return f"{READYZ} {seen.status}: {parts}"


def waits(seen: OutageSnapshot) -> str:
    """Write what waits for the part, and where."""
    if not seen.tickets:
        count = seen.ready["waiting"]
        return f"no ticket in the database yet; {_many(count, 'call')} in the journal on the disk"
    states = [notification.state for notification in seen.past.notifications] if seen.past else []
    waiting = sum(state in (JobState.WAITING, JobState.SENDING) for state in states)
    sent = states.count(JobState.SENT)
    return f"ticket {seen.tickets[0].number}; {_many(waiting, 'SMS')} in the outbox, {sent} sent"


def in_short(outage: Outage, width: int) -> Iterator[str]:
    """Tell the whole in three lines: before, while, after."""
    before, seen, after = outage.before, outage.meanwhile, outage.after
    if before is None or seen is None or after is None:
        return
    said = next((words for words in outage.heard[1:] if words), "")
    lines = (
        ("before", ready(before)),
        ("while", f"the caller heard “{said}” {_reached(after)}"),
        ("", ready(seen)),
        ("", _what_went_out(outage, seen)),
        ("after", f"{outage.seconds:.0f} s after its return: {_left(outage, after)}"),
        ("", ready(after)),
    )
    for name, words in lines:
        yield from _wrapped(name, words, width)
    for fault in faults(outage):
        yield from _wrapped("", f"not as promised: {fault}", width, **BAD)


def faults(outage: Outage) -> list[str]:
    """Name what was promised and did not come true."""
    seen = outage.after
    past = seen.past if seen else None
    if seen is None or past is None:
        return ["the call did not come into the database"]
    checks = {
        f"the call ended as “{past.line.outcome}”": past.line.outcome is CallOutcome.CONNECTED,
        f"there are {len(seen.tickets)} tickets of the call": len(seen.tickets) == 1,
        "an SMS was not sent": all(map(_is_kept, past.notifications)),
        "an SMS was sent twice": outage.sms_are_single(),
        "the desk got no mail": bool(outage.mails) or outage.part is not DemoPart.TWILIO,
        "the system is not well": seen.status == 200,
    }
    return [fault for fault, is_kept in checks.items() if not is_kept]


def _reached(after: OutageSnapshot) -> str:
    ticket = after.tickets[0] if after.tickets else None
    return f"and talked with {ticket.acknowledged_by}" if ticket else "and reached nobody"


def _what_went_out(outage: Outage, seen: OutageSnapshot) -> str:
    if outage.part is DemoPart.TWILIO:
        return f"{_many(seen.sms, 'SMS')} went out, {_many(len(outage.mails), 'mail')} to the desk"
    return f"{_many(seen.sms, 'SMS')} went out"


def _left(outage: Outage, after: OutageSnapshot) -> str:
    numbers = " and ".join(str(ticket.number) for ticket in after.tickets)
    states = [
        notification.state for notification in (after.past.notifications if after.past else ())
    ]
    sent, dropped = states.count(JobState.SENT), states.count(JobState.DROPPED)
    once = "each once" if outage.sms_are_single() else "some of them twice"
    told = f"ticket {numbers}, once, and {_many(sent, 'SMS')}, {once}"
    return f"{told}; {dropped} not sent: the ticket was taken by then" if dropped else told


def _is_kept(notification: CallNotification) -> bool:
    """Tell whether an SMS was sent, or had only said to the duty that nobody has the ticket."""
    is_late = not notification.to_caller and notification.state is JobState.DROPPED
    return is_late or notification.state is JobState.SENT


def _wrapped(name: str, words: str, width: int, **style: Any) -> Iterator[str]:
    for count, part in enumerate(textwrap.wrap(words, width - LABEL)):
        yield f"{label(name if count == 0 else '')}{click.style(part, **style)}"


def _many(count: int, thing: str) -> str:
    plural = "" if count == 1 or thing == "SMS" else "s"
    return f"{count or 'no'} {thing}{plural}"
