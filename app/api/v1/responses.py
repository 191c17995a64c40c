"""Domain answers as the API's models, with reasons in words. Asks nothing and decides nothing."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.actions.roster.report_on_duty import OnDutyReport
from app.actions.simulate.simulate_call import Simulation
from app.api.v1.models import (
    CallBackResponse,
    CallOutResponse,
    CommentResponse,
    ContactResponse,
    DeskResponse,
    DutyResponse,
    ExplainResponse,
    LegResponse,
    LineResponse,
    NamedItem,
    OnDutyResponse,
    ReasonResponse,
    ShadowResponse,
    StateMoveResponse,
    TicketEventResponse,
    TicketResponse,
)
from app.domain.calls.call import outcome_of
from app.domain.desks.desk import Desk, Priority
from app.domain.desks.priority_names import priority_name
from app.domain.hunts.effects import AcknowledgeTicket, OpenTicket
from app.domain.reasons import Reason
from app.domain.roster.on_duty import OnDuty, Shadow
from app.domain.simulate.record import TranscriptLine
from app.domain.simulate.transcript import (
    TranscriptRenderer,
    Wording,
    reason_text,
    transcript_lines,
)
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message, MessageRef, RefValue
from app.domain.tickets.event_messages import event_message
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.ticket import NOT_GIVEN, Acknowledged, Contact, Ticket
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import StateMove, Workflow
from app.store.comments import StoredComment
from app.store.legs import StoredLeg
from app.store.ticket_lists import NOBODY_RUNG, RungAbout, TicketCallOut


def desk_response(desk: Desk, texts: Texts, now: datetime) -> DeskResponse:
    """Tell a desk; its levels by its own names, in its first language."""
    language = desk.lines[0].languages[0] if desk.lines else "nb"

    def name(level: Priority) -> str:
        message = Message(
            "desk_words", language, (("words", priority_name(desk, level, language)),)
        )
        return texts.render(message, now=now, time_zone=desk.time_zone, spoken=False)

    return DeskResponse(
        id=desk.id,
        name=desk.name,
        lines=[
            LineResponse(number=line.number, kind=line.kind, public_number=line.public_number)
            for line in desk.lines
        ],
        agreements=[NamedItem(id=each.id, name=each.name) for each in desk.agreements],
        priorities=[NamedItem(id=level.value, name=name(level)) for level in Priority],
    )


def duty_response(report: OnDutyReport, texts: Texts, language: str = "en") -> DutyResponse:
    """Tell who is on duty; moments on the desk's wall."""
    zone, duty = report.desk.time_zone, report.duty
    return DutyResponse(
        at=in_zone(duty.at, zone),
        on_duty=[on_duty_response(entry, zone) for entry in duty.ringing],
        shadows=[_shadow(each, zone) for each in duty.shadows],
        reasons=[reason_response(each, texts, language) for each in duty.reasons],
        next_handover=_in_zone_or_none(duty.handover, zone),
    )


def reason_response(
    reason: Reason, texts: Texts, language: str, zone: str = "UTC"
) -> ReasonResponse:
    """Tell a reason; moments on the wall of a zone."""
    message, local = reason.ref, partial(_on_wall, zone=zone)
    told = MessageRef(message.key, tuple((name, local(value)) for name, value in message.values))
    return ReasonResponse(code=reason.code, text=texts.write(told, language))


def _on_wall(value: RefValue, zone: str) -> RefValue:
    return in_zone(value, zone) if isinstance(value, datetime) else value


def explain_response(
    simulation: Simulation,
    texts: Texts,
    wording: Wording = Wording.SPOKEN,
    language: str = "en",
) -> ExplainResponse:
    """Tell a foreseen call."""
    renderer = TranscriptRenderer(simulation.facts, texts, wording, language)
    return ExplainResponse(
        told=transcript_lines(simulation.transcript, renderer),
        outcome=outcome_of(simulation.transcript.call),
        rings=[callee.number for callee in simulation.transcript.rings],
        ticket=_simulated_ticket(simulation),
        reasons=list(_reasons(simulation.transcript.lines, renderer)),
    )


def ticket_response(ticket: Ticket, rung: RungAbout, zone: str) -> TicketResponse:
    """Tell a ticket with who was rung about it; moments on the desk's wall."""
    return TicketResponse(
        number=ticket.number or None,
        desk=ticket.desk,
        customer=ticket.customer,
        agreement=ticket.agreement,
        source=ticket.source,
        subject=ticket.subject or None,
        caller=ticket.contact.number.digits or None,
        contact=_contact(ticket.contact),
        priority=ticket.priority,
        status=ticket.status,
        state=ticket.work.state,
        version=ticket.work.version,
        assigned_to=ticket.work.assignee.name if ticket.work.assignee else None,
        group=ticket.work.group or None,
        created_at=in_zone(ticket.opened_at, zone),
        respond_by=_in_zone_or_none(ticket.due.respond_by, zone),
        solve_by=_in_zone_or_none(ticket.due.solve_by, zone),
        responded_at=_in_zone_or_none(ticket.responded_at, zone),
        paused_since=_in_zone_or_none(ticket.paused_since, zone),
        workaround_at=_in_zone_or_none(ticket.workaround_at, zone),
        agreed_solve_by=_in_zone_or_none(ticket.agreed_solve_by, zone),
        escalation_held_at=_in_zone_or_none(ticket.escalation_held_at, zone),
        escalation_held_until=_in_zone_or_none(ticket.escalation_held_until, zone),
        acknowledged_by=ticket.acknowledged_by,
        acknowledged_at=_in_zone_or_none(ticket.acknowledged_at, zone),
        closed_by=ticket.closed_by,
        closed_at=_in_zone_or_none(ticket.closed_at, zone),
        call_sid=ticket.call_sid,
        calls=ticket.calls,
        unacknowledged=ticket.is_unacknowledged,
        call_outs_made=ticket.call_outs_made,
        next_call_out_at=_in_zone_or_none(ticket.next_call_out_at, zone),
        call_outs=[_call_out(each, zone) for each in rung.call_outs],
        legs=[
            CallBackResponse(call_sid=each.call_sid, **_leg_values(each.leg, zone))
            for each in rung.call_backs
        ],
    )


def move_response(
    move: StateMove, workflow: Workflow, texts: Texts, language: str
) -> StateMoveResponse:
    """Tell a move that is possible, with what it and the state it leads to are called."""
    to = workflow.find_state(move.to) or workflow.first
    return StateMoveResponse(
        id=move.id,
        name=texts.write(move.name_in(language), language),
        to=to.id,
        to_name=texts.write(to.name_in(language), language),
        requires=list(move.requires),
    )


def comment_response(stored: StoredComment, zone: str) -> CommentResponse:
    """Tell a comment."""
    return CommentResponse(
        at=in_zone(stored.at, zone),
        author=stored.author,
        side=stored.comment.side,
        visibility=stored.comment.visibility,
        body=stored.comment.body,
    )


def _contact(contact: Contact) -> ContactResponse:
    return ContactResponse(
        number=contact.number.digits or None,
        name=contact.name or None,
        email=contact.email or None,
    )


def event_response(
    event: TicketEvent, texts: Texts, language: str, zone: str, desk: Desk | None = None
) -> TicketEventResponse:
    """Tell one event of a ticket, by its code and in words."""
    message = event_message(event.kind, event.who, event.facts, language, desk)
    return TicketEventResponse(
        at=in_zone(event.at, zone),
        kind=event.kind,
        who=event.who or None,
        text=texts.render(message, now=event.at, time_zone=zone, spoken=False),
        facts=dict(event.facts),
    )


def _call_out(call_out: TicketCallOut, zone: str) -> CallOutResponse:
    return CallOutResponse(
        sid=call_out.sid,
        number=call_out.number,
        started_at=in_zone(call_out.started_at, zone),
        legs=[leg_response(leg, zone) for leg in call_out.legs],
    )


def leg_response(leg: StoredLeg, zone: str) -> LegResponse:
    """Tell an attempt to reach somebody; its moment on the desk's wall."""
    return LegResponse(**_leg_values(leg, zone))


def _leg_values(leg: StoredLeg, zone: str) -> dict[str, Any]:
    values = asdict(leg)
    return values | {"at": in_zone(values.pop("placed_at"), zone)}


def in_zone(at: datetime, zone: str) -> datetime:
    """Return the same instant as the desk's wall shows it, with its offset."""
    return at.astimezone(ZoneInfo(zone))


def _in_zone_or_none(at: datetime | None, zone: str) -> datetime | None:
    return None if at is None else in_zone(at, zone)


def on_duty_response(entry: OnDuty, zone: str) -> OnDutyResponse:
    """Tell who is on duty, with their numbers in order; moments on the desk's wall."""
    person = entry.person
    return OnDutyResponse(
        person=person.id if person else None,
        name=person.name if person else None,
        role=entry.role,
        phone=entry.numbers[0],
        phones=list(entry.numbers),
        from_=_in_zone_or_none(entry.from_, zone),
        to=_in_zone_or_none(entry.to, zone),
    )


def _shadow(shadow: Shadow, zone: str) -> ShadowResponse:
    return ShadowResponse(
        person=shadow.person.id,
        name=shadow.person.name,
        from_=in_zone(shadow.from_, zone),
        to=in_zone(shadow.to, zone),
    )


def _reasons(lines: list[TranscriptLine], renderer: TranscriptRenderer) -> Iterator[ReasonResponse]:
    for line in lines:
        if isinstance(line.what, Reason):
            yield ReasonResponse(
                code=line.what.code, text=reason_text(line.what, renderer, line.at)
            )


def _simulated_ticket(simulation: Simulation) -> TicketResponse | None:
    call, zone = simulation.transcript.call, simulation.time_zone
    opened = _first(simulation.transcript.lines, OpenTicket)
    if call.ticket is None or opened is None or call.desk is None:
        return None
    # It has no number and no call: nobody has opened it.
    ticket = replace(call.ticket, number=NOT_GIVEN, call_sid=None, calls=1)
    taken = _first(simulation.transcript.lines, AcknowledgeTicket)
    if taken and isinstance(taken.what, AcknowledgeTicket):
        by = Acknowledged(taken.what.name, taken.at)
        ticket = replace(ticket, status=Status.ACKNOWLEDGED, acknowledged=by)
    return ticket_response(ticket, NOBODY_RUNG, zone)


def _first(
    lines: list[TranscriptLine], kind: type[OpenTicket] | type[AcknowledgeTicket]
) -> TranscriptLine | None:
    return next((line for line in lines if isinstance(line.what, kind)), None)
