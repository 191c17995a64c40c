"""Accounts of the portal: asked for, confirmed by mail, decided by the desk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app import clock
from app.actions.access.users import disable_user
from app.actions.backup.restore import is_still_due
from app.actions.privacy.purge import purge_batch
from app.actions.privacy.user_data import erase_user, export_user
from app.domain.access.audit import AuditKind, Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant
from app.store.account_requests import waiting_requests
from app.store.restored_jobs import delete_logins, list_restored_jobs
from tests.support.logged_in import Browser, a_browser
from tests.support.portal import Portal, a_portal
from tests.support.sample_desk import DESK, another_desk, import_sample_desks
from tests.support.users import OPERATOR, a_user

ASK = f"/portal/{DESK}/account"
SKOGLI = Scope(desk=DESK, customer="9001")
LIV = {
    "name": "Liv Berg",
    "email": "liv@skogli.example",
    "customer": "Skogli skule",
    "language": "nn",
}
OLA = {**LIV, "name": "Ola Lie", "email": "ola@elsewhere.example", "language": "en"}


@pytest.fixture
def portal(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    webhook = 'webhook = "https://sak.fjordhjelp.example/h"\n'
    with a_portal(migrated_sqlite_url, tmp_path, webhook) as portal:
        yield portal


def test_who_has_mail_at_the_customers_domain_is_let_in_by_the_link(portal: Portal) -> None:
    browser = Browser(portal.app)
    assert "Skogli" not in browser.get(ASK).text, "no list of customers for strangers"
    assert "Se i e-posten din" in browser.post(ASK, LIV).text
    assert portal.user(LIV["email"]) is None, "nobody has shown yet that they get the mail"

    path = portal.link()
    for _ in range(2):  # programs look at links
        assert "Stadfest" in browser.get(path, headers={"Accept-Language": "nn"}).text
    joined = browser.post(path)
    assert joined.headers["Location"] == f"/portal/{DESK}"
    assert "Skogli skule" in browser.get(f"/portal/{DESK}").text
    liv = portal.user(LIV["email"])
    assert liv
    assert (liv.language, liv.grants) == ("nn", (Grant(AccessRole.CUSTOMER_MEMBER, SKOGLI),))
    assert Browser(portal.app).post(path).status_code == 404, "it works once"
    for path in ("/", f"/desks/{DESK}/customers", "/users"):
        refused = browser.get(path)
        assert refused.status_code == 403
        assert 'href="/rosters"' not in refused.text, "the staff's pages are not shown"


def test_who_has_other_mail_waits_and_the_desk_lets_them_in(portal: Portal) -> None:
    browser = Browser(portal.app)
    browser.post(ASK, OLA)
    assert "confirmed" in browser.post(portal.link(), headers={"Accept-Language": "en"} | SAME).text
    assert portal.user(OLA["email"]) is None
    [(to, subject, body)] = portal.mails()
    assert to == "desk@fjordhjelp.example"
    assert "spør om en konto" in subject
    assert f"/desks/{DESK}/accounts" in body
    [post] = portal.gateway.posts
    told = json.loads(post.body)
    assert told["type"] == "account.waits"
    assert OLA["email"] not in post.body

    agent = portal.agent
    page = agent.get(f"/desks/{DESK}/accounts").text
    assert "Ola Lie" in page
    assert "Skogli skule" in page
    [asked] = waiting(portal)
    one = f"/desks/{DESK}/accounts/{asked}"
    wrong = agent.post(one, {"act": "accept", "customer": "9999", "role": "customer_member"})
    assert "ingen kunde med det nummeret" in wrong.text
    given = {"act": "accept", "customer": "9002", "role": "customer_approver", "is_leader": "true"}
    assert agent.post(one, given).status_code == 303
    again = agent.post(one, given)
    assert (again.status_code, "alt avgjort" in again.text) == (422, True), "a double click"
    ola, there = portal.user(OLA["email"]), Scope(desk=DESK, customer="9002")
    assert ola
    assert set(ola.grants) == {
        Grant(AccessRole.CUSTOMER_APPROVER, there),
        Grant(AccessRole.CUSTOMER_LEADER, there),
    }
    [(to, subject, body)] = portal.mails()
    assert (to, "is ready" in subject) == (OLA["email"], True)
    assert f"/portal/{DESK}" in body
    assert portal.audited(AuditKind.ACCOUNT_ACCEPTED) == 1


def test_who_is_refused_is_told_why_in_their_language(portal: Portal) -> None:
    Browser(portal.app).post(ASK, OLA)
    Browser(portal.app).post(portal.link())
    portal.mails()
    [asked] = waiting(portal)
    agent, one = portal.agent, f"/desks/{DESK}/accounts/{asked}"
    assert agent.post(one, {"act": "refuse"}).status_code == 422, "never without a reason"
    agent.post(one, {"act": "refuse", "reason": "Ask your own school."})
    [(to, _, body)] = portal.mails()
    assert to == OLA["email"]
    assert "Ask your own school." in body
    assert portal.user(OLA["email"]) is None
    assert portal.audited(AuditKind.ACCOUNT_REFUSED) == 1


def test_the_answer_is_the_same_for_an_address_that_is_known(portal: Portal) -> None:
    a_user(portal.database, "kari", AccessRole.READER)
    answers = set()
    for email in ("kari@kommune.example", "nobody@kommune.example"):
        sent = Browser(portal.app).post(ASK, {**LIV, "email": email})
        answers.add((sent.status_code, re.sub(r"\S+@kommune\S+|value=\S+", "", sent.text)))
    assert len(answers) == 1


def test_one_of_the_staff_who_is_a_customer_too_logs_in_as_they_do(portal: Portal) -> None:
    a_user(portal.database, "kari", AccessRole.READER)
    kari = "kari@kommune.example"
    Browser(portal.app).post(ASK, {**LIV, "email": kari})
    stranger = Browser(portal.app)
    stranger.post(portal.link())
    assert stranger.cookie() is None, "the link is older than one that logs in may be"


def test_who_is_shut_out_is_not_let_in_by_asking_anew(portal: Portal) -> None:
    browser = Browser(portal.app)
    browser.post(ASK, LIV)
    browser.post(portal.link())
    liv = portal.user(LIV["email"])
    assert liv
    disable_user(portal.database, liv.id, Author(OPERATOR, clock.now()))
    Browser(portal.app).post(ASK, LIV)
    asked_again = Browser(portal.app)
    assert "bekreftet" in asked_again.post(portal.link()).text
    [asked] = waiting(portal)
    accept = {"act": "accept", "customer": "9001", "role": "customer_member"}
    refused = portal.agent.post(f"/desks/{DESK}/accounts/{asked}", accept)
    assert "stengt ute" in refused.text


def test_nobody_mails_words_or_links_of_their_own_in_the_desks_name(portal: Portal) -> None:
    for name in ("See https://evil.example", "a@evil.example", "x" * 81):
        assert Browser(portal.app).post(ASK, {**LIV, "name": name}).status_code == 422
    Browser(portal.app).post(ASK, {**LIV, "name": "Send money"})
    [(_, _, body)] = portal.mails()
    assert "Send money" not in body


def test_a_link_from_before_a_restored_backup_lets_nobody_in(portal: Portal) -> None:
    Browser(portal.app).post(ASK, LIV)
    with portal.database.read() as connection:
        [mail] = [job for job in list_restored_jobs(connection) if job.kind == "account_mail"]
    assert not is_still_due(mail, (), clock.now())
    path = portal.link()
    portal.database.write(delete_logins)
    assert Browser(portal.app).post(path).status_code == 404


def test_the_last_request_counts_and_too_many_are_stopped(portal: Portal) -> None:
    browser = Browser(portal.app)
    browser.post(ASK, LIV)
    first = portal.link()
    browser.post(ASK, LIV)
    assert browser.get(first).status_code == 404
    browser.post(ASK, LIV)
    assert "for mange ganger" in browser.post(ASK, LIV).text


def test_nobody_of_another_desk_decides(portal: Portal) -> None:
    Browser(portal.app).post(ASK, OLA)
    Browser(portal.app).post(portal.link())
    [asked] = waiting(portal)
    import_sample_desks(portal.database, another_desk(1))
    there = a_user(portal.database, "other", AccessRole.AGENT, Scope(desk=f"{DESK}-1"))
    other = a_browser(portal.app, there)
    assert other.get(f"/desks/{DESK}/accounts/{asked}").status_code == 403
    assert other.get(f"/desks/{DESK}-1/accounts/{asked}").status_code == 404


def test_what_somebody_asked_is_given_out_erased_and_purged(portal: Portal) -> None:
    browser = Browser(portal.app)
    browser.post(ASK, {**LIV, "message": "I am new."})
    browser.post(portal.link())
    assert export_user(portal.database, LIV["email"])["account_requests"][0]["name"] == "Liv Berg"
    browser.post(ASK, OLA)
    erase_user(portal.database, LIV["email"], Author(OPERATOR, clock.now()))
    gone = partial(purge_batch, portal.database)
    gone(clock.now() + timedelta(days=400))
    for table in ("account_requests",):
        with portal.database.read() as connection:
            assert connection.exec_driver_sql(f"SELECT * FROM {table}").all() == []


SAME = {"Sec-Fetch-Site": "same-origin"}


def waiting(portal: Portal) -> list[int]:
    with portal.database.read() as connection:
        return [each.id for each in waiting_requests(connection, DESK)]
