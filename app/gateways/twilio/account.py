"""Our account at the provider: how we identify ourselves there, and where its recordings are."""

from typing import Final

from app.settings import ProviderSettings

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
