"""Customers on pages: looked for, changed one by one, and read from files with a preview first."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse
from xlsxwriter import Workbook

from app.actions.desks.import_desks import import_desks
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.desks.customer import Customer
from app.store.audit import AuditFilter, list_audit_events
from app.store.people import load_customers
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import CUSTOMERS_CSV, DESK, edit, folder
from tests.support.users import a_user

ADDRESS = f"/desks/{DESK}/customers"
SCHOOL = f"{ADDRESS}/9001"
HEAD = "number,name,agreement,phones,shared_phones,class\n"
KEPT = "9002,Teknisk eining,standard,+4749009002,+4720009001,\n"


def customers(app: Flask) -> dict[str, Customer]:
    with database_of(app).read() as connection:
        return load_customers(connection, DESK)


def typed(browser: Browser, **changed: str) -> dict[str, str]:
    """The form of the school as its page shows it, with something changed."""
    shown = browser.get(SCHOOL).text
    [seen] = re.findall(r'name="seen" value="([^"]*)"', shown)
    usual = {"name": "Skogli skule", "agreement": "standard", "phones": "+47 49 00 90 01"}
    return {"seen": seen, **usual, "shared_phones": "20 00 90 01", **changed}


def preview(browser: Browser, content: str | bytes, name: str = "customers.csv") -> TestResponse:
    sent = content if isinstance(content, bytes) else content.encode()
    return browser.post(f"{ADDRESS}/import", {"step": "check", "file": (BytesIO(sent), name)})


def hidden(answer: TestResponse) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', answer.text)
    return dict(fields)


def save(browser: Browser, seen: TestResponse, **more: str) -> TestResponse:
    return browser.post(f"{ADDRESS}/import", {**hidden(seen), "step": "save", **more})


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("sought", ["SKOGLI", "900", "49009001", "+47 49 00 90 01"])
def test_a_customer_is_found_by_name_number_and_telephone(browser: Browser, sought: str) -> None:
    assert "Skogli skule" in browser.get(ADDRESS, query_string={"q": sought}).text


def test_what_is_not_found_says_how_to_look(browser: Browser) -> None:
    assert "Ingen kunder passer" in browser.get(f"{ADDRESS}?q=ukjend").text
    assert "0 av 2 kunder" in browser.get(f"{ADDRESS}?q=ukjend").text
    assert "2 av 2 kunder" in browser.get(f"{ADDRESS}?agreement=standard&page=9999999").text


def test_a_changed_customer_is_known_from_the_next_call_on(app: Flask, browser: Browser) -> None:
    saved = browser.post(SCHOOL, typed(browser, phones="49009001\n+47 490 09 003"))
    assert saved.status_code == 303, saved.text
    assert customers(app)["9001"].phones == ("+4749009001", "+4749009003")
    assert "endret på siden" in browser.get(ADDRESS).text
    assert "Dette sto i den siste filen" in browser.get(saved.headers["Location"]).text
    with database_of(app).read() as connection:
        [told] = list_audit_events(connection, AuditFilter(kind=AuditKind.CUSTOMER_CHANGED))
    assert told.event.after == {"customer": "9001", "phones": ["+4749009001", "+4749009003"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("phones", "123"), ("shared_phones", "113"), ("name", "x" * 61), ("agreement", "gull")],
)
def test_what_is_wrong_stands_at_its_field(
    app: Flask, browser: Browser, field: str, value: str
) -> None:
    told = browser.post(SCHOOL, typed(browser, **{field: value}))
    assert told.status_code == 422
    assert f'href="#field-{field}"' in told.text
    assert value in told.text or field == "agreement"
    assert customers(app)["9001"].phones == ("+4749009001",)


def test_whoever_saves_a_customer_second_sees_theirs_and_the_others(
    app: Flask, browser: Browser
) -> None:
    mine = typed(browser, name="Skogli barneskule")
    colleague = a_browser(app, a_user(database_of(app), "ola"))
    colleague.post(SCHOOL, typed(colleague, phones="49009003"))
    second = browser.post(SCHOOL, mine)
    assert second.status_code == 409
    assert "+47 49 00 90 03" in second.text, "what the colleague has made of it"
    assert 'value="Skogli barneskule"' in second.text
    assert customers(app)["9001"].name == "Skogli skule"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_told_before_it_is_saved(app: Flask, browser: Browser, kind: str) -> None:
    rows = (
        ("number", "name", "agreement", "phones"),
        (9001, "Skogli skule", "standard", 4749009005),
        (9002, "Teknisk eining", "standard", 4749009002),
        (9003, "Havna", "standard", ""),
    )
    text = "\n".join(";".join(str(cell) for cell in row) for row in rows)
    seen = preview(browser, workbook(*rows) if kind == "xlsx" else text)
    assert seen.status_code == 200, seen.text
    assert "1 legges til, 2 endres, 0 fjernes, 0 er som før" in seen.text
    assert "+47 49 00 90 05" in seen.text
    assert len(customers(app)) == 2, "nothing is saved before the press"
    saved = save(browser, seen)
    assert saved.status_code == 303, saved.text
    assert customers(app)["9001"].phones == ("+4749009005",)
    assert customers(app)["9003"].name == "Havna"
    assert "1 lagt til, 2 endret, 0 fjernet" in browser.get(saved.headers["Location"]).text


def test_faults_are_told_with_their_lines_and_nothing_can_be_saved(browser: Browser) -> None:
    told = preview(browser, HEAD + KEPT + "9x,Skogli,gull,123,,\n")
    assert told.status_code == 422
    assert told.text.count("Linje 3:") == 3
    assert 'value="save"' not in told.text
    sheet = workbook(("number", "name", "agreement"), (), (9001, "", "standard"))
    assert "Linje 3:" in preview(browser, sheet, "kunder.xlsx").text, "the row of the sheet"


def test_whoever_would_remove_many_is_asked(app: Flask, browser: Browser) -> None:
    seen = preview(browser, HEAD + KEPT)
    assert "Ja, fjern 1 kunde" in seen.text
    assert save(browser, seen).status_code == 422
    assert len(customers(app)) == 2
    assert save(browser, seen, may_remove="true").status_code == 303
    assert [*customers(app)] == ["9002"]


def test_whoever_imports_second_sees_what_their_file_does_now(app: Flask, browser: Browser) -> None:
    seen = preview(browser, CUSTOMERS_CSV.replace("Skogli skule", "Skogli barneskule"))
    colleague = a_browser(app, a_user(database_of(app), "ola"))
    colleague.post(SCHOOL, typed(colleague, phones="49009003"))
    second = save(browser, seen)
    assert second.status_code == 409
    assert "beholder det som er endret på siden" in second.text
    assert customers(app)["9001"].name == "Skogli skule"
    assert save(browser, second).status_code == 303
    school = customers(app)["9001"]
    assert (school.name, school.phones) == ("Skogli barneskule", ("+4749009003",))


def test_the_nightly_file_of_the_register_leaves_what_was_mended(
    app: Flask, browser: Browser
) -> None:
    browser.post(SCHOOL, typed(browser, phones="49009003"))
    for _ in range(2):
        done = import_desks(database_of(app), [folder()], edit())
        assert done.desks[0].customers.counted.kept == 1
    assert customers(app)["9001"].phones == ("+4749009003",)
    exported = browser.get(f"{ADDRESS}/export.csv").text
    assert "9001,Skogli skule,standard,'+4749009003" in exported or "+4749009003" in exported


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no workbook", b"\xff\x00\xfe", b"PK\x03\x04" + b"0" * 500]
)
def test_a_file_that_is_none_is_refused_in_words(browser: Browser, content: bytes) -> None:
    told = preview(browser, content)
    assert told.status_code == 422
    assert "field-file-error" in told.text


def test_what_a_page_has_not_carried_is_not_saved(app: Flask, browser: Browser) -> None:
    forged = {"step": "save", "kept": HEAD, "seen": "", "may_remove": "true"}
    assert browser.post(f"{ADDRESS}/import", forged).status_code == 422
    assert len(customers(app)) == 2


def test_agents_read_and_change_nothing_and_readers_see_none(app: Flask) -> None:
    agent = a_browser(app, a_user(database_of(app), "agent", AccessRole.AGENT))
    shown = agent.get(SCHOOL)
    assert "+47 49 00 90 01" in shown.text
    assert "<textarea" not in shown.text
    assert agent.post(SCHOOL, {}).status_code == 403
    planner = a_user(database_of(app), "per", AccessRole.COORDINATOR, Scope(roster=DESK))
    assert a_browser(app, planner).get(ADDRESS).status_code == 403, "customers are the desk's"
