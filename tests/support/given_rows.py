"""What is given in a told call, as rows and documents of an installation."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.domain.access.actor import command_line
from app.domain.calls.call import Call, Step
from app.domain.desks.desk import Priority
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.numbers import parse_number
from app.domain.roles import Role
from app.domain.tickets.ticket import Contact, Ticket
from app.store import Database
from app.store.blocked_numbers import Block, put_block
from app.store.calls import add_call, save_legs
from app.store.missed_call_outs import note_missed_call_out
from app.store.outages import add_outage
from app.store.sms_senders import note_opt_out
from app.store.tickets import Provenance, add_ticket
from tests.support.shipped_desks import desk_of, folder_files
from tests.support.told_call_reader import ToldCall
from tests.support.told_calls import case_of, facts_of, line_of, moment_of

IN_DOCUMENTS = ("absent", "duty", "early", "rounds", "language", "shadow", "rotation")
AT_ONCE = timedelta(0)


def changed_files(script: ToldCall) -> dict[str, bytes]:
    """The desk's files with what the story says of its documents; none where it says nothing."""
    added = [fact.split() for fact in script.given if fact.split()[0] in IN_DOCUMENTS]
    if not added:
        return {}
    files = folder_files(script.desk)
    for fact in added:
        if fact[0] == "language":
            files["roster.toml"] = _speaking(files["roster.toml"].decode(), *fact[1:]).encode()
            continue
        if fact[0] == "rotation":
            files["roster.toml"] = _only_in(files["roster.toml"].decode(), *fact[1:]).encode()
            continue
        if fact[0] == "duty":
            more = " ".join(fact[4:])
            files["desk.toml"] = _of_own_hours(files["desk.toml"].decode(), more).encode()
            continue
        name, more = _added(script, fact)
        files[name] += more.encode()
    return files


def _speaking(roster: str, person: str, language: str) -> str:
    """The roster when this person prefers another language."""
    own = rf'(\[people\.{person}\]\n(?:.+\n)*?language = )"\w+"'
    return re.sub(own, rf'\1"{language}"', roster)


def _only_in(roster: str, rotation: str, _only: str, days: str, *window: str) -> str:
    """The roster when this rotation holds in one weekly window only."""
    head = f'[[rotations]]\nid = "{rotation}"\n'
    assert head in roster
    hours = f'hours = {{ holidays = "none", {days} = ["{" ".join(window)}"] }}\n'
    return roster.replace(head, head + hours, 1)


def _of_own_hours(desk: str, more: str) -> str:
    """The desk when its duty has just the hours of its list, and what they say besides."""
    match more.partition(" ")[0]:
        case "from":
            also = "from_early_closing = true\n"
        case "planned":
            also = f'planned_gaps = ["{more.removeprefix("planned gap ")}"]\n'
        case _:
            also = ""
    whole = "when_not_staffed = true\n"
    assert whole in desk
    return desk.replace(whole, f"when_not_staffed = false\n{also}", 1)


def _added(script: ToldCall, fact: list[str]) -> tuple[str, str]:
    match fact:
        case ["absent", person]:
            when = "from = 2020-01-01T00:00:00\nto = 2040-01-01T00:00:00"
            return "roster.toml", f'\n[[absences]]\nperson = "{person}"\n{when}\n'
        case ["shadow", person]:
            turns = 'id = "shadow"\nrole = "shadow"\nkind = "daily"\nhandover = "08:00"'
            members = f'start = 2020-01-01\nmembers = ["{person}"]'
            return "roster.toml", f"\n[[rotations]]\n{turns}\n{members}\n"
        case ["rounds", "every", every, "for", minutes]:
            times = f"every_minutes = {every}\nfor_minutes = {minutes}"
            return "desk.toml", f"\n[duty.call_outs]\n{times}\n"
        case ["early", "closing", day, at]:
            calendars = [each.id for each in desk_of(facts_of(script)).calendars]
            return "desk.toml", "".join(
                f'\n[[calendars.{each}.early_closings]]\nday = "{day}"\ncloses = "{at}"\n'
                for each in calendars
            )
        case _:
            raise ValueError(f"no document says {fact}")


def put_given(database: Database, script: ToldCall) -> None:
    """Store what the story says that has happened before."""

    def put(connection: Connection) -> None:
        for fact in script.given:
            if fact.split()[0] not in IN_DOCUMENTS:
                _put(connection, script, fact.split())

    database.write(put)


def _put(connection: Connection, script: ToldCall, fact: list[str]) -> None:
    now = moment_of(script)
    match fact:
        case ["talking", number]:
            add_call(connection, _talk(script, parse_number(number).digits), AT_ONCE, now)
        case ["missed", person]:
            _put_missed(connection, script, person)
        case ["called", times, "times", "this", "hour"]:
            for call in _calls(script, int(times)):
                add_call(connection, call, AT_ONCE, now)
        case ["strangers", "rang", person, times, "times"]:
            for call in _calls_that_rang(script, person, int(times)):
                add_call(connection, call, AT_ONCE, now)
                save_legs(connection, replace(call, hunt=Hunt()), call, call.started_at)
        case ["case", "of", "a", "stranger", number, *more]:
            case = case_of(desk_of(facts_of(script)), int(number), " ".join(more))
            _put_case(connection, script, case, now - timedelta(minutes=20))
        case ["outage", *_]:
            known = facts_of(script).outage
            assert known
            add_outage(connection, script.desk, known, command_line("us"), now)
        case ["opted", "out", "of", "sms"]:
            note_opt_out(connection, script.caller.digits, line_of(script), now)
        case ["blocked"]:
            caller = script.caller.digits
            put_block(connection, Block(script.desk, caller, "calls all night", None, "us", now))
        case ["open", "critical", "ticket"]:  # too old to be asked about
            case = case_of(desk_of(facts_of(script)), 1041, "critical")
            _put_case(connection, script, case, now - timedelta(hours=3))
        case ["open", "case", number, *more]:
            case = case_of(desk_of(facts_of(script)), int(number), " ".join(more))
            _put_case(connection, script, case, now - timedelta(minutes=20))
        case ["message", "away"]:
            pass  # a row that is missing: the recording's
        case _:
            raise ValueError(f"no row says {fact}")


def _earlier_call(script: ToldCall, sid: str) -> Call:
    now = moment_of(script)
    started = now - timedelta(minutes=30)
    return Call(sid, line_of(script), script.caller, started, desk=script.desk)


def _talk(script: ToldCall, number: str) -> Call:
    """Somebody else's call, on which one of ours talks."""
    leg = Leg(1, Callee("", "", number, Role.PRIMARY, "nb"), LegOutcome.ACCEPTED)
    call = _earlier_call(script, "CA-talk")
    caller = parse_number("+4749000199")
    return replace(call, caller=caller, hunt=Hunt((leg,), accepted_leg=1), step=Step.DUTY_RINGS)


def _calls(script: ToldCall, count: int) -> Iterator[Call]:
    for number in range(count):
        call = _earlier_call(script, f"CA-{number}")
        yield replace(call, hung_up=True, ended_at=call.started_at)


def _calls_that_rang(script: ToldCall, person: str, count: int) -> Iterator[Call]:
    """Earlier calls of other strangers in which somebody of the duty was rung."""
    callee = Callee(person, person, "+4749009999", Role.PRIMARY, "nb")
    leg = Leg(1, callee, LegOutcome.NO_ANSWER, for_stranger=True)
    for number in range(count):
        call = _earlier_call(script, f"CA-{person}-{number}")
        yield replace(call, hunt=Hunt((leg,)), hung_up=True, ended_at=call.started_at)


def _put_missed(connection: Connection, script: ToldCall, person: str) -> None:
    """Somebody slept through a call-out about another caller's ticket, an hour ago."""
    roster = desk_of(facts_of(script)).roster
    assert roster
    somebody = replace(script, caller=parse_number("+4749000198"))
    before = moment_of(script) - timedelta(hours=1)
    case = case_of(desk_of(facts_of(script)), 1040, "critical, accepted vakt-3")
    _put_case(connection, somebody, case, before)
    note_missed_call_out(connection, roster, person, case.number, before)


def _put_case(connection: Connection, script: ToldCall, case: Ticket, opened: datetime) -> None:
    call = _earlier_call(script, "CA-case")
    ticket = replace(
        case,
        opened_at=opened,
        call_sid=call.sid,
        contact=Contact(script.caller),
        is_urgent=case.priority is Priority.CRITICAL,
    )
    if case.acknowledged:
        ticket = replace(ticket, acknowledged=replace(case.acknowledged, at=opened))
    call = replace(call, started_at=opened, ended_at=opened, ticket=ticket, hung_up=True)
    add_call(connection, call, AT_ONCE, opened)
    add_ticket(connection, ticket, Provenance())
