"""A robot's number is blocked on a page, with whose it is, and answered again by one press."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.store.audit import AuditFilter, list_audit_events
from app.store.blocked_numbers import WITHHELD, Block, list_blocks, put_block
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import CALLER, DESK
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/blocked"
ROBOT = {"number": "49 00 97 77", "why": "Ein robot", "until": ""}


def blocks(app: Flask) -> list[Block]:
    with database_of(app).read() as connection:
        return list(list_blocks(connection, [DESK]))


def test_a_number_is_blocked_and_answered_again(app: Flask, browser: Browser) -> None:
    year = clock.now().year + 1
    done = browser.post(ADDRESS, {**ROBOT, "until": f"24.12.{year} kl 8"})
    assert done.status_code == 303, done.text
    [block] = blocks(app)
    assert (block.digits, block.reason, block.author) == ("+4749009777", "Ein robot", "Kari Vik")
    assert block.until
    assert block.until.isoformat() == f"{year}-12-24T07:00:00+00:00"
    assert "+47 49 00 97 77" in browser.get(done.headers["Location"]).text
    browser.post(f"{ADDRESS}/remove", {"digits": block.digits})
    assert blocks(app) == []
    for kind in (AuditKind.NUMBER_BLOCKED, AuditKind.NUMBER_UNBLOCKED):
        with database_of(app).read() as connection:
            [told] = list_audit_events(connection, AuditFilter(kind=kind))
        assert {**told.event.before, **told.event.after}["number"] == "+4749009777"


def test_whoever_blocks_a_customer_is_told_so(browser: Browser) -> None:
    done = browser.post(ADDRESS, {**ROBOT, "number": CALLER})
    address = done.headers["Location"]
    assert "nummeret tilhører Skogli skule" in browser.get(address).text
    assert CALLER.removeprefix("+47") not in address, "addresses are written into logs"


def test_what_stood_there_before_is_in_the_audit_trail(app: Flask, browser: Browser) -> None:
    browser.post(ADDRESS, ROBOT)
    browser.post(ADDRESS, {**ROBOT, "why": "Stille i røret"})
    with database_of(app).read() as connection:
        told = list_audit_events(connection, AuditFilter(kind=AuditKind.NUMBER_BLOCKED))
    changes = [(each.event.before.get("note"), each.event.after["note"]) for each in told]
    assert sorted(changes, key=str) == [("Ein robot", "Stille i røret"), (None, "Ein robot")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "+47490097771"), ("number", "robot"), ("why", ""), ("until", "engang")],
)
def test_what_is_wrong_stands_at_its_field(
    app: Flask, browser: Browser, field: str, value: str
) -> None:
    told = browser.post(ADDRESS, {**ROBOT, field: value})
    assert told.status_code == 422
    assert f'href="#field-{field}"' in told.text
    assert blocks(app) == []


def test_callers_who_withhold_their_number_are_let_through_again(
    app: Flask, browser: Browser
) -> None:
    until = clock.now() + timedelta(hours=1)
    closed = Block(DESK, WITHHELD, "closed_to_withheld", until, "Vakt 1", clock.now())
    database_of(app).write(partial(put_block, block=closed))
    shown = browser.get(ADDRESS).text
    assert "skjulte numre" in shown
    assert "stengt for skjulte numre" in shown
    browser.post(f"{ADDRESS}/remove", {"digits": ""})
    assert blocks(app) == []


def test_agents_look_and_change_nothing(app: Flask) -> None:
    agent = a_browser(app, a_user(database_of(app), "agent", AccessRole.AGENT))
    assert "Sperr et nummer" not in agent.get(ADDRESS).text
    assert agent.post(ADDRESS, ROBOT).status_code == 403
