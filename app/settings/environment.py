"""How the environment is read: once, every mistake at once, in plain words and without values.

No other package reads the environment of the product (docs/settings.md).
"""

from typing import Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.domain.message_refs import MessageError, MessageRef, ref

S = TypeVar("S", bound="FromEnvironment")
Secret = Annotated[str, Field(repr=False)]

MISSING: Final = ref("settings.missing")
WHOLE_NUMBER: Final = ref("settings.whole_number")
# By pydantic's types of errors.
MISTAKES: Final = {
    "missing": MISSING,
    "bool_parsing": ref("settings.one_or_zero"),
    "int_parsing": WHOLE_NUMBER,
}

# What the eye does not see: pasted from a mail or a page, it ends up in the value.
INVISIBLE: Final = (
    "\ufeff\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c"
)
# What the examples of settings say where a value of one's own belongs (deploy/*.example).
PLACEHOLDER: Final = "CHANGE-ME"
WHITE: Final = f" \t\r\n\v\f\u00a0\u202f{INVISIBLE}"


class SettingsError(Exception):
    """The environment cannot be used; `mistakes` tells each one, `messages` all of it."""

    def __init__(self, mistakes: tuple[MessageRef, ...]) -> None:
        self.mistakes = mistakes
        self.messages = (ref("settings.unusable"), *mistakes)
        super().__init__(self.messages)


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
            raise MessageError(ref("settings.one_line"))
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _filled_in(cls, value: object) -> object:
        """An example's token is known to everybody: whoever signs with it would be let in."""
        if any(PLACEHOLDER in text for text in _texts(value)):
            raise MessageError(ref("settings.placeholder", placeholder=PLACEHOLDER))
        return value

    @field_validator("port", mode="before", check_fields=False)
    @classmethod
    def _in_digits(cls, port: object) -> object:
        if isinstance(port, str) and not (port.isascii() and port.strip().isdecimal()):
            raise MessageError(WHOLE_NUMBER)
        return port

    @field_validator("port", check_fields=False)
    @classmethod
    def _possible_port(cls, port: int) -> int:
        if not 1 <= port <= 65535:
            raise MessageError(ref("settings.between", lowest=1, highest=65535))
        return port


def read(kind: type[S], **given: Any) -> S:
    """Read such settings; raise SettingsError with every mistake at once.

    What is given counts instead of what the environment says.
    """
    try:
        return kind(**given)
    except ValidationError as refused:
        raise SettingsError(_mistakes(refused)) from None


def between_commas(text: str) -> tuple[str, ...]:
    """Return what stands between the commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _split(value: object) -> object:
    return between_commas(value) if isinstance(value, str) else value


# Secrets that stand together, the newest first, separated by commas.
Secrets = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), Field(repr=False)]


def without_blanks(text: str) -> str:
    """Return the text; MessageError where it has blanks in it."""
    if any(sign.isspace() for sign in text):
        raise MessageError(ref("settings.no_spaces"))
    return text


def _texts(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, tuple) else (value,)
    return tuple(part for part in parts if isinstance(part, str))


def _mistakes(refused: ValidationError) -> tuple[MessageRef, ...]:
    """One message per mistake, without the value: it may be a secret."""
    errors = refused.errors(include_url=False, include_input=False)
    return tuple(
        ref("settings.mistake", name=str(error["loc"][0]).upper(), why=_why(error))
        for error in errors
    )


def _why(error: ErrorDetails) -> MessageRef:
    ours = error.get("ctx", {}).get("error")
    if isinstance(ours, MessageError):
        return ours.message
    return MISTAKES.get(error["type"]) or ref("settings.unreadable")
