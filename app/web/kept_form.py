"""A form that was sent and could not be taken yet: kept with its words until it can be.

It travels in the page itself, signed: whoever has to log in first, or to send it once more, has
lost nothing. Files are not kept, nor what is typed to prove who somebody is.
"""

from dataclasses import dataclass
from typing import Final

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.csrf import FIELD
from app.web.services import current_services

PURPOSE: Final = "kept-form"
KEPT_FIELD: Final = "kept_form"
NEXT_FIELD: Final = "next"  # where a login goes on to
VALID_SECONDS: Final = 12 * 3600
SECRETS: Final = ("password", "code")  # parts of the names of fields
NO_WORDS: Final = frozenset({KEPT_FIELD, NEXT_FIELD})
SHORTEST_SHOWN: Final = 2


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where it was sent, and what was in it."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What somebody has written, to be seen before it is sent once more."""
        return tuple(
            value
            for name, value in self.fields
            if name not in NO_WORDS and len(value.strip()) >= SHORTEST_SHOWN
        )

    def dumps(self) -> str:
        """Write it for a field of a page."""
        return str(_serializer().dumps([self.path, self.fields]))


def sent_form() -> KeptForm:
    """Return the form that this request has sent."""
    query = request.query_string.decode("ascii", "replace")
    path = f"{request.path}?{query}" if query else request.path
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != FIELD and not any(part in name for part in SECRETS)
    )
    return KeptForm(path, fields)


def carried_form() -> KeptForm | None:
    """Return the form that a page carried on; None for none, and for one that was not made here."""
    text = request.form.get(KEPT_FIELD, "")
    try:
        path, fields = _serializer().loads(text, max_age=VALID_SECONDS)
        return KeptForm(str(path), tuple((str(name), str(value)) for name, value in fields))
    except (BadSignature, ValueError, TypeError):
        return None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_services().settings.secret_key, salt=PURPOSE)
