"""What must hold between several desks, and between a desk and the roster that it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.backup_rules import backups_lost
from app.domain.config.calendar_effects import calendar_lines_without_effect
from app.domain.config.date_part import wall_text
from app.domain.config.desk_rules import desk_numbers
from app.domain.config.diagnostics import (
    Diagnostic,
    Diagnostics,
    DiagnosticSeverity,
    did_you_mean,
    in_order,
)
from app.domain.config.folder import DESK, ROSTER, DeskFolder, desk_lines, roster_numbers
from app.domain.config.roster_effects import roster_lines_without_effect, zones_differ
from app.domain.desks.desk import Desk, Duty
from app.domain.desks.duty_hours import duty_intervals
from app.domain.message_refs import MessageRef, ref
from app.domain.roles import ROTATION_ROLES
from app.domain.roster.coverage import left_to_nobody, unattended, uncovered
from app.domain.roster.on_duty import Roster
from app.domain.time.intervals import Interval, Intervals, intersect, subtract
from app.domain.toml_positions import Path

MOST_GAPS_TOLD: Final = 10
NO_PLANS: Final[Mapping[str, Roster]] = {}


def cross_check(
    folders: Sequence[DeskFolder],
    at: datetime,
    until: datetime,
    plans: Mapping[str, Roster] = NO_PLANS,
) -> Diagnostics:
    """Return what is wrong between folders that can each be read.

    `at` and `until` (aware) bound the search for hours that nobody covers. `plans` are rosters
    with the entries that are in force, where those are not the ones that the folders have.
    """
    found = (
        *_one_folder_a_desk(folders),
        *_one_desk_a_line(folders),
        *_no_desk_rings_another(folders),
        *_one_folder_a_roster(folders),
        *_switchboards_are_no_persons(folders),
        *_duties_have_people(folders, at, until, plans),
        *_lines_have_an_effect(folders, at, until),
        *_time_zones_agree(folders),
    )
    return in_order(found)


def _lines_have_an_effect(
    folders: Sequence[DeskFolder], at: datetime, until: datetime
) -> Iterator[Diagnostic]:
    """Warn of every line that could be left out: whoever wrote it believes in it."""
    for folder in folders:
        if folder.roster:
            for path, message in roster_lines_without_effect(folder.roster, at, until):
                yield folder.diagnostic(ROSTER, path, DiagnosticSeverity.WARNING, message)
        if folder.desk:
            for path, message in calendar_lines_without_effect(folder.desk, at):
                yield folder.diagnostic(DESK, path, DiagnosticSeverity.WARNING, message)


def _time_zones_agree(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    rosters = {folder.roster.id: folder.roster for folder in folders if folder.roster}
    for folder in folders:
        roster = rosters.get(folder.desk.roster or "") if folder.desk else None
        if folder.desk and roster:
            for message in zones_differ(folder.desk.time_zone, roster):
                path = ("time_zone",)
                yield folder.diagnostic(DESK, path, DiagnosticSeverity.WARNING, message)


def _one_folder_a_desk(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for folder in folders:
        if folder.id in first:
            message = ref("diagnostic.desk_twice", desk=folder.id, folder=first[folder.id])
            yield folder.diagnostic(DESK, (), DiagnosticSeverity.ERROR, message)
        first.setdefault(folder.id, folder.where)


def _one_desk_a_line(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    owner: dict[str, str] = {}
    for folder in folders:
        desk = folder.partial.desk
        for index, line in enumerate(desk.lines if desk else ()):
            if not line.number:
                continue
            first = owner.setdefault(line.number, folder.id)
            if first != folder.id:
                path = ("lines", index, "number")
                message = ref("diagnostic.line_of_two", number=line.number, desk=first)
                yield folder.diagnostic(DESK, path, DiagnosticSeverity.ERROR, message)


def _no_desk_rings_another(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    """Desks that ring each other's lines would pass a caller round in a circle."""
    owner: dict[str, str] = {}
    for folder in folders:
        desk = folder.partial.desk
        for number in desk_lines(desk) if desk else ():
            owner.setdefault(number, folder.id)
    for folder in folders:
        for name, place, number in _rung_by(folder):
            if owner.get(number, folder.id) != folder.id:
                message = ref(
                    "diagnostic.rings_itself.other_desk", number=number, desk=owner[number]
                )
                yield folder.diagnostic(name, place, DiagnosticSeverity.ERROR, message)


def _rung_by(folder: DeskFolder) -> Iterator[tuple[str, Path, str]]:
    """Yield each number that a folder's documents can ring, with its file and place."""
    desk, roster = folder.partial.desk, folder.partial.roster
    if desk:
        yield from ((DESK, place, number) for place, number in desk_numbers(desk))
    if roster:
        yield from ((ROSTER, place, number) for place, number in roster_numbers(roster))


def _one_folder_a_roster(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    owner: dict[str, str] = {}
    for folder in folders:
        roster = folder.partial.roster
        if roster is None or not roster.id:
            continue
        first = owner.setdefault(roster.id, folder.where)
        if first != folder.where:
            message = ref("diagnostic.roster_twice", roster=roster.id, folder=first)
            yield folder.diagnostic(ROSTER, ("id",), DiagnosticSeverity.ERROR, message)


def _switchboards_are_no_persons(folders: Sequence[DeskFolder]) -> Iterator[Diagnostic]:
    """A number that one desk takes for a person's and another for a switchboard."""
    personal: dict[str, str] = {}
    for folder in folders:
        for row in folder.partial.rows:
            personal.update(dict.fromkeys(row.customer.phones, folder.id))
    for folder in folders:
        for line, customer in ((row.line, row.customer) for row in folder.partial.rows):
            for number in customer.shared_phones:
                other = personal.get(number, folder.id)
                if other != folder.id:
                    message = ref(
                        "diagnostic.shared_and_personal.other_desk", number=number, desk=other
                    )
                    yield folder.row_diagnostic(line, DiagnosticSeverity.WARNING, message)


def _duties_have_people(
    folders: Sequence[DeskFolder], at: datetime, until: datetime, plans: Mapping[str, Roster]
) -> Iterator[Diagnostic]:
    written = {folder.roster.id: folder.roster for folder in folders if folder.roster}
    rosters = {roster: plans.get(roster, each) for roster, each in written.items()}
    holders = {folder.roster.id: folder for folder in folders if folder.roster}
    known = {each.partial.roster.id for each in folders if each.partial.roster}
    # One whose name cannot be read may be the one that is named.
    broken = "" in known or any(not f.partial.roster and f.text(ROSTER) for f in folders)
    for folder in folders:
        desk = folder.partial.desk
        if desk is None or desk.roster is None:
            continue
        roster = rosters.get(desk.roster)
        if roster and folder.desk and desk.duty:
            span = Interval(at, until)
            yield from _is_covered(folder, desk, desk.duty, roster, span)
            yield from backups_lost(holders[roster.id], desk, desk.duty, roster, span)
        elif desk.roster not in known and not broken:
            hint = did_you_mean(desk.roster, known)
            message = ref("diagnostic.unknown_roster", word=desk.roster, hint=hint)
            yield folder.diagnostic(DESK, ("roster",), DiagnosticSeverity.ERROR, message)


def _is_covered(
    folder: DeskFolder, desk: Desk, duty: Duty, roster: Roster, span: Interval
) -> Iterator[Diagnostic]:
    if not (roster.overrides or any(each.role in ROTATION_ROLES for each in roster.layers)):
        message = ref("diagnostic.duty_without_people", roster=roster.id)
        yield folder.diagnostic(DESK, ("duty",), DiagnosticSeverity.ERROR, message)
        return
    if not roster.last_resort:
        message = ref("diagnostic.no_last_resort", roster=roster.id)
        yield folder.diagnostic(DESK, ("duty",), DiagnosticSeverity.WARNING, message)
    calendars = desk.telephone_calendars()
    gaps = uncovered(roster, duty.hours, calendars, span)
    yield from _gaps(folder, desk, gaps, "uncovered")
    holes = unattended(duty.hours, calendars, span)
    yield from _gaps(folder, desk, holes, "unattended")
    yield from _after_early_closings(folder, desk, duty, holes, span)
    yield from _gaps_that_are_none(folder, desk, duty, span)


def _after_early_closings(
    folder: DeskFolder, desk: Desk, duty: Duty, holes: Intervals, span: Interval
) -> Iterator[Diagnostic]:
    """Name the field that closes such a hole; whether the duty shall work then is not ours."""
    earlier = replace(duty.hours, from_early_closing=True)
    closed = subtract(
        duty_intervals(earlier, desk.telephone_calendars(), span.from_, span.to),
        duty_intervals(duty.hours, desk.telephone_calendars(), span.from_, span.to),
    )
    zone = ZoneInfo(desk.time_zone)
    for piece in intersect(closed, holes)[:1]:
        message = ref(
            "diagnostic.nobody_after_early_closing",
            start=wall_text(piece.from_, zone),
            end=wall_text(piece.to, zone),
        )
        yield folder.diagnostic(DESK, ("duty",), DiagnosticSeverity.WARNING, message)


def _gaps_that_are_none(
    folder: DeskFolder, desk: Desk, duty: Duty, span: Interval
) -> Iterator[Diagnostic]:
    """A planned gap that comes in the span, and in which somebody is there every time."""
    planned = duty.hours.planned_gaps
    if duty.hours.when_unstaffed:
        return  # told where it stands
    left = left_to_nobody(duty.hours, desk.telephone_calendars(), span)
    for index, gap in enumerate(planned.gaps):
        when = planned.of((gap,), span.from_, span.to)
        if when and not intersect(when, left):
            message = ref("diagnostic.no_effect.gap_covered", gap=gap.text)
            path = ("duty", "planned_gaps", index)
            yield folder.diagnostic(DESK, path, DiagnosticSeverity.WARNING, message)


def _gaps(folder: DeskFolder, desk: Desk, gaps: Intervals, what: str) -> Iterator[Diagnostic]:
    """One warning for each stretch, the first ones only, in the desk's wall time."""
    zone = ZoneInfo(desk.time_zone)
    for gap in gaps[:MOST_GAPS_TOLD]:
        start, end = wall_text(gap.from_, zone), wall_text(gap.to, zone)
        message = MessageRef(f"diagnostic.{what}.from_to", (("start", start), ("end", end)))
        yield folder.diagnostic(DESK, ("duty",), DiagnosticSeverity.WARNING, message)
    if len(gaps) > MOST_GAPS_TOLD:
        left_out = len(gaps) - MOST_GAPS_TOLD
        message = MessageRef(f"diagnostic.{what}.more", (("count", left_out),))
        yield folder.diagnostic(DESK, ("duty",), DiagnosticSeverity.WARNING, message)
