"""The telephone provider: its account, its address, and where it reaches us."""

from pydantic import ValidationInfo, field_validator

from app.domain.message_refs import MessageError, ref
from app.settings.environment import FromEnvironment, Secret, Secrets, without_blanks
from app.settings.urls import is_loopback, is_web_address, with_lower_host


class ProviderSettings(FromEnvironment):
    """What whoever talks with the provider needs."""

    public_url: str = "http://localhost:8000"
    twilio_api_url: str = "https://api.twilio.com"
    twilio_account_sid: str = ""
    # The newest token first; old and new may stand together, separated by a comma.
    twilio_auth_token: Secrets = ()
    twilio_api_key: str = ""
    twilio_api_secret: Secret = ""
    vakt_exchange: bool = False

    @field_validator("public_url", "twilio_api_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        if not is_web_address(url):
            raise MessageError(ref("settings.web_address", example="https://vakt.example.org"))
        return with_lower_host(url).rstrip("/")

    @field_validator(
        "twilio_account_sid",
        "twilio_api_key",
        "twilio_api_secret",
    )
    @classmethod
    def _in_one_piece(cls, text: str) -> str:
        return without_blanks(text)

    @field_validator("twilio_auth_token")
    @classmethod
    def _readable(cls, tokens: tuple[str, ...]) -> tuple[str, ...]:
        if any(not token.isprintable() or " " in token for token in tokens):
            raise MessageError(ref("settings.tokens"))
        return tokens

    @field_validator("twilio_api_secret")
    @classmethod
    def _key_with_secret(cls, secret: str, info: ValidationInfo) -> str:
        if bool(secret) != bool(info.data.get("twilio_api_key")):
            raise MessageError(ref("settings.belongs_with", name="TWILIO_API_KEY"))
        return secret

    @field_validator("vakt_exchange")
    @classmethod
    def _exchange_at_home(cls, is_on: bool, info: ValidationInfo) -> bool:
        """A moment set from outside is for the local exchange only, never beside a real one."""
        url = info.data.get("twilio_api_url")
        if is_on and url and not is_loopback(url):
            raise MessageError(ref("settings.exchange"))
        return is_on
