"""Passkeys in a real browser with a device of its own (virtual): added, used, and removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.domain.access.permissions import AccessRole
from app.domain.access.users import User
from tests.pages.checks import axe_violations
from tests.pages.site import Site
from tests.support.users import PASSWORD, a_user, with_password

OpenPage = Callable[..., Page]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NAME = "Telefonen min"


@pytest.fixture
def nora(site: Site) -> User:
    """Has a password, and logs in with it."""
    return with_password(site.database, a_user(site.database, "nora", AccessRole.READER))


def with_device(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def by_password(page: Page, user: User) -> None:
    page.context.clear_cookies()
    page.goto("/login")
    page.fill("#field-email", user.email)
    page.fill("#field-password", PASSWORD)
    page.click("main button")


def test_a_passkey_is_added_used_and_removed(site: Site, nora: User, open_page: OpenPage) -> None:
    page = open_page("/account", nora.email)
    with_device(page)

    page.click("text=Legg til en passnøkkel")
    page.fill("#field-name", NAME)
    page.click("main form button")
    page.wait_for_selector("text=Reservekodene dine")
    assert page.locator(".vakt-codes li").count() == 10
    page.click("text=Jeg har tatt vare på dem")
    assert NAME in page.inner_text("main")

    by_password(page, nora)
    page.wait_for_selector("text=Bruk passnøkkel")
    assert page.title().startswith("Ett steg til")
    assert axe_violations(page) == []
    page.click("text=Bruk passnøkkel")
    page.wait_for_url("**/")
    page.goto("/account")
    assert "ikke brukt" not in page.inner_text("main")

    page.click("button:has-text('Fjern')")
    page.wait_for_selector("text=Telefonen, datamaskinen eller en sikkerhetsnøkkel")
    assert NAME not in page.inner_text("main")
    by_password(page, nora)
    page.wait_for_url("**/")
