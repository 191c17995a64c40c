"""One site and one browser for all tests of pages, which run in one process (sharding.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.pages.all_pages import log_in, prepare
from tests.pages.browser import a_browser
from tests.pages.checks import AXE, WIDE
from tests.pages.site import Site, a_site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The site and its browser are processes of their own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("real_clock")


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
    complaints = Complaints()

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
        complaints.listen_to(page)
        page.goto(path)
        return page

    yield opened
    for page in pages:
        page.context.clear_cookies()
        page.close()
    assert complaints.heard == []


@pytest.fixture(scope="session")
def one_window(site: Site, browser: Browser) -> Iterator[Page]:
    """Looks at one page after another: none opens a window of its own, or reads axe anew."""
    context = browser.new_context(viewport=WIDE, locale="nb-NO", base_url=site.address)
    page = context.new_page()
    page.add_init_script(path=AXE)
    yield page
    context.close()


@pytest.fixture
def look_at(site: Site, one_window: Page) -> Iterator[Callable[..., Page]]:
    """Shows an address in the one window; at the end nothing may stand in its console."""
    complaints = Complaints()
    complaints.listen_to(one_window)

    def shown(path: str, user: str = "") -> Page:
        if user:
            log_in(site, one_window.context, user)
        one_window.set_viewport_size(WIDE)
        one_window.emulate_media(color_scheme="light")
        one_window.goto(path)
        return one_window

    yield shown
    complaints.leave(one_window)
    one_window.context.clear_cookies()
    assert complaints.heard == []


class Complaints:
    """What stands in the consoles of pages, but for answers that are meant to be 4xx."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def listen_to(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", self._failed)

    def leave(self, page: Page) -> None:
        page.remove_listener("console", self._said)
        page.remove_listener("pageerror", self._failed)

    def _said(self, said: ConsoleMessage) -> None:
        if "status of 4" not in said.text:
            self.heard.append(f"{said.location['url']}: {said.text}")

    def _failed(self, error: Error) -> None:
        self.heard.append(str(error))
