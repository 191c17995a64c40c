"""What stands about us at the provider: the account, its numbers, its business profile, its clock.

Looked at, never changed. The fields are Twilio's; who judges them is app/preflight.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from app.domain.time.clock_skew import clock_skew
from app.gateways.twilio.rest_client import credentials
from app.settings import ProviderSettings

SECONDS: Final = 4.0  # for the connection, and again for each answer
PAGE: Final = 200  # numbers at once
PAGES: Final = 10
WHOLE_SECONDS: Final = timedelta(seconds=1)  # in a Date header
TRUST_HUB: Final = "https://trusthub.twilio.com"

Login = tuple[str, str]


class ProviderUnavailable(Exception):
    """The provider did not tell. `status` is what it answered, None where it is away."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """The account, and how far the provider's clock is ahead of ours."""

    status: str  # active, suspended, closed
    is_trial: bool
    is_sub: bool  # another account's
    clock_skew: timedelta | None


@dataclass(frozen=True, slots=True)
class Address:
    """What the provider asks for at one occasion, and how."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of the account.

    `elsewhere` names what takes its calls, whatever the addresses say; empty where nothing does.
    """

    number: str
    voice: Address
    fallback: Address
    status: Address
    sms: Address
    elsewhere: str
    sms_elsewhere: str
    has_voice: bool
    has_sms: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A business profile in the Trust Hub, and how far its approval is."""

    name: str
    status: str


def fetch_account(settings: ProviderSettings, now: Callable[[], datetime]) -> ProviderAccount:
    """Ask for the account, by its own token: an API key may not. NotTold where it is not told."""
    url = f"{_account_url(settings)}.json"
    asked_at = now()
    answer = _get(url, (settings.twilio_account_sid, settings.twilio_auth_token[0]))
    payload = _json(answer)
    return ProviderAccount(
        status=_text(payload, "status"),
        is_trial=_text(payload, "type") == "Trial",
        is_sub=_text(payload, "owner_account_sid") not in ("", settings.twilio_account_sid),
        clock_skew=_clock_skew(answer, asked_at, now()),
    )


def fetch_numbers(settings: ProviderSettings) -> tuple[OwnNumber, ...]:
    """Ask for every number of the account, as the worker identifies itself. NotTold as above."""
    url: str | None = f"{_account_url(settings)}/IncomingPhoneNumbers.json?PageSize={PAGE}"
    found: list[OwnNumber] = []
    for _ in range(PAGES):
        if url is None:
            break
        payload = _json(_get(url, credentials(settings)))
        found.extend(_own_number(row) for row in _rows(payload, "incoming_phone_numbers"))
        onwards = _text(payload, "next_page_uri")
        url = settings.twilio_api_url + onwards if onwards else None
    return tuple(found)


def fetch_profiles(settings: ProviderSettings) -> tuple[Profile, ...]:
    """Ask for the account's business profiles. NotTold as above."""
    login = (settings.twilio_account_sid, settings.twilio_auth_token[0])
    payload = _json(_get(f"{_trust_hub(settings)}/v1/CustomerProfiles?PageSize=50", login))
    return tuple(
        Profile(_text(row, "friendly_name"), _text(row, "status"))
        for row in _rows(payload, "results")
    )


def _trust_hub(settings: ProviderSettings) -> str:
    """Twilio has it on a host of its own; others, where they have it, beside the rest."""
    host = urlsplit(settings.twilio_api_url).hostname or ""
    return TRUST_HUB if host.endswith(".twilio.com") else settings.twilio_api_url


def _account_url(settings: ProviderSettings) -> str:
    return f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.twilio_account_sid}"


def _get(url: str, login: Login) -> requests.Response:
    try:
        answer = requests.get(url, auth=login, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as lost:
        raise ProviderUnavailable(type(lost).__name__) from lost
    if answer.status_code != 200:
        raise ProviderUnavailable(f"answers {answer.status_code}", answer.status_code)
    return answer


def _json(answer: requests.Response) -> Mapping[str, Any]:
    try:
        payload = answer.json()
    except ValueError as strange:
        raise ProviderUnavailable("no_json", answer.status_code) from strange
    if not isinstance(payload, dict):
        raise ProviderUnavailable("no_object", answer.status_code)
    return payload


def _rows(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = payload.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _clock_skew(answer: requests.Response, asked: datetime, answered: datetime) -> timedelta | None:
    try:
        sent_at = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
    return clock_skew(sent_at, asked, answered, WHOLE_SECONDS) if sent_at.tzinfo else None


def _own_number(row: Mapping[str, Any]) -> OwnNumber:
    def address(url: str, method: str) -> Address:
        return Address(_text(row, url), _text(row, method))

    abilities = row.get("capabilities")
    can = {str(name).lower(): each for name, each in dict(abilities or {}).items()}
    is_fax = _text(row, "voice_receive_mode") == "fax"
    elsewhere = _text(row, "trunk_sid") or _text(row, "voice_application_sid")
    return OwnNumber(
        number=_text(row, "phone_number"),
        voice=address("voice_url", "voice_method"),
        fallback=address("voice_fallback_url", "voice_fallback_method"),
        status=address("status_callback", "status_callback_method"),
        sms=address("sms_url", "sms_method"),
        elsewhere=elsewhere or ("fax" if is_fax else ""),
        sms_elsewhere=_text(row, "sms_application_sid"),
        has_voice=can.get("voice") is True,
        has_sms=can.get("sms") is True,
    )
