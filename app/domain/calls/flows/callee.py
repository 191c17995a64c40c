"""Whoever is rung for a caller: every step, what is said there, and where each key leads.

The questions that it asks are in calls/accept.py, the messages in calls/whisper.py; hunts/legs.py
walks it.
"""

from typing import Final

from app.domain.calls import accept, whisper
from app.domain.calls.context import CallContext
from app.domain.flow import HangUp
from app.domain.hunts.acknowledged_menu import has_ticket_steps
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.press_one import (
    ANSWERS,
    CalleeStep,
    CalleeTable,
    Connect,
    EndLeg,
    fork,
    menu,
)

FOR_CALLER: Final[CalleeTable[CallContext]] = {
    CalleeStep.LIFTED: fork(
        accept.may_accept,
        CalleeStep.OFFER,
        CalleeStep.TICKET_IS_THEIRS,
        CalleeStep.SOMEBODY_ELSE_TALKS,
        CalleeStep.TOO_LATE,
    ),
    CalleeStep.OFFER: menu(whisper.offer, ANSWERS, heard_at_most=4),
    CalleeStep.ACCEPT: fork(
        accept.accept,
        CalleeStep.CONNECTED,
        CalleeStep.PASSED_ON,
        CalleeStep.TICKET_IS_THEIRS,
        CalleeStep.SOMEBODY_ELSE_TALKS,
        CalleeStep.SOMEBODY_ELSE_HAS_IT,
        CalleeStep.TOO_LATE,
    ),
    CalleeStep.CONNECTED: Connect(),
    CalleeStep.PASSED_ON: EndLeg("whisper_passed", LegOutcome.PASSED),
    CalleeStep.NO_KEY: EndLeg("whisper_goodbye", LegOutcome.UNCONFIRMED),
    CalleeStep.SOMEBODY_ELSE_TALKS: EndLeg("whisper_late", LegOutcome.LATE),
    CalleeStep.SOMEBODY_ELSE_HAS_IT: EndLeg("whisper_call_out_late", LegOutcome.LATE),
    CalleeStep.TOO_LATE: HangUp(whisper.too_late),
    **has_ticket_steps(whisper.caller_left),
}
