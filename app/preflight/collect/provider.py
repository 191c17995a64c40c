"""The provider, asked about us."""

from collections.abc import Callable
from typing import Final, TypeVar

from app import clock
from app.domain.message_refs import MessageRef, Value, ref
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
PROFILES: Final = ref("preflight.profile_unread_do")
PROVIDER: Final = ref("preflight.provider_do")


def ask_account(settings: Settings) -> ProviderAccount:
    """Ask for the account. Trouble where the provider does not tell."""
    return _asked(
        settings, ref("preflight.part_account"), lambda: fetch_account(settings, clock.now)
    )


def ask_numbers(settings: Settings) -> tuple[OwnNumber, ...]:
    """Ask for the account's numbers. Trouble where the provider does not tell."""
    return _asked(settings, ref("preflight.part_numbers"), lambda: fetch_numbers(settings))


def ask_profiles(settings: Settings) -> tuple[Profile, ...]:
    """Ask for the business profiles; where they are not told, that is no error."""
    _check_login(settings)
    try:
        return fetch_profiles(settings)
    except ProviderUnavailable as silent:
        why = ref("preflight.profile_unread", cause=_cause(silent))
        raise NoAnswer(why, PROFILES, Mark.WARNING) from silent


def _asked(settings: Settings, what: MessageRef, ask: Callable[[], T]) -> T:
    _check_login(settings)
    host = settings.twilio_api_url
    try:
        return ask()
    except ProviderUnavailable as silent:
        if silent.status in REFUSED:
            raise NoAnswer(
                ref("preflight.credentials_refused", host=host, what=what, cause=_cause(silent)),
                ref("preflight.credentials_refused_do"),
            ) from silent
        if silent.status == 404:
            raise NoAnswer(
                ref("preflight.account_unknown", host=host, cause=_cause(silent)),
                ref("preflight.account_unknown_do"),
            ) from silent
        raise NoAnswer(
            ref("preflight.provider_away", host=host, cause=_cause(silent)), PROVIDER
        ) from silent


def _cause(silent: ProviderUnavailable) -> Value:
    return str(silent) if silent.status is None else ref("preflight.status", status=silent.status)


def _check_login(settings: Settings) -> None:
    if not (settings.twilio_account_sid and settings.twilio_auth_token):
        raise NoAnswer(ref("preflight.provider_unasked"), mark=Mark.WARNING)
