"""Prokom's guide to its support web, step by step, with the desk's own documents, in a browser:
an account, a case with its fields, a question by mail, a solution declined, frozen, accepted,
cloned, watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.actions.tickets.move_ticket import MakeMove, MoveRequest, move_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.config.folder_reader import read_folder
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from tests.pages import checks
from tests.pages.hands import Hands
from tests.pages.mailbox import Mailbox, link_in, words_of
from tests.pages.site import Site
from tests.support.imported_desks import put_desks
from tests.support.mail_server import mail_server
from tests.support.sample_desk import edit
from tests.support.shipped_desks import folder_files

OpenPage = Callable[..., Page]
LIV = "liv@fjellvik.kommune.example"
CONSULTANT = Actor(ActorKind.PERSON, "Siri Dal", "99")


@pytest.fixture
def mailbox(site: Site) -> Iterator[Mailbox]:
    put_desks(site.database, [read_folder(folder_files("prokom"), "prokom")], edit())
    with mail_server() as server:
        yield Mailbox(site, server)


def test_the_guide_step_by_step(site: Site, mailbox: Mailbox, open_page: OpenPage) -> None:
    page = open_page("/portal/prokom/account")
    go = Hands(page, by_keyboard=False)
    asks_for_an_account(go, mailbox)
    number = reports_a_fault(go)
    case = page.url.partition("?")[0]

    def the_desk(move: str, words: str = "") -> None:
        asked = MoveAsked(move, frozenset({Mover.AGENT}), comment=words)
        request = MoveRequest(number, MakeMove(asked), CONSULTANT)
        assert isinstance(move_ticket(site.database, request, clock.now()), Outcome)
        page.goto(case)

    # Konsulenten ber om opplysninger; det kommer på e-post, og svaret åpner saken igjen.
    the_desk("investigate")
    the_desk("ask", "Hvilket skjema gjelder det?")
    mail = mailbox.newest(LIV, clock.now() + timedelta(minutes=3))
    assert mail["Subject"] == f"Sak {number}: Skjema kommer ikke fram"
    assert "Siri Dal skriver:\n\nHvilket skjema gjelder det?" in words_of(mail)
    page.goto(link_in(mail))
    expect(page.get_by_text("Venter på deg")).to_be_visible()
    go.write("Skriv til oss", "Søknad om barnehageplass.")
    go.press("button", "Send")
    expect(page.get_by_text("Vi har fått saken og ser på den.")).to_be_visible()

    # En løsning blir foreslått, avslått med en grunn, foreslått på nytt.
    the_desk("propose", "Vi har rettet adressen.")
    decline = page.get_by_role("button", name=re.compile("Avslå løsningen"))
    decline.click()
    expect(page.get_by_role("link", name="Skriv hvorfor.")).to_be_visible()
    go.write("Skriv til oss", "Det kommer fortsatt ikke fram.")
    decline.click()
    expect(page.get_by_text("Saken er åpnet igjen")).to_be_visible()
    the_desk("propose", "Nå er også reserveadressen rettet.")

    # Frys: saken er kundens, til de tiner den; så blir den akseptert og lukket.
    go.press("button", "Frys saken")
    expect(page.get_by_text("Du har fryst saken.")).to_be_visible()
    go.press("button", "Ta saken opp igjen")
    expect(page.get_by_text("Vi har fått saken og ser på den.")).to_be_visible()
    the_desk("propose", "Forslaget står.")
    go.press("button", "Godta løsningen")
    expect(page.get_by_text("Saken er løst og lukket.")).to_be_visible()

    clones_and_watches(go, number)


def asks_for_an_account(go: Hands, mailbox: Mailbox) -> None:
    """Spør om en konto → lenken på e-post → logget inn, med en tom oversikt."""
    go.write("Navnet ditt", "Liv Berg")
    go.write("E-postadresse", LIV)
    go.write("Hvor du arbeider", "Fjellvik kommune")
    go.press("button", "Spør om konto")
    expect(go.page.get_by_text(f"Vi har sendt en e-post til {LIV}.")).to_be_visible()
    go.page.goto(link_in(mailbox.newest(LIV, clock.now())))
    go.press("button", "Bekreft adressen min")
    expect(go.page.get_by_text("Du har ingen saker")).to_be_visible()


def reports_a_fault(go: Hands) -> int:
    """Lag ny sak → velg prosjekt og sakstype → neste → feltene → opprett; its number."""
    page = go.page
    go.press("link", "Meld en sak")
    for offered in ("Kommune24:7", "Dokumentbanken", "Nytt eller endret skjema", "Annen avtale"):
        expect(page.get_by_text(offered, exact=True).first).to_be_visible()
    page.get_by_role("group", name="Kommune24:7").get_by_label("Noe virker ikke").check()
    go.press("button", "Neste")
    go.write("Hva gjelder det?", "Skjema kommer ikke fram")
    go.write("Fortell mer", "Innbyggeren får kvittering, men vi får ingenting.")
    go.press("button", "Send saken")
    expect(page.get_by_role("link", name="Fyll ut «Når skjedde det?».")).to_be_visible()
    go.write("Når skjedde det?", "I dag tidlig")
    go.write("Referansenummer", "REF-4711")
    go.press("button", "Send saken")
    expect(page.get_by_text("Saken er sendt.")).to_be_visible()
    expect(page.get_by_text("Etter avtalen Fast, årlig brukerstøtteavtale.")).to_be_visible()
    expect(page.get_by_text("Ikke avtalt: Fast, årlig")).to_be_visible()
    expect(page.get_by_text("REF-4711")).to_be_visible()
    assert checks.axe_violations(page) == []
    found = re.search(r"/cases/([0-9]+)", page.url)
    assert found
    return int(found[1])


def clones_and_watches(go: Hands, number: int) -> None:
    """Klon: en ny sak som viser til den første. Overvåk: den som melder, følger sin egen."""
    page = go.page
    go.press("link", "Lag en ny sak av denne")
    page.get_by_role("group", name="Kommune24:7").get_by_label("Noe virker ikke").check()
    go.press("button", "Neste")
    expect(page.get_by_role("textbox", name="Fortell mer")).to_have_value(
        re.compile(rf"\({number}: Skjema kommer ikke fram\)")
    )
    go.write("Når skjedde det?", "I dag igjen")
    go.press("button", "Send saken")
    expect(page.get_by_text("Følger saken: Liv Berg.")).to_be_visible()
    go.press("button", "Slutt å følge")
    expect(page.get_by_text("Du følger ikke saken lenger.")).to_be_visible()
    go.press("button", "Følg saken")
    expect(page.get_by_text("Følger saken: Liv Berg.")).to_be_visible()
    go.press("link", "Til sakene dine")
    go.press("link", "Alle saker, også de lukkede")
    expect(page.get_by_role("link", name=re.compile("Skjema kommer ikke fram"))).to_have_count(2)
