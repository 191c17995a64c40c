"""Every page as a picture, in var/screenshots: `make screenshots`. For people to look at."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.end_to_end.processes import ROOT
from tests.pages.all_pages import PAGES, log_in, prepare
from tests.pages.browser import a_browser
from tests.pages.checks import screenshot
from tests.pages.site import a_site

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")


def main() -> None:
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        a_site(Path(folder)) as site,
        a_browser() as browser,
    ):
        prepare(site)
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale="nb-NO",
                    base_url=site.address,
                )
                page = context.new_page()
                for shown in PAGES:
                    context.clear_cookies()
                    if shown.user:
                        log_in(site, context, shown.user)
                    page.goto(shown.address(site))
                    screenshot(page, FOLDER / f"{shown.name}-{width}-{scheme}.png")
                context.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
