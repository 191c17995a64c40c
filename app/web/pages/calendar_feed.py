"""The calendar of a roster, or of one person in it, as calendar programs fetch it by themselves.

The address is the key: no login, no cookie, no redirect.
"""

from typing import Final

from flask import Blueprint, Response, abort, request

from app import clock
from app.actions.roster.calendars import LONGEST_SECRET, PATH, feed_of, open_calendar
from app.domain.message_refs import MessageRef
from app.domain.roster.calendar_words import calendar_of
from app.domain.roster.ical import write_ical
from app.voice_prompts import texts
from app.web.page_access import without_login
from app.web.services import current_services

TYPE: Final = "text/calendar; charset=utf-8"

calendar_feed = Blueprint("calendar_feed", __name__, url_prefix=PATH)


@calendar_feed.get(f"/<string(maxlength={LONGEST_SECRET}):secret>.ics")
@without_login
def feed(secret: str) -> Response:
    """Answer the calendar, or that the program has it already; then nothing is worked out."""
    now, database = clock.now(), current_services().database
    opened = open_calendar(database, secret, now)
    if opened is None:
        abort(404)
    language = opened.calendar.language

    def write(words: MessageRef) -> str:
        return texts().write(words, language)

    if request.if_none_match.contains_weak(opened.etag):
        response = Response(status=304)
    else:
        calendar = calendar_of(feed_of(database, opened, now), write, now)
        response = Response(write_ical(calendar), content_type=TYPE)
    response.set_etag(opened.etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
