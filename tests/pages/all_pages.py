"""Every page that a browser can open, for the checks that hold for all of them.

A page of a blueprint that is missing here fails test_every_page.py: add its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from playwright.sync_api import BrowserContext
from sqlalchemy import Connection, select

from app import clock
from app.actions.access.login_outcomes import HalfLogin
from app.actions.access.passwords import make_password_link
from app.actions.access.second_factor import begin_login
from app.actions.access.second_factors import begin_authenticator
from app.actions.desks.block_numbers import block_number
from app.actions.desks.outages import OutageRequest, end_known_outage, mark_outage, outage_now
from app.actions.overview.wall_screens import create_wall_screen
from app.actions.portal.accounts import confirm_account
from app.actions.portal.open_case import NewCase, open_case
from app.actions.roster.confirm_shifts import shifts_to_confirm
from app.actions.roster.drafts import WantedCopy, copy_period
from app.actions.roster.duty_requests import list_duty_requests
from app.actions.roster.shown_drafts import drafts_of
from app.actions.tickets.move_ticket import MakeMove, MoveRequest, WriteComment, move_ticket
from app.actions.tickets.open_ticket import Opened
from app.actions.tickets.saved_filters import save
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.access.login_token import TokenPurpose
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink, User
from app.domain.access.web_session import Client, LoginKind
from app.domain.desks.desk import Priority
from app.domain.portal.accounts import NewAccountRequest
from app.domain.portal.case_form import CaseRead
from app.domain.roster.period_copy import Alignment
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.queue_query import QueueQuery, View
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from app.gateways.night_links import NightLinks
from app.gateways.recording_links import RecordingLinks
from app.gateways.shift_links import ShiftLinks
from app.store.account_requests import add_account_request, keep_secret
from app.store.blocked_numbers import Block
from app.store.desks import find_desk
from app.store.duty_sms import find_duty_sms
from app.store.login_tokens import add_login_token
from app.store.outages import Watcher, add_watcher
from app.store.outbox import NewJob, put_jobs
from app.store.people import find_customer
from app.store.saved_filters import list_saved_filters
from app.store.tables import JobKind, JobRow
from app.store.ticket_lists import TicketFilter, list_tickets
from app.store.tickets import ticket_of_call
from app.store.users import find_user_by_email
from app.store.wall_screens import NewWallScreen
from app.web.session import COOKIE, HALF_LOGIN
from tests.api.v1.test_recordings import a_message
from tests.pages.site import SECRET_KEY, Site
from tests.support.a_queue import put_a_queue
from tests.support.asked_shifts import put_shift_to_confirm
from tests.support.changed_roster import put_changes
from tests.support.duty_requests import put_requests
from tests.support.held_clock import MACHINES
from tests.support.own_numbers import put_own_numbers
from tests.support.sample_desk import DESK, SUPPORT, last_evening
from tests.support.second_factors import with_authenticator
from tests.support.stored_call import critical_at_night
from tests.support.users import OPERATOR, a_user, author, with_password

ADMINISTRATOR, READER = "kari@kommune.example", "ola@kommune.example"
ON_DUTY = "grete@kommune.example"
CUSTOMER_LIV = "liv@kommune.example"
COORDINATOR, WITH_SECOND_FACTOR = "anne@kommune.example", "siri@kommune.example"


@dataclass(frozen=True)
class Shown:
    """One page as it is looked at: its name, and its address on a site.

    `address` makes first what the page shows. `rule` is its rule in the url map, "" where it is
    none of the product's. `user` is the address of whoever is logged in.
    """

    name: str
    rule: str
    address: Callable[[Site], str]
    status: int = 200
    user: str = ""


def at(path: str) -> Callable[[Site], str]:
    return lambda _: path


def recording(site: Site) -> str:
    return RecordingLinks(SECRET_KEY, "").link("RE1", "service@fjordhjelp.example")


def login_link(site: Site) -> str:
    """A link from a mail that still works, whoever has opened it."""
    secret, user = f"link-{clock.now().timestamp()}", user_of(site, ADMINISTRATOR)
    link, now = TokenPurpose.LOGIN_LINK, clock.now()
    site.database.write(
        partial(add_login_token, purpose=link, user=user.id, secret=secret, now=now)
    )
    return f"/login/link/{secret}"


def password_link(site: Site) -> str:
    by = Author(OPERATOR, clock.now())
    return f"/login/password/{make_password_link(site.database, user_of(site, READER), by)}"


def an_enrolment(site: Site) -> str:
    user = user_of(site, ADMINISTRATOR)
    begin_authenticator(site.database, user, Author(user.actor, clock.now()))
    return "/account/authenticator"


def a_users_page(site: Site) -> str:
    return f"/users/{user_of(site, READER).id}"


def a_wall_screen(site: Site) -> str:
    screen = NewWallScreen("Hall")
    return f"/wall/{create_wall_screen(site.database, screen, author(clock.now()))}"


def a_night_page(site: Site, ago: timedelta = timedelta(0)) -> str:
    """A link of an SMS about the ticket that there is, sent so long ago."""
    now = clock.now() - ago
    dedup = f"night {now.timestamp()}"

    def put(connection: Connection) -> str:
        ticket = ticket_of_call(connection, "CA1")
        told = NewJob(JobKind.SMS, dedup, {}, desk=DESK, ticket=ticket, person="duty-1")
        put_jobs(connection, [told], now)
        this = connection.execute(select(JobRow.id).where(JobRow.dedup == dedup)).scalar_one()
        sms = find_duty_sms(connection, this)
        assert sms
        return NightLinks(SECRET_KEY, site.address).path(sms)

    return site.database.write(put)


def a_night_page_that_is_over(site: Site) -> str:
    return a_night_page(site, timedelta(hours=3))


def a_shift_to_confirm(site: Site) -> str:
    """The link of an SMS that asks the primary to confirm a shift."""
    [first, *_] = shifts_to_confirm(site.database, PersonLink(DESK, "duty-1"), clock.now())
    return ShiftLinks(SECRET_KEY, site.address).path(first)


def a_blocked_number(site: Site) -> str:
    block = Block(DESK, "+4749009777", "A robot.", None, "Kari Vik", clock.now())
    block_number(site.database, block, Author(OPERATOR, clock.now()))
    return f"/desks/{DESK}/blocked?added=1"


def a_ticket(site: Site) -> str:
    """A ticket on which a question, an answer and a note stand, and that somebody has taken."""
    now = clock.now()
    with site.database.read() as connection:
        number = ticket_of_call(connection, "CA1")
    assert number
    agent = user_of(site, COORDINATOR).actor
    customer = Actor(ActorKind.PERSON, "Ola Nordmann", "ola")
    question = MoveAsked("ask", frozenset({Mover.AGENT}), "Hvilken avdeling gjelder det?")
    answer = Comment("Avdeling 2.\nFeilen kom etter oppdateringen i natt.", Side.CUSTOMER)
    note = Comment("Ser ut som mellomlageret.", Side.DESK, Visibility.INTERNAL)
    for change, by in (
        (MakeMove(question), agent),
        (WriteComment(answer), customer),
        (WriteComment(note), agent),
    ):
        move_ticket(site.database, MoveRequest(number, change, by, key=f"shown {change}"), now)
    return f"/tickets/{number}"


def a_queue(site: Site) -> str:
    """Tickets of each kind, once, and a filter that is saved."""
    user, name = user_of(site, COORDINATOR), "Haster"
    with site.database.read() as connection:
        is_there = bool(list_saved_filters(connection, user.id))
    if not is_there:
        put_a_queue(site.database, user, clock.now())
        save(site.database, user.id, name, QueueQuery(View.OPEN, priority=Priority.CRITICAL))
    return "/tickets?view=open&customer=9001"


def saved_filters(site: Site) -> str:
    a_queue(site)
    return "/tickets/filters"


def tickets_to_change(site: Site) -> str:
    a_queue(site)
    with site.database.read() as connection:
        own = list_tickets(connection, TicketFilter(closed=False, limit=3))
    return "/tickets/bulk?" + "&".join(f"ticket={each.number}.1" for each in own)


def no_outage(site: Site) -> str:
    there = outage_now(site.database, DESK)
    if there:
        end_known_outage(site.database, DESK, there.known.id, Author(OPERATOR, clock.now()))
    return f"/desks/{DESK}/outage"


def a_known_outage(site: Site) -> str:
    page, now = no_outage(site), clock.now()
    asked = OutageRequest(now - timedelta(minutes=40), {"nb": "E-posten er nede i hele kommunen."})
    number = mark_outage(site.database, DESK, asked, Author(OPERATOR, now))
    watcher = Watcher("+4749009001", SUPPORT, "nb")
    site.database.write(partial(add_watcher, outage=number, watcher=watcher, now=now))
    return f"{page}?done=marked"


def a_request(kind: str, path: str) -> Callable[[Site], str]:
    """A request of the backup's, read by whoever it was asked of, or by a coordinator."""

    def address(site: Site) -> str:
        found = list_duty_requests(site.database, DESK)
        return f"{path}/requests/{next(each.id for each in found if each.kind == kind)}"

    return address


def a_draft(site: Site) -> str:
    """The next days with what was changed in them, copied to some weeks ahead."""
    found = drafts_of(site.database, DESK)
    assert found
    first, last, target = (clock.now().date() + timedelta(days=each) for each in (1, 9, 28))
    wanted = WantedCopy(first, last, target, Alignment.WEEKDAY, "Som i dag")
    number = copy_period(site.database, found[0], wanted, Author(OPERATOR, clock.now()))
    return f"/rosters/{DESK}/drafts/{number}"


def a_request_for_an_account(site: Site, secret: str = "") -> int:
    """Somebody who asks; without a secret their address is confirmed, and they wait."""
    message = "Eg er ny på skulen, og leiaren min er rektor."
    asked = NewAccountRequest(DESK, "per@skule.example", "Per Moe", "nn", "Skogli", message)

    def put(connection: Connection) -> int:
        number = add_account_request(connection, asked, clock.now())
        keep_secret(connection, number, secret or f"confirmed-{number}")
        return number

    number = site.database.write(put)
    if not secret:
        client = Client("192.0.2.7", "Firefox")
        confirm_account(site.database, f"confirmed-{number}", client, clock.now())
    return number


def an_account_request(site: Site) -> str:
    a_request_for_an_account(site)
    return f"/desks/{DESK}/accounts"


def an_account_request_of_one(site: Site) -> str:
    return f"/desks/{DESK}/accounts/{a_request_for_an_account(site)}"


def an_account_link(site: Site) -> str:
    secret = f"account-{clock.now().timestamp()}"
    a_request_for_an_account(site, secret)
    return f"/login/account/{secret}"


def a_customers_person(site: Site) -> str:
    return f"{CUSTOMERS}/9001/people/{user_of(site, CUSTOMER_LIV).id}"


def of_liv(site: Site) -> str:
    return f"/portal/{DESK}/people/{user_of(site, CUSTOMER_LIV).id}"


def a_case(site: Site) -> str:
    """A case of a customer to which the desk has answered: it waits for them."""
    liv, now = user_of(site, CUSTOMER_LIV), clock.now()
    with site.database.read() as connection:
        live, skogli = find_desk(connection, DESK), find_customer(connection, DESK, "9001")
    assert live
    assert skogli
    read = CaseRead(
        "Får ikke lagret møteinnkalling",
        "Jeg trykker Lagre, og ingenting skjer.\n\nHva sto det i feilmeldingen? Feil 17",
        Priority.MEDIUM,
        False,
    )
    fault = live.desk.case_types[0]
    new = NewCase(live.desk, skogli, liv, "", fault, read, f"key-{now.timestamp()}")
    opened = open_case(site.database, new, now)
    assert isinstance(opened, Opened)
    siri = Actor(ActorKind.PERSON, "Siri Dal", "99")
    ask = MoveAsked("ask", frozenset({Mover.AGENT}), comment="Hvilken nettleser bruker du?")
    move_ticket(site.database, MoveRequest(opened.number, MakeMove(ask), siri), clock.now())
    return f"/portal/{DESK}/cases/{opened.number}?done=opened"


def a_home(site: Site) -> str:
    a_known_outage(site)
    a_case(site)
    return f"/portal/{DESK}"


def an_invitation(site: Site) -> str:
    liv = user_of(site, CUSTOMER_LIV).actor
    invited = NewAccountRequest(
        DESK, "tor@skule.example", "Tor Dal", "nb", "Skogli skule", customer="9001", invited_by=liv
    )
    site.database.write(partial(add_account_request, new=invited, now=clock.now()))
    return f"/portal/{DESK}/people?done=invited"


def user_of(site: Site, email: str) -> User:
    with site.database.read() as connection:
        found = find_user_by_email(connection, email)
    assert found
    return found


def a_weekday_ahead(weekday: int) -> date:
    """A day of a week that is two months from now, by the clock of the site (held_clock.py)."""
    today = MACHINES().date()
    return today + timedelta(days=63 - today.weekday() + weekday)


PORTAL = "/portal/<string(maxlength=64):desk>"
NEW_CASE = f"/portal/{DESK}/new/case?pick=/fault"
CASE = f"{PORTAL}/cases/<int(max=9223372036854775807):number>"
ACCOUNT_LINK = "/login/account/<string(maxlength=100):secret>"
SHIFT_LINK = "/c/<string(maxlength=60):token>"
NIGHT = "/n/<string(maxlength=60):token>"
WALL = "/wall/<string(maxlength=100):secret>"
ROSTER = "/rosters/<string(maxlength=64):roster>"
PLAN = f"{ROSTER}/plan"
ROSTER_PERSON = f"{ROSTER}/people/<string(maxlength=64):person>"
ROTATION = f"{ROSTER}/rotations/<string(maxlength=64):rotation>"
OF_DESK = "/desks/<string(maxlength=64):desk>"
TICKET = "/tickets/<int(max=9223372036854775807):number>"
CUSTOMERS = f"/desks/{DESK}/customers"
DESK_LIST = f"{OF_DESK}/lists/<string(maxlength=20):name>"
CUSTOMER = f"{OF_DESK}/customers/<string(maxlength=8):number>"
HOURS = f"/desks/{DESK}/hours/change"
VERSIONS, LONG_AGO = f"/rosters/{DESK}/versions", "2026-11-18T09:00:00Z"
DOCUMENT = f"/rosters/{DESK}/document"
OPENID = "/login/openid/<string(maxlength=40):provider>/callback"
MONDAY, TUESDAY, WEDNESDAY = (a_weekday_ahead(each) for each in range(3))
CHANGE = f"/rosters/{DESK}/change?role=primary&from={MONDAY}T08:00&to={TUESDAY}T08:00"
SHIFT = f"since={TUESDAY}T08:00&until={WEDNESDAY}T08:00&role=primary"
GIVE = f"/my-duty/change?act=give&role=primary&since={MONDAY}T08:00&until={TUESDAY}T08:00"
COVER = f"/rosters/{DESK}/cover?{SHIFT}"
CALL_OUT = "/my-duty/call-outs/<string(maxlength=64):about>"
OWN_REQUEST = "/my-duty/requests/<int:number>"
REQUEST = f"{ROSTER}/requests/<int:number>"
LINK = "/login/link/<string(maxlength=100):secret>"
PAGES = (
    Shown("now", "/", at("/"), user=ADMINISTRATOR),
    Shown("wall", WALL, a_wall_screen),
    Shown("wall-gone", WALL, at("/wall/x"), 404),
    Shown("night", NIGHT, a_night_page),
    Shown("night-over", NIGHT, a_night_page_that_is_over, 410),
    Shown("night-gone", NIGHT, at("/n/x"), 404),
    Shown("shift", SHIFT_LINK, a_shift_to_confirm),
    Shown("shift-gone", SHIFT_LINK, at("/c/x"), 404),
    Shown("about", "/about", at("/about")),
    Shown("too-large", "/too-large", at("/too-large"), 413),
    Shown("recording", "/listen/<string(maxlength=600):token>", recording),
    Shown("not-found", "", at("/nothing"), 404),
    Shown("gallery", "", at("/gallery")),
    Shown("recording-gone", "/listen/<string(maxlength=600):token>", at("/listen/x"), 404),
    Shown("login", "/login", at("/login?over=1")),
    Shown("openid-refused", OPENID, at("/login/openid/fjordhjelp/callback"), 400),
    Shown("login-mail", "/login/mail", at("/login/mail")),
    Shown("login-link", LINK, login_link),
    Shown("login-link-over", LINK, at("/login/link/x"), 404),
    Shown("password-link", "/login/password/<string(maxlength=100):secret>", password_link),
    Shown("login-code", "/login/code", at("/login/code"), user=WITH_SECOND_FACTOR),
    Shown("account", "/account", at("/account"), user=ADMINISTRATOR),
    Shown("passkey", "/account/passkeys/new", at("/account/passkeys/new"), user=ADMINISTRATOR),
    Shown("authenticator", "/account/authenticator", an_enrolment, user=ADMINISTRATOR),
    Shown("account-password", "/account/password", at("/account/password"), user=ADMINISTRATOR),
    Shown("confirm", "/account/confirm", at("/account/confirm"), user=ADMINISTRATOR),
    Shown("forbidden", "/users", at("/users"), 403, user=READER),
    Shown("users", "/users", at("/users"), user=ADMINISTRATOR),
    Shown("user-new", "/users/new", at("/users/new"), user=ADMINISTRATOR),
    Shown("user", "/users/<int:user_id>", a_users_page, user=ADMINISTRATOR),
    Shown("rosters", "/rosters", at("/rosters"), user=COORDINATOR),
    Shown("roster-month", ROSTER, at(f"/rosters/{DESK}"), user=COORDINATOR),
    Shown("plan", PLAN, at(f"/rosters/{DESK}/plan"), user=COORDINATOR),
    Shown("plan-person", ROSTER_PERSON, at(f"/rosters/{DESK}/people/duty-1"), user=COORDINATOR),
    Shown("plan-rotation", ROTATION, at(f"/rosters/{DESK}/rotations/primary"), user=COORDINATOR),
    Shown("plan-new-rotation", ROTATION, at(f"/rosters/{DESK}/rotations/new"), user=COORDINATOR),
    Shown("roster-week", ROSTER, at(f"/rosters/{DESK}?view=week"), user=COORDINATOR),
    Shown(
        "roster-takeover", f"{ROSTER}/change", at(f"{CHANGE}&instead_of=duty-1"), user=COORDINATOR
    ),
    Shown("roster-absence", f"{ROSTER}/change", at(f"{CHANGE}&kind=absence"), user=COORDINATOR),
    Shown("roster-document", f"{ROSTER}/document", at(DOCUMENT), user=COORDINATOR),
    Shown(
        "roster-document-edit", f"{ROSTER}/document/edit", at(f"{DOCUMENT}/edit"), user=COORDINATOR
    ),
    Shown("roster-drafts", f"{ROSTER}/drafts", at(f"/rosters/{DESK}/drafts"), user=COORDINATOR),
    Shown("roster-draft", f"{ROSTER}/drafts/<int:number>", a_draft, user=COORDINATOR),
    Shown("roster-publish", f"{ROSTER}/publish", at(f"/rosters/{DESK}/publish"), user=COORDINATOR),
    Shown("roster-hours", f"{ROSTER}/hours", at(f"/rosters/{DESK}/hours"), user=COORDINATOR),
    Shown("roster-versions", f"{ROSTER}/versions", at(VERSIONS), user=COORDINATOR),
    Shown(
        "roster-difference",
        f"{ROSTER}/versions/difference",
        at(f"{VERSIONS}/difference?from={LONG_AGO}"),
        user=COORDINATOR,
    ),
    Shown("my-duty", "/my-duty", at("/my-duty"), user=ON_DUTY),
    Shown("my-duty-nobody", "/my-duty", at("/my-duty"), user=COORDINATOR),
    Shown("my-duty-take", "/my-duty/take", at("/my-duty/take"), user=ON_DUTY),
    Shown("my-duty-calendar", "/my-duty/calendar", at("/my-duty/calendar"), user=ON_DUTY),
    Shown("my-duty-call-outs", "/my-duty/call-outs", at("/my-duty/call-outs"), user=ON_DUTY),
    Shown("my-duty-call-out", CALL_OUT, at("/my-duty/call-outs/CA7"), user=ON_DUTY),
    Shown("my-duty-notices", "/my-duty/notices", at("/my-duty/notices"), user=ON_DUTY),
    Shown("my-duty-pin", "/my-duty/pin", at("/my-duty/pin"), user=ON_DUTY),
    Shown("my-duty-numbers", "/my-duty/numbers", at("/my-duty/numbers"), user=ON_DUTY),
    Shown("my-duty-give", "/my-duty/change", at(GIVE), user=ON_DUTY),
    Shown("my-duty-cover", "/my-duty/cover", at(f"/my-duty/cover?{SHIFT}"), user=ON_DUTY),
    Shown("my-duty-swap", "/my-duty/swap", at(f"/my-duty/swap?{SHIFT}"), user=ON_DUTY),
    Shown("my-duty-no-shift", "/my-duty/swap", at("/my-duty/swap"), 404, user=ON_DUTY),
    Shown("request-cover", OWN_REQUEST, a_request("cover", "/my-duty"), user=ON_DUTY),
    Shown("request-swap", OWN_REQUEST, a_request("swap", "/my-duty"), user=ON_DUTY),
    Shown("roster-cover", f"{ROSTER}/cover", at(f"{COVER}&person=duty-1"), user=COORDINATOR),
    Shown("roster-request", REQUEST, a_request("cover", f"/rosters/{DESK}"), user=COORDINATOR),
    Shown("desks", "/desks", at("/desks"), user=READER),
    Shown("desk-hours", f"{OF_DESK}/hours", at(f"/desks/{DESK}/hours"), user=COORDINATOR),
    Shown("desk-hours-closed", f"{OF_DESK}/hours/change", at(HOURS), user=COORDINATOR),
    Shown(
        "desk-hours-early", f"{OF_DESK}/hours/change", at(f"{HOURS}?kind=early"), user=COORDINATOR
    ),
    Shown("first-line", DESK_LIST, at(f"/desks/{DESK}/lists/first-line"), user=COORDINATOR),
    Shown("contacts", DESK_LIST, at(f"/desks/{DESK}/lists/contacts"), user=COORDINATOR),
    Shown("queue", "/tickets", a_queue, user=COORDINATOR),
    Shown("queue-filters", "/tickets/filters", saved_filters, user=COORDINATOR),
    Shown("queue-bulk", "/tickets/bulk", tickets_to_change, user=COORDINATOR),
    Shown("ticket", TICKET, a_ticket, user=COORDINATOR),
    Shown("outage-none", f"{OF_DESK}/outage", no_outage, user=COORDINATOR),
    Shown("outage", f"{OF_DESK}/outage", a_known_outage, user=COORDINATOR),
    Shown("targets", f"{OF_DESK}/targets", at(f"/desks/{DESK}/targets"), user=COORDINATOR),
    Shown("blocked", f"{OF_DESK}/blocked", a_blocked_number, user=COORDINATOR),
    Shown("customers", f"{OF_DESK}/customers", at(CUSTOMERS), user=COORDINATOR),
    Shown("customers-none", f"{OF_DESK}/customers", at(f"{CUSTOMERS}?q=nobody"), user=COORDINATOR),
    Shown("customer", CUSTOMER, at(f"{CUSTOMERS}/9001"), user=COORDINATOR),
    Shown(
        "customers-import",
        f"{OF_DESK}/customers/import",
        at(f"{CUSTOMERS}/import"),
        user=COORDINATOR,
    ),
    Shown("accounts", f"{OF_DESK}/accounts", an_account_request, user=COORDINATOR),
    Shown(
        "account-request",
        f"{OF_DESK}/accounts/<int:number>",
        an_account_request_of_one,
        user=COORDINATOR,
    ),
    Shown(
        "customer-people", f"{CUSTOMER}/people", at(f"{CUSTOMERS}/9001/people"), user=COORDINATOR
    ),
    Shown(
        "customer-person", f"{CUSTOMER}/people/<int:user_id>", a_customers_person, user=COORDINATOR
    ),
    Shown("portal-people", f"{PORTAL}/people", an_invitation, user=CUSTOMER_LIV),
    Shown("portal-person", f"{PORTAL}/people/<int:user_id>", of_liv, user=CUSTOMER_LIV),
    Shown("portal-account", f"{PORTAL}/account", at(f"/portal/{DESK}/account")),
    Shown("portal-confirm", ACCOUNT_LINK, an_account_link),
    Shown("portal-confirm-over", ACCOUNT_LINK, at("/login/account/x"), 404),
    Shown("portal-home", PORTAL, a_home, user=CUSTOMER_LIV),
    Shown("portal-cases", f"{PORTAL}/cases", at(f"/portal/{DESK}/cases"), user=CUSTOMER_LIV),
    Shown(
        "portal-questions",
        f"{PORTAL}/questions",
        at(f"/portal/{DESK}/questions"),
        user=CUSTOMER_LIV,
    ),
    Shown("portal-new", f"{PORTAL}/new", at(f"/portal/{DESK}/new"), user=CUSTOMER_LIV),
    Shown("portal-new-case", f"{PORTAL}/new/case", at(NEW_CASE), user=CUSTOMER_LIV),
    Shown("portal-case", CASE, a_case, user=CUSTOMER_LIV),
    Shown("audit", "/audit", at("/audit"), user=ADMINISTRATOR),
)
# What a browser opens and what is no page of ours: it leads on, or is a file.
NO_PAGES = {
    f"{TICKET}/writing",
    "/tickets/rows",
    f"{TICKET}/recordings/<string(maxlength=64):sid>",
    f"{TICKET}/files/<int(max=9223372036854775807):attachment>",
    f"{CASE}/recordings/<string(maxlength=64):sid>",
    f"{CASE}/files/<int(max=9223372036854775807):attachment>",
    f"{PORTAL}/suggestions",
    "/portal",
    "/login/openid/<string(maxlength=40):provider>",
    "/account/openid/<string(maxlength=40):provider>",  # leads there
    "/now/desks",
    f"{OF_DESK}/customers/export.csv",
    f"{OF_DESK}/targets/csv",
    f"{OF_DESK}/targets/xlsx",
    f"{ROSTER}/hours/csv",
    f"{ROSTER}/hours/xlsx",
    "/wall/<string(maxlength=100):secret>/desks",
    "/docs/<string(maxlength=40):name>",
    "/ical/<string(maxlength=100):secret>.ics",
    "/my-duty/contact.vcf",
    "/my-duty/numbers/now",
    "/language/<string(maxlength=2):code>",
    "/static/<string(maxlength=80):name>",
}


def a_call_that_was_taken(site: Site) -> None:
    """The primary has talked with a caller on duty, some hours ago."""
    call = critical_at_night(site.database, "CA7", start=last_evening(clock.now()))
    call.somebody_accepts(1)
    call.steps = 25 * 60
    call.talk_ends()


def prepare(site: Site) -> None:
    """Puts in what the pages show, once for all of them."""
    a_message(site.database)
    with_password(site.database, a_user(site.database, "kari", AccessRole.ADMINISTRATOR))
    a_user(site.database, "ola", AccessRole.READER)
    skogli = Scope(desk=DESK, customer="9001")
    a_user(site.database, "liv", AccessRole.CUSTOMER_ADMINISTRATOR, skogli)
    with_authenticator(site.database, a_user(site.database, "siri"), clock.now())
    a_user(site.database, "anne", AccessRole.COORDINATOR)
    person = PersonLink(DESK, "duty-1")
    a_user(site.database, "grete", AccessRole.DUTY_PERSON, Scope(roster=DESK), person)
    put_changes(site.database)
    put_requests(site.database)
    put_own_numbers(site.database, person)
    put_shift_to_confirm(site.database, person)
    a_call_that_was_taken(site)


def log_in(site: Site, context: BrowserContext, user: str) -> None:
    """Lets somebody be logged in in a browser, without typing a password."""
    for name, secret in login_of(site, user).items():
        context.add_cookies([{"name": name, "value": secret, "url": site.address}])


def login_of(site: Site, user: str) -> dict[str, str]:
    """The cookie of a login; of half a login for whoever has a second factor."""
    of, client, link = user_of(site, user), Client("192.0.2.7"), LoginKind.LINK
    begin = partial(begin_login, user=of, kind=link, client=client, now=clock.now())
    found = site.database.write(begin)
    return {HALF_LOGIN if isinstance(found, HalfLogin) else COOKIE: found.secret}
