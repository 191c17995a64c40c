"""The duty of a desk, the escalation matrix, and the roles that are told."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final

from app.domain.config.agreement_part import response_and_solution, wakes
from app.domain.config.calendar_part import calendar
from app.domain.config.date_part import date_at
from app.domain.config.line_part import ring_seconds
from app.domain.config.phone_part import needed_phone
from app.domain.config.planned_gap_part import planned_gaps
from app.domain.config.table_reader import TableReader
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import (
    AlarmContact,
    AwayPeriod,
    ContactRules,
    Duty,
    EscalationBasis,
    EscalationStep,
    HandoverSummary,
    Priority,
    TargetRule,
)
from app.domain.desks.duty_hours import DutyHours
from app.domain.message_refs import ref
from app.domain.time.calendars import Calendar

CALENDAR_KEYS: Final = ("calendar", "respond_calendar", "solve_calendar")
MOST_LEVELS: Final = 9
DUTY_CALENDAR: Final = "duty"
LONGEST_PAUSE: Final = 60  # minutes between two call-outs
LONGEST_CALL_OUTS: Final = 24 * 60  # minutes


class Overlap(StrEnum):
    """Who is rung first while both desk and duty are there: the one order there is."""

    FIRST_LINE_FIRST = "first_line_first"


def duty(top: TableReader, time_zone: str) -> Duty | None:
    """Read when the duty is there and what may wake it; None where the desk has none."""
    part = top.table("duty")
    if part is None:
        return None
    own = _own_hours(part, time_zone)
    when_unstaffed = part.truth("when_not_staffed", default=False)
    wakes_it = frozenset(wakes(part))
    seconds = ring_seconds(part, 25)
    part.choice("overlap", Overlap, Overlap.FIRST_LINE_FIRST)
    again, by_level = call_outs(part.table("call_outs"))
    from_early = part.truth("from_early_closing", default=False)
    gaps = planned_gaps(part, time_zone)
    night_page = part.truth("night_page", default=True)
    summary = part.choice("handover_summary", HandoverSummary, HandoverSummary.WHEN_OPEN)
    if own is None and not when_unstaffed:
        part.document.error(
            part.path,
            ref("diagnostic.no_duty_hours"),
        )
    hours = DutyHours(own, when_unstaffed, from_early, gaps)
    _lines_without_effect(part, hours)
    part.close()
    return Duty(hours, wakes_it, seconds, again, by_level, night_page, summary)


def _lines_without_effect(part: TableReader, hours: DutyHours) -> None:
    if hours.from_early_closing and (hours.own is None or hours.when_unstaffed):
        message = ref(
            "diagnostic.no_effect.begins_then_anyway"
            if hours.when_unstaffed
            else "diagnostic.no_effect.no_hours_to_begin"
        )
        part.document.warn((*part.path, "from_early_closing"), message)
    if hours.planned_gaps.gaps and hours.when_unstaffed:
        message = ref("diagnostic.no_effect.gaps")
        part.document.warn((*part.path, "planned_gaps"), message)


def call_outs(
    part: TableReader | None,
) -> tuple[CallOutPolicy, tuple[tuple[Priority, CallOutPolicy], ...]]:
    """Read how often the duty is called about a ticket that nobody takes, and what levels differ.

    What a level leaves out is as for all; what all leave out is the usual.
    """
    if part is None:
        return CallOutPolicy(), ()
    of_all = _call_outs(part, CallOutPolicy())
    own = ((level, part.table(level)) for level in Priority)
    by_level = tuple((level, _closed(each, of_all)) for level, each in own if each)
    part.close()
    return of_all, by_level


def _closed(part: TableReader, usual: CallOutPolicy) -> CallOutPolicy:
    found = _call_outs(part, usual)
    part.close()
    return found


def _call_outs(part: TableReader, usual: CallOutPolicy) -> CallOutPolicy:
    every = part.whole("every_minutes", 0, LONGEST_PAUSE, usual.every_minutes)
    until = part.whole("for_minutes", 0, LONGEST_CALL_OUTS, usual.for_minutes)
    if 0 < until < every:
        said = ref("diagnostic.call_outs_too_short", until=until, every=every)
        part.error("for_minutes", said)
    return CallOutPolicy(every, until)


def _own_hours(part: TableReader, time_zone: str) -> Calendar | None:
    hours = part.table("hours")
    return calendar(hours, DUTY_CALENDAR, time_zone) if hours else None


def contacts(
    top: TableReader, calendars: Collection[str]
) -> tuple[tuple[AlarmContact, ...], tuple[ContactRules, ...]]:
    """Read the roles that are told, and the rules of those that have some."""
    found: dict[str, AlarmContact] = {}
    rules: list[ContactRules] = []
    named: list[tuple[TableReader, str]] = []
    for part in top.list_of_tables("contacts"):
        role = part.text("role")
        number = needed_phone(part, "phone") if part.has("phone") else ""
        email = part.text("email", "")
        if email and (email.count("@") != 1 or " " in email or email[0] == "@" or email[-1] == "@"):
            part.error("email", ref("diagnostic.bad_email.contact", address=email))
        if not (part.has("phone") or part.has("email")):
            part.document.error(part.path, ref("diagnostic.unreachable", role=role))
        if role in found:
            part.error("role", ref("diagnostic.role_twice", role=role))
        own = _contact_rules(part, role, calendars)
        part.close()
        found[role] = AlarmContact(role, number, email)
        if own != ContactRules(role):
            rules.append(own)
        if own.substitute:
            named.append((part, own.substitute))
    for part, substitute in named:
        part.known("substitute", substitute, tuple(found), "contact")
    return tuple(found.values()), tuple(rules)


def _contact_rules(part: TableReader, role: str, calendars: Collection[str]) -> ContactRules:
    substitute = part.text("substitute", "")
    hours = part.text("calendar", "")
    if hours:
        part.known("calendar", hours, calendars, "calendar")
    if substitute and substitute == role:
        part.error("substitute", ref("diagnostic.own_substitute", role=role))
    away = tuple(period for each in part.list_of_tables("away") for period in _away(each))
    if away and not substitute:
        part.document.warn((*part.path, "away"), ref("diagnostic.away_without", role=role))
    return ContactRules(role, substitute, hours, away)


def _away(part: TableReader) -> Iterator[AwayPeriod]:
    first, last = date_at(part, "first"), date_at(part, "last")
    part.close()
    if first and last and last < first:
        part.error("last", ref("diagnostic.away_backwards", first=str(first), last=str(last)))
    elif first and last:
        yield AwayPeriod(first, last)


def escalation(
    top: TableReader,
    calendars: Collection[str],
    rules: tuple[TargetRule, ...],
    roles: Collection[str],
) -> tuple[tuple[EscalationStep, ...], EscalationBasis, int | None]:
    """Read the escalation matrix, how its times are counted, and when the customer is told."""
    part = top.table("escalation")
    if part is None:
        return (), EscalationBasis.ELAPSED, None
    basis = part.choice("basis", EscalationBasis)
    tells_customer = part.whole("tell_customer_from_level", 1, MOST_LEVELS, 1)
    has_level = part.has("tell_customer_from_level")
    steps: dict[tuple[Priority, int], EscalationStep] = {}
    for row in part.list_of_tables("steps"):
        step = _step(row, calendars, rules, roles)
        if (step.priority, step.level) in steps:
            row.error(
                "level", ref("diagnostic.level_twice", priority=step.priority, level=step.level)
            )
        steps[step.priority, step.level] = step
    part.close()
    return tuple(steps.values()), basis, tells_customer if has_level else None


def _step(
    row: TableReader,
    calendars: Collection[str],
    rules: tuple[TargetRule, ...],
    roles: Collection[str],
) -> EscalationStep:
    priority = row.choice("priority", Priority)
    row.needs("level")
    level = row.whole("level", 1, MOST_LEVELS, 1)
    contact = row.text("contact")
    if contact:
        row.known("contact", contact, roles, "contact")
    has_own_calendar = any(row.has(key) for key in CALENDAR_KEYS)
    respond, solve = response_and_solution(row, calendars, *_calendars_of(priority, rules))
    row.close()
    return EscalationStep(priority, level, respond, solve, contact, has_own_calendar)


def _calendars_of(
    priority: Priority, rules: tuple[TargetRule, ...]
) -> tuple[str | None, str | None]:
    """A step counts in the calendars of its priority's targets, unless it names its own."""
    own = [rule for rule in rules if rule.priority is priority]
    respond = next((rule.respond.calendar for rule in own if rule.respond), None)
    solve = next((rule.solve.calendar for rule in own if rule.solve), None)
    return respond or solve, solve or respond
