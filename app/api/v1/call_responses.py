"""A stored call as the API's model, with its transcript. Asks nothing and decides nothing."""

from app.actions.calls.transcripts import (
    call_out_transcript_of,
    transcript_context,
    transcript_of,
)
from app.api.v1.models import (
    CallOutDetailsResponse,
    CallResponse,
    ReasonResponse,
    TurnResponse,
)
from app.api.v1.responses import in_zone, leg_response
from app.domain.callouts.call_out import CallOutEvent
from app.domain.calls.call import Event
from app.domain.reasons import Reason as Why
from app.domain.simulate.transcript import (
    TranscriptRenderer,
    call_out_lines,
    reason_text,
    transcript_lines,
)
from app.domain.texts.catalogue import Texts
from app.store.call_lists import StoredCall, StoredCallOut, StoredTurn
from app.store.desks import LiveDesk


def call_response(
    past: StoredCall, live: LiveDesk | None, texts: Texts, language: str
) -> CallResponse:
    """Word a stored call; moments on the desk's wall."""
    line, renderer = past.line, transcript_context(past, live, texts, language)
    zone = renderer.time_zone
    turns = [_turn(turn, renderer, zone) for turn in past.turns]
    return CallResponse(
        sid=line.sid,
        desk=line.desk,
        line=line.line,
        caller=line.caller or None,
        started_at=in_zone(line.started_at, zone),
        ended_at=in_zone(line.ended_at, zone) if line.ended_at else None,
        outcome=line.outcome,
        priority=line.priority,
        customer=line.customer,
        ticket=line.ticket,
        reasons=[reason for turn in turns for reason in turn.reasons],
        legs=[leg_response(leg, zone) for leg in past.legs],
        turns=turns,
        told=transcript_lines(transcript_of(past), renderer),
    )


def call_out_response(
    past: StoredCallOut, live: LiveDesk | None, texts: Texts, language: str
) -> CallOutDetailsResponse:
    """Word a stored call-out; moments on the desk's wall."""
    call_out, renderer = past.call_out, transcript_context(past, live, texts, language)
    zone = renderer.time_zone
    turns = [_turn(turn, renderer, zone) for turn in past.turns]
    return CallOutDetailsResponse(
        sid=call_out.sid,
        number=call_out.number,
        started_at=in_zone(call_out.started_at, zone),
        legs=[leg_response(leg, zone) for leg in past.legs],
        desk=call_out.desk,
        ticket=call_out.ticket.number,
        ended_at=in_zone(call_out.ended_at, zone) if call_out.ended_at else None,
        reasons=[reason for turn in turns for reason in turn.reasons],
        turns=turns,
        told=call_out_lines(call_out_transcript_of(past), renderer),
    )


AnyTurn = StoredTurn[Event] | StoredTurn[CallOutEvent]


def _turn(turn: AnyTurn, renderer: TranscriptRenderer, zone: str) -> TurnResponse:
    reasons = [
        ReasonResponse(code=part.code, text=reason_text(part, renderer, turn.at))
        for part in turn.trace
        if isinstance(part, Why)
    ]
    return TurnResponse(
        leg=turn.leg,
        turn=turn.key,
        at=in_zone(turn.at, zone),
        event=turn.event.kind,
        reasons=reasons,
        roster_revision=turn.roster_revision,
    )
