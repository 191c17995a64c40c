"""The night page: whoever of the duty got an SMS about a ticket takes it, passes it on, or waits.

Its address is signed for one ticket and one person, and holds for two hours. Opening it changes
nothing: programs look at the links of an SMS, and press no button.
"""

from typing import Final

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.actions.callouts.night_page import look_at_case, pass_case_on, ring_case_again, take_case
from app.domain.callouts.night_case import NightCase
from app.domain.hunts.night_link import DutySms
from app.domain.message_refs import ref
from app.domain.numbers import mask
from app.domain.tickets.opening import call_out_line
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.gateways.night_links import PATH, NightLinks
from app.store.desks import find_desk
from app.store.duty_sms import find_duty_sms
from app.web.page_access import without_login
from app.web.pages.render import page
from app.web.services import current_services

OF_NOBODY: Final = "nb"  # the language where nobody knows whose link it was
TOKEN: Final = "/<string(maxlength=60):token>"

night_page = Blueprint("night_page", __name__, url_prefix=PATH)


@night_page.get(TOKEN)
@without_login
def show(token: str) -> AnyResponse:
    """Show the ticket as it stands for the reader."""
    sms = _sms(token)
    if sms is None:
        return _forged()
    case = _case(sms)
    if case is None or sms.is_over(clock.now()):
        return _over(sms, case)
    return page(
        "night/case.html",
        ref("night.title", priority=case.priority, ticket=str(case.ticket.number)),
        language=case.language,
        time_zone=case.time_zone,
        case=case,
        masked=mask(case.number),
        path=f"{PATH}/{token}",
    )


@night_page.post(f"{TOKEN}/take")
@without_login
def take(token: str) -> AnyResponse:
    """Give the ticket to the reader; the page then tells who has it."""
    sms = _sms(token)
    if sms is None:
        return _forged()
    if sms.is_over(clock.now()):
        return _over(sms, _case(sms))
    take_case(current_services().database, sms, clock.now())
    return redirect(f"{PATH}/{token}", 303)


@night_page.post(f"{TOKEN}/pass-on")
@without_login
def pass_on(token: str) -> AnyResponse:
    """Ring the next, where the reader's telephone rings; the page then tells who is rung."""
    sms = _sms(token)
    if sms is None:
        return _forged()
    if sms.is_over(clock.now()):
        return _over(sms, _case(sms))
    pass_case_on(current_services().database, sms, clock.now())
    return redirect(f"{PATH}/{token}", 303)


@night_page.post(f"{TOKEN}/ring-again")
@without_login
def ring_again(token: str) -> AnyResponse:
    """Ring the reader again in a while; the page then tells when."""
    sms = _sms(token)
    if sms is None:
        return _forged()
    if sms.is_over(clock.now()):
        return _over(sms, _case(sms))
    ring_case_again(current_services().database, sms, clock.now())
    return redirect(f"{PATH}/{token}", 303)


def _sms(token: str) -> DutySms | None:
    """Return the SMS whose link this is; None where it was not made here."""
    services = current_services()
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and int(number) <= LARGEST_NUMBER):
        return None
    with services.database.read() as connection:
        sms = find_duty_sms(connection, int(number))
    links = NightLinks(services.settings.secret_key, services.settings.public_url)
    return sms if sms and links.is_signed(sms, signature) else None


def _case(sms: DutySms) -> NightCase | None:
    return look_at_case(current_services().database, sms, clock.now())


def _over(sms: DutySms, case: NightCase | None) -> Response:
    """Say that the link is over, and which number to call."""
    desk, number, language = _desk_of(sms)
    return page(
        "night/over.html",
        "night.over",
        status=410,
        language=case.language if case else language,
        desk=desk,
        number=number,
    )


def _desk_of(sms: DutySms) -> tuple[str, str, str]:
    """Return the desk's name, the number to call and its language; empty where it is gone."""
    with current_services().database.read() as connection:
        live = find_desk(connection, sms.desk)
    if live is None:
        return "", "", OF_NOBODY
    return live.desk.name, call_out_line(live.desk), live.desk.language


def _forged() -> Response:
    return page("night/gone.html", "night.gone", status=404, language=OF_NOBODY)
