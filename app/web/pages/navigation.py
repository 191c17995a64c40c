"""What the header and the footer of every page lead to."""

from dataclasses import dataclass
from typing import Final

from flask import request

from app.web.services import current_services


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: its text, its address, and the paths that belong to it."""

    key: str
    path: str
    below: str = ""

    @property
    def is_current(self) -> bool:
        """Tell whether the open page is this one, or lies below it."""
        return request.path == self.path or bool(self.below and request.path.startswith(self.below))


ENTRIES: Final = (Entry("page.nav_about", "/about", below="/docs/"),)


def links_of_page() -> tuple[Entry, ...]:
    """Return the entries that whoever is here may open."""
    return ENTRIES


def accessibility_url() -> str:
    """Return where this organisation's accessibility statement stands; "" where none is set."""
    return current_services().settings.vakt_accessibility_url
