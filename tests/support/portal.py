"""The portal of the sample desk: whose customer 9001 has a mail domain; and all that it mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import clock
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.access.audit import AuditKind
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.users import find_user_by_email
from app.voice_prompts import texts
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import HTTPS, Browser, a_browser, database_of
from tests.support.sample_desk import DESK, DESK_TOML, folder, import_sample_desks
from tests.support.users import a_user

WITH_DOMAIN = """number,name,agreement,mail_domains
9001,Skogli skule,standard,skogli.example
9002,Teknisk eining,standard,
"""
WITH_INBOX = f'{DESK_TOML}\n[inbox]\nmail = ["desk@fjordhjelp.example"]\n'
SKOGLI, TEKNISK = Scope(desk=DESK, customer="9001"), Scope(desk=DESK, customer="9002")


@dataclass
class Portal:
    """The web of a desk whose customer 9001 has a mail domain, and all that was mailed."""

    app: Flask
    gateway: FakeGateway = field(default_factory=FakeGateway)

    @property
    def database(self) -> Database:
        return database_of(self.app)

    @property
    def agent(self) -> Browser:
        return a_browser(self.app, a_user(self.database, "agent", AccessRole.AGENT))

    def mails(self) -> list[tuple[str, str, str]]:
        """Send what waits, and return it: to whom, its subject, its words."""
        return self.mails_at(clock.now())

    def mails_at(self, now: datetime) -> list[tuple[str, str, str]]:
        """Send what is due by then, and return it."""
        self.gateway.mails.clear()
        while do_next_job(self.database, self.gateway, texts(), now):
            pass
        return list(self.gateway.mails)

    def link(self) -> str:
        [(_, _, body)] = self.mails()
        found = re.search(r"\S+/login/account/\S+", body)
        assert found
        return found[0].removeprefix(HTTPS)

    def user(self, email: str) -> User | None:
        with self.database.read() as connection:
            return find_user_by_email(connection, email)

    def audited(self, kind: AuditKind) -> int:
        with self.database.read() as connection:
            return len(list_audit_events(connection, AuditFilter(kind=kind)))

    def customer(
        self, name: str, role: AccessRole = AccessRole.CUSTOMER_MEMBER, scope: Scope = SKOGLI
    ) -> Browser:
        """A browser in which somebody of a customer is logged in."""
        return a_browser(self.app, a_user(self.database, name, role, scope))


@contextmanager
def a_portal(url: str, folder_: Path, more: str = "", before: str = "") -> Iterator[Portal]:
    with a_web(settings(url, folder_)) as app:
        desk = folder(desk=before + WITH_INBOX + more, customers=WITH_DOMAIN)
        import_sample_desks(database_of(app), desk)
        yield Portal(app)
