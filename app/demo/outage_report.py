"""An outage of the demo in words: what the system tells meanwhile, and what came of it."""

from collections.abc import Iterator
from typing import Final

from app.demo.choices import DemoPart
from app.demo.outage import Outage, OutageSnapshot
from app.demo.side_by_side import BAD
from app.demo.wording import DemoWording
from app.domain.calls.call import CallOutcome
from app.domain.message_refs import MessageRef, ref
from app.store.call_lists import CallNotification
from app.store.tables.outbox import JobState

WHILE: Final = ref("demo.label_while")


def meanwhile(
    outage: Outage, seen: OutageSnapshot, wording: DemoWording, width: int
) -> Iterator[str]:
    """Tell what the system says and holds while the part is away, and the mail to the desk."""
    yield f"{wording.label(WHILE)}{wording.write(ready(seen))}"
    if outage.part is DemoPart.WORKER and seen.status == 200:
        yield f"{wording.label()}{wording.write(ref('demo.heartbeat_counts'))}"
    yield f"{wording.label()}{wording.write(waits(seen))}"
    if not outage.mails:
        return
    first = outage.mails[0]
    to = ", ".join(mail.to for mail in outage.mails if mail.body == first.body)
    yield from wording.wrapped(ref("demo.label_mail"), to, width)
    for line in (first.subject, *first.body.splitlines()):
        yield from wording.wrapped(None, line, width, fg="magenta")


def ready(seen: OutageSnapshot) -> MessageRef:
    """Write what /readyz says in one line: its own words."""
    told = {name: str(seen.ready[name]) for name in ("database", "worker", "offline")}
    database, worker, offline = told.values()
    return ref("demo.ready", status=seen.status, database=database, worker=worker, offline=offline)


def waits(seen: OutageSnapshot) -> MessageRef:
    """Write what waits for the part, and where."""
    if not seen.tickets:
        calls = seen.ready["waiting"]
        return ref("demo.in_the_journal", calls=calls) if calls else ref("demo.nothing_waits")
    states = [notification.state for notification in seen.past.notifications] if seen.past else []
    waiting = sum(state in (JobState.WAITING, JobState.SENDING) for state in states)
    sent, ticket = states.count(JobState.SENT), seen.tickets[0].number
    return ref("demo.in_the_outbox", ticket=ticket or "", waiting=waiting, sent=sent)


def in_short(outage: Outage, wording: DemoWording, width: int) -> Iterator[str]:
    """Tell the whole in three lines: before, while, after."""
    before, seen, after = outage.before, outage.meanwhile, outage.after
    if before is None or seen is None or after is None:
        return
    said = next((words for words in outage.heard[1:] if words), "")
    lines = (
        (ref("demo.label_before"), ready(before)),
        (WHILE, _reached(said, after)),
        (None, ready(seen)),
        (None, _what_went_out(outage, seen)),
        (ref("demo.label_after"), _left(outage, after)),
        (None, ready(after)),
    )
    for label, message in lines:
        yield from wording.wrapped(label, wording.write(message), width)
    for fault in faults(outage):
        words = wording.write(ref("demo.not_as_promised", fault=fault))
        yield from wording.wrapped(None, words, width, **BAD)


def faults(outage: Outage) -> list[MessageRef]:
    """Name what was promised and did not come true."""
    seen = outage.after
    past = seen.past if seen else None
    if seen is None or past is None:
        return [ref("demo.call_not_stored")]
    ended, count = MessageRef(f"call_outcome.{past.line.outcome}"), len(seen.tickets)
    has_mail = bool(outage.mails) or outage.part is not DemoPart.TWILIO
    checks = (
        (ref("demo.call_ended_as", outcome=ended), past.line.outcome is CallOutcome.CONNECTED),
        (ref("demo.tickets_of_the_call", count=count), count == 1),
        (ref("demo.sms_not_sent"), all(map(_is_kept, past.notifications))),
        (ref("demo.sms_sent_twice"), outage.sms_are_single()),
        (ref("demo.no_mail"), has_mail),
        (ref("demo.not_well"), seen.status == 200),
    )
    return [fault for fault, is_kept in checks if not is_kept]


def _reached(said: str, after: OutageSnapshot) -> MessageRef:
    if not after.tickets:
        return ref("demo.heard_and_reached_nobody", said=said)
    return ref("demo.heard_and_talked", said=said, name=after.tickets[0].acknowledged_by or "–")


def _what_went_out(outage: Outage, seen: OutageSnapshot) -> MessageRef:
    sms = ref("demo.sms", count=seen.sms) if seen.sms else ref("demo.no_sms")
    if outage.part is not DemoPart.TWILIO:
        return ref("demo.went_out", sms=sms)
    mails = len(outage.mails)
    mail = ref("demo.mails", count=mails) if mails else ref("demo.no_mails")
    return ref("demo.sms_and_mail_went_out", sms=sms, mail=mail)


def _left(outage: Outage, after: OutageSnapshot) -> MessageRef:
    states = [
        notification.state for notification in (after.past.notifications if after.past else ())
    ]
    sent, dropped = states.count(JobState.SENT), states.count(JobState.DROPPED)
    return ref(
        "demo.left",
        seconds=round(outage.seconds),
        tickets=tuple(str(ticket.number) for ticket in after.tickets),
        sms=ref("demo.sms", count=sent) if sent else ref("demo.no_sms"),
        once=ref("demo.each_once") if outage.sms_are_single() else ref("demo.some_twice"),
        dropped=ref("demo.dropped", count=dropped) if dropped else "",
    )


def _is_kept(notification: CallNotification) -> bool:
    """Tell whether an SMS was sent, or had only said to the duty that nobody has the ticket."""
    is_late = not notification.to_caller and notification.state is JobState.DROPPED
    return is_late or notification.state is JobState.SENT
