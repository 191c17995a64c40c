"""What holds for every page: WCAG 2.1 AA and more, as far as a program can see it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.end_to_end.processes import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ALL_RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What another colour scheme can change: it is the same document.
RULES_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# No rule of these needs the style sheets fetched anew, which is a third of the time.
HOW = {"resultTypes": ["violations"], "preload": False}
VIOLATIONS = "how => axe.run(document, how).then((found) => found.violations)"
NARROW = {"width": 320, "height": 256}  # WCAG 1.4.10: 1280 x 1024 at 400 %
WIDE = {"width": 1280, "height": 900}
MOST_STOPS = 200  # of the Tab key, on a page of a test
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
PRESSES = 10  # of it, before the page is asked what they have come to


@cache
def source(file: Path) -> str:
    return file.read_text("utf-8")


def look(page: Page, what: str) -> Any:
    """One of the functions of checks.js."""
    return page.evaluate(f"{checks()}.{what}()")


def checks() -> str:
    return source(Path(__file__).with_suffix(".js")).rstrip().removesuffix(";")


def axe_violations(page: Page, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """What axe finds, as the rule and the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source(AXE))
    look(page, "awaitAnimations")
    found: list[Any] = page.evaluate(VIOLATIONS, HOW | {"runOnly": rules})
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in found
        for node in each["nodes"]
    ]


def tab_through(page: Page) -> list[str]:
    """What the Tab key comes to, in turn; fails where the focus is not seen or does not move."""
    seen: list[str] = []
    places: list[Any] = []  # the same link may stand in several rows
    stops = _stops(page)
    next(stops)  # where it stands before the first press
    for here in stops:
        if here["isBody"] or here["place"] in places[:1]:
            return seen
        is_in_player = here["html"].startswith("<audio")  # whose own buttons the browser marks
        assert is_in_player or here["place"] not in places[-1:], f"the focus stays on {here}"
        assert is_in_player or here["isMarked"], f"no focus to be seen: {here}"
        assert here["isInWindow"], f"the focus is outside the window: {here}"
        seen.append(here["html"])
        places.append(here["place"])
    raise AssertionError("the focus never comes round")


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    look(page, "watchFocus")
    keys = page.context.new_cdp_session(page)  # a key that only goes down is half of the work
    for _ in range(MOST_STOPS // PRESSES):
        for _ in range(PRESSES):
            keys.send("Input.dispatchKeyEvent", TAB)
        yield from page.evaluate("stops.splice(0)")


def screenshot(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
