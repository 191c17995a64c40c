"""`/rosters/ID/versions`: every version of a roster, and the difference between any two.

A version is named by its moment, so an address tells which two are compared and can be sent on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.shown_rosters import RosterInUse
from app.actions.roster.versions import compare_versions, list_versions
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import ref
from app.domain.roster.versions import RosterChange
from app.domain.time.parsing import NotAMoment, read_moment
from app.store.pagination import PAGE
from app.store.roster_versions import VersionFilter
from app.web.page_access import needs, require
from app.web.pages.render import page
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services

roster_versions_page = Blueprint("roster_versions_page", __name__, url_prefix="/rosters")


@dataclass(frozen=True, slots=True)
class VersionLinks:
    """Addresses of a roster's versions; `chosen` is the one with which another is compared."""

    roster: str
    chosen: datetime | None = None

    @property
    def roster_page(self) -> str:
        """The roster's own page."""
        return f"/rosters/{quote(self.roster, safe='')}"

    @property
    def list(self) -> str:
        """All versions."""
        return f"{self.roster_page}/versions"

    @property
    def document(self) -> str:
        """The document as it is now."""
        return f"{self.roster_page}/document"

    def older(self, than: datetime) -> str:
        """The next page."""
        chosen = {"with": self.chosen.isoformat()} if self.chosen else {}
        return f"{self.list}?{urlencode({**chosen, 'before': than.isoformat()})}"

    def choose(self, change: RosterChange) -> str:
        """The list, to choose a second version."""
        return f"{self.list}?{urlencode({'with': change.at.isoformat()})}"

    def with_chosen(self, change: RosterChange) -> str:
        """The difference between the chosen version and this one."""
        assert self.chosen
        return self._between(change.at, self.chosen)

    def of_change(self, change: RosterChange) -> str:
        """What one change has changed; "" for the first one."""
        if change.document and change.document.number == 1:
            return ""
        return self._between(change.at - timedelta.resolution, change.at)

    def _between(self, one: datetime, other: datetime) -> str:
        from_, to = sorted((one, other))
        query = urlencode({"from": from_.isoformat(), "to": to.isoformat()})
        return f"{self.list}/difference?{query}"


@roster_versions_page.get(f"{ONE_ROSTER}/versions")
@needs(Permission.CHANGE_ROSTER)
def versions(roster: str) -> Response:
    """List the versions of a roster, the newest first; more by `before`."""
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    asked = VersionFilter(_moment("before"), PAGE + 1)
    found = list_versions(current_services().database, roster, asked)
    if found is None:
        abort(404)
    plan = found.roster.plan
    shown, links = found.changes[:PAGE], VersionLinks(roster, _moment("with"))
    return page(
        "roster_versions.html",
        ref("roster_versions.title", desks=_names(found.roster)),
        time_zone=plan.time_zone,
        changes=shown,
        words=RosterWords(plan, {}),
        links=links,
        older=links.older(shown[-1].at) if len(found.changes) > PAGE else "",
    )


@roster_versions_page.get(f"{ONE_ROSTER}/versions/difference")
@needs(Permission.CHANGE_ROSTER)
def difference(roster: str) -> Response:
    """Show what differs between two versions: the text, the entries, and what it means."""
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    now = clock.now()
    from_, to = _moment("from"), _moment("to") or now
    found = from_ and compare_versions(current_services().database, roster, (from_, to), now)
    if not found:
        abort(404)
    return page(
        "roster_difference.html",
        ref("roster_versions.difference_title", desks=_names(found.roster)),
        time_zone=found.roster.plan.time_zone,
        found=found,
        words=RosterWords(found.names, {}),
        desk_name=_desk_name(found.roster),
        links=VersionLinks(roster),
    )


def _names(roster: RosterInUse) -> tuple[str, ...]:
    return tuple(each.name for each in roster.desks)


def _desk_name(roster: RosterInUse) -> Callable[[str], str]:
    names = {each.id: each.name for each in roster.desks}
    return lambda desk: names.get(desk, desk)


def _moment(name: str) -> datetime | None:
    """Read a moment of an address; None for none, and for one that says no instant."""
    return moment_of(request.args.get(name, ""))


def moment_of(text: str) -> datetime | None:
    """Read an instant as our addresses and forms write it; None for anything else."""
    try:
        at = read_moment(text)
    except NotAMoment:
        return None
    return at if at.tzinfo else None
