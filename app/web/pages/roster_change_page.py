"""`/rosters/ID/change`: one form for every change; what it would change is told before it is saved.

Nothing is kept between the two steps but what stands in the page itself. Saving names the
revision that was looked at: whoever saves second sees what the first one has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.entries import EntryRefusal, EntryRefused
from app.actions.roster.shown_rosters import EntryChanges, ShownRoster, changes_since, show_roster
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.entries import STILL_NOW, EntryKind
from app.domain.roster.timeline_span import TimelineView
from app.web.page_access import needs, require
from app.web.pages.forms import FilledForm
from app.web.pages.render import page
from app.web.pages.roster_change_form import Absence, Change, ChangeForm
from app.web.pages.roster_check import (
    ChangeToCheck,
    carried,
    check_page,
    save_change,
    seen_revision,
)
from app.web.pages.roster_links import RosterLinks
from app.web.pages.roster_page import ONE_ROSTER
from app.web.services import current_services

roster_change_page = Blueprint("roster_change_page", __name__, url_prefix="/rosters")


class Step(StrEnum):
    """What a button of the form asks for."""

    CHECK = "check"
    EDIT = "edit"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of one kind for one roster, as it was asked for or sent."""

    shown: ShownRoster
    kind: EntryKind
    form: FilledForm[Absence]
    status: int = 200

    def answer(self) -> Response:
        """Show the form."""
        plan = self.shown.roster.plan
        return page(
            "roster_change.html",
            ref(
                f"roster_change.title_{self.kind}",
                desks=tuple(each.name for each in self.shown.roster.desks),
            ),
            status=self.status,
            time_zone=plan.time_zone,
            kind=self.kind,
            kinds=[(each, self._as_other_kind(each)) for each in EntryKind],
            form=self.form,
            roster=plan,
            back=f"/rosters/{plan.id}",
        )

    def _as_other_kind(self, kind: EntryKind) -> str:
        """The same form for the other kind of change, with what is known already."""
        known = {
            "kind": str(kind),
            "from": self.form["since"].value,
            "to": self.form["until"].value,
        }
        if self.kind is EntryKind.OVERRIDE:
            known["role"] = self.form["role"].value
            known["instead_of"] = self.form["instead_of"].value
        else:
            known["instead_of"] = self.form["who"].value
        known = {name: value for name, value in known.items() if value}
        return f"/rosters/{self.shown.roster.id}/change?{urlencode(known)}"


@roster_change_page.get(f"{ONE_ROSTER}/change")
@needs(Permission.CHANGE_ROSTER)
def change(roster: str) -> Response:
    """Show the form, filled in with what the address says."""
    shown = _shown(roster)
    kind = _kind(request.args)
    form = ChangeForm(kind, shown.roster, clock.now()).blank(request.args)
    return Asked(shown, kind, form).answer()


@roster_change_page.post(f"{ONE_ROSTER}/change")
@needs(Permission.CHANGE_ROSTER)
def send(roster: str) -> Response:
    """Read the form; tell what it would change, or save it."""
    shown = _shown(roster)
    kind, step = _kind(request.form), request.form.get("step", Step.CHECK)
    reader = ChangeForm(kind, shown.roster, clock.now())
    form, change = reader.read(request.form)
    if change is None:
        return Asked(shown, kind, form, 422).answer()
    if step != Step.EDIT and _lacks_reason(change):
        form.refuse(MessageRef("roster_check.correction_why"), "why")
        return Asked(shown, kind, form, 422).answer()
    if step == Step.EDIT:
        times = {"from": request.form["since"], "to": request.form["until"]}
        return Asked(shown, kind, reader.blank({**request.form, **times})).answer()
    if step == Step.SAVE:
        return _save(shown, form, change)
    return _check(shown, form, change)


def _lacks_reason(change: Change) -> bool:
    """Whether time that is gone would be changed, and nobody would know why."""
    return change.when.from_ < clock.now() - STILL_NOW and "note" not in change.values


def _save(shown: ShownRoster, form: FilledForm[Absence], change: Change) -> Response:
    seen = seen_revision()
    done = save_change(shown, change, seen)
    if isinstance(done, EntryRefused):
        if done.refusal is EntryRefusal.CHANGED_MEANWHILE and seen is not None:
            theirs = changes_since(current_services().database, shown.roster.id, seen)
            return _check(_shown(shown.roster.id), form, change, theirs)
        for each in done.diagnostics:
            form.refuse(each.message)
        return Asked(shown, change.kind, form, 422).answer()
    assert done.entry
    day = done.entry.dated.from_.astimezone(RosterLinks.zone_of(done.plan)).date()
    query = {"view": TimelineView.MONTH, "from": day.isoformat(), "added": str(done.entry.id)}
    return redirect(f"/rosters/{shown.roster.id}?{urlencode(query)}#done", 303)


def _check(
    shown: ShownRoster,
    form: FilledForm[Absence],
    change: Change,
    theirs: EntryChanges | None = None,
) -> Response:
    told = check_page(ChangeToCheck(shown, change, carried(form, change), _back(shown)), theirs)
    if isinstance(told, Response):
        return told
    for each in told:
        form.refuse(each.message)
    return Asked(shown, change.kind, form, 422).answer()


def _back(shown: ShownRoster) -> str:
    return f"/rosters/{shown.roster.id}"


def _shown(roster: str) -> ShownRoster:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    shown = show_roster(current_services().database, roster)
    if shown is None:
        abort(404)
    return shown


def _kind(sent: Mapping[str, str]) -> EntryKind:
    wanted = sent.get("kind", "")
    return EntryKind(wanted) if wanted in set(EntryKind) else EntryKind.OVERRIDE
