"""The headers that every answer carries, pages and API alike, whatever made it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cache-Control": "no-store",  # where the answer itself does not say how long it holds
}
ENCRYPTED_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


def add_headers(app: Flask, *, is_encrypted: bool) -> None:
    """Add what an answer does not say itself; HSTS where PUBLIC_URL is https."""
    answered = app.wsgi_app
    added = tuple((ALWAYS | (ENCRYPTED_ONLY if is_encrypted else {})).items())

    def with_headers(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            known = {name.lower() for name, _ in given}
            missing = [header for header in added if header[0].lower() not in known]
            return start(status, [*given, *missing], *rest)

        return answered(environ, begin)

    # How Flask says that one puts something in front; its stubs call it a method.
    app.wsgi_app = with_headers  # type: ignore[method-assign, assignment]
