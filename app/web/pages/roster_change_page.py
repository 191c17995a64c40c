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
from app.actions.roster.entries import EntryRefusal, EntryRefused, EntryRequest, add_entry
from app.actions.roster.shown_rosters import EntryChanges, ShownRoster, changes_since, show_roster
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.config.entry_part import read_entry
from app.domain.message_refs import ref
from app.domain.roster.entries import EntryKind
from app.domain.roster.entry_difference import difference
from app.domain.roster.timeline_span import TimelineView
from app.domain.texts.typed_echo import moment_echo
from app.web.page_access import needs, require
from app.web.pages.forms import FilledForm
from app.web.pages.render import page
from app.web.pages.roster_change_form import Absence, Change, ChangeForm
from app.web.pages.roster_links import RosterLinks
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author

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
    if step == Step.EDIT:
        times = {"from": request.form["since"], "to": request.form["until"]}
        return Asked(shown, kind, reader.blank({**request.form, **times})).answer()
    if step == Step.SAVE:
        return _save(shown, form, change)
    return _check(shown, form, change)


def _save(shown: ShownRoster, form: FilledForm[Absence], change: Change) -> Response:
    by, seen = current_author(), _revision(request.form.get("revision", ""))
    wanted = EntryRequest(
        shown.roster.desks[0].id,
        change.kind,
        change.values,
        by.actor,
        revision=seen,
        address=by.address,
    )
    done = add_entry(current_services().database, wanted, by.at)
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
    """Tell what the change does to the roster as it is now; after others' changes, those too."""
    plan, desks, now = shown.roster.plan, shown.roster.desks, clock.now()
    read = read_entry(change.kind, change.values, plan)
    if read.value is None:
        for each in read.diagnostics:
            form.refuse(each.message)
        return Asked(shown, change.kind, form, 422).answer()
    told = difference(plan, read.value, desks, now)
    return page(
        "roster_check.html",
        ref("roster_check.title", desks=tuple(each.name for each in desks)),
        status=409 if theirs else 200,
        time_zone=plan.time_zone,
        dated=read.value,
        told=told,
        theirs=theirs,
        revision=shown.revision,
        words=RosterWords(plan, {}),
        since=moment_echo(change.when.from_, now, plan.time_zone),
        until=moment_echo(change.when.to, now, plan.time_zone),
        carried=_carried(form, change),
        back=f"/rosters/{plan.id}",
        names={desk.id: desk.name for desk in desks},
    )


def _carried(form: FilledForm[Absence], change: Change) -> dict[str, str]:
    """What the second step sends once more: the times as instants, the rest as it was typed."""
    typed = {each.name: each.value for each in form if not each.name.endswith("_answer")}
    times = {"since": change.when.from_.isoformat(), "until": change.when.to.isoformat()}
    return {"kind": str(change.kind), **typed, **times}


def _shown(roster: str) -> ShownRoster:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    shown = show_roster(current_services().database, roster)
    if shown is None:
        abort(404)
    return shown


def _kind(sent: Mapping[str, str]) -> EntryKind:
    wanted = sent.get("kind", "")
    return EntryKind(wanted) if wanted in set(EntryKind) else EntryKind.OVERRIDE


def _revision(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
