"""A stored call as the API's model, with its told lines. Asks nothing and decides nothing."""

from zoneinfo import ZoneInfo

from app.api.models import CallOut, LegOut, Reason, TurnOut
from app.domain.decision import Reason as Why
from app.domain.people import Customer
from app.domain.walk import Facts, Told
from app.domain.words.retelling import Happening, retell
from app.domain.words.texts import Texts
from app.domain.words.told import Telling, Wording, reason_text, tell
from app.store.call_lists import PastCall, PastLeg, PastTurn
from app.store.desks import LiveDesk


def telling_of(past: PastCall, live: LiveDesk | None, texts: Texts) -> Telling:
    """Return what it takes to word a stored call: its desk as it is now, its customers as then."""
    customers: dict[str, Customer] = {}
    for turn in past.turns:
        customers |= {customer.number: customer for customer in turn.customers}
    facts = Facts(
        live.desk if live else None, live.roster if live else None, tuple(customers.values())
    )
    return Telling(facts, texts, Wording.SPOKEN)


def retold(past: PastCall) -> Told:
    """Tell a stored call again, line by line."""
    return retell(
        past.call, (Happening(turn.at, turn.event, turn.story, turn.script) for turn in past.turns)
    )


def call_out(past: PastCall, live: LiveDesk | None, texts: Texts) -> CallOut:
    """Word a stored call; moments on the desk's wall."""
    line, telling = past.line, telling_of(past, live, texts)
    zone = ZoneInfo(telling.time_zone)
    turns = [_turn(turn, telling, zone) for turn in past.turns]
    return CallOut(
        sid=line.sid,
        desk=line.desk,
        line=line.line,
        caller=line.caller or None,
        started_at=line.started_at.astimezone(zone),
        ended_at=line.ended_at.astimezone(zone) if line.ended_at else None,
        outcome=line.outcome,
        priority=line.priority,
        customer=line.customer,
        ticket=line.ticket,
        reasons=[reason for turn in turns for reason in turn.reasons],
        legs=[_leg(leg, zone) for leg in past.legs],
        turns=turns,
        told=tell(retold(past), telling),
    )


def _turn(turn: PastTurn, telling: Telling, zone: ZoneInfo) -> TurnOut:
    reasons = [
        Reason(code=part.code, text=reason_text(part, telling, turn.at))
        for part in turn.story
        if isinstance(part, Why)
    ]
    return TurnOut(
        leg=turn.leg,
        turn=turn.key,
        at=turn.at.astimezone(zone),
        event=turn.event.kind,
        reasons=reasons,
    )


def _leg(leg: PastLeg, zone: ZoneInfo) -> LegOut:
    return LegOut(
        leg=leg.leg,
        person=leg.person,
        name=leg.name,
        number=leg.number,
        role=leg.role,
        outcome=leg.outcome,
        at=leg.placed_at.astimezone(zone),
    )
