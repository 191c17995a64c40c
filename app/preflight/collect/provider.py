"""The provider, asked about us."""

from collections.abc import Callable
from typing import Final, TypeVar

from app import clock
from app.gateways.twilio.inventory import (
    OwnNumber,
    Profile,
    ProviderAccount,
    ProviderUnavailable,
    fetch_account,
    fetch_numbers,
    fetch_profiles,
)
from app.preflight.bounded import NoAnswer
from app.preflight.finding import Mark
from app.settings import Settings

T = TypeVar("T")

REFUSED: Final = frozenset({401, 403})
PROFILES: Final = "Look in Twilio's console: Trust Hub → Customer profiles"


def ask_account(settings: Settings) -> ProviderAccount:
    """Ask for the account. Trouble where the provider does not tell."""
    return _asked(settings, "the account", lambda: fetch_account(settings, clock.now))


def ask_numbers(settings: Settings) -> tuple[OwnNumber, ...]:
    """Ask for the account's numbers. Trouble where the provider does not tell."""
    return _asked(settings, "the account's numbers", lambda: fetch_numbers(settings))


def ask_profiles(settings: Settings) -> tuple[Profile, ...]:
    """Ask for the business profiles; where they are not told, that is no error."""
    _check_login(settings)
    try:
        return fetch_profiles(settings)
    except ProviderUnavailable as silent:
        why = f"the business profile could not be read: {silent}"
        raise NoAnswer(why, PROFILES, Mark.WARNING) from silent


def _asked(settings: Settings, what: str, ask: Callable[[], T]) -> T:
    _check_login(settings)
    host = settings.twilio_api_url
    try:
        return ask()
    except ProviderUnavailable as silent:
        if silent.status in REFUSED:
            raise NoAnswer(
                f"{host} refuses our credentials for {what}: {silent}",
                "Compare TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_KEY with the console",
            ) from silent
        if silent.status == 404:
            raise NoAnswer(
                f"{host} does not know the account: {silent}",
                "Compare TWILIO_ACCOUNT_SID with the console",
            ) from silent
        raise NoAnswer(
            f"{host} is away: {silent}",
            "Is the way out open? Look at TWILIO_API_URL and at the provider's status page",
        ) from silent


def _check_login(settings: Settings) -> None:
    if not (settings.twilio_account_sid and settings.twilio_auth_token):
        raise NoAnswer("the provider was not asked: there are no credentials", "", Mark.WARNING)
