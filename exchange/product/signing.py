"""Signs what the network sends, with the official validator's own arithmetic."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """The `X-Twilio-Signature` for a request: over HTTPS the port is left out, over HTTP kept."""
    return str(RequestValidator(token).compute_signature(signed_address(url), dict(params)))


def signed_address(url: str) -> str:
    """The address as it is signed: without fragment, over HTTPS without port."""
    parts = urlsplit(url)
    host = parts.netloc
    if parts.scheme == "https" and parts.port:
        host = host.rsplit(":", 1)[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
