"""Twilio's REST API: SMS sent, calls placed and ended, recordings fetched and deleted.

Through the official SDK, pointed at TWILIO_API_URL. Only the worker comes here: nothing
leaves the system during a turn. Mail and posts to webhooks leave by sender.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from app.domain.delivery_errors import DeliveryError, refused
from app.domain.health.provider_records import ProviderLeg, ProviderLegs
from app.gateways.send_failures import PermanentFailure, SendFailure, TemporaryFailure
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.fields import SID
from app.gateways.twilio.statuses import StatusCallback, read_status
from app.settings import ProviderSettings, Settings

T = TypeVar("T")

ANSWER_SECONDS: Final = 10.0  # for the connection, and again for the answer
LARGEST_RECORDING: Final = 16 * 1024 * 1024  # bytes: some 17 minutes of telephone sound

# Refusals that pass: too many requests, and credentials that somebody is just changing.
PASSING_STATUS: Final = frozenset({401, 403, 408, 409, 425, 429})
NOT_THERE: Final = 20404
CALL_IS_OVER: Final = frozenset({NOT_THERE, 21220})  # nothing left to cancel


@dataclass(frozen=True)
class TwilioRest:
    """Twilio asked through its SDK. Everything raises PermanentFailure or TemporaryFailure."""

    settings: Settings

    @property
    def is_ready(self) -> bool:
        """Tell whether there are credentials to send with."""
        return bool(self.settings.twilio_account_sid and credentials(self.settings)[1])

    def send_sms(self, *, to: str, from_: str, body: str) -> str:
        """Send a message and return the provider's MessageSid."""
        message = self.asked(
            lambda client: client.messages.create(
                to=to, from_=from_, body=body, status_callback=self._addresses.sms_status
            )
        )
        return str(message.sid)

    def ring(self, *, to: str, from_: str, call_sid: str, leg: int, seconds: int) -> str:
        """Place a call that asks for the leg's whisper when answered; return its CallSid."""
        whisper = self._addresses.leg(call_sid, leg, "whisper")
        status = self._addresses.leg(call_sid, leg, "status")
        return self._place(to, from_, whisper, status, seconds)

    def ring_for_verification(self, *, to: str, from_: str, verification: int, seconds: int) -> str:
        """Place a call that asks for a key and connects nobody; return its CallSid."""
        whisper = self._addresses.verification(verification, "whisper")
        status = self._addresses.verification(verification, "status")
        return self._place(to, from_, whisper, status, seconds)

    def ring_for_customer_call(self, *, to: str, from_: str, call: int, seconds: int) -> str:
        """Place a call that asks for a key and connects with a customer; return its CallSid."""
        whisper = self._addresses.customer_call(call, "whisper")
        status = self._addresses.customer_call(call, "status")
        return self._place(to, from_, whisper, status, seconds)

    def legs_of(self, sid: str) -> ProviderLegs:
        """Tell how a call of ours fares, and the one that it was connected with."""
        own = self.asked(lambda client: client.calls(sid).fetch())
        others = self.asked(lambda client: client.calls.list(parent_call_sid=sid, limit=1))
        return ProviderLegs(_leg(own), next(map(_leg, others), None))

    def cancel(self, sid: str) -> None:
        """End a call of ours, whether it still rings or is answered; one that is over is fine."""
        try:
            self.asked(lambda client: client.calls(sid).update(status="completed"))
        except PermanentFailure as failure:
            if failure.code not in CALL_IS_OVER:
                raise

    def fetch_recording(self, sid: str) -> bytes:
        """Return a recording as WAV, asked for by its sid: never from a posted address."""
        if not SID.fullmatch(sid):
            raise PermanentFailure(DeliveryError.NO_RECORDING_SID)
        url = recording_url(self.settings, sid)
        return self.asked(lambda client: _download(client, url))

    def delete_recording(self, sid: str) -> None:
        """Delete a recording at the provider; one that is gone already is fine."""
        try:
            self.asked(lambda client: client.recordings(sid).delete())
        except PermanentFailure as failure:
            if failure.code != NOT_THERE:
                raise

    def asked(self, ask: Callable[[Any], T]) -> T:
        """Ask the provider through the SDK's client; what fails is named as everywhere here."""
        if not self.is_ready:
            raise TemporaryFailure(DeliveryError.NO_CREDENTIALS)
        try:
            return ask(self._client)
        except TwilioRestException as refusal:
            raise _failure(refusal.status, refusal.code) from refusal
        except ConnectTimeout as lost:
            raise TemporaryFailure(DeliveryError.NO_CONNECTION) from lost
        except RequestException as lost:
            raise TemporaryFailure(type(lost).__name__, is_uncertain=True) from lost
        except TwilioException as strange:
            raise TemporaryFailure(type(strange).__name__) from strange

    def _place(self, to: str, from_: str, whisper: str, status: str, seconds: int) -> str:
        placed = self.asked(
            lambda client: client.calls.create(
                to=to,
                from_=from_,
                url=whisper,
                method="POST",
                status_callback=status,
                status_callback_method="POST",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                timeout=min(max(seconds, 5), 600),
            )
        )
        return str(placed.sid)

    @property
    def _addresses(self) -> Addresses:
        return Addresses(self.settings.public_url)

    @cached_property
    def _client(self) -> Any:
        user, password = credentials(self.settings)
        transport = TwilioHttpClient(timeout=ANSWER_SECONDS)
        client = Client(user, password, self.settings.twilio_account_sid, http_client=transport)
        client.api.base_url = self.settings.twilio_api_url  # no variable of the SDK does this
        return client


def _leg(call: Any) -> ProviderLeg:
    status, duration = read_status(StatusCallback.LEG, str(call.status)), str(call.duration)
    seconds = int(duration) if duration.isascii() and duration.isdecimal() else None
    return ProviderLeg(status, seconds, call.start_time, call.end_time)


def _failure(status: int, code: int | None) -> SendFailure:
    """Name a refusal without the provider's sentence: it may carry a telephone number."""
    reason = refused(status, code)
    if status >= 500:
        return TemporaryFailure(reason, code, is_uncertain=True)
    if status in PASSING_STATUS:
        return TemporaryFailure(reason, code)
    return PermanentFailure(reason, NOT_THERE if status == 404 else code)


def _download(client: Any, url: str) -> bytes:
    """Read the media in pieces and stop at the limit, whatever length was promised."""
    with client.http_client.session.get(
        url, auth=client.auth, stream=True, timeout=ANSWER_SECONDS
    ) as answer:
        if answer.status_code == 404:  # told as finished, but not there yet
            raise TemporaryFailure(DeliveryError.RECORDING_NOT_READY, NOT_THERE)
        if answer.status_code != 200:
            raise _failure(answer.status_code, None)
        sound = bytearray()
        for piece in answer.iter_content(CHUNK):
            sound += piece
            if len(sound) > LARGEST_RECORDING:
                raise PermanentFailure(DeliveryError.RECORDING_TOO_LARGE)
        return bytes(sound)


CHUNK: Final = 64 * 1024  # bytes of a recording that are read at once


def credentials(settings: ProviderSettings) -> tuple[str, str]:
    """Return user and password: an API key where one is given, else the newest token."""
    if settings.twilio_api_key:
        return settings.twilio_api_key, settings.twilio_api_secret
    return settings.twilio_account_sid, next(iter(settings.twilio_auth_token), "")


def recording_url(settings: ProviderSettings, sid: str) -> str:
    """Return where a recording is, made from its sid: never an address that was posted."""
    account = settings.twilio_account_sid
    return f"{settings.twilio_api_url}/2010-04-01/Accounts/{account}/Recordings/{sid}.wav"
