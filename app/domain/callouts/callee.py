"""Whoever is rung in a call-out: every step, what is said there, and where each key leads.

Its questions are in acknowledge.py, its messages in whisper.py; hunts/legs.py walks it.
"""

from typing import Final

from app.domain.callouts import acknowledge, whisper
from app.domain.callouts.context import CallOutContext
from app.domain.hunts.acknowledged_menu import HEARD_AT_MOST, has_ticket_steps, you_have_it
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.press_one import ANSWERS, CalleeStep, CalleeTable, EndLeg, fork, menu

KEYS: Final = {**ANSWERS, "3": CalleeStep.MESSAGE}

IN_CALL_OUT: Final[CalleeTable[CallOutContext]] = {
    CalleeStep.LIFTED: fork(
        acknowledge.may_acknowledge,
        CalleeStep.OFFER,
        CalleeStep.TICKET_IS_THEIRS,
        CalleeStep.SOMEBODY_ELSE_HAS_IT,
    ),
    CalleeStep.OFFER: menu(whisper.offer, KEYS, HEARD_AT_MOST),
    CalleeStep.MESSAGE: fork(
        acknowledge.may_hear_message,
        CalleeStep.MESSAGE_PLAYS,
        CalleeStep.MESSAGE_AWAY,
        CalleeStep.OFFER,
        CalleeStep.TICKET_IS_THEIRS,
        CalleeStep.SOMEBODY_ELSE_HAS_IT,
    ),
    CalleeStep.MESSAGE_PLAYS: menu(whisper.keys, KEYS, HEARD_AT_MOST, whisper.recording),
    CalleeStep.MESSAGE_AWAY: menu(whisper.message_away, KEYS, HEARD_AT_MOST),
    CalleeStep.ACCEPT: fork(
        acknowledge.acknowledge, CalleeStep.TICKET_IS_THEIRS, CalleeStep.SOMEBODY_ELSE_HAS_IT
    ),
    CalleeStep.PASSED_ON: EndLeg("whisper_call_out_passed", LegOutcome.PASSED),
    CalleeStep.NO_KEY: EndLeg("whisper_call_out_goodbye", LegOutcome.UNCONFIRMED),
    CalleeStep.SOMEBODY_ELSE_HAS_IT: EndLeg("whisper_call_out_late", LegOutcome.LATE),
    **has_ticket_steps(you_have_it),
}
