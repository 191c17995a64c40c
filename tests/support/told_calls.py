"""Tells the told calls of tests/calls anew: reads what was done, walks it, words it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.config.calendar_part import days_of, parse_hours
from app.domain.config.planned_gap_part import parse_gap
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import Desk, LineKind, Priority
from app.domain.desks.known_outage import KnownOutage
from app.domain.desks.planned_gaps import PlannedGaps
from app.domain.hunts.staff_view import OpenTicket, StaffQuestion, StaffView
from app.domain.message_refs import ref
from app.domain.numbers import parse_number
from app.domain.roles import Role
from app.domain.roster.on_duty import Absence, Rotation, RotationKind
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import CallSimulation, SimulationFacts
from app.domain.simulate.transcript import TranscriptRenderer, transcript_lines
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.domain.tickets.ticket import Acknowledged, Source, Ticket
from app.domain.time.calendars import Calendar, EarlyClosing, Window, parse_yearly_day
from app.domain.time.segments import BEGINNING, END
from app.domain.time.wall_time import parse_clock
from app.domain.workflow.status import Status
from app.voice_prompts import texts
from tests.support.call_out_facts import CallOutService, CallOutsOnFacts
from tests.support.shipped_desks import shipped
from tests.support.told_call_reader import ToldCall, read_told_call
from tests.support.walk_call_outs import come_late, walk_call_outs

CALLS = Path(__file__).parents[1] / "calls"


def told_calls() -> list[Path]:
    """Every told call, in the order of their names."""
    return sorted(CALLS.rglob("*.txt"))


def rewrite(text: str) -> str:
    """The whole told call as the product walks it now, under the story and facts it was given."""
    script = read_told_call(text)
    facts = facts_of(script)
    return in_words(text, simulated(script, CallOutsOnFacts(facts)), facts)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CASE_IS_OLD = timedelta(minutes=20)  # the open case of a story, when the call comes in


def facts_of(script: ToldCall) -> SimulationFacts:
    """The desk's facts, with what holds in this story only."""
    facts = _given(shipped(script.desk) if script.desk else SimulationFacts(), script.given)
    if facts.desk is None:
        return facts
    opened = script.at(facts.desk.time_zone) - CASE_IS_OLD
    case, strangers = facts.earlier.recent_ticket, facts.strangers.ticket
    if case:
        facts = _earlier(facts, recent_ticket=replace(case, opened_at=opened))
    if strangers:
        opened_then = replace(strangers, opened_at=opened)
        facts = replace(facts, strangers=replace(facts.strangers, ticket=opened_then))
    return facts


def simulated(script: ToldCall, house: CallOutService) -> Transcript:
    """The told call and its call-outs, simulated by whoever decides its turns."""
    line, at = line_of(script), moment_of(script)
    transcript = CallSimulation(
        house, line, script.caller, at, script.answers, script.ringing
    ).run()
    if script.late:
        come_late(house, transcript, script.late)
    return walk_call_outs(house, transcript, script.call_outs) if script.goes_on else transcript


def moment_of(script: ToldCall) -> datetime:
    """The instant at which the call comes in."""
    desk = facts_of(script).desk
    return script.at(desk.time_zone if desk else ZONE_OF_NOBODY)


def line_of(script: ToldCall) -> str:
    """The number that is called."""
    return _number(facts_of(script).desk, script)


def in_words(text: str, transcript: Transcript, facts: SimulationFacts) -> str:
    """A simulated call as its file tells it, under the story and the given facts of `text`."""
    script = read_told_call(text)
    head, *lines = transcript_lines(transcript, TranscriptRenderer(facts, texts()))
    story = [line for line in text.splitlines() if line.startswith("#")]
    given = [f"given  {fact}" for fact in script.given]
    return "\n".join([*story, head, *given, *lines]) + "\n"


def _number(desk: Desk | None, script: ToldCall) -> str:
    """The number of `support` or `duty`; a number stands for itself."""
    if desk is None or script.line not in [*LineKind]:
        return script.line
    return next(line.number for line in desk.lines if line.kind == script.line)


def _given(facts: SimulationFacts, given: tuple[str, ...]) -> SimulationFacts:
    for fact in given:
        facts = _with(facts, fact)
    return facts


def _with(facts: SimulationFacts, fact: str) -> SimulationFacts:
    """Facts with what holds in one story only; ValueError for what nobody taught us."""
    assert facts.desk
    match fact.split():
        case ["talking", number]:
            return replace(facts, talking=facts.talking | {parse_number(number).digits})
        case ["absent", person] if facts.roster:
            absence = Absence(person, BEGINNING, END, "in this story")
            roster = replace(facts.roster, absences=(*facts.roster.absences, absence))
            return replace(facts, roster=roster)
        case ["shadow", person] if facts.roster:
            layers = (*facts.roster.layers, _shadow(person))
            return replace(facts, roster=replace(facts.roster, layers=layers))
        case ["rotation", rotation, "only", days, *window] if facts.roster:
            windows = (Window(days_of(days), *parse_hours(" ".join(window))),)
            only = Calendar("rotation", "rotation", facts.roster.time_zone, windows)
            layers = tuple(
                replace(each, hours=only) if each.id == rotation else each
                for each in facts.roster.layers
            )
            return replace(facts, roster=replace(facts.roster, layers=layers))
        case ["early", "closing", day, at]:
            closing = EarlyClosing(parse_yearly_day(day), parse_clock(at))
            calendars = tuple(_closing(each, closing) for each in facts.desk.calendars)
            return replace(facts, desk=replace(facts.desk, calendars=calendars))
        case ["duty", "hours", "as", ("listed" | "listed,"), *more]:
            return _with_duty_hours(facts, " ".join(more))
        case ["rounds", "every", every, "for", minutes]:
            duty = facts.desk.duty
            assert duty
            call_outs = CallOutPolicy(int(every), int(minutes))
            return replace(facts, desk=replace(facts.desk, duty=replace(duty, call_outs=call_outs)))
        case ["language", person, language] if facts.roster:
            people = tuple(
                replace(each, language=language) if each.id == person else each
                for each in facts.roster.people
            )
            return replace(facts, roster=replace(facts.roster, people=people))
        case ["missed", person]:
            return replace(facts, missed=facts.missed | {person})
        case ["open", "case", number, *more]:
            return _earlier(facts, recent_ticket=case_of(facts.desk, int(number), " ".join(more)))
        case ["open", "critical", "ticket"]:
            return _earlier(facts, has_open_critical=True)
        case ["called", times, "times", "this", "hour"]:
            return _earlier(facts, calls_this_hour=int(times))
        case ["strangers", "rang", person, times, "times"]:
            wakes = (*facts.strangers.wakes, (person, int(times)))
            return replace(facts, strangers=replace(facts.strangers, wakes=wakes))
        case ["case", "of", "a", "stranger", number, *more]:
            case = case_of(facts.desk, int(number), " ".join(more))
            return replace(facts, strangers=replace(facts.strangers, ticket=case))
        case ["message", "away"]:
            return replace(facts, message_is_stored=False)
        case ["staff", person, *more] if facts.roster:
            return replace(facts, staff=_staff_view(facts, person, " ".join(more)))
        case ["outage", "since", date, clock, *words]:
            since = _wall(facts.desk, f"{date} {clock}")
            said = LocalizedText(((facts.desk.language, " ".join(words)),) if words else ())
            return replace(facts, outage=KnownOutage(1, since, said))
        case ["opted", "out", "of", "sms"]:
            return replace(facts, caller_opted_out=True)
        case ["blocked"]:
            return _earlier(facts, blocked=True)
        case _:
            raise ValueError(f"no told call is given `{fact}`")


def _staff_view(facts: SimulationFacts, person: str, more: str) -> StaffView:
    """`staff vakt-2, case 1042 Fjordgløtt sjukeheim, did sms_staff.acknowledged ticket 1042`."""
    assert facts.desk
    assert facts.roster
    view = facts.staff or StaffView(person, facts.roster.name_of(person))
    for part in filter(None, more.split(", ")):
        match part.split():
            case ["case", number, date, clock, *customer]:
                since = _wall(facts.desk, f"{date} {clock}")
                ticket = OpenTicket(int(number), " ".join(customer), since)
                view = replace(view, tickets=(*view.tickets, ticket))
            case ["message", recording]:
                last = replace(view.tickets[-1], recording=recording)
                view = replace(view, tickets=(*view.tickets[:-1], last))
            case ["shift", date, clock]:
                shift = StaffQuestion(1, _wall(facts.desk, f"{date} {clock}"))
                view = replace(view, shift=shift)
            case ["did", key, *values]:
                done = ref(key, **dict(_value(facts.desk, each) for each in values))
                view = replace(view, done=(done,))
            case _:
                raise ValueError(f"no staff has `{part}`")
    return view


def _value(desk: Desk, text: str) -> tuple[str, int | datetime]:
    name, _, value = text.partition("=")
    return name, int(value) if value.isdecimal() else _wall(desk, value)


def _wall(desk: Desk, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(desk.time_zone)).astimezone(UTC)


def _shadow(person: str) -> Rotation:
    """Somebody who goes along with the duty all the time."""
    start = date(2020, 1, 1)
    return Rotation("shadow", Role.SHADOW, (person,), RotationKind.DAILY, 480, start)


def _with_duty_hours(facts: SimulationFacts, more: str) -> SimulationFacts:
    """The duty's own hours alone, as their list has them, and what they say besides."""
    assert facts.desk
    assert facts.desk.duty
    hours = replace(facts.desk.duty.hours, when_unstaffed=False)
    match more:
        case "":
            pass
        case "from early closing":
            hours = replace(hours, from_early_closing=True)
        case gap:
            gaps = (parse_gap(gap.removeprefix("planned gap ")),)
            hours = replace(hours, planned_gaps=PlannedGaps(facts.desk.time_zone, gaps))
    duty = replace(facts.desk.duty, hours=hours)
    return replace(facts, desk=replace(facts.desk, duty=duty))


def _earlier(facts: SimulationFacts, **changed: object) -> SimulationFacts:
    return replace(facts, earlier=replace(facts.earlier, **changed))  # type: ignore[arg-type]


def case_of(desk: Desk, number: int, transcript: str) -> Ticket:
    """`critical, accepted vakt-2, customer 2001, 2 calls`: what is known of an open case."""
    priority, *parts = transcript.split(", ")
    agreement = desk.default_agreement().id
    known = open_ticket_of(desk, number, Priority(priority), agreement)
    for part in parts:
        match part.split():
            case ["accepted", *person]:
                known = acknowledged_by(known, " ".join(person))
            case ["customer", customer]:
                known = replace(known, customer=customer)
            case [count, "calls"]:
                known = replace(known, calls=int(count))
            case _:
                raise ValueError(f"no open case is `{part}`")
    return known


def open_ticket_of(desk: Desk, number: int, priority: Priority, agreement: str | None) -> Ticket:
    """A ticket that a call has opened; when is not told."""
    return Ticket(
        desk.id,
        Source.CALL,
        priority,
        LONG_AGO,
        number,
        agreement=agreement,
        line=desk.lines[0].number,
        language=desk.language,
        calls=1,
    )


def acknowledged_by(ticket: Ticket, person: str, on_number: str = "") -> Ticket:
    """The ticket when this person has it."""
    taken = Acknowledged(person, ticket.opened_at, person, on_number)
    return replace(ticket, status=Status.ACKNOWLEDGED, acknowledged=taken)


def _closing(calendar: Calendar, closing: EarlyClosing) -> Calendar:
    return replace(calendar, early_closings=(*calendar.early_closings, closing))
