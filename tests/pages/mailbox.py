"""A site's mail to customers: sent as the worker sends it, to a server at the edge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from app.actions.outbox.outbox_worker import do_next_job
from app.gateways.sender import Sender
from app.settings import Settings
from app.store.tables import JobKind
from app.voice_prompts import texts
from tests.pages.site import SECRET_KEY, Site
from tests.support.mail_server import MailServer

TO_CUSTOMERS = (JobKind.ACCOUNT_MAIL, JobKind.CUSTOMER_MAIL)


@dataclass(frozen=True)
class Mailbox:
    """Sends what customers are mailed, and reads what arrived."""

    site: Site
    server: MailServer

    def newest(self, to: str, now: datetime) -> EmailMessage:
        """Send what is due by then; give the last mail that this address has got."""
        settings = Settings(
            secret_key=SECRET_KEY, public_url=self.site.address, smtp_url=self.server.url
        )
        sender = Sender(settings)
        while do_next_job(self.site.database, sender, texts(), now, TO_CUSTOMERS):
            pass
        return self.server.to(to)[-1]


def words_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def link_in(mail: EmailMessage) -> str:
    """The address of ours that stands in a mail."""
    found = re.search(r"http://\S+", words_of(mail))
    assert found, words_of(mail)
    return found[0]
