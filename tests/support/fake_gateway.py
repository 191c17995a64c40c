"""A telephone network that takes what the worker sends, and fails when it is told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.health.provider_records import ProviderLegs
from app.domain.hunts.night_link import DutySms
from app.domain.roster.shift_confirmations import AskedShift
from app.gateways.mail import Mail
from app.gateways.night_links import NightLinks
from app.gateways.send_failures import PermanentFailure, SendFailure
from app.gateways.shift_links import ShiftLinks
from app.gateways.webhook import WebhookPost

NO_LINKS: Final = NightLinks("", "")
NO_SHIFT_LINKS: Final = ShiftLinks("", "")


@dataclass
class FakeGateway:
    """Stands where app/gateways/sender.py's Sender stands."""

    sent: list[dict[str, object]] = field(default_factory=list)
    refuses: list[SendFailure | None] = field(default_factory=list)  # one for each request to come
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    letters: list[Mail] = field(default_factory=list)  # the mails, whole
    posts: list[WebhookPost] = field(default_factory=list)
    refuses_mail: SendFailure | None = None
    refuses_posts: SendFailure | None = None
    recordings: dict[str, bytes] = field(default_factory=dict)
    legs: dict[str, ProviderLegs] = field(default_factory=dict)  # of calls of ours, when asked
    night_links: NightLinks = NO_LINKS
    shift_links: ShiftLinks = NO_SHIFT_LINKS

    def send_sms(self, *, to: str, from_: str, body: str) -> str:
        return self._takes("SM", does="sms", to=to, from_=from_, body=body)

    def send_mail(self, mail: Mail, now: datetime) -> None:
        if self.refuses_mail:
            raise self.refuses_mail
        self.letters.append(mail)
        self.mails.append((mail.to, mail.subject, mail.body))

    def post_webhook(self, post: WebhookPost, now: datetime) -> None:
        if self.refuses_posts:
            raise self.refuses_posts
        self.posts.append(post)

    def address_of(self, path: str) -> str:
        return f"https://vakt.example.org{path}"

    def recording_link(self, recording: str, receiver: str) -> str:
        return f"https://vakt.example.org/listen/{recording}-for-{receiver}"

    def night_link(self, sms: DutySms) -> str:
        return self.night_links.link(sms)

    def shift_link(self, one: AskedShift) -> str:
        return self.shift_links.link(one) or self.address_of("/my-duty")

    def ring(self, *, to: str, from_: str, call_sid: str, leg: int, seconds: int) -> str:
        return self._takes("CA", does="ring", to=to, from_=from_, call_sid=call_sid, leg=leg)

    def ring_for_verification(self, *, to: str, from_: str, verification: int, seconds: int) -> str:
        return self._takes("CA", does="verify", to=to, from_=from_, seconds=seconds)

    def ring_for_customer_call(self, *, to: str, from_: str, call: int, seconds: int) -> str:
        return self._takes("CA", does="call_customer", to=to, from_=from_, call=call)

    def legs_of(self, sid: str) -> ProviderLegs:
        self._takes("", does="legs", sid=sid)
        return self.legs[sid]

    def cancel(self, sid: str) -> None:
        self._takes("", does="cancel", sid=sid)

    def fetch_recording(self, sid: str) -> bytes:
        self._takes("", does="fetch", sid=sid)
        if sid not in self.recordings:
            raise PermanentFailure("no such recording", 20404)
        return self.recordings[sid]

    def delete_recording(self, sid: str) -> None:
        self._takes("", does="delete", sid=sid)
        self.recordings.pop(sid, None)

    def did(self, what: str) -> list[dict[str, object]]:
        return [each for each in self.sent if each["does"] == what]

    def _takes(self, prefix: str, **request: object) -> str:
        failure = self.refuses.pop(0) if self.refuses else None
        if failure:
            raise failure
        self.sent.append(request)
        return f"{prefix}{len(self.sent)}"


@dataclass
class InterruptedGateway(FakeGateway):
    """Before it answers, something else happens."""

    meanwhile: Callable[[], object] = lambda: None

    def send_sms(self, *, to: str, from_: str, body: str) -> str:
        self.meanwhile()
        return super().send_sms(to=to, from_=from_, body=body)

    def fetch_recording(self, sid: str) -> bytes:
        self.meanwhile()
        return super().fetch_recording(sid)
