"""Domain answers as the API's models, with reasons in words. Asks nothing and decides nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.actions.foresee import Foreseen
from app.actions.tell_duty import DutyTold
from app.api.models import (
    DeskOut,
    DutyOut,
    ExplainOut,
    LineOut,
    Named,
    OnDutyOut,
    Reason,
    TicketEventOut,
    TicketLegOut,
    TicketOut,
)
from app.domain.call import outcome_of
from app.domain.decision import AcknowledgeTicket, OpenTicket, Sentence
from app.domain.decision import Reason as Why
from app.domain.desk import Desk, Priority
from app.domain.duty.duty_now import Because
from app.domain.duty.roster import OnDuty
from app.domain.walk import Line
from app.domain.words.priority_words import priority_name
from app.domain.words.texts import Texts
from app.domain.words.ticket_words import event_sentence
from app.domain.words.told import Telling, Wording, reason_text, tell
from app.store.ticket_lists import Ticket, TicketEvent, TicketLeg


def desk_out(desk: Desk, texts: Texts, now: datetime) -> DeskOut:
    """Tell a desk; its levels by its own names, in its first language."""
    language = desk.lines[0].languages[0] if desk.lines else "nb"

    def name(level: Priority) -> str:
        sentence = Sentence(
            "desk_words", language, (("words", priority_name(desk, level, language)),)
        )
        return texts.render(sentence, now=now, time_zone=desk.time_zone, spoken=False)

    return DeskOut(
        id=desk.id,
        name=desk.name,
        lines=[
            LineOut(number=line.number, kind=line.kind, public_number=line.public_number)
            for line in desk.lines
        ],
        agreements=[Named(id=each.id, name=each.name) for each in desk.agreements],
        priorities=[Named(id=level.value, name=name(level)) for level in Priority],
    )


def duty_out(told: DutyTold, texts: Texts, language: str = "en") -> DutyOut:
    """Tell who is on duty; moments on the desk's wall."""
    zone, duty = told.desk.time_zone, told.duty
    return DutyOut(
        at=on_wall(duty.at, zone),
        on_duty=[_listed(entry, zone) for entry in duty.ringing],
        reasons=[_because(each, texts, language, duty.at, zone) for each in duty.reasons],
        next_handover=_wall(duty.handover, zone),
    )


def explained(
    foreseen: Foreseen,
    texts: Texts,
    wording: Wording = Wording.SPOKEN,
    language: str = "en",
) -> ExplainOut:
    """Tell a foreseen call."""
    telling = Telling(foreseen.facts, texts, wording, language)
    return ExplainOut(
        told=tell(foreseen.told, telling),
        outcome=outcome_of(foreseen.told.call),
        rings=[callee.number for callee in foreseen.told.rings],
        ticket=_foreseen_ticket(foreseen),
        reasons=list(_reasons(foreseen.told.lines, telling)),
    )


def ticket_out(ticket: Ticket, legs: Iterable[TicketLeg], zone: str) -> TicketOut:
    """Tell a ticket with those of the legs that are its own; moments on the desk's wall."""
    return TicketOut(
        number=ticket.number,
        desk=ticket.desk,
        customer=ticket.customer,
        agreement=ticket.agreement,
        caller=ticket.caller or None,
        priority=ticket.priority,
        status=ticket.status,
        created_at=on_wall(ticket.created_at, zone),
        respond_by=_wall(ticket.respond_by, zone),
        solve_by=_wall(ticket.solve_by, zone),
        acknowledged_by=ticket.acknowledged_by,
        acknowledged_at=_wall(ticket.acknowledged_at, zone),
        closed_by=ticket.closed_by,
        closed_at=_wall(ticket.closed_at, zone),
        call_sid=ticket.call_sid,
        calls=ticket.calls,
        unanswered=ticket.is_unanswered,
        rounds_made=ticket.rounds_made,
        next_round_at=_wall(ticket.next_round_at, zone),
        legs=[_ticket_leg(leg, zone) for leg in legs if leg.ticket == ticket.number],
    )


def event_out(
    event: TicketEvent, texts: Texts, language: str, zone: str, desk: Desk | None = None
) -> TicketEventOut:
    """Tell one event of a ticket, by its code and in words."""
    sentence = event_sentence(event.kind, event.who, event.facts, language, desk)
    return TicketEventOut(
        at=on_wall(event.at, zone),
        kind=event.kind,
        who=event.who or None,
        text=texts.render(sentence, now=event.at, time_zone=zone, spoken=False),
        facts=event.facts,
    )


def _ticket_leg(leg: TicketLeg, zone: str) -> TicketLegOut:
    return TicketLegOut(
        call_sid=leg.call_sid,
        round=leg.round,
        leg=leg.leg,
        person=leg.person,
        name=leg.name,
        number=leg.number,
        role=leg.role,
        outcome=leg.outcome,
        at=on_wall(leg.at, zone),
    )


def on_wall(at: datetime, zone: str) -> datetime:
    """Return the same instant as the desk's wall shows it, with its offset."""
    return at.astimezone(ZoneInfo(zone))


def _wall(at: datetime | None, zone: str) -> datetime | None:
    return None if at is None else on_wall(at, zone)


def _listed(entry: OnDuty, zone: str) -> OnDutyOut:
    person = entry.person
    return OnDutyOut(
        person=person.id if person else None,
        name=person.name if person else None,
        role=entry.role,
        phone=entry.numbers[0],
        phones=list(entry.numbers),
        from_=_wall(entry.from_, zone),
        to=_wall(entry.to, zone),
    )


def _because(because: Because, texts: Texts, language: str, now: datetime, zone: str) -> Reason:
    sentence = Sentence(because.key, language, because.values)
    text = texts.render(sentence, now=now, time_zone=zone, spoken=False)
    return Reason(code=because.code, text=text)


def _reasons(lines: list[Line], telling: Telling) -> Iterator[Reason]:
    for line in lines:
        if isinstance(line.what, Why):
            yield Reason(code=line.what.code, text=reason_text(line.what, telling, line.at))


def _foreseen_ticket(foreseen: Foreseen) -> TicketOut | None:
    call, zone = foreseen.told.call, foreseen.time_zone
    opened = _first(foreseen.told.lines, OpenTicket)
    if call.ticket is None or opened is None or call.desk is None:
        return None
    taken = _first(foreseen.told.lines, AcknowledgeTicket)
    return TicketOut(
        number=None,
        desk=call.desk,
        customer=call.customer,
        agreement=call.agreement,
        caller=call.caller.digits or None,
        priority=call.ticket.priority,
        status="acknowledged" if taken else "open",
        created_at=on_wall(opened.at, zone),
        respond_by=_wall(call.ticket.respond_by, zone),
        solve_by=_wall(call.ticket.solve_by, zone),
        acknowledged_by=_taker(taken),
        acknowledged_at=_wall(taken.at, zone) if taken else None,
        closed_by=None,
        closed_at=None,
        call_sid=None,
        calls=1,
        unanswered=call.ticket.is_urgent and taken is None,
        rounds_made=0,
        next_round_at=None,
        legs=[],
    )


def _first(lines: list[Line], kind: type[OpenTicket] | type[AcknowledgeTicket]) -> Line | None:
    return next((line for line in lines if isinstance(line.what, kind)), None)


def _taker(taken: Line | None) -> str | None:
    return taken.what.name if taken and isinstance(taken.what, AcknowledgeTicket) else None
