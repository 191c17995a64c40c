"""One site and one browser for all tests of pages, which run in one process (sharding.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.all_pages import prepare
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


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a window of its own; at the end nothing may stand in its console."""
    contexts = []
    complaints: list[str] = []

    def opened(path: str, **how: Any) -> Page:
        usual = {"viewport": WIDE, "locale": "nb-NO", "base_url": site.address}
        context = browser.new_context(**{**usual, **how})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{path}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [each for each in complaints if "status of 404" not in each] == []
