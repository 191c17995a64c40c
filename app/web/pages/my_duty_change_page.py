"""`/my-duty/change`: cannot, give away, take: told before it is saved, by the coordinator's forms.

What is told and saved is roster_check.py's; here stands whose it may be, and that it lies ahead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.actions.roster.entries import EntryRefusal, EntryRefused
from app.actions.roster.own_duty import OwnRoster
from app.actions.roster.shown_rosters import changes_since
from app.domain.access.permissions import Permission
from app.domain.config.entry_part import read_entry
from app.domain.message_refs import ref
from app.domain.roster.entries import EntryKind
from app.domain.roster.own_duty import own_change_refusal
from app.domain.time.intervals import Interval
from app.web.page_access import Forbidden, needs
from app.web.pages.forms import FilledForm
from app.web.pages.my_duty_page import PATH, own_roster, this_minute
from app.web.pages.render import page
from app.web.pages.roster_change_form import Absence, Change, ChangeForm
from app.web.pages.roster_check import (
    ChangeToCheck,
    carried,
    check_page,
    save_change,
    seen_revision,
)
from app.web.services import current_services

my_duty_change_page = Blueprint("my_duty_change_page", __name__, url_prefix=PATH)

LOOKED_AT: Final = timedelta(minutes=15)  # how long a difference may stand before it is saved


class Act(StrEnum):
    """What somebody does about their own duty."""

    CANNOT = "cannot"
    GIVE = "give"
    TAKE = "take"

    @property
    def kind(self) -> EntryKind:
        """The kind of entry that it makes."""
        return EntryKind.ABSENCE if self is Act.CANNOT else EntryKind.OVERRIDE

    @property
    def own_field(self) -> str:
        """The field in which the person stands whose page it is."""
        return "instead_of" if self is Act.GIVE else "who"


@dataclass(frozen=True, slots=True)
class Doing:
    """One of the acts, by one person; `form` reads and shows what they fill in."""

    own: OwnRoster
    act: Act

    @property
    def form(self) -> ChangeForm:
        """The coordinator's form."""
        return ChangeForm(self.act.kind, self.own.shown.roster, this_minute())

    def shown(self, form: FilledForm[Absence], status: int = 200) -> Response:
        """Show the form; what is theirs anyway is not asked for."""
        plan, fields = self.own.shown.roster.plan, ["since", "since_answer", "until"]
        if self.act is Act.GIVE:
            others = [each for each in form["who"].options if each.value != self.own.person.id]
            form.options = {**form.options, "who": others}
            fields.insert(0, "who")
        asked = (*fields, "until_answer", "why")
        title = ref(f"my_duty.title_{self.act}")
        return page(
            "my_duty_change.html",
            title,
            status=status,
            time_zone=plan.time_zone,
            act=self.act,
            form=form,
            asked=asked,
        )

    def filled_in(self, given: Mapping[str, str]) -> dict[str, str]:
        """What an address says, with the person's own place."""
        return {**given, self.act.own_field: given.get(self.act.own_field) or self.own.person.id}


@my_duty_change_page.get("/change")
@needs(Permission.CHANGE_OWN_DUTY)
def change() -> Response:
    """Show the form, filled in with what the address says."""
    doing = _doing(request.args)
    given = dict(request.args)
    query = {**given, "from": given.get("since", ""), "to": given.get("until", "")}
    return doing.shown(doing.form.blank(doing.filled_in(query)))


@my_duty_change_page.post("/change")
@needs(Permission.CHANGE_OWN_DUTY)
def send() -> Response:
    """Read the form; tell what it would change, or save it."""
    doing, step = _doing(request.form), request.form.get("step", "check")
    sent = MultiDict(doing.filled_in(request.form.to_dict()))
    form, wanted = doing.form.read(sent)
    change = _from_now_on(form, wanted) if wanted else None
    if change is None:
        return doing.shown(form, 422)
    if step == "edit":
        return doing.shown(form)
    _hold_to_own(doing.own, change)
    if step == "save" and change is wanted:
        return _save(doing, form, change)
    return _check(doing, form, change)


def _save(doing: Doing, form: FilledForm[Absence], change: Change) -> Response:
    shown, seen = doing.own.shown, seen_revision()
    done = save_change(shown, change, seen, doing.own.person.id)
    if isinstance(done, EntryRefused):
        if done.refusal is EntryRefusal.CHANGED_MEANWHILE and seen is not None:
            return _check(_doing(request.form), form, change, seen)
        for each in done.diagnostics:
            form.refuse(each.message)
        return doing.shown(form, 422)
    assert done.entry
    return redirect(f"{PATH}?done={done.entry.id}#done", 303)


def _check(
    doing: Doing, form: FilledForm[Absence], change: Change, seen: int | None = None
) -> Response:
    """Tell what the change does; after others' changes since a revision, those too."""
    shown = doing.own.shown
    database = current_services().database
    theirs = changes_since(database, shown.roster.id, seen) if seen is not None else None
    sent_again = {**carried(form, change), "act": str(doing.act)}
    told = check_page(ChangeToCheck(shown, change, sent_again, PATH, doing.own.person.id), theirs)
    if isinstance(told, Response):
        return told
    for each in told:
        form.refuse(each.message)
    return doing.shown(form, 422)


def _from_now_on(form: FilledForm[Absence], change: Change) -> Change | None:
    """The change from now on: what has been is not theirs to change."""
    now, when = this_minute(), change.when
    if when.to <= now:
        form.refuse(ref("my_duty.is_over"), "until")
        return None
    if when.from_ >= now - (LOOKED_AT if request.form.get("step") == "save" else timedelta()):
        return change
    values = {**change.values, "from": now}
    return replace(change, values=values, when=Interval(now, when.to))


def _hold_to_own(own: OwnRoster, change: Change) -> None:
    """Let nobody change what is not theirs."""
    read = read_entry(change.kind, change.values, own.shown.roster.plan)
    refusal = own_change_refusal(own.person.id, read.value) if read.value else None
    if refusal:
        raise Forbidden(refusal)


def _doing(sent: Mapping[str, str]) -> Doing:
    own, wanted = own_roster(Permission.CHANGE_OWN_DUTY), sent.get("act", "")
    return Doing(own, Act(wanted) if wanted in set(Act) else Act.CANNOT)
