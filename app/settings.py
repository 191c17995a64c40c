"""What the environment says, read once; every mistake is told at once and in plain words.

No other file reads the environment of the product (contract.md, Environment).
"""

import re
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.settings_urls import (
    address_parts,
    is_folder_address,
    is_loopback,
    is_mail_address,
    is_private_address,
    is_server_address,
    is_web_address,
    with_lower_host,
)

Secret = Annotated[str, Field(repr=False)]

MOST_PROCESSES: Final = 256  # of the web, or threads in each: more is a slip of the finger
DATABASES: Final = ("sqlite:///", "postgresql+psycopg://")
# How a sign that means something in an address is written in a password.
ESCAPED: Final = "in a password write % as %25, # as %23, / as %2F, ? as %3F and @ as %40"
# What the eye does not see: pasted from a mail or a page, it ends up in the value.
INVISIBLE: Final = (
    "\ufeff\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c"
)
# What the examples of settings say where a value of one's own belongs (deploy/*.example).
PLACEHOLDER: Final = "CHANGE-ME"
WHITE: Final = f" \t\r\n\v\f\u00a0\u202f{INVISIBLE}"


SHORTEST_WEBHOOK_SECRET: Final = 24
# Stands in for SECRET_KEY in a command that serves no web: nothing is signed with it.
NO_SECRET_KEY: Final = "unused by this command"


class SettingsError(Exception):
    """The environment cannot be used; `mistakes` tells each one in plain words."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(("The settings cannot be used:", *mistakes)))


S = TypeVar("S", bound="FromEnvironment")


class FromEnvironment(BaseSettings):
    """Settings that are read from the environment: one field per variable, named like it."""

    # Defaults are checked too: an API key without its secret is a mistake although the
    # secret's own variable is missing.
    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _stripped(cls, value: object) -> object:
        """White space round a value comes from a file or the clipboard; it is never meant."""
        return value.strip(WHITE) if isinstance(value, str) else value

    @field_validator("*", mode="after")
    @classmethod
    def _on_one_line(cls, value: object) -> object:
        if isinstance(value, str) and not value.isprintable():
            raise ValueError("must be one line, without tabs or invisible signs")
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _filled_in(cls, value: object) -> object:
        """An example's token is known to everybody: whoever signs with it would be let in."""
        if any(PLACEHOLDER in text for text in _texts(value)):
            raise ValueError(f"still says {PLACEHOLDER}: put in a value of your own")
        return value

    @field_validator("port", check_fields=False)
    @classmethod
    def _possible_port(cls, port: int) -> int:
        if not 1 <= port <= 65535:
            raise ValueError("must be between 1 and 65535")
        return port


class Settings(FromEnvironment):
    """Everything that is set outside for what the product does."""

    secret_key: Secret
    database_url: Secret = "sqlite:///var/vakt.db"
    public_url: str = "http://localhost:8000"
    twilio_api_url: str = "https://api.twilio.com"
    twilio_account_sid: str = ""
    # The newest token first; old and new may stand together, separated by a comma.
    twilio_auth_token: Annotated[tuple[str, ...], NoDecode, Field(repr=False)] = ()
    twilio_api_key: str = ""
    twilio_api_secret: Secret = ""
    smtp_url: Secret = ""
    vakt_mail_from: str = ""
    # Signs what is posted to desks' webhooks; the newest first, an old one may stand beside it.
    vakt_webhook_secret: Annotated[tuple[str, ...], NoDecode, Field(repr=False)] = ()
    vakt_webhook_private: bool = False
    vakt_exchange: bool = False
    # Fetched each minute while all is well; whoever has it can say so: kept like a password.
    vakt_heartbeat_url: Secret = ""
    vakt_metrics_token: Secret = ""
    vakt_lifeline: Path = Path("var/lifeline.json")
    vakt_lifeline_push_url: Secret = ""
    vakt_lifeline_push_header: Secret = ""
    vakt_lifeline_public_url: Secret = ""
    port: int = 8000

    @field_validator("secret_key")
    @classmethod
    def _something(cls, key: str) -> str:
        if not key:
            raise ValueError(PLAIN_WORDS["missing"])
        return key

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        for short in ("postgres://", "postgresql://"):  # as hosting platforms write it
            if url.startswith(short):
                url = "postgresql+psycopg://" + url.removeprefix(short)
        if not url.startswith(DATABASES):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        if url.startswith(DATABASES[1]) and not is_server_address(url):
            raise ValueError(
                "must be an address such as postgresql+psycopg://user:password@host:5432/vakt; "
                f"{ESCAPED}"
            )
        return url

    @field_validator("public_url", "twilio_api_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        if not is_web_address(url):
            raise ValueError(
                "must be an address such as https://vakt.example.org, without blanks, ? or #"
            )
        return with_lower_host(url).rstrip("/")

    @field_validator(
        "twilio_account_sid",
        "twilio_api_key",
        "twilio_api_secret",
        "vakt_metrics_token",
    )
    @classmethod
    def _without_blanks(cls, text: str) -> str:
        if any(sign.isspace() for sign in text):
            raise ValueError("must not have blanks in it")
        return text

    @field_validator("twilio_auth_token", mode="before")
    @classmethod
    def _split_tokens(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        tokens = _between_commas(value)
        if any(not token.isprintable() or " " in token for token in tokens):
            raise ValueError("must not have blanks in it; a comma stands between old and new")
        return tokens

    @field_validator("vakt_webhook_secret", mode="before")
    @classmethod
    def _split_secrets(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        secrets = _between_commas(value)
        if any(len(secret) < SHORTEST_WEBHOOK_SECRET for secret in secrets):
            raise ValueError(f"must have at least {SHORTEST_WEBHOOK_SECRET} characters each")
        return secrets

    @field_validator("vakt_mail_from")
    @classmethod
    def _one_address(cls, address: str) -> str:
        if address and not (address.isascii() and re.fullmatch(r"[^\s@,<>]+@[^\s@,<>]+", address)):
            raise ValueError("must be one address such as vaktlinje@example.org")
        return address

    @field_validator("twilio_api_secret")
    @classmethod
    def _key_with_secret(cls, secret: str, info: ValidationInfo) -> str:
        if bool(secret) != bool(info.data.get("twilio_api_key")):
            raise ValueError("and TWILIO_API_KEY belong together: set both or none")
        return secret

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, url: str) -> str:
        if url and not is_mail_address(url):
            raise ValueError(
                "must be an address such as smtps://user:password@mail.example.org:465, with "
                f"nothing after the host and port; {ESCAPED}"
            )
        return url

    @field_validator("vakt_heartbeat_url")
    @classmethod
    def _fetchable(cls, url: str) -> str:
        if url and (" " in url or not address_parts(url, ("http", "https"))):
            raise ValueError("must be an address such as https://watch.example.org/ping/…")
        return url

    @field_validator("vakt_lifeline_push_url")
    @classmethod
    def _safe_way(cls, url: str) -> str:
        """The numbers of the staff go there, and a key; both are nobody else's business."""
        if url and not is_private_address(url):
            raise ValueError("must be an address such as https://files.example.org/vakt")
        return url

    @field_validator("vakt_lifeline_push_header")
    @classmethod
    def _one_header(cls, header: str) -> str:
        name, colon, value = header.partition(":")
        if header and not (colon and name.strip() and value.strip() and header.isprintable()):
            raise ValueError("must be a name and a value, such as Authorization: Bearer …")
        return header

    @field_validator("vakt_lifeline_public_url")
    @classmethod
    def _where_it_is_read(cls, url: str, info: ValidationInfo) -> str:
        if url and not is_folder_address(url):
            raise ValueError("must be an address such as https://files.example.org/vakt")
        if url and not info.data.get("vakt_lifeline_push_url"):
            raise ValueError("is of no use without VAKT_LIFELINE_PUSH_URL")
        return url.rstrip("/")

    @field_validator("vakt_exchange")
    @classmethod
    def _exchange_at_home(cls, is_on: bool, info: ValidationInfo) -> bool:
        """A moment set from outside is for the local exchange only, never beside a real one."""
        url = info.data.get("twilio_api_url")
        if is_on and url and not is_loopback(url):
            raise ValueError("may only be 1 when TWILIO_API_URL is on this machine")
        return is_on

    @field_validator("port", mode="before")
    @classmethod
    def _in_digits(cls, port: object) -> object:
        if isinstance(port, str) and not (port.isascii() and port.strip().isdecimal()):
            raise ValueError("must be a whole number")
        return port


class ServingSettings(FromEnvironment):
    """How the web is served: read before there is any application."""

    web_host: str = "127.0.0.1"  # a proxy on the same machine stands in front
    port: int = 8000
    web_workers: int = 2
    web_threads: int = 4
    web_access_log: bool = False
    prometheus_multiproc_dir: str = ""

    @field_validator("web_host")
    @classmethod
    def _plain_host(cls, host: str) -> str:
        if " " in host or "/" in host or host.startswith("["):
            raise ValueError("must be an address such as 127.0.0.1, 0.0.0.0 or ::")
        return host

    @field_validator("web_workers", "web_threads")
    @classmethod
    def _some(cls, count: int) -> int:
        if not 1 <= count <= MOST_PROCESSES:
            raise ValueError(f"must be between 1 and {MOST_PROCESSES}")
        return count


def signing_key(settings: Settings) -> str:
    """Return the key that links are signed with; empty for a process that was given none."""
    return "" if settings.secret_key == NO_SECRET_KEY else settings.secret_key


def read_settings() -> Settings:
    """Read the environment; raise SettingsError with every mistake at once."""
    return _read(Settings)


def read_serving_settings() -> ServingSettings:
    """Read how the web is served; raise SettingsError with every mistake at once."""
    return _read(ServingSettings)


def _read(kind: type[S]) -> S:
    try:
        return kind()
    except ValidationError as refused:
        raise SettingsError(_in_plain_words(refused)) from None


def _between_commas(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _texts(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, tuple) else (value,)
    return tuple(part for part in parts if isinstance(part, str))


PLAIN_WORDS: Final = {
    "missing": "is not set; it is required",
    "bool_parsing": "must be 1 or 0",
    "int_parsing": "must be a whole number",
}


def _in_plain_words(refused: ValidationError) -> tuple[str, ...]:
    """One line per mistake, without the value: it may be a secret."""
    lines = []
    for error in refused.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in error["loc"][:1]).upper()
        words = PLAIN_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
        lines.append(f"{name} {words}")
    return tuple(lines)
