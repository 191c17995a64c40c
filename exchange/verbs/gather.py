"""Gather: a question answered by keys. The time-out is counted from the end of the nested audio or
the first key, and anew after each key; no digits fall through to the next verb.
"""

from exchange.calls.active_call import ActiveCall
from exchange.calls.participants import Participant
from exchange.documents.verbs import Gather
from exchange.records.transcript import Kind
from exchange.verbs.answers import drop_answer, plan_answer
from exchange.verbs.context import Step, VerbContext
from exchange.verbs.prompts import speak, time_prompts


def gather(context: VerbContext, verb: Gather) -> Step:
    """Asks, listens, and posts what was pressed."""
    timed = time_prompts(context, verb.prompts)
    plan_answer(context.active_call, context.participant, timed)
    first = speak(context.active_call, context.participant, timed, listening=True)
    digits, finished_on = _collect(context.active_call, context.participant, verb, first)
    drop_answer(context.active_call, context.participant)
    _write(context.active_call, context.participant, digits + finished_on)
    if not digits and not verb.action_on_empty:
        return None
    extra = {"Digits": digits, "FinishedOnKey": finished_on, "msg": "Gather End"}
    return context.go_to(verb.action, extra, verb.method)


def _collect(
    active_call: ActiveCall, participant: Participant, verb: Gather, first: str | None
) -> tuple[str, str]:
    digits, key = "", first
    while True:
        if key is None:
            key = active_call.wait_key(participant, verb.timeout, for_people=True)
        if key is None:
            return digits, ""
        if key == verb.finish_on_key:
            return digits, key
        digits, key = digits + key, None
        if len(digits) == verb.num_digits:
            return digits, ""


def _write(active_call: ActiveCall, participant: Participant, keys: str) -> None:
    if not keys:
        return
    if participant.is_leg:
        active_call.write(Kind.LEG_PRESSES, leg=participant.sid, keys=keys)
    else:
        active_call.write(Kind.PRESSES, keys=keys)
