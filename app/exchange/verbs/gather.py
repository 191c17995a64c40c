"""Gather: a question answered by keys. The time-out is counted from the end of the nested audio or
the first key, and anew after each key; no digits fall through to the next verb.
"""

from app.exchange.documents.verbs import Gather
from app.exchange.lines.line import Line
from app.exchange.lines.parties import Party
from app.exchange.records.transcript import Kind
from app.exchange.verbs.answers import drop_answer, plan_answer
from app.exchange.verbs.prompts import speak, time_prompts
from app.exchange.verbs.steps import Stage, Step


def gather(stage: Stage, verb: Gather) -> Step:
    """Asks, listens, and posts what was pressed."""
    timed = time_prompts(stage, verb.prompts)
    plan_answer(stage.line, stage.party, timed)
    first = speak(stage.line, stage.party, timed, listening=True)
    digits, finished_on = _collect(stage.line, stage.party, verb, first)
    drop_answer(stage.line, stage.party)
    _write(stage.line, stage.party, digits + finished_on)
    if not digits and not verb.action_on_empty:
        return None
    extra = {"Digits": digits, "FinishedOnKey": finished_on, "msg": "Gather End"}
    return stage.go_to(verb.action, extra, verb.method)


def _collect(line: Line, party: Party, verb: Gather, first: str | None) -> tuple[str, str]:
    digits, key = "", first
    while True:
        if key is None:
            key = line.wait_key(party, verb.timeout)
        if key is None:
            return digits, ""
        if key == verb.finish_on_key:
            return digits, key
        digits, key = digits + key, None
        if len(digits) == verb.num_digits:
            return digits, ""


def _write(line: Line, party: Party, keys: str) -> None:
    if not keys:
        return
    if party.is_leg:
        line.write(Kind.LEG_PRESSES, leg=party.sid, keys=keys)
    else:
        line.write(Kind.PRESSES, keys=keys)
