"""The page behind the link in an SMS: somebody confirms one shift, without logging in.

Its address is signed for one shift of one person. Opening it changes nothing: programs look at the
links of an SMS, and press no button.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.confirm_shifts import ShownShift, confirm_shift, show_asked_shift
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageError
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.gateways.shift_links import PATH, ShiftLinks
from app.web.page_access import without_login
from app.web.pages.render import page
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_client

OF_NOBODY: Final = "nb"  # the language where nobody knows whose link it was
BY_LINK: Final = "sms-link"
TOKEN: Final = "/<string(maxlength=60):token>"

shift_page = Blueprint("shift_page", __name__, url_prefix=PATH)


@dataclass(frozen=True, slots=True)
class ShiftView:
    """What the page shows: a shift, whose it is, and how it stands."""

    shown: ShownShift
    name: str
    words: RosterWords
    is_over: bool


@shift_page.get(TOKEN)
@without_login
def show(token: str) -> Response:
    """Show the shift as it stands for whoever was asked."""
    shown = _shown(token)
    if shown is None:
        return page("shift/gone.html", "shift_page.gone", status=404, language=OF_NOBODY)
    plan, one = shown.roster.plan, shown.one
    view = ShiftView(
        shown, plan.name_of(one.person), RosterWords(plan, {}), clock.now() >= one.when.to
    )
    return page(
        "shift/shift.html",
        "shift_page.title",
        language=_language(shown),
        time_zone=plan.time_zone,
        view=view,
        path=f"{PATH}/{token}",
    )


@shift_page.post(TOKEN)
@without_login
def confirm(token: str) -> Response:
    """Confirm it; the page then tells how it stands."""
    shown = _shown(token)
    if shown is None:
        return page("shift/gone.html", "shift_page.gone", status=404, language=OF_NOBODY)
    one, name = shown.one, shown.roster.plan.name_of(shown.one.person)
    actor = Actor(ActorKind.PERSON, name, one.person, BY_LINK)
    by = Author(actor, clock.now(), current_client().address)
    whose = PersonLink(one.roster, one.person)
    with suppress(MessageError):  # it is theirs no more, or over: the page says so
        confirm_shift(current_services().database, whose, by, one.id)
    return redirect(f"{PATH}/{token}", 303)


def _shown(token: str) -> ShownShift | None:
    """Return the shift whose link this is; None where it was not made here."""
    services = current_services()
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and int(number) <= LARGEST_NUMBER):
        return None
    shown = show_asked_shift(services.database, int(number), clock.now())
    links = ShiftLinks(services.settings.secret_key, services.settings.public_url)
    return shown if shown and links.is_signed(shown.one, signature) else None


def _language(shown: ShownShift) -> str:
    person = shown.roster.plan.person(shown.one.person)
    return (person.language if person else "") or shown.roster.desks[0].language
