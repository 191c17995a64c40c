"""Calls: listed, and one by its sid, each with turns, reasons, legs, outcome and ticket."""

import base64
import binascii
from datetime import datetime
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import AfterValidator, Field

from app.api.v1.access import access, auth
from app.api.v1.call_responses import call_out_response, call_response
from app.api.v1.language import AnswerLanguage, LanguageQuery
from app.api.v1.models import CallOutDetailsResponse, CallResponse, Calls, ShortText
from app.api.v1.pagination import Page, Paging, page
from app.api.v1.refusals import NO_SUCH_CALL, NO_SUCH_CALL_OUT, refuse
from app.api.v1.services import api_services
from app.domain.calls.call import CallOutcome
from app.domain.message_refs import MessageError, ref
from app.domain.time.parsing import read_moment
from app.store.call_lists import (
    CallSummary,
    find_call,
    find_call_out,
    list_calls,
    list_calls_in_full,
)
from app.store.desks import LiveDesk, list_desks

calls = APIBlueprint("calls", __name__, tag="Calls")


def read_cursor(text: str) -> str:
    """Return the cursor as it is; MessageError when it is none of ours."""
    _place(text)
    return text


class CallQuery(Paging):
    """Which calls."""

    desk: ShortText | None = None
    outcome: CallOutcome | None = None
    open: bool | None = Field(
        default=None, description="Only those whose end was not told; or only the others."
    )
    before: Annotated[str, AfterValidator(read_cursor)] | None = Field(
        default=None, max_length=200, description="Where the Link header leads on."
    )
    language: AnswerLanguage


@calls.get("/calls")
@calls.auth_required(auth)
@calls.input(CallQuery, location="query", arg_name="wanted")
@calls.output(Calls)
def all_calls(wanted: CallQuery) -> Page:
    """List calls, the newest first; each as it is given alone."""
    services, allowed = api_services(), access().to(wanted.desk)
    before = _place(wanted.before) if wanted.before else None
    with services.database.read() as connection:
        more = list_calls(
            connection,
            allowed,
            before,
            limit=wanted.limit + 1,
            outcome=wanted.outcome,
            is_open=wanted.open,
        )
        lines = more[: wanted.limit]
        found = list_calls_in_full(connection, lines)
        desks = {live.desk.id: live for live in list_desks(connection, access().desks)}
    told = [
        call_response(each, desks.get(each.line.desk or ""), services.texts, wanted.language)
        for each in found
    ]
    cursor = _cursor(lines[-1]) if len(more) > wanted.limit else None
    return page(told, wanted.limit, cursor)


@calls.get("/calls/<sid>")
@calls.auth_required(auth)
@calls.input(LanguageQuery, location="query", arg_name="asked")
@calls.output(CallResponse)
@calls.doc(responses=[404])
def one_call(sid: str, asked: LanguageQuery) -> CallResponse:
    """Give one call: what happened, why, who was rung, and how it ended."""
    if "\0" in sid:
        refuse(404, NO_SUCH_CALL)
    services = api_services()
    live: tuple[LiveDesk, ...] = ()
    with services.database.read() as connection:
        found = find_call(connection, sid, access().desks)
        if found and found.line.desk:
            live = list_desks(connection, (found.line.desk,))
    if found is None:
        refuse(404, NO_SUCH_CALL)
    return call_response(found, live[0] if live else None, services.texts, asked.language)


@calls.get("/call-outs/<sid>")
@calls.auth_required(auth)
@calls.input(LanguageQuery, location="query", arg_name="asked")
@calls.output(CallOutDetailsResponse)
@calls.doc(responses=[404])
def one_call_out(sid: str, asked: LanguageQuery) -> CallOutDetailsResponse:
    """Give one call-out: whom it rang about the ticket, why, and what they heard."""
    if "\0" in sid:
        refuse(404, NO_SUCH_CALL_OUT)
    services = api_services()
    with services.database.read() as connection:
        found = find_call_out(connection, sid, access().desks)
        live = list_desks(connection, (found.call_out.desk,)) if found else ()
    if found is None:
        refuse(404, NO_SUCH_CALL_OUT)
    return call_out_response(found, live[0] if live else None, services.texts, asked.language)


def _cursor(line: CallSummary) -> str:
    place = f"{line.started_at.isoformat()} {line.sid}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        started_at, _, sid = place.partition(" ")
        at = read_moment(started_at)
    except (binascii.Error, ValueError):
        raise MessageError(ref("api.bad_cursor")) from None
    if at.tzinfo is None or not sid or "\0" in sid:
        raise MessageError(ref("api.bad_cursor"))
    return at, sid
