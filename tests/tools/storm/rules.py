"""What must hold after a storm. Each rule lists what breaks it, with the call it is about. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.tools.storm.evidence import Evidence, grouped, told_in_sms, whispered
from tests.tools.storm.heard import Ending, Heard
from tests.tools.storm.rows import payload

CRITICAL = "critical"
OPEN = ("waiting", "sending")
SHORTEST_MESSAGE = 2  # seconds that the product keeps; a recording of less is none

Found = Iterator[tuple[str, str]]  # the call's sid, and what is wrong


# --- the callers ---------------------------------------------------------------------------


def every_caller_ended_well(case: Evidence) -> Found:
    """With a human, a message or an honest sentence: never silence, never the network's error."""
    for call in case.network.calls:
        if call.ending is Ending.LOST:
            yield call.sid, "neither a human, nor a message, nor an honest sentence"


def nobody_hears_the_networks_error(case: Evidence) -> Found:
    """Neither our document nor our fallback could be had."""
    for call in case.network.calls:
        if any(event.kind == "application_error" for event in call.events):
            yield call.sid, "heard the network's application error"


def every_call_is_stored_and_over(case: Evidence) -> Found:
    """Nothing hangs: the row knows that the call has ended, and how."""
    for call in case.network.calls:
        row = case.call_rows.get(call.sid)
        if row is None:
            if not call.used_lifeline and call.heard:
                yield call.sid, "was answered, and there is no row"
        elif row["ended_at"] is None:
            yield call.sid, f"hangs at {row['step']}"
        elif row["talking"] is not None:
            yield call.sid, f"still talks with {row['talking']}, say the rows"


def a_talk_is_a_connected_call(case: Evidence) -> Found:
    """What the rows say of a talk is what the network heard, where the lifeline was not needed."""
    for call in case.network.calls:
        row = case.call_rows.get(call.sid)
        if row is None or call.used_lifeline:
            continue
        is_connected = row["outcome"] == "connected"
        if call.talks and not is_connected:
            yield call.sid, f"they talked, and the row says {row['outcome']}"
        if is_connected and not call.talks:
            yield call.sid, "nobody talked, and the row says connected"


# --- the tickets ---------------------------------------------------------------------------


def every_number_said_is_the_callers_own(case: Evidence) -> Found:
    """There is a ticket with it, it is the call's, and the caller's number stands on it."""
    for call in case.network.calls:
        for number in {*call.numbers, *call.offered}:
            ticket = case.tickets.get(number)
            if ticket is None:
                yield call.sid, f"heard the number {number}, and there is no such ticket"
            elif ticket["caller"] != call.caller:
                yield call.sid, f"heard the number {number}, which is {ticket['caller']}'s"
        for number in set(call.numbers) - {case.ticket_of(call.sid)}:
            yield call.sid, f"heard {number}, and its ticket is {case.ticket_of(call.sid)}"


def no_call_has_two_tickets(case: Evidence) -> Found:
    """One call opens one ticket."""
    for sid, tickets in case.opened.items():
        if len(tickets) > 1:
            yield sid, f"has opened {sorted(int(row['number']) for row in tickets)}"
        elif int(tickets[0]["number"]) != case.ticket_of(sid):
            yield sid, f"has opened {tickets[0]['number']}, and names {case.ticket_of(sid)}"


def no_ticket_is_lost(case: Evidence) -> Found:
    """Who was told that a case is registered has one."""
    for call in case.network.calls:
        number = case.ticket_of(call.sid)
        if call.is_registered and number not in case.tickets:
            yield call.sid, "was told of a case, and there is no ticket"
        elif call.is_registered and case.tickets[number or 0]["caller"] != call.caller:
            yield call.sid, f"names {number}, which is somebody else's"


def who_was_promised_an_sms_got_it(case: Evidence) -> Found:
    """“You will get the case number by SMS”, and so it is."""
    told = {(sms.to, sms.body) for sms in case.network.messages}
    gone = {job["call_sid"] for job in case.sms_jobs if job["state"] in ("failed", "dropped")}
    for call in case.network.calls:
        number = case.ticket_of(call.sid)
        if call.was_promised_sms and call.sid not in gone:
            bodies = [body for to, body in told if to == call.caller]
            if not any(number in told_in_sms(body) for body in bodies):
                yield call.sid, f"was promised an SMS with {number}, and got none"


def every_sms_and_whisper_names_the_right_ticket(case: Evidence) -> Found:
    """One told by SMS to a caller is that caller's; one whispered is of the caller who waits."""
    callers = {call.caller for call in case.network.calls}
    for sms in case.network.messages:
        for number in told_in_sms(sms.body) if sms.to in callers else []:
            ticket = case.tickets.get(number)
            if ticket is None or ticket["caller"] != sms.to:
                yield "", f"an SMS to {sms.to} names {number}, which is not theirs"
    for phone in case.network.phones:
        if phone.parent is None:
            continue
        told = {n for text in phone.whispers for n in whispered(text)}
        for number in told - {case.ticket_of(phone.parent)}:
            yield phone.parent, f"{number} was whispered to {phone.number}"


def every_critical_ticket_is_accepted_or_alarmed(case: Evidence) -> Found:
    """Or call-outs are on their way. A critical ticket does not sleep."""
    for number, ticket in case.tickets.items():
        if ticket["priority"] != CRITICAL or ticket["acknowledged_by"]:
            continue
        if ticket.get("next_call_out_at") is None and not case.contacts_told[number]:
            yield str(ticket["call_sid"]), f"critical {number}: not accepted, nobody is called"


def who_accepted_has_pressed_1(case: Evidence) -> Found:
    """No ticket is taken out of the call-outs by anything but a key on a telephone."""
    about = (*case.rows.calls, *case.rows.call_outs)
    calls = grouped(about, lambda row: str(row["ticket"]))
    for number, ticket in case.tickets.items():
        if not ticket["acknowledged_by"]:
            continue
        legs = [leg for call in calls[str(number)] for leg in case.legs[str(call["sid"])]]
        phones = [case.phones[leg["sid"]] for leg in legs if leg["sid"] in case.phones]
        if not any(phone.has_pressed_1 for phone in phones):
            who = ticket["acknowledged_by"]
            yield str(ticket["call_sid"]), f"{who} is said to have accepted {number}: no 1 pressed"


# --- messages and what leaves the system ----------------------------------------------------


def every_message_is_kept_with_its_ticket(case: Evidence) -> Found:
    """What was spoken after the tone is here, on the call's ticket, and no longer there."""
    kept = {str(row["sid"]): row for row in case.rows.recordings}
    for call in case.network.calls:
        for recording in call.messages:
            row, number = kept.get(recording), case.ticket_of(call.sid)
            if row is None:
                if not is_too_short_to_keep(call, recording):
                    yield call.sid, f"the message {recording} is not kept"
            elif row["call_sid"] != call.sid or row["ticket"] != number:
                yield call.sid, f"the message {recording} lies on {row['ticket']}, not {number}"
            elif recording in case.network.recordings:
                yield call.sid, f"the message {recording} is still at the network"


def is_too_short_to_keep(call: Heard, recording: str) -> bool:
    made = next(e for e in call.events if e.facts.get("recording") == recording)
    return float(str(made.facts["seconds"])) < SHORTEST_MESSAGE


def every_sms_that_left_is_known(case: Evidence) -> Found:
    """One that no row names has a twin that one names: sent again after its sender died."""
    noted = {job["provider_sid"] for job in case.sms_jobs}
    known = {(sms.to, sms.body) for sms in case.network.messages if sms.sid in noted}
    tried = {payload(job)["to"] for job in case.sms_jobs if job["state"] != "sent"}
    for sms in case.network.messages:
        if sms.sid not in noted and (sms.to, sms.body) not in known and sms.to not in tried:
            yield "", f"an SMS to {sms.to} that no row knows: {sms.body}"
    left = {sms.sid for sms in case.network.messages}
    for job in case.sms_jobs:
        if job["state"] == "sent" and job["provider_sid"] not in left:
            yield str(job["call_sid"]), f"job {job['id']} says sent, and no SMS has left"


def nothing_waits(case: Evidence) -> Found:
    """The outbox, the journal and the posts beside it are empty; call-outs and alarms go on."""
    for job in case.rows.outbox:
        goes_on = str(job["call_sid"] or job["dedup"]).startswith(("call-out-", "alarm:"))
        if job["state"] in OPEN and not goes_on:
            what = f"{job['kind']} {job['dedup']} is {job['state']} after {job['attempts']} tries"
            yield str(job["call_sid"] or ""), what
    for waiting in case.rows.waiting:
        yield waiting.removeprefix("call "), f"in the journal: {waiting}"


def the_product_found_no_fault_in_itself(case: Evidence) -> Found:
    """No traceback of ours in the logs, no process that ended by itself, no torn file."""
    for what in (*case.rows.broken, *case.rows.faults, *case.rows.fell_alone):
        yield "", what


RULES: tuple[Callable[[Evidence], Found], ...] = (
    every_caller_ended_well,
    nobody_hears_the_networks_error,
    every_call_is_stored_and_over,
    a_talk_is_a_connected_call,
    every_number_said_is_the_callers_own,
    no_call_has_two_tickets,
    no_ticket_is_lost,
    who_was_promised_an_sms_got_it,
    every_sms_and_whisper_names_the_right_ticket,
    every_critical_ticket_is_accepted_or_alarmed,
    who_accepted_has_pressed_1,
    every_message_is_kept_with_its_ticket,
    every_sms_that_left_is_known,
    nothing_waits,
    the_product_found_no_fault_in_itself,
)
