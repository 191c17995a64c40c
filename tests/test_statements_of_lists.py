"""A list asks the database as often for many lines as for one, whatever it shows of each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from app import clock, create_app
from app.actions.access.users import add_user
from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.listen import listen
from app.actions.desks.block_numbers import block_number
from app.actions.desks.outages import OutageRequest, end_known_outage, mark_outage
from app.actions.overview import live_overview
from app.actions.portal.accounts import confirm_account
from app.actions.roster.duty_requests import WantedCover, ask_for_cover
from app.actions.roster.entries import EntryRequest, EntryResult, add_entry
from app.actions.roster.shown_rosters import show_roster
from app.actions.tickets.move_ticket import MoveRequest, SetPriority, move_ticket
from app.cli import main
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, PersonLink
from app.domain.access.web_session import Client
from app.domain.desks.desk import Priority
from app.domain.portal.accounts import NewAccountRequest
from app.domain.roster.duty_slots import slots_between
from app.domain.roster.entries import EntryKind
from app.domain.time.intervals import Interval
from app.settings import WebSettings
from app.store import Database
from app.store.account_requests import add_account_request, keep_secret
from app.store.blocked_numbers import Block
from app.store.call_outs import open_call_outs
from app.store.documents import DESKS, ROSTERS
from app.store.recording_accesses import AccessChannel
from app.store.recordings import save_recording
from app.store.users import NewUser
from app.web.session import COOKIE
from tests.api.v1.api_client import Api, new_token
from tests.cli.a_command import vakt
from tests.support.call_out_steps import a_message_is_left, nobody_answers
from tests.support.counted_statements import counting
from tests.support.logged_in import a_login
from tests.support.sample_desk import (
    DESK,
    another_desk,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import critical_at_night
from tests.tools.fuzz.endpoints import api_doors, other_doors

# Every GET of the API, with an address at which there is something.
API: Final = {
    "/api/v1/call-outs/<sid>": "/call-outs/call-out-1002-1",
    "/api/v1/calls": "/calls",
    "/api/v1/calls/<sid>": "/calls/CA0",
    "/api/v1/desks": "/desks",
    "/api/v1/desks/<desk>/duty": f"/desks/{DESK}/duty",
    "/api/v1/desks/<desk>/roster": f"/desks/{DESK}/roster",
    "/api/v1/desks/<desk>/outages": f"/desks/{DESK}/outages",
    "/api/v1/desks/<desk>/escalation": f"/desks/{DESK}/escalation",
    "/api/v1/desks/<desk>/targets": f"/desks/{DESK}/targets",
    "/api/v1/desks/<desk>/hours": f"/desks/{DESK}/hours",
    "/api/v1/desks/<desk>/roster/entries": f"/desks/{DESK}/roster/entries",
    "/api/v1/desks/<desk>/roster/confirmations": f"/desks/{DESK}/roster/confirmations",
    "/api/v1/desks/<desk>/roster/versions": f"/desks/{DESK}/roster/versions",
    "/api/v1/desks/<desk>/roster/versions/difference": f"/desks/{DESK}/roster/versions/difference",
    "/api/v1/desks/<desk>/roster/requests": f"/desks/{DESK}/roster/requests",
    "/api/v1/overview": "/overview",
    "/api/v1/recordings/<sid>": "/recordings/RE0",
    "/api/v1/tickets": "/tickets",
    "/api/v1/tickets/<int(max=9223372036854775807):number>": "/tickets/1001",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/comments": "/tickets/1001/comments",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/escalation": "/tickets/1001/escalation",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/events": "/tickets/1001/events",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/links": "/tickets/1001/links",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/moves": "/tickets/1001/moves",
    "/api/v1/tickets/<int(max=9223372036854775807):number>/recordings": "/tickets/1002/recordings",
}
# Every command that lists something, and those that tell one thing with all that belongs to it.
COMMANDS: Final = (
    ("block", "list"),
    ("outage", "list"),
    ("calls", "list"),
    ("ticket", "list"),
    ("token", "list"),
    ("user", "list"),
    ("wall", "list"),
    ("roster", "absences", "list", DESK),
    ("roster", "calendar", "list", DESK),
    ("roster", "entry", "list", DESK),
    ("roster", "request", "list", DESK),
    ("roster", "numbers", "list", DESK),
    ("roster", "pin", "list", DESK),
    ("roster", "shift", "list", DESK),
    ("roster", "versions", DESK),
    ("roster", "export", DESK),
    ("recording", "heard", "RE0"),
    ("calls", "show", "CA0"),
    ("calls", "show", "call-out-1002-1"),
    ("ticket", "show", "1001"),
    ("ticket", "escalation", "1001"),
    ("desk", "escalation", DESK),
    ("report", "targets", DESK),
    ("duty", DESK),
    ("roster", "hours", DESK),
)
OF_DESK: Final = "/desks/<string(maxlength=64):desk>"
PORTAL: Final = "/portal/<string(maxlength=64):desk>"
ROSTER: Final = "/rosters/<string(maxlength=64):roster>"
# What comes from memory or from files, and the page of one message behind a signed address.
TICKET: Final = "/tickets/<int(max=9223372036854775807):number>"
NO_LISTS: Final = frozenset(
    {
        "/api/v1/openapi.json",
        "/docs/<string(maxlength=40):name>",
        "/healthz",
        "/ical/<string(maxlength=100):secret>.ics",
        "/listen/<string(maxlength=600):token>",
        "/language/<string(maxlength=2):code>",
        "/login",
        "/login/account/<string(maxlength=100):secret>",
        "/login/code",
        "/login/link/<string(maxlength=100):secret>",
        "/login/mail",
        "/login/openid/<string(maxlength=40):provider>",
        "/login/openid/<string(maxlength=40):provider>/callback",
        "/login/password/<string(maxlength=100):secret>",
        "/n/<string(maxlength=60):token>",
        "/c/<string(maxlength=60):token>",
        "/account/authenticator",
        "/account/openid/<string(maxlength=40):provider>",
        "/account/confirm",
        "/account/passkeys/new",
        "/account/password",
        "/my-duty/call-outs/<string(maxlength=64):about>",
        "/my-duty/change",
        "/rosters/<string(maxlength=64):roster>/people/<string(maxlength=64):person>",
        "/rosters/<string(maxlength=64):roster>/rotations/<string(maxlength=64):rotation>",
        "/my-duty/requests/<int:number>",
        "/portal",  # leads to the only desk
        "/too-large",
        f"{TICKET}/writing",
        f"{TICKET}/files/<int(max=9223372036854775807):attachment>",
        f"{TICKET}/recordings/<string(maxlength=64):sid>",
        f"{OF_DESK}/accounts/<int:number>",
        f"{PORTAL}/account",
        f"{PORTAL}/new/case",
        f"{PORTAL}/suggestions",
        f"{PORTAL}/cases/<int(max=9223372036854775807):number>",
        f"{PORTAL}/cases/<int(max=9223372036854775807):number>/files"
        "/<int(max=9223372036854775807):attachment>",
        f"{PORTAL}/cases/<int(max=9223372036854775807):number>/recordings"
        "/<string(maxlength=64):sid>",
        f"{PORTAL}/people/<int:user_id>",
        f"{OF_DESK}/customers/<string(maxlength=8):number>/people/<int:user_id>",
        "/static/<string(maxlength=80):name>",
        "/users/<int:user_id>",
        "/users/new",
        "/wall/<string(maxlength=100):secret>",
        "/wall/<string(maxlength=100):secret>/desks",
        f"{ROSTER}/drafts/<int:number>",
        f"{ROSTER}/requests/<int:number>",
    }
)
# A day in three months, in a week of the one of two who take turns that 2 March 2027 is in.
SHIFT_DAY: Final = next(
    day
    for weeks in itertools.count(step=2)
    if (day := date(2027, 3, 2) + timedelta(weeks=weeks)) > clock.now().date() + timedelta(days=90)
)
SHIFT: Final = f"since={SHIFT_DAY}T08:00&until={SHIFT_DAY + timedelta(days=1)}T08:00&role=primary"
PAGES: Final = {
    **{
        each: each
        for each in (
            "/", "/about", "/account", "/audit", "/desks", "/metrics", "/my-duty",
            "/my-duty/calendar", "/my-duty/call-outs", "/my-duty/contact.vcf", "/my-duty/notices",
            "/my-duty/numbers", "/my-duty/numbers/now", "/my-duty/pin",
            "/my-duty/take", "/now/desks", "/readyz",
            "/rosters", "/users",
        )
    },
    f"{OF_DESK}/lists/<string(maxlength=20):name>": f"/desks/{DESK}/lists/contacts",
    f"{OF_DESK}/customers/<string(maxlength=8):number>/people": (
        f"/desks/{DESK}/customers/9001/people"
    ),
    f"{PORTAL}/people": f"/portal/{DESK}/people",
    "/tickets/rows": "/tickets/rows?view=open",
    "/tickets": "/tickets?view=open",
    "/tickets/filters": "/tickets/filters",
    "/tickets/bulk": "/tickets/bulk?ticket=1001.1&ticket=1002.1",
    TICKET: "/tickets/1001",
    f"{OF_DESK}/accounts": f"/desks/{DESK}/accounts",
    PORTAL: f"/portal/{DESK}",
    f"{PORTAL}/cases": f"/portal/{DESK}/cases",
    f"{PORTAL}/new": f"/portal/{DESK}/new",
    f"{PORTAL}/questions": f"/portal/{DESK}/questions?q=passord",
    f"{OF_DESK}/outage": f"/desks/{DESK}/outage",
    f"{OF_DESK}/targets": f"/desks/{DESK}/targets",
    f"{OF_DESK}/targets/csv": f"/desks/{DESK}/targets/csv",
    f"{OF_DESK}/targets/xlsx": f"/desks/{DESK}/targets/xlsx",
    f"{OF_DESK}/blocked": f"/desks/{DESK}/blocked",
    f"{OF_DESK}/customers": f"/desks/{DESK}/customers?q=4749009001",
    f"{OF_DESK}/customers/<string(maxlength=8):number>": f"/desks/{DESK}/customers/9001",
    f"{OF_DESK}/customers/export.csv": f"/desks/{DESK}/customers/export.csv",
    f"{OF_DESK}/customers/import": f"/desks/{DESK}/customers/import",
    f"{OF_DESK}/hours": f"/desks/{DESK}/hours",
    f"{OF_DESK}/hours/change": f"/desks/{DESK}/hours/change",
    ROSTER: f"/rosters/{DESK}",
    f"{ROSTER}/change": f"/rosters/{DESK}/change",
    f"{ROSTER}/document": f"/rosters/{DESK}/document",
    f"{ROSTER}/document/edit": f"/rosters/{DESK}/document/edit",
    f"{ROSTER}/plan": f"/rosters/{DESK}/plan",
    f"{ROSTER}/drafts": f"/rosters/{DESK}/drafts",
    f"{ROSTER}/publish": f"/rosters/{DESK}/publish",
    f"{ROSTER}/hours": f"/rosters/{DESK}/hours",
    f"{ROSTER}/hours/csv": f"/rosters/{DESK}/hours/csv",
    f"{ROSTER}/hours/xlsx": f"/rosters/{DESK}/hours/xlsx",
    f"{ROSTER}/versions": f"/rosters/{DESK}/versions",
    f"{ROSTER}/versions/difference": (
        f"/rosters/{DESK}/versions/difference?from=2026-11-18T09:00:00Z"
    ),
    f"{ROSTER}/cover": f"/rosters/{DESK}/cover?person=duty-1&{SHIFT}",
    "/my-duty/cover": f"/my-duty/cover?{SHIFT}",
    "/my-duty/swap": f"/my-duty/swap?{SHIFT}",
}  # fmt: skip

MANY: Final = 4


def test_no_list_asks_once_a_line(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_overview, "GLANCE", timedelta(0))  # or it looks now and then only
    with sample_database(migrated_url) as database:
        fill(database, range(1))
        few = statements_of_lists(migrated_url, database, monkeypatch)
        import_sample_desks(database, *(another_desk(each) for each in range(1, MANY)))
        fill(database, range(1, MANY))
        many = statements_of_lists(migrated_url, database, monkeypatch)
    assert min(few.values()) > 0  # each of them asked the database something
    assert many == few


def test_every_list_is_counted(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url) as database:
        doors = {each.rule.rule for each in api_doors(database) if each.method == "GET"}
        assert doors - NO_LISTS == API.keys()
        app = create_app(WebSettings(secret_key="of the tests", database_url=migrated_sqlite_url))
        pages = {each.rule.rule for each in other_doors(app) if each.method == "GET"}
        app.extensions["vakt"].close()
    assert pages - NO_LISTS == PAGES.keys()
    lists = set(commands_that_list())
    assert {("block", "list"), ("roster", "entry", "list")} <= lists
    counted = {words[: words.index("list") + 1] for words in COMMANDS if "list" in words}
    assert lists == counted


def commands_that_list(group: click.Group = main, *above: str) -> Iterator[tuple[str, ...]]:
    """The commands called `list`, in groups and groups of groups."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands_that_list(command, *above, name)
        elif name == "list":
            yield (*above, name)


def statements_of_lists(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """How many statements each list takes in a process that has read no document before."""
    app = create_app(WebSettings(secret_key="of the tests", database_url=url))
    app.extensions["vakt"].offline_sync.stop()  # nobody else asks the database meanwhile
    api, page = Api(app, database, new_token(database)), administrator(app, database)
    api.get("/desks")  # that a token is used is noted once a minute
    asked: dict[str, Callable[[], object]] = {
        **{f"GET {rule}": partial(api.get, path) for rule, path in API.items()},
        **{f"GET {path}": partial(page.get, path) for path in PAGES.values()},
        **{" ".join(words): partial(vakt, monkeypatch, url, *words) for words in COMMANDS},
    }
    counted = {name: statements(name, ask) for name, ask in asked.items()}
    app.extensions["vakt"].close()
    return counted


def administrator(app: Flask, database: Database) -> FlaskClient:
    """A browser in which somebody is logged in who may see every page."""
    email = f"admin-{clock.now().timestamp()}@council.example"
    skogli = Scope(desk=DESK, customer="9001")
    role = (
        Grant(AccessRole.ADMINISTRATOR),
        Grant(AccessRole.CUSTOMER_ADMINISTRATOR, skogli),
    )
    by = Author(command_line("me"), clock.now())
    user = add_user(database, NewUser(email, "Admin", "nb", PersonLink(DESK, "duty-1")), role, by)
    client = app.test_client()
    client.set_cookie(COOKIE, a_login(database, user))
    client.get("/about")  # that a login is used is noted now and then
    return client


def statements(name: str, ask: Callable[[], object]) -> int:
    for cache in (DESKS, ROSTERS):
        cache._cached.clear()
    with counting() as seen:
        answer = ask()
    assert getattr(answer, "exit_code", 0) == 0, (name, answer)
    assert getattr(answer, "status_code", 200) in (200, 503), (
        name,
        answer,
    )  # /readyz: no worker runs
    return len(seen)


def fill(database: Database, which: range) -> None:
    """For each number a call with a ticket, legs and SMS, one with a message, and the like."""
    for each in which:
        night = later(each * 7200)
        critical = critical_at_night(database, f"CA{each}", caller=f"+474900980{each}", start=night)
        critical.nobody_answers()
        critical.somebody_accepts(2)
        caller, start = f"+474900970{each}", later(3600, night)
        ended = a_message_is_left(database, f"CB{each}", caller=caller, start=start)
        begin_due_call_outs(database, later(60, ended))
        with database.read() as connection:
            ringing = open_call_outs(connection, later(60, ended))
        for call_out in ringing:
            nobody_answers(database, later(120, ended), call_out.call_out.sid)
        recorded = {"sid": f"RE{each}", "call_sid": f"CB{each}", "media": b"RIFFwav", "now": night}
        database.write(partial(save_recording, **recorded))
        outage = OutageRequest(None, {})
        marked = mark_outage(database, DESK, outage, Author(command_line("me"), night))
        if each < len(which):
            end_known_outage(database, DESK, marked, Author(command_line("me"), night))
        block = Block(DESK, f"+474900960{each}", "A robot.", None, "somebody", night)
        block_number(database, block, Author(command_line("me"), night))
        new_token(database, DESK)
        listen(database, "RE0", f"listener {each}", AccessChannel.COMMAND, night)
        change = SetPriority(Priority.CRITICAL if each % 2 else Priority.HIGH)
        move_ticket(database, MoveRequest(1001, change, command_line("me")), night)
        from_, to = (f"2027-01-0{each + day} 08:00" for day in (1, 2))
        absent = {"person": "duty-1", "from": from_, "to": to}
        absence = EntryRequest(DESK, EntryKind.ABSENCE, absent, command_line("me"))
        assert isinstance(add_entry(database, absence, night), EntryResult)
        cover_is_asked(database, each)
        an_account_is_asked_for(database, each)
        reader = NewUser(f"reader-{each}@council.example", f"Reader {each}", "nb")
        member = NewUser(f"member-{each}@skule.example", f"Member {each}", "nb")
        of_skogli = (Grant(AccessRole.CUSTOMER_MEMBER, Scope(desk=DESK, customer="9001")),)
        add_user(database, member, of_skogli, Author(command_line("me"), night))
        add_user(database, reader, (Grant(AccessRole.READER),), Author(command_line("me"), night))


def an_account_is_asked_for(database: Database, which: int) -> None:
    """By somebody who has confirmed their address and waits."""
    new = NewAccountRequest(DESK, f"liv-{which}@skule.example", "Liv", "nb", "9001")

    def ask(connection: Connection) -> None:
        number = add_account_request(connection, new, clock.now())
        keep_secret(connection, number, f"secret-{which}")

    database.write(ask)
    confirm_account(database, f"secret-{which}", Client("192.0.2.7"), clock.now())


def cover_is_asked(database: Database, which: int) -> None:
    """For another of somebody's shifts each time."""
    shown = show_roster(database, DESK)
    assert shown
    ahead = Interval(clock.now(), clock.now() + timedelta(days=80))
    slot = slots_between(shown.roster.plan, "duty-1", ahead)[1 + which]
    wanted = WantedCover(DESK, (slot,), ("duty-2",))
    ask_for_cover(database, wanted, Author(command_line("me"), clock.now()))
