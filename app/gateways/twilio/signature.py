"""Is it really Twilio: the official validator against our own public address, never against Host.

The path and query are what the web server received; scheme, host and port are what
PUBLIC_URL says, so that no proxy and no forged header has a word in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final, Protocol
from urllib.parse import parse_qs, quote, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

HEADER: Final = "X-Twilio-Signature"
BODY_HASH: Final = "bodySHA256"
PATH_SAFE: Final = "/:@!$&'()*+,;=-._~"  # RFC 3986, what a path may carry unescaped


class WebForm(Protocol):
    """Posted fields, each of which may come more than once."""

    def getlist(self, key: str, /) -> list[str]:
        """Return every value that was posted under this name."""
        ...

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        """Return every name with its values."""
        ...


class Headers(Protocol):
    """A request's headers, whatever the case of their names."""

    def get(self, key: str, default: str, /) -> str:
        """Return a header, or the default without it."""
        ...


class PostedFields(dict[str, list[str]]):
    """A form as the validator reads it fastest: `getall` is the first that it asks for."""

    getall = dict.__getitem__


@dataclass(frozen=True, slots=True)
class SignatureVerifier:
    """The account's tokens, and the address that Twilio was told to call.

    Old and new token are valid side by side, so that a token can be changed during
    calls. Without any token nothing is genuine.
    """

    public_url: str
    tokens: tuple[str, ...]
    _validators: tuple[RequestValidator, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make one validator per token, once."""
        object.__setattr__(self, "_validators", tuple(RequestValidator(t) for t in self.tokens))

    def is_genuine(self, path: str, query: str, content: WebForm | str, headers: Headers) -> bool:
        """Tell whether one of our tokens signed this request.

        `path` is decoded, `query` as it was received; `content` is the form, or the
        raw body where it is JSON (bodySHA256).
        """
        signature = headers.get(SIGNATURE_HEADER, "")
        if not (signature and signature.isascii()):
            return False
        address = self.address(path, query)
        if isinstance(content, str) and BODY_HASH not in parse_qs(urlsplit(address).query):
            return False  # nothing would hold the body; the validator has no answer to that
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        if not isinstance(content, str) and algorithm == HMAC_SHA1:
            posted = PostedFields(content.lists())
            signatures = (each.compute_signature(address, posted) for each in self._validators)
            if any(compare_digest(each, signature) for each in signatures):
                return True  # as it mostly is: the validator would sign for every port as well
        return any(
            validator.validate(address, content, signature, algorithm)
            for validator in self._validators
        )

    def address(self, path: str, query: str) -> str:
        """Return the address as Twilio knows it: ours as configured, with path and query."""
        return self.public_url + quote(path, safe=PATH_SAFE) + (f"?{query}" if query else "")
