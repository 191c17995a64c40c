"""A real Chromium, Debian's own, driven by Playwright; it fetches nothing from outside.

Where there is one without a window, that: the whole one draws for a screen that nobody sees, and
takes three times the processor time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all windows: what it has read of a script it knows in the next one.
    "--process-per-site",
    "--renderer-process-limit=1",
)


@contextmanager
def a_browser() -> Iterator[Browser]:
    chromium = next((each for each in CHROMIUMS if each.exists()), CHROMIUMS[-1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()
