"""The second step of a change in a roster: what it would change, and saving it.

The same for coordinators and for duty people, who change their own duty only.
"""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.entries import EntryRefused, EntryRequest, EntryResult, add_entry
from app.actions.roster.shown_rosters import EntryChanges, ShownRoster
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.entry_part import read_entry
from app.domain.message_refs import ref
from app.domain.roster.entries import corrects_the_past
from app.domain.roster.entry_difference import concerned, consents_to, difference
from app.domain.texts.typed_echo import moment_echo
from app.web.pages.forms import FilledForm
from app.web.pages.render import page
from app.web.pages.roster_change_form import Absence, Change
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author


@dataclass(frozen=True, slots=True)
class ChangeToCheck:
    """A change, shown with its difference before it is saved; `back` is its page.

    `carried` is sent once more by the buttons. `person` is whoever reads it, where it is their own.
    """

    shown: ShownRoster
    change: Change
    carried: dict[str, str]
    back: str
    person: str = ""


def check_page(asked: ChangeToCheck, theirs: EntryChanges | None = None) -> Response | Diagnostics:
    """Tell what a change does to the roster as it is now; after others' changes, those too.

    Diagnostics where it cannot be made at all.
    """
    plan, desks, now = asked.shown.roster.plan, asked.shown.roster.desks, clock.now()
    read = read_entry(asked.change.kind, asked.change.values, plan)
    if read.value is None:
        return read.diagnostics
    until = asked.shown.roster.published_until
    told, when = difference(plan, read.value, desks, now, until), asked.change.when
    words, people = RosterWords(plan, {}), concerned(told, read.value)
    asked_of = consents_to(told, read.value, agreed_people())
    return page(
        "roster_check.html",
        ref("roster_check.title", desks=tuple(each.name for each in desks)),
        status=409 if theirs else 200,
        time_zone=plan.time_zone,
        dated=read.value,
        is_correction=corrects_the_past(read.value, now),
        consents=[each for each in asked_of if each.person != asked.person],
        told=told,
        theirs=theirs,
        revision=asked.shown.revision,
        words=words,
        since=moment_echo(when.from_, now, plan.time_zone),
        until=moment_echo(when.to, now, plan.time_zone),
        carried=asked.carried,
        back=asked.back,
        names={desk.id: desk.name for desk in desks},
        tell=tuple(words.person(each) for each in people if each != asked.person),
    )


def save_change(
    shown: ShownRoster, change: Change, seen: int | None, person: str = ""
) -> EntryResult | EntryRefused:
    """Save a change, where the roster is still as its author has seen it.

    `person` is its author, where it is their own duty: they agree to what they do themselves.
    """
    by, desk = current_author(), shown.roster.desks[0].id
    wanted = EntryRequest(
        desk,
        change.kind,
        change.values,
        by.actor,
        revision=seen,
        address=by.address,
        agreed=agreed_people() | {person},
    )
    return add_entry(current_services().database, wanted, by.at)


def agreed_people() -> frozenset[str]:
    """Who has been asked and has said yes, as the form says it."""
    return frozenset(request.form.getlist("agreed"))


def seen_revision() -> int | None:
    """The revision that stood in the page from which a change is saved."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def carried(form: FilledForm[Absence], change: Change) -> dict[str, str]:
    """What the second step sends once more: the times as instants, the rest as it was typed."""
    typed = {each.name: each.value for each in form if not each.name.endswith("_answer")}
    times = {"since": change.when.from_.isoformat(), "until": change.when.to.isoformat()}
    return {"kind": str(change.kind), **typed, **times}
