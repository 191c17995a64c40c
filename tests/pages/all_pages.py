"""Every page that a browser can open, for the checks that hold for all of them.

A page of a blueprint that is missing here fails test_every_page.py: add its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.gateways.recording_links import RecordingLinks
from tests.api.v1.test_recordings import a_message
from tests.pages.site import SECRET_KEY, Site


@dataclass(frozen=True)
class Shown:
    """One page as it is looked at: its name, and its address on a site.

    `rule` is its rule in the url map, "" where it is none of the product's.
    """

    name: str
    rule: str
    address: Callable[[Site], str]
    status: int = 200


def at(path: str) -> Callable[[Site], str]:
    return lambda _: path


def recording(site: Site) -> str:
    return RecordingLinks(SECRET_KEY, "").link("RE1", "service@fjordhjelp.example")


PAGES = (
    Shown("about", "/about", at("/about")),
    Shown("recording", "/listen/<string(maxlength=600):token>", recording),
    Shown("not-found", "", at("/nothing"), 404),
    Shown("gallery", "", at("/gallery")),
    Shown("recording-gone", "/listen/<string(maxlength=600):token>", at("/listen/x"), 404),
)
# What a browser opens and what is no page of ours: it leads on, or is a file.
NO_PAGES = {
    "/",
    "/docs/<string(maxlength=40):name>",
    "/language/<string(maxlength=2):code>",
    "/static/<string(maxlength=80):name>",
}


def prepare(site: Site) -> None:
    """Puts in what the pages show, once for all of them."""
    a_message(site.database)
