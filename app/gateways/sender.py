"""Everything that a worker sends, by one object: Twilio's REST API, mail, and posts to webhooks."""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Final
from urllib.parse import urlsplit

from app.domain.delivery_errors import DeliveryError
from app.domain.hunts.night_link import DutySms
from app.domain.roster.shift_confirmations import AskedShift
from app.gateways.mail import Mail, Mailer
from app.gateways.night_links import NightLinks
from app.gateways.recording_links import RecordingLinks
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.shift_links import ShiftLinks
from app.gateways.twilio.rest_client import TwilioRest
from app.gateways.webhook import Webhook, WebhookPost, WebhookRefused

OWN_PAGE: Final = "/my-duty"


@dataclass(frozen=True)
class Sender(TwilioRest):
    """The way out. Everything raises PermanentFailure or TemporaryFailure when it fails."""

    def send_mail(self, mail: Mail, now: datetime) -> None:
        """Hand in a mail to the desk."""
        settings = self.settings
        host = urlsplit(settings.public_url).hostname or "localhost"
        try:
            Mailer(settings.smtp_url, settings.vakt_mail_from, host).send(mail, now)
        except (SMTPRecipientsRefused, SMTPSenderRefused) as refusal:
            kind = PermanentFailure if _is_for_good(refusal) else TemporaryFailure
            raise kind(type(refusal).__name__) from refusal
        except ValueError as impossible:  # an address of several lines
            raise PermanentFailure(type(impossible).__name__) from impossible
        except (SMTPException, OSError) as lost:
            raise TemporaryFailure(type(lost).__name__) from lost

    def post_webhook(self, post: WebhookPost, now: datetime) -> None:
        """Post an event to a desk's own program."""
        settings = self.settings
        webhook = Webhook(settings.vakt_webhook_secret, settings.vakt_webhook_private)
        try:
            webhook.send(post, now)
        except WebhookRefused as refusal:
            kind = PermanentFailure if refusal.is_final else TemporaryFailure
            raise kind(str(refusal), refusal.status) from refusal
        except OSError as lost:  # never with its address: a key may stand there
            raise TemporaryFailure(DeliveryError.NO_ANSWER.about(type(lost).__name__)) from lost

    def address_of(self, path: str) -> str:
        """Return the address of a page of ours, for whoever reads it in a mail."""
        return f"{self.settings.public_url}{path}"

    def recording_link(self, recording: str, receiver: str) -> str:
        """Return where one receiver can hear a spoken message; empty without SECRET_KEY."""
        links = RecordingLinks(self.settings.secret_key, self.settings.public_url)
        return links.link(recording, receiver)

    def night_link(self, sms: DutySms) -> str:
        """Return where the receiver of an SMS can take the ticket; empty where there is no page."""
        return NightLinks(self.settings.secret_key, self.settings.public_url).link(sms)

    def shift_link(self, one: AskedShift) -> str:
        """Return where somebody confirms a shift; that of their page where none is given out."""
        links = ShiftLinks(self.settings.secret_key, self.settings.public_url)
        return links.link(one) or self.address_of(OWN_PAGE)


def _is_for_good(refusal: SMTPRecipientsRefused | SMTPSenderRefused) -> bool:
    """Tell whether a mail server refuses for good: 4xx asks for another try."""
    if isinstance(refusal, SMTPSenderRefused):
        return refusal.smtp_code >= 500
    return any(code >= 500 for code, _words in refusal.recipients.values())
