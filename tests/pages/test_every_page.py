"""Every page, in a real browser: accessible, in its reader's language, narrow, and quiet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.pages import checks
from tests.pages.all_pages import PAGES, Shown
from tests.pages.site import Site

OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)


@each_page
def test_a_page_keeps_what_holds_for_all(shown: Shown, site: Site, open_page: OpenPage) -> None:
    page = open_page(shown.address(site))

    told = checks.look(page, "outline")
    assert told["lang"] == "nb"
    assert len(told["h1"]) == 1
    assert told["title"].startswith(told["h1"][0])
    assert told["title"].endswith(" – Vaktlinje")
    assert (told["main"], told["skips"], told["repeated"], told["styled"]) == (1, 0, [], [])
    assert checks.axe_violations(page) == []
    assert checks.look(page, "smallTargets") == []
    first = checks.tab_through(page)[0]
    assert 'href="#content"' in first, "the first stop skips to the content"


@each_page
def test_a_page_is_accessible_in_the_dark(shown: Shown, site: Site, open_page: OpenPage) -> None:
    page = open_page(shown.address(site), color_scheme="dark")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, ground[4:-1].split(","))) < 64, "the page is dark"
    assert checks.axe_violations(page) == []


@each_page
def test_a_page_fits_a_narrow_window_and_wider_text(
    shown: Shown, site: Site, open_page: OpenPage
) -> None:
    page = open_page(shown.address(site), viewport=checks.NARROW)

    assert checks.look(page, "overflow") <= 0
    checks.look(page, "spaceText")
    assert checks.look(page, "overflow") <= 0
    assert checks.look(page, "cutOff") == []


def test_every_title_is_its_own(site: Site, open_page: OpenPage) -> None:
    titles = [open_page(shown.address(site)).title() for shown in PAGES]

    assert len(set(titles)) == len(titles)
