"""A part of a page that browsers ask for anew every few seconds: 304 while it has not changed.

Whoever has the page open without our script has a link that fetches the whole page.
"""

from typing import Final, Protocol

from flask import Response, request
from markupsafe import Markup

from app.web.services import current_services

ASK_EACH_TIME: Final = "private, no-cache"


class LivePart(Protocol):
    """What is shown, and the name of what it is shown from."""

    @property
    def etag(self) -> str: ...

    def render(self) -> Markup: ...


def answer_live_part(part: LivePart) -> Response:
    """Answer the part alone, or that the browser has it already; then nothing is drawn."""
    if request.if_none_match.contains_weak(part.etag):
        response = Response(status=304)
    else:
        drawn = current_services().drawn_parts.get(part.etag, part.render)
        response = Response(drawn, content_type="text/html; charset=utf-8")
    response.set_etag(part.etag, weak=True)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    response.vary.update(("Accept-Language", "Cookie"))
    return response
