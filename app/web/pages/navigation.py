"""What the header and the footer of every page lead to."""

from dataclasses import dataclass
from typing import Final

from flask import request

from app.domain.access.may import may_somewhere
from app.domain.access.permissions import Permission
from app.store.web_sessions import LoggedIn
from app.web.services import current_services
from app.web.session import current_login


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: its text, its address, and the paths that belong to it."""

    key: str
    path: str
    below: str = ""
    needs: Permission | None = None  # None: anybody
    is_own: bool = False  # only for whoever is somebody on a roster

    @property
    def is_current(self) -> bool:
        """Tell whether the open page is this one, or lies below it."""
        return request.path == self.path or bool(self.below and request.path.startswith(self.below))


ENTRIES: Final = (
    Entry("overview.title", "/", needs=Permission.SEE_NOW),
    Entry("queue.title", "/tickets", "/tickets/", Permission.WORK_ON_TICKETS),
    Entry("my_duty.title", "/my-duty", "/my-duty/", Permission.SEE_OWN_DUTY, is_own=True),
    Entry("page.nav_rosters", "/rosters", below="/rosters/", needs=Permission.SEE_ROSTER),
    Entry("desks_page.title", "/desks", below="/desks/", needs=Permission.SEE_NOW),
    Entry("page.nav_users", "/users", below="/users/", needs=Permission.MANAGE_USERS),
    Entry("page.nav_audit", "/audit", needs=Permission.SEE_AUDIT),
    Entry("portal.name", "/portal", below="/portal/", needs=Permission.SEE_OWN_CASES),
)


def links_of_page() -> tuple[Entry, ...]:
    """Return the entries that whoever is here may open."""
    login = current_login()
    return tuple(each for each in ENTRIES if _may_open(login, each))


def _may_open(login: LoggedIn | None, entry: Entry) -> bool:
    if entry.needs is None:
        return True
    if login is None or (entry.is_own and login.user.person is None):
        return False
    return may_somewhere(login.user, entry.needs).is_allowed


def accessibility_url() -> str:
    """Return where this organisation's accessibility statement stands; "" where none is set."""
    return current_services().settings.vakt_accessibility_url
