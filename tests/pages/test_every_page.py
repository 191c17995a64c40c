"""Every page, in a real browser: accessible, in its reader's language, narrow, and quiet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page

from app import create_app
from app.serving.page_threads import is_of_page
from app.settings import WebSettings
from app.web.services import EXTENSION
from tests.pages import checks
from tests.pages.all_pages import NO_PAGES, PAGES, Shown, login_of
from tests.pages.site import SECRET_KEY, Site
from tests.tools.fuzz.endpoints import other_doors

OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)


@each_page
def test_a_page_keeps_what_holds_for_all(shown: Shown, site: Site, look_at: OpenPage) -> None:
    page = look_at(shown.address(site), shown.user)

    tells_what_it_is(page)
    assert checks.axe_violations(page) == []
    assert checks.look(page, "smallTargets") == []
    assert checks.tab_through(page)
    is_accessible_in_the_dark(page)
    fits_a_narrow_window_and_wider_text(page)


def tells_what_it_is(page: Page) -> None:
    told = checks.look(page, "outline")
    assert told["lang"] == "nb"
    assert told["firstStop"] == "#content"
    assert len(told["h1"]) == 1
    assert told["title"].startswith(told["h1"][0])
    assert told["title"].endswith(" – Vaktlinje")
    assert (told["main"], told["skips"], told["repeated"], told["styled"]) == (1, 0, [], [])


def is_accessible_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, ground[4:-1].split(","))) < 64, "the page is dark"
    assert checks.axe_violations(page, checks.RULES_OF_COLOURS) == []


def fits_a_narrow_window_and_wider_text(page: Page) -> None:
    page.set_viewport_size(checks.NARROW)
    assert checks.look(page, "overflow") <= 0
    checks.look(page, "spaceText")
    assert checks.look(page, "overflow") <= 0
    assert checks.look(page, "cutOff") == []


def test_every_title_is_its_own(site: Site) -> None:
    pages_of: dict[str, set[str]] = {}
    for shown in PAGES:
        pages_of.setdefault(title_of(site, shown), set()).add(shown.rule or shown.name)

    assert "" not in pages_of
    assert {title: pages for title, pages in pages_of.items() if len(pages) > 1} == {}


def title_of(site: Site, shown: Shown) -> str:
    answer = requests.get(
        site.address + shown.address(site),
        headers={"Accept": "text/html"},
        cookies=login_of(site, shown.user) if shown.user else {},
        timeout=60,
    )
    found = re.search("<title>(.*)</title>", answer.text)
    return found[1] if found else ""


def test_a_part_fetched_anew_keeps_the_focus_and_what_is_being_typed(open_page: OpenPage) -> None:
    page = open_page("/gallery")
    page.fill("#kept", "half a sent")

    page.evaluate("document.getElementById('fetch').click()")
    page.wait_for_selector("#live >> text=fetched")

    assert page.evaluate("document.activeElement.id") == "kept"
    assert page.input_value("#kept") == "half a sent"


def test_a_dialog_opens_in_place_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page("/gallery")
    page.click("text=Endre vakt")

    page.wait_for_selector("dialog[open]")
    assert checks.axe_violations(page) == []
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('dialog').open")
    assert page.evaluate("document.activeElement.textContent") == "Endre vakt"


def test_without_script_the_same_link_leads_to_a_page(open_page: OpenPage) -> None:
    page = open_page("/gallery", java_script_enabled=False)
    page.click("text=Endre vakt")

    page.wait_for_url("**/gallery?dialog")


def test_a_form_with_errors_is_read_from_its_summary(open_page: OpenPage) -> None:
    page = open_page("/gallery")

    assert page.evaluate("'errorSummary' in document.activeElement.dataset")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "field-a_text"


def test_forced_colours_keep_edges_and_the_focus(open_page: OpenPage) -> None:
    page = open_page("/gallery", forced_colors="active")

    checks.tab_through(page)


def test_paper_gets_the_content_alone(open_page: OpenPage) -> None:
    page = open_page("/gallery")
    page.emulate_media(media="print")

    hidden = page.evaluate(
        "[...document.querySelectorAll('.vakt-bar, .vakt-footer, .ds-skip-link, .vakt-actions')]"
        ".every(each => getComputedStyle(each).display === 'none')"
    )
    assert hidden
    assert checks.look(page, "overflow") <= 0


def test_every_page_of_the_product_has_a_row(site: Site) -> None:
    web = create_app(WebSettings(secret_key=SECRET_KEY, database_url=site.database_url))
    rules = {each.rule.rule for each in other_doors(web) if each.method == "GET"}
    web.extensions[EXTENSION].close()

    pages = {rule for rule in rules if is_of_page(rule)} - NO_PAGES
    assert pages == {shown.rule for shown in PAGES if shown.rule}
