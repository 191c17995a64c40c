"""Which overrides and absences leave nobody behind the first one on duty, told where they stand."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from app.domain.config.date_part import wall_text
from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity
from app.domain.config.entry_part import positions
from app.domain.config.folder import ROSTER, DeskFolder
from app.domain.desks.desk import Desk, Duty
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.coverage import backup_lost
from app.domain.roster.entries import dated_of, identity_of
from app.domain.roster.on_duty import Roster
from app.domain.time.intervals import Interval, Intervals, intersect, subtract


def backups_lost(
    folder: DeskFolder, desk: Desk, duty: Duty, roster: Roster, span: Interval
) -> Iterator[Diagnostic]:
    """One warning for each override or absence; `folder` is the one that holds the roster."""
    calendars = desk.telephone_calendars()
    left = backup_lost(roster, duty.hours, calendars, span)
    places = positions(folder.roster) if folder.roster else {}
    for dated in dated_of(roster):
        path = places.get(identity_of(dated), ())
        here = intersect(left, (Interval(dated.from_, dated.to),))
        left = subtract(left, here)
        if here:
            message = _spans_message(here, desk.time_zone)
            yield folder.diagnostic(ROSTER, path, DiagnosticSeverity.WARNING, message)


def _spans_message(when: Intervals, zone: str) -> MessageRef:
    local = ZoneInfo(zone)
    first = when[0]
    others = len(when) - 1
    more = ref("diagnostic_part.more_times", count=others) if others else ""
    from_, to = wall_text(first.from_, local), wall_text(first.to, local)
    return ref("diagnostic.backup_lost", start=from_, end=to, more=more)
