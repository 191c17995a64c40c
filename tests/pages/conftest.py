"""One site and one browser for all tests of pages, which run in one process (sharding.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.pages.all_pages import log_in, prepare
from tests.pages.browser import a_browser
from tests.pages.checks import WIDE
from tests.pages.site import Site, a_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        prepare(site)
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


Contexts = dict[str, BrowserContext]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """What was opened with the same options is used again: the style is read once."""
    made: Contexts = {}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def open_page(site: Site, browser: Browser, contexts: Contexts) -> Iterator[Callable[..., Page]]:
    """Opens an address in a window; at the end nothing may stand in its console."""
    pages: list[Page] = []
    complaints: list[str] = []

    def opened(path: str, user: str = "", **how: Any) -> Page:
        options = {"viewport": WIDE, "locale": "nb-NO", "base_url": site.address, **how}
        key = repr(sorted(options.items()))
        context = contexts.get(key)
        if not context:
            context = contexts[key] = browser.new_context(**options)
            context.new_page().goto("/healthz")  # stays open: its process draws all the others
        if user:
            log_in(site, context, user)
        page = context.new_page()
        pages.append(page)
        page.on("console", lambda said: complaints.append(f"{path}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.goto(path)
        return page

    yield opened
    for page in pages:
        page.context.clear_cookies()
        page.close()
    assert [each for each in complaints if "status of 4" not in each] == []
