"""Dekode's way of working, from both sides: assessed, asked about, made in the test environment,
tested and approved by the customer, published.

Whoever works on it has the script; the customer does all of it without.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.config.folder_reader import read_folder
from tests.pages.hands import Hands
from tests.pages.site import Site
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import edit
from tests.support.shipped_desks import folder_files
from tests.support.users import a_user

OpenPage = Callable[..., Page]
HOME = "/portal/dekode"
SUBJECT = "Billettbutikken viser feil priser"


def test_nothing_is_published_before_the_customer_has_tested_and_approved(
    site: Site, open_page: OpenPage
) -> None:
    put_desks(site.database, [read_folder(folder_files("dekode"), "dekode")], edit())
    museum = Scope(desk="dekode", customer="5001")
    ola = a_user(site.database, "ola-museum", AccessRole.CUSTOMER_APPROVER, museum).email
    per = a_user(site.database, "per-museum", AccessRole.CUSTOMER_MEMBER, museum).email
    siri = a_user(site.database, "siri-dekode", AccessRole.AGENT, Scope(desk="dekode")).email

    customer = Hands(open_page(HOME, ola, java_script_enabled=False), by_keyboard=False)
    case = orders_a_change(customer)
    desk = Hands(open_page("/tickets?view=unassigned", siri), by_keyboard=False)
    desk.press_it(desk.page.get_by_role("link", name=re.compile(SUBJECT)))
    desk.press("button", "Ta saken")
    expect(desk.page.get_by_text("Du har saken.")).to_be_visible()

    # Vurdering: et spørsmål, som klokka står for, og et svar.
    replies(desk, "Hvilke priser?", "Spør kunden")
    expect(desk.page.get_by_text("Venter på kunden").first).to_be_visible()
    says(customer, case, "De for barn.", "Send")
    expect(customer.page.get_by_text("Vi vurderer saken mot avtalen din.")).to_be_visible()

    # I testmiljø, til kundetest, tilbake, og til kundetest igjen.
    desk.page.reload()
    offered = desk.page.get_by_label("Hva svaret betyr for saken")
    expect(offered).not_to_contain_text("Meld som publisert")
    desk.press("button", "Lag den i testmiljøet")
    replies(desk, "Se https://test.kystmuseet.example.", "Be kunden teste")
    says(customer, case, "Gruppeprisen mangler.", "Noe mangler")
    expect(customer.page.get_by_text("Vi lager endringen i testmiljøet.")).to_be_visible()
    desk.page.reload()
    replies(desk, "Nå er gruppeprisen med.", "Be kunden teste")

    # Bare den som godkjenner hos kunden, kan godkjenne.
    member = Hands(open_page(case, per, java_script_enabled=False), by_keyboard=False)
    expect(member.page.get_by_text("Endringen er klar til at du tester den.")).to_be_visible()
    expect(member.page.get_by_role("button", name="Godkjenn endringen")).to_have_count(0)
    customer = Hands(open_page(case, ola, java_script_enabled=False), by_keyboard=False)
    customer.press("button", "Godkjenn endringen")
    expect(customer.page.get_by_text("Du har godkjent endringen")).to_be_visible()

    desk.page.reload()
    expect(desk.page.get_by_text("Godkjent", exact=True)).to_be_visible()
    replies(desk, "Prisene er ute.", "Meld som publisert")
    customer.page.goto(case)
    expect(customer.page.get_by_text("Endringen er publisert.")).to_be_visible()
    customer.press("button", "Lukk saken, den er løst")
    expect(customer.page.get_by_text("Saken er løst og lukket.")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_text(re.compile("Lukket av Ola-Museum Vik"))).to_be_visible()


def orders_a_change(go: Hands) -> str:
    """Somebody who may approve orders a change of the web site; the address of the case."""
    go.press("link", "Meld en sak")
    site = go.page.get_by_role("group", name="Nettstedet")
    site.get_by_label("Endring eller ny funksjon").check()
    go.press("button", "Neste")
    go.write("Hva gjelder det?", SUBJECT)
    go.write("Fortell mer", "Barnebilletten koster det samme som voksenbilletten.")
    go.press("button", "Send saken")
    expect(go.page.get_by_text("Saken er sendt.")).to_be_visible()
    return go.page.url.partition("?")[0]


def says(go: Hands, case: str, words: str, button: str) -> None:
    """Write on the case, and press what it means."""
    go.page.goto(case)
    go.write("Skriv til oss", words)
    go.press_it(go.page.get_by_role("button", name=re.compile(f"^{button}")))


def replies(go: Hands, words: str, move: str) -> None:
    """Answer the customer, with what that means for the case."""
    box = go.page.locator(".vakt-box[data-visibility=public]")
    box.get_by_role("textbox", name="Svar").fill(words)
    box.get_by_label("Hva svaret betyr for saken").select_option(label=move)
    box.get_by_role("button", name=re.compile("^Send til ")).click()
    expect(go.page.get_by_text("Svaret er lagret, og kunden kan lese det.")).to_be_visible()
