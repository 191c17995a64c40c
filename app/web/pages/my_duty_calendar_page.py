"""`/my-duty/calendar` and `/my-duty/contact.vcf`: one's shifts and our numbers, taken home."""

from typing import Final

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from app.actions.roster.calendars import (
    PATH as ICAL,
)
from app.actions.roster.calendars import (
    WantedCalendar,
    create_calendar,
    list_calendars,
    revoke_calendar,
)
from app.actions.roster.own_duty import OwnRoster
from app.domain.access.permissions import Permission
from app.domain.desks.contact_card import numbers_called_from, write_contact_card
from app.store.roster_calendars import RosterCalendar
from app.web.page_access import needs
from app.web.pages.my_duty_page import PATH, own_roster
from app.web.pages.qr_code import qr_code
from app.web.pages.render import page, say
from app.web.services import current_services
from app.web.session import current_author, current_user

CARD_TYPE: Final = "text/vcard; charset=utf-8"

my_duty_calendar_page = Blueprint("my_duty_calendar_page", __name__, url_prefix=PATH)


@my_duty_calendar_page.get("/calendar")
@needs(Permission.SEE_OWN_DUTY)
def calendar() -> Response:
    """Show whether there is an address of one's own shifts, and when it was fetched last."""
    return _show(own_roster(Permission.SEE_OWN_DUTY))


@my_duty_calendar_page.post("/calendar")
@needs(Permission.SEE_OWN_DUTY)
def make() -> Response:
    """Make an address anew and show it, once: the ones before work no more."""
    own = own_roster(Permission.SEE_OWN_DUTY)
    _take_away(own)
    wanted = WantedCalendar(_desk(own), own.person.id, current_user().language)
    secret = create_calendar(current_services().database, wanted, current_author())
    return _show(own, f"{current_services().settings.public_url}{ICAL}/{secret}.ics")


@my_duty_calendar_page.post("/calendar/remove")
@needs(Permission.SEE_OWN_DUTY)
def remove() -> Response:
    """Take the address away, at once."""
    _take_away(own_roster(Permission.SEE_OWN_DUTY))
    return redirect(f"{PATH}/calendar", 303)


@my_duty_calendar_page.get("/contact.vcf")
@needs(Permission.SEE_OWN_DUTY)
def contact_card() -> Response:
    """Answer a contact card with every number that the desks of one's roster call from."""
    desks = own_roster(Permission.SEE_OWN_DUTY).shown.roster.desks
    name = say("my_duty.contact_name", desks=tuple(desk.name for desk in desks))
    card = Response(write_contact_card(name, numbers_called_from(desks)), content_type=CARD_TYPE)
    card.headers["Content-Disposition"] = "attachment"
    return card


def _show(own: OwnRoster, address: str = "") -> Response:
    webcal = f"webcal://{address.partition('://')[2]}"
    answer = page(
        "my_duty_calendar.html",
        "my_duty.title_calendar",
        time_zone=own.shown.roster.plan.time_zone,
        calendars=_own_calendars(own),
        address=address,
        webcal=webcal,
        qr_code=qr_code(webcal) if address else "",
    )
    if address:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _own_calendars(own: OwnRoster) -> tuple[RosterCalendar, ...]:
    _, found = list_calendars(current_services().database, _desk(own))
    return tuple(each for each in found if each.person == own.person.id)


def _take_away(own: OwnRoster) -> None:
    for each in _own_calendars(own):
        revoke_calendar(current_services().database, _desk(own), each.id, current_author())


def _desk(own: OwnRoster) -> str:
    return own.shown.roster.desks[0].id
