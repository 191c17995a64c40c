"""One way to make a page: a template, its title's text, and what the template shows.

Templates stand in app/web/templates; every word in them comes from voice_prompts by `say`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response, g, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import clock
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import (
    ZONE_OF_NOBODY,
    clock_ref,
    day_ref,
    long_day_ref,
    moment_ref,
)
from app.domain.texts.written_numbers import written_number
from app.voice_prompts import texts
from app.web.csrf import csrf_token
from app.web.pages.assets import asset, icon_svg
from app.web.pages.language import page_language
from app.web.pages.navigation import accessibility_url, links_of_page
from app.web.pages.own_duty_line import own_duty_line
from app.web.pages.portal_frame import portal_frame
from app.web.pages.queue_place import came_from, queue_place
from app.web.session import resume_if_known

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # Our own forms tell where they come from; nobody else learns a page's address.
    "Referrer-Policy": "same-origin",
}


def page(
    template: str,
    title: str | MessageRef,
    *,
    status: int = 200,
    language: str = "",
    time_zone: str = ZONE_OF_NOBODY,
    **context: Any,
) -> Response:
    """Answer a page; `title` names its text, which is also its only h1.

    `language` is given where the page does not follow its reader; `time_zone` is that of the
    moments on it. A name that the template wants and `context` lacks raises UndefinedError.
    """
    resume_if_known()
    g.page_time_zone = time_zone
    if language:
        g.page_language = language
    message = title if isinstance(title, MessageRef) else MessageRef(title)
    shown = environment().get_template(template).render(page_title=written(message), **context)
    response = Response(shown, status, content_type="text/html; charset=utf-8")
    response.headers.update(PAGE_HEADERS)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


@cache
def environment() -> Environment:
    """Make what renders templates; strict: what is not given is a fault, all is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.do"],
    )
    made.globals.update(
        say=say,
        asset=asset,
        icon=icon,
        page_language=page_language,
        languages=lambda: () if g.get("page_language") else LANGUAGES,
        links_of_page=links_of_page,
        own_duty_line=own_duty_line,
        queue_place=queue_place,
        came_from=came_from,
        portal_frame=portal_frame,
        accessibility_url=accessibility_url,
        csrf_token=csrf_token,
        current_path=_current_path,
        user_name=lambda: g.get("user_name", ""),
    )
    made.filters.update(
        written=written,
        moment=_moment,
        full_moment=full_moment,
        day=_day,
        long_day=_long_day,
        clock=_clock,
        number=_number,
        iso=lambda at: at.isoformat(),
    )
    return made


def say(key: str, /, **values: RefValue) -> str:
    """Write a text in the page's language; moments are told as seen from now."""
    return written(ref(key, **values))


def icon(name: str, label: str = "") -> Markup:
    """Draw an icon; without a label it only repeats a word beside it."""
    role = Markup('role="img" aria-label="{}"').format(label) if label else 'aria-hidden="true"'
    drawn = icon_svg(name).replace("<svg ", f'<svg class="vakt-icon" focusable="false" {role} ', 1)
    return Markup(drawn)  # a file of ours; the label is escaped


def written(message: MessageRef | str) -> str:
    """Write a message in the page's language; what is text already stays as it is."""
    if isinstance(message, str):
        return message
    return texts().tell(message, page_language(), now=_now(), time_zone=_zone())


def _now() -> datetime:
    """One moment for the whole page."""
    if "page_now" not in g:
        g.page_now = clock.now()
    return g.page_now  # type: ignore[no-any-return]  # g knows no types


def _zone() -> str:
    return str(g.get("page_time_zone", ZONE_OF_NOBODY))


def _current_path() -> str:
    query = request.query_string.decode("ascii", "replace")
    return request.path + (f"?{query}" if query else "")


def _moment(at: datetime) -> str:
    """Tell a moment as seen from now: “i morgen kl. 08.00”."""
    return say("page.moment", at=at)


def full_moment(at: datetime) -> str:
    """Tell a moment in full: “lør. 21. nov. 2026 kl. 23.10”."""
    return written(moment_ref(at, _zone()))


def _day(at: datetime) -> str:
    return written(day_ref(at, _zone()))


def _long_day(day: date) -> str:
    """Write a date, or the day of a moment: “lørdag 28. november 2026”."""
    local = day.astimezone(ZoneInfo(_zone())).date() if isinstance(day, datetime) else day
    return written(long_day_ref(local))


def _clock(at: datetime) -> str:
    return written(clock_ref(at, _zone()))


def _number(value: float, decimals: int = 0) -> str:
    return written_number(value, page_language(), decimals)
