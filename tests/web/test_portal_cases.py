"""Cases in the portal: reported in two steps, followed, answered; nobody sees another's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app import clock
from app.actions.desks.import_desks import import_desks
from app.actions.desks.outages import OutageRequest, end_known_outage, mark_outage
from app.actions.portal.people import Manager, remove_person
from app.actions.privacy.user_data import erase_user, export_user
from app.actions.tickets.move_ticket import MakeMove, MoveRequest, WriteComment, move_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.access.limits import LIMITS, Limited
from app.domain.access.permissions import AccessRole
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from app.store.comments import comments_on
from app.store.rate_limits import key_of, take_try
from app.store.ticket_lists import find_ticket
from tests.support.logged_in import HTTPS, Browser, a_browser
from tests.support.portal import SKOGLI, TEKNISK, WITH_DOMAIN, WITH_INBOX, Portal, a_portal
from tests.support.sample_desk import DESK, edit, folder
from tests.support.users import OPERATOR, a_user

HOME = f"/portal/{DESK}"
FAULT = f"{HOME}/new/case?pick=/fault"
AGENT = Actor(ActorKind.PERSON, "Siri Dal", "99")
STORY = {"subject": "Får ikke lagret", "description": "Feil 17 når jeg trykker Lagre.", "key": "k1"}
EXTRA = """
[groups.elev]
name = "Elevgruppa"

[[projects]]
id = "elev"
name = "Elevsystem"
group = "elev"

[[case_types]]
id = "feil"
kind = "fault"

[[case_types.fields]]
id = "hvem"
kind = "choice"
label = "Hvem rammer det?"
required = true

[[case_types.fields.choices]]
id = "meg"
name = "Bare meg"

[[case_types.fields.choices]]
id = "alle"
name = "Alle"
priority = "high"

[[case_types.fields]]
id = "dag"
kind = "date"
label = "Hvilken dag?"

[[case_types.fields]]
id = "side"
kind = "page_link"
label = "Side"

[groups.skade]
name = "Skadegruppa"

[[case_types]]
id = "skade"
kind = "fault"
group = "skade"

[[case_types.fields]]
id = "bilde"
kind = "file"
label = "Bilde av skaden"
required = true

[[case_types]]
id = "brukere"
kind = "user_administration"

[[case_types]]
id = "ide"
kind = "idea"
send_to = ["ideer@fjordhjelp.example"]

[[questions]]
question = { nb = "Hvordan lagrer jeg?", nn = "Korleis lagrar eg?", en = "How do I save?" }
answer = { nb = "Trykk Lagre.", nn = "Trykk Lagre.", en = "Press Save." }
"""


@pytest.fixture
def portal(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    with a_portal(migrated_sqlite_url, tmp_path) as portal:
        yield portal


@pytest.fixture
def with_types(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    with a_portal(migrated_sqlite_url, tmp_path, EXTRA) as portal:
        yield portal


def number_of(sent: TestResponse) -> int:
    found = re.search(r"/cases/([0-9]+)", sent.headers["Location"])
    assert found
    return int(found[1])


def moved(portal: Portal, number: int, move: str, words: str = "") -> None:
    asked = MoveAsked(move, frozenset({Mover.AGENT}), comment=words)
    done = move_ticket(portal.database, MoveRequest(number, MakeMove(asked), AGENT), clock.now())
    assert isinstance(done, Outcome)


def test_a_case_is_reported_in_two_steps_and_once(portal: Portal) -> None:
    liv = portal.customer("liv")
    assert "Du har ingen saker" in liv.get(HOME).text
    assert "Noe virker ikke" in liv.get(f"{HOME}/new").text
    form = liv.get(FAULT).text
    assert "Skriv aldri et passord" in form
    unseen = liv.post(FAULT, {**STORY, "description": "Feil\0 17"})
    assert (unseen.status_code, "usynlig tegn" in unseen.text) == (422, True)
    missing = liv.post(FAULT, {"subject": "Får ikke lagret", "key": "k1"})
    assert missing.status_code == 422
    assert 'value="Får ikke lagret"' in missing.text, "what was typed is still there"

    sent = liv.post(FAULT, STORY)
    number = number_of(sent)
    assert number_of(liv.post(FAULT, STORY)) == number, "a double click"
    other = liv.post(FAULT, {**STORY, "description": "Nå er alt borte."})
    assert (other.status_code, f"som sak {number}" in other.text) == (409, True)
    assert "Nå er alt borte." in other.text, "went back and wrote something else: nothing is lost"
    assert 'name="key" value="k1"' not in other.text
    shown = liv.get(sent.headers["Location"]).text
    assert f"Den har nummer {number}" in shown
    assert "Feil 17 når jeg trykker Lagre." in shown
    assert "Ikke avtalt: Standard sier ingenting om det." in shown
    assert "Får ikke lagret" in liv.get(HOME).text
    with portal.database.read() as connection:
        ticket = find_ticket(connection, number)
    assert ticket
    assert (ticket.source, ticket.customer, ticket.contact.name) == ("portal", "9001", "Liv Vik")
    assert "Får ikke lagret" in str(portal.mails()), "the desk's inbox learns of it"


def test_the_fields_of_the_type_are_read_and_make_the_case_urgent(with_types: Portal) -> None:
    liv = with_types.customer("liv")
    address = f"{HOME}/new/case?pick=elev/feil"
    assert "Hvem rammer det?" in liv.get(address).text
    wrong = {**STORY, "f-dag": "i dagene", "f-side": "ikke en side"}
    refused = liv.post(address, wrong).text
    for said in ("Fyll ut «Hvem rammer det?»", "Skriv en dag i", "Lim inn adressen"):
        assert said in refused
    right = {**STORY, "f-hvem": "alle", "f-dag": "27.11.2026", "f-side": "kommune.example/x"}
    number = number_of(liv.post(address, right))
    with with_types.database.read() as connection:
        ticket = find_ticket(connection, number)
        [first] = comments_on(connection, number)
    assert ticket
    assert ticket.priority == "high"
    assert ticket.work.group == "elev", "the project's group gets it"
    assert "Hvem rammer det? Alle" in first.comment.body
    assert "Hvilken dag? 27.11.2026" in first.comment.body
    assert "Trykk Lagre." in liv.get(f"{HOME}/suggestions?subject=Lagrer ikke").text
    assert "Trykk Lagre." in liv.get(f"{HOME}/questions?q=lagre").text
    assert "Trykk Lagre." not in liv.get(f"{HOME}/questions?q=skriver").text


def test_a_file_that_a_type_asks_for_is_asked_for(with_types: Portal) -> None:
    liv = with_types.customer("liv")
    address = f"{HOME}/new/case?pick=elev/skade"
    assert "Bilde av skaden" in liv.get(address).text
    missing = liv.post(address, STORY)
    assert (missing.status_code, "Fyll ut «Bilde av skaden»" in missing.text) == (422, True)
    log = (io.BytesIO(b"2026-11-30 error 17\n"), "feil.log")
    number = number_of(liv.post(address, {**STORY, "files": log}))
    with with_types.database.read() as connection:
        ticket = find_ticket(connection, number)
    assert ticket
    assert ticket.work.group == "skade", "the type's group, before the project's"


def test_only_leaders_report_users_and_an_idea_is_sent_on(with_types: Portal) -> None:
    liv = with_types.customer("liv")
    leader = with_types.customer("rektor", AccessRole.CUSTOMER_LEADER)
    users = f"{HOME}/new/case?pick=elev/brukere"
    assert "meldes av lederen din" in liv.get(f"{HOME}/new").text
    assert liv.get(users).status_code == 303
    assert liv.post(users, STORY).headers["Location"] == f"{HOME}/new"
    assert leader.get(users).status_code == 200
    idea = f"{HOME}/new/case?pick=elev/ide"
    for _ in range(2):  # a double click
        thanks = liv.post(idea, STORY)
        assert "idé nummer 1 fra Skogli skule" in thanks.text
    [(to, subject, _)] = with_types.mails()
    assert (to, "Får ikke lagret" in subject) == ("ideer@fjordhjelp.example", True)
    assert "Du har ingen saker" in liv.get(HOME).text


def test_a_password_is_taken_out_and_told(portal: Portal) -> None:
    liv = portal.customer("liv")
    typed = {**STORY, "description": "Brukar liv, passord: Hemmelig12"}
    sent = liv.post(FAULT, typed)
    shown = liv.get(sent.headers["Location"]).text
    assert "Bytt passordet likevel" in shown
    number = number_of(sent)
    words = {"comment": "mitt passord er Hemmelig12", "key": "c1"}
    written = liv.post(f"{HOME}/cases/{number}/comments", words)
    assert "masked=1" in written.headers["Location"]
    dump = "\n".join(portal.database.engine.raw_connection().iterdump())  # type: ignore[attr-defined]
    assert "Hemmelig12" not in dump


def test_the_conversation_and_the_customers_moves(portal: Portal) -> None:
    liv = portal.customer("liv")
    number = number_of(liv.post(FAULT, STORY))
    case = f"{HOME}/cases/{number}"
    moved(portal, number, "ask", "Hvilken nettleser bruker du?")
    secret = WriteComment(Comment("Hun klikker feil.", Side.DESK, Visibility.INTERNAL))
    move_ticket(portal.database, MoveRequest(number, secret, AGENT), clock.now())
    shown = liv.get(case).text
    assert "Hvilken nettleser bruker du?" in shown
    assert "klikker feil" not in shown, "what is internal stays so"
    assert "Siri Dal" in shown
    assert "Venter på deg" in liv.get(HOME).text
    answer = {"comment": "Firefox.", "key": "a1"}
    for _ in range(2):
        assert liv.post(f"{case}/comments", answer).status_code == 303
    assert liv.get(case).text.count("Firefox.") == 1
    assert liv.post(f"{case}/comments", {**answer, "comment": "Eller Edge."}).status_code == 303
    assert "Eller Edge." in liv.get(case).text, "the form of before, with other words"
    assert "Venter på deg" not in liv.get(HOME).text
    moved(portal, number, "solve", "Nå virker det.")
    version = re.search(r'name="version" value="([0-9]+)"', liv.get(case).text)
    assert version
    stale = {"move": "confirm", "version": str(int(version[1]) - 1), "comment": "Takk for hjelpen"}
    refused = liv.post(f"{case}/moves", stale)
    assert refused.status_code == 409
    assert "Takk for hjelpen" in refused.text, "nothing that was written is lost"
    assert liv.post(f"{case}/moves", {"move": "reopen"}).status_code == 422, "only with words"
    assert liv.post(f"{case}/moves", {"move": "close"}).status_code == 409, "not theirs"
    assert liv.post(f"{case}/moves", {"move": "confirm"}).status_code == 303
    assert "Saken er lukket" in liv.get(case).text
    assert liv.post(f"{case}/comments", {"comment": "Enda en ting"}).status_code == 409


def test_a_case_is_followed_and_made_anew(portal: Portal) -> None:
    liv, per = portal.customer("liv"), portal.customer("per")
    number = number_of(liv.post(FAULT, STORY))
    case = f"{HOME}/cases/{number}"
    assert "Liv Vik" in per.get(case).text, "whoever opens a case follows it"
    assert per.post(f"{case}/watch", {"watch": "on"}).status_code == 303
    assert "Per Vik" in liv.get(case).text
    portal.mails()
    moved(portal, number, "ask", "Hvilken nettleser?")
    soon = portal.mails_at(clock.now() + timedelta(minutes=3))
    told = {to for to, _, body in soon if f"/portal/{DESK}/cases/{number}" in body}
    assert told == {"liv@kommune.example", "per@kommune.example"}
    per.post(f"{case}/watch", {"watch": "off"})
    assert "Per Vik" not in liv.get(case).text
    copy = per.get(f"{FAULT}&clone={number}").text
    assert "Får ikke lagret" in copy
    assert f"({number}: Får ikke lagret)" in copy


def test_who_is_removed_is_told_nothing_more(portal: Portal) -> None:
    liv = a_user(portal.database, "liv", AccessRole.CUSTOMER_MEMBER, SKOGLI)
    browser, by = a_browser(portal.app, liv), Author(OPERATOR, clock.now())
    outage = mark_outage(portal.database, DESK, OutageRequest(None, {"nb": "E-post er nede."}), by)
    browser.post(f"{HOME}/affected")
    number = number_of(browser.post(FAULT, STORY))
    portal.mails()
    remove_person(portal.database, liv.id, SKOGLI, Manager(by, is_staff=True))
    moved(portal, number, "ask", "Hvilken nettleser?")
    end_known_outage(portal.database, DESK, outage, by)
    assert portal.mails_at(clock.now() + timedelta(minutes=3)) == []


def test_nobody_sees_another_customers_case(portal: Portal) -> None:
    liv, eve = portal.customer("liv"), portal.customer("eve", scope=TEKNISK)
    number = number_of(liv.post(FAULT, STORY))
    case = f"{HOME}/cases/{number}"
    nothing = f"{HOME}/cases/{number + 500}"
    for path in ("", "/moves", "/comments", "/watch"):
        for browser in (eve, portal.agent if not path else eve):
            method = "POST" if path else "GET"
            hidden = browser.open(case + path, method=method)
            missing = browser.open(nothing + path, method=method)
            assert hidden.status_code == missing.status_code
            assert hidden.status_code in (403, 404)
            assert plain(hidden.text) == plain(missing.text)
    assert eve.get(f"{FAULT}&clone={number}").status_code == 404
    assert eve.get(f"{FAULT}&customer=9001").status_code == 404
    for path in (HOME, f"{HOME}/cases"):
        assert "Får ikke lagret" not in eve.get(path).text
    assert liv.get(f"{HOME}/cases/99999999999999999999").status_code == 404


def test_a_customer_that_is_in_no_file_opens_nothing_until_it_is_back(portal: Portal) -> None:
    liv = portal.customer("liv")
    number = number_of(liv.post(FAULT, STORY))
    without = WITH_DOMAIN.replace("9001,", "9003,", 1)
    import_without(portal, without)
    for path in (HOME, f"{HOME}/cases/{number}", f"{HOME}/new"):
        assert liv.get(path).status_code == 403
    import_without(portal, WITH_DOMAIN)
    assert "Får ikke lagret" in liv.get(HOME).text


def import_without(portal: Portal, customers: str) -> None:
    desk = folder(desk=WITH_INBOX, customers=customers)
    import_desks(portal.database, (desk,), edit(), may_remove=True)


def test_whoever_is_erased_is_named_on_no_case(portal: Portal) -> None:
    liv, per = portal.customer("liv"), portal.customer("per")
    number = number_of(liv.post(FAULT, STORY))
    data = export_user(portal.database, "liv@kommune.example")
    assert {"tickets", "comments", "portal_cases"} <= set(data)
    erase_user(portal.database, "liv@kommune.example", Author(OPERATOR, clock.now()))
    shown = per.get(f"{HOME}/cases/{number}").text
    assert "Feil 17" in shown, "what was done stays"
    assert "Liv Vik" not in shown


def test_who_is_affected_too_is_told_the_end_by_mail(portal: Portal) -> None:
    liv: Browser = portal.customer("liv")
    by = Author(OPERATOR, clock.now())
    outage = mark_outage(portal.database, DESK, OutageRequest(None, {"nb": "E-post er nede."}), by)
    assert "E-post er nede." in liv.get(HOME).text
    for _ in range(2):
        assert liv.post(f"{HOME}/affected").status_code == 303
    assert "Du får en e-post når det er over" in liv.get(f"{HOME}/new").text
    end_known_outage(portal.database, DESK, outage, Author(OPERATOR, clock.now()))
    [(to, subject, _)] = portal.mails()
    assert (to, "over" in subject) == ("liv@kommune.example", True)
    assert "done=over" in liv.post(f"{HOME}/affected").headers["Location"]


def plain(text: str) -> str:
    return re.sub(r'cases/[0-9]+|value="[^"]*"|cases%2F[0-9]+', "", text)


def test_a_file_is_attached_and_given_out_as_a_file(portal: Portal) -> None:
    liv, eve = portal.customer("liv"), portal.customer("eve", scope=TEKNISK)
    log = (io.BytesIO(b"2026-11-30 error 17\n"), "feil.log")
    number = number_of(liv.post(FAULT, {**STORY, "files": log}))
    case = f"{HOME}/cases/{number}"
    found = re.search(rf'href="({case}/files/[0-9]+)"', liv.get(case).text)
    assert found
    given = liv.get(found[1])
    assert given.data == b"2026-11-30 error 17\n"
    assert given.headers["Content-Disposition"] == "attachment; filename=feil.log"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert eve.get(found[1]).status_code == 404
    other = number_of(eve.post(FAULT, {**STORY, "key": "k2"}))
    borrowed = found[1].replace(f"/{number}/", f"/{other}/")
    assert eve.get(borrowed).status_code == 404, "by a case of one's own"

    drawing = (io.BytesIO(b"<svg><script>1</script></svg>"), "tegning.svg")
    refused = liv.post(f"{case}/files", {"files": drawing})
    assert (refused.status_code, "SVG-tegning" in refused.text) == (422, True)
    kept = liv.post(FAULT, {**STORY, "key": "k3", "files": (io.BytesIO(b"MZ"), "x.exe")})
    assert kept.status_code == 422
    assert "Feil 17 når jeg trykker Lagre." in kept.text, "no text is lost because of a file"
    for _ in range(2):
        more = (io.BytesIO(b"2026-11-30 error 18\n"), "mer.log")
        assert liv.post(f"{case}/files", {"files": more}).status_code == 303
    assert liv.get(case).text.count("mer.log") == 1, "a double click"
    assert liv.post(f"{case}/files").status_code == 422
    told = [subject for _, subject, _ in portal.mails() if "har lagt filer" in subject]
    assert len(told) == 1, "the desk learns of it, once"
    moved(portal, number, "solve", "Nå virker det.")
    assert liv.post(f"{case}/moves", {"move": "confirm"}).status_code == 303
    late = liv.post(f"{case}/files", {"files": (io.BytesIO(b"19\n"), "sist.log")})
    assert (late.status_code, "Saken er lukket" in late.text) == (409, True)
    assert "sist.log" not in liv.get(case).text


def nothing_left(portal: Portal, what: Limited, name: str) -> None:
    """All that an account may send within the hour has been sent."""
    user = portal.user(f"{name}@kommune.example")
    assert user

    def take_all(connection: Connection) -> None:
        for _ in range(LIMITS[what].tries):
            take_try(connection, key_of(what, str(user.id)), LIMITS[what], clock.now())

    portal.database.write(take_all)


def test_who_sends_too_much_is_told_so_and_loses_no_word(portal: Portal) -> None:
    liv = portal.customer("liv")
    number = number_of(liv.post(FAULT, STORY))
    case = f"{HOME}/cases/{number}"
    nothing_left(portal, Limited.CHANGES_OF_ACCOUNT, "liv")
    late = liv.post(f"{case}/comments", {"comment": "Og nå er skjermen svart.", "key": "c"})
    assert (late.status_code, "Og nå er skjermen svart." in late.text) == (429, True)
    assert "Du kan sende mer" in late.text
    files = {"files": (io.BytesIO(b"rad 1"), "logg.txt")}
    assert liv.post(f"{case}/files", files).status_code == 429
    with portal.database.read() as connection:
        assert len(comments_on(connection, number)) == 1, "nothing of it was stored"

    nothing_left(portal, Limited.CASES_OF_ACCOUNT, "liv")
    other = {**STORY, "description": "Skriveren er borte.", "key": "k2"}
    refused = liv.post(FAULT, other)
    assert (refused.status_code, "Skriveren er borte." in refused.text) == (429, True)
    assert 'name="key" value="k2"' in refused.text, "sent again in an hour it is one case"
    assert number_of(liv.post(FAULT, STORY)) == number, "what was sent before is there still"
    assert portal.customer("ola").post(FAULT, STORY).status_code == 303, "each has their own"


def test_planned_work_is_told_first_of_all_to_whom_it_concerns(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    begins = (clock.now() + timedelta(days=2)).replace(microsecond=0, tzinfo=None)
    work = f"""
[[maintenance]]
from = {begins.isoformat()}
to = {(begins + timedelta(hours=3)).isoformat()}
words = {{ nb = "Journalen er nede.", nn = "Journalen er nede.", en = "The journal is down." }}
customers = ["9001"]
"""
    with a_portal(migrated_sqlite_url, tmp_path, work) as portal:
        liv = portal.customer("liv")
        for path in (HOME, f"{HOME}/new", FAULT):
            shown = liv.get(path).text
            assert "Journalen er nede." in shown, path
            assert "Planlagt arbeid" in shown
        elsewhere = portal.customer("ola", scope=TEKNISK).get(HOME).text
        assert "Journalen er nede." not in elsewhere
        of_desk = portal.agent.get(f"/desks/{DESK}/outage").text
        assert "Journalen er nede." in of_desk
        assert "Bare disse kundene får vite det: 9001." in of_desk


def test_a_sending_that_is_too_large_gets_a_page_that_says_the_limit(portal: Portal) -> None:
    liv = portal.customer("liv")
    case = f"{HOME}/cases/{number_of(liv.post(FAULT, STORY))}"

    def too_large(came_from: str) -> TestResponse:
        headers = {"Accept": "text/html", "Referer": f"{HTTPS}{came_from}"}
        form = {"data": b"x" * (3 * 1024 * 1024), "content_type": "multipart/form-data; boundary=x"}
        return liv.open(f"{case}/files", method="POST", headers=headers, **form)

    sent = too_large(case)
    assert (sent.status_code, "plass til 2 MB" in sent.text) == (413, True)
    assert f'href="{case}"' in sent.text
    assert "siden du kom fra" not in too_large(f"{case}/comments").text, "no page, but a form's"
