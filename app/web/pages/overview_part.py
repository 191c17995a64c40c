"""The desks of the overview as a part of a page, for whoever may see some of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from flask import g
from markupsafe import Markup

from app.actions.overview.live_overview import Overview
from app.domain.overview.desk_row import DeskRow
from app.domain.overview.duty_now import DutyNow
from app.domain.overview.opening import Opening
from app.domain.overview.trouble import Severity
from app.domain.roles import Role
from app.domain.tickets.queue_query import QueueQuery, View
from app.domain.time.intervals import Interval
from app.web.pages.assets import asset
from app.web.pages.desks_shown import answering_shown, numbers_of
from app.web.pages.language import page_language
from app.web.pages.maintenance_part import shown
from app.web.pages.render import environment, written
from app.web.services import current_services

MOST_TICKETS: Final = 5  # of a desk; how many more there are is told
FORM: Final = "/rosters/{}/change"  # where somebody puts a person into a gap


def seen_now(now: datetime) -> Overview:
    """Return the overview of all desks; what is written of it is as seen from now."""
    g.page_now = now
    return current_services().services.overview.see(now)


def glanced_at(now: datetime) -> Overview:
    """Return the overview for a page that is open and asks every two seconds."""
    g.page_now = now
    return current_services().services.overview.glance(now)


@dataclass(frozen=True, slots=True)
class OverviewPart:
    """Some desks of the overview: where they are asked for anew, and how each is drawn.

    `fillable` are desks whose gaps the reader may put somebody into, `workable` those whose
    tickets they work on.
    """

    overview: Overview
    rows: tuple[DeskRow, ...]
    address: str
    template: str
    fillable: frozenset[str] = frozenset()
    workable: frozenset[str] = frozenset()

    @property
    def etag(self) -> str:
        """Name what is shown, and how: another language or another release shows it otherwise."""
        desks = (row.desk.id for row in self.rows)
        how = (self.address, self.template, page_language(), asset("app.css"))
        return self.overview.etag(
            *how, *desks, "", *sorted(self.fillable), "", *sorted(self.workable)
        )

    def render(self) -> Markup:
        """Draw the desks, each with the moments of its own wall."""
        drawn = [self._desk(row) for row in self.rows]
        told = [_news(row) for row in self.rows if row.severity is not Severity.WELL]
        return _drawn(
            "overview/desks.html",
            address=self.address,
            etag=self.etag,
            told=" ".join(told),
            desks=drawn,
            are_there_any=bool(self.overview.rows),
        )

    def _desk(self, row: DeskRow) -> Markup:
        g.page_time_zone = row.desk.time_zone
        gap = row.duty.first_gap if row.duty else None
        is_fillable = gap and row.desk.id in self.fillable
        return _drawn(
            self.template,
            row=row,
            answering=answering_shown(row),
            numbers=numbers_of(row),
            next_names=_next_names(row.duty),
            agreement_names=_agreement_names,
            maintenance=shown(row.desk, row.maintenance, self.overview.at),
            most_tickets=MOST_TICKETS,
            queue_link=_queue_link(row.desk.id) if row.desk.id in self.workable else "",
            gap_link=_gap_link(row, gap) if gap and is_fillable else "",
        )


def _drawn(template: str, **context: Any) -> Markup:
    return Markup(environment().get_template(template).render(context))  # it escapes what it shows


def _news(row: DeskRow) -> str:
    """Say what is worst at a desk, for whoever hears the page: it is read out when it changes."""
    g.page_time_zone = row.desk.time_zone
    return f"{row.desk.name}: {written(row.worst.reason.ref)}"


def _next_names(duty: DutyNow | None) -> tuple[str, ...]:
    return tuple(each.person.name for each in duty.after if each.person) if duty else ()


def _agreement_names(opening: Opening) -> tuple[str, ...]:
    return tuple(agreement.name for agreement in opening.agreements)


def _queue_link(desk: str) -> str:
    return f"/tickets?{QueueQuery(View.OPEN, desk=desk).write()}"


def _gap_link(row: DeskRow, gap: Interval) -> str:
    """Return the address of the form that fills a gap."""
    path = FORM.format(quote(row.desk.roster or "", safe=""))
    zone = ZoneInfo(row.desk.time_zone)
    span = {"from": gap.from_.astimezone(zone), "to": gap.to.astimezone(zone)}
    when = {name: at.isoformat("T", "minutes") for name, at in span.items()}
    return f"{path}?{urlencode({**when, 'role': Role.PRIMARY})}"
