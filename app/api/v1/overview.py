"""All desks at this moment: who answers, until when, and what is wrong."""

from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, request

from app import clock
from app.api.v1.access import access, auth
from app.api.v1.language import LanguageQuery
from app.api.v1.overview_models import OverviewResponse
from app.api.v1.overview_responses import RowWriter
from app.api.v1.services import api_services

overview = APIBlueprint("overview", __name__, tag="Desks")

# Whoever has an answer asks each time whether it is still so.
ASK_EACH_TIME: Final = "private, no-cache"


@overview.get("/overview")
@overview.auth_required(auth)
@overview.input(LanguageQuery, location="query", arg_name="query")
@overview.output(OverviewResponse)
@overview.doc(responses={304: "Nothing has changed since the answer with this ETag."})
def all_desks_now(query: LanguageQuery) -> Any:
    """Tell of each desk who answers now and what is wrong, the worst first.

    Ask again with `If-None-Match`: 304 while nothing has changed.
    """
    services, now, desks = api_services(), clock.now(), access().desks
    seen = services.overview.see(now)
    rows = seen.of_desks(desks)
    etag = seen.etag("api", query.language, *(row.desk.id for row in rows))
    headers = {"ETag": f'W/"{etag}"', "Cache-Control": ASK_EACH_TIME}
    if request.if_none_match.contains_weak(etag):
        return Response(status=304, headers=headers)
    answer = OverviewResponse(
        at=now,
        changes_at=min((row.changes_at for row in rows), default=None),
        desks=[
            RowWriter(services.texts, query.language, row.desk.time_zone).row(row) for row in rows
        ],
    )
    return answer, 200, headers
