"""`/tickets`: the queue of those who work on tickets: views, filters, a search, saved filters."""

from datetime import datetime
from typing import Annotated, Final

from flask import Blueprint, abort, g, redirect, request
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.queue import Queue, load_queue
from app.actions.tickets.saved_filters import (
    LONGEST_NAME,
    FilterAnswer,
    delete,
    rename,
    save,
)
from app.domain.access.permissions import Permission
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.queue_query import QueueQuery, read_query, read_query_text
from app.store.saved_filters import list_saved_filters
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.live_part import answer_live_part
from app.web.pages.queue_part import ADDRESS, QueuePart, zone_of
from app.web.pages.queue_words import level_name
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

queue_page = Blueprint("queue_page", __name__, url_prefix="/tickets")

PERMISSION: Final = Permission.WORK_ON_TICKETS
FILTERS: Final = "/tickets/filters"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Filters(BaseModel):
    """What narrows a view."""

    desk: str = ""
    priority: str = ""
    group: str = ""
    customer: str = Limits("", max_length=64)


class FilterName(BaseModel):
    """What a saved filter is called."""

    name: Name = Limits(max_length=LONGEST_NAME)


NARROW: Final = Form(
    "queue_filter",
    Filters,
    (
        Field("desk", Kind.SELECT),
        Field("priority", Kind.SELECT),
        Field("group", Kind.SELECT),
        Field("customer", width="short"),
    ),
)
SAVE: Final = Form("queue_save", FilterName, (Field("name", width="medium"),))


@queue_page.get("")
@needs(PERMISSION)
def queue() -> Response:
    """Show a page of the queue."""
    return _show(read_query(request.args), SAVE.blank())


@queue_page.get("/rows")
@needs(PERMISSION)
def rows() -> Response:
    """Answer what a page of the queue shows, or that nothing of it has changed."""
    now = clock.now()
    found = _found(read_query(request.args), now)
    g.page_time_zone = zone_of(found.desks)
    return answer_live_part(QueuePart(found, now))


@queue_page.get("/filters")
@needs(PERMISSION)
def filters() -> Response:
    """List the user's saved filters, to rename and to delete."""
    return _filters(None)


@queue_page.post("/filters")
@needs(PERMISSION)
def save_filter() -> Response:
    """Save what is asked for under a name."""
    query = read_query_text(request.form.get("query", ""))
    form = SAVE.read(request.form)
    if form.value is None:
        return _show(query, form, 422)
    answer = save(current_services().database, current_user().id, form.value.name, query)
    if answer is not FilterAnswer.SAVED:
        form.refuse(ref(f"queue_save.{answer}"), "name")
        return _show(query, form, 409)
    return redirect(f"{ADDRESS}?{query.whole.write()}&done=saved#done", 303)


@queue_page.post("/filters/<int:filter_id>/rename")
@needs(PERMISSION)
def rename_filter(filter_id: int) -> Response:
    """Give a saved filter another name."""
    form = SAVE.read(request.form)
    if form.value is None:
        return _filters(form, filter_id, 422)
    answer = rename(current_services().database, current_user().id, filter_id, form.value.name)
    return _answered(answer, form, filter_id)


@queue_page.post("/filters/<int:filter_id>/delete")
@needs(PERMISSION)
def delete_filter(filter_id: int) -> Response:
    """Delete a saved filter."""
    answer = delete(current_services().database, current_user().id, filter_id)
    return _answered(answer, None, filter_id)


def _answered(
    answer: FilterAnswer, form: FilledForm[FilterName] | None, filter_id: int
) -> Response:
    if answer is FilterAnswer.GONE:
        abort(404)
    if form and answer is FilterAnswer.NAME_TAKEN:
        form.refuse(ref("queue_save.name_taken"), "name")
        return _filters(form, filter_id, 409)
    return redirect(f"{FILTERS}?done={answer}#done", 303)


def _filters(
    sent: FilledForm[FilterName] | None, filter_id: int = 0, status: int = 200
) -> Response:
    with current_services().database.read() as connection:
        saved = list_saved_filters(connection, current_user().id)
    if sent and filter_id not in (each.id for each in saved):
        abort(404)
    done = request.args.get("done", "")
    return page(
        "queue_filters.html",
        "queue_filters.title",
        status=status,
        saved=saved,
        forms={
            each.id: sent if sent and each.id == filter_id else SAVE.blank(name=each.name)
            for each in saved
        },
        sent=sent,
        address=ADDRESS,
        done=done if done in (FilterAnswer.RENAMED, FilterAnswer.DELETED) else "",
    )


def _show(asked: QueueQuery, saving: FilledForm[FilterName], status: int = 200) -> Response:
    now = clock.now()
    found = _found(asked, now)
    query = found.query
    g.page_time_zone = zone_of(found.desks)
    return page(
        "queue.html",
        "queue.title",
        status=status,
        time_zone=zone_of(found.desks),
        queue=found,
        query=query,
        part=QueuePart(found, now).render(),
        is_narrowed=bool(query.desk or query.priority or query.group or query.customer)
        or bool(saving.errors),
        form=_narrowing(found),
        saving=saving,
        is_saved=request.args.get("done") == "saved",
        now=now,
        address=ADDRESS,
    )


def _found(asked: QueueQuery, now: datetime) -> Queue:
    with current_services().database.read() as connection:
        return load_queue(connection, current_user(), asked, now)


def _narrowing(found: Queue) -> FilledForm[Filters]:
    query = found.query
    levels = [Option(each, _level_of(found, each)) for each in Priority]
    options = {
        "desk": [Option(each.id, each.name) for each in found.desks],
        "priority": levels,
        "group": [Option(each.id, each.name) for each in found.groups],
    }
    return NARROW.blank(
        options,
        desk=query.desk,
        priority=str(query.priority or ""),
        group=query.group,
        customer=query.customer,
    )


def _level_of(found: Queue, level: Priority) -> MessageRef | str:
    """Name a level as the desk does that is asked for, or the only one; else by its usual name."""
    asked = [each for each in found.desks if found.query.desk in ("", each.id)]
    return level_name(asked[0], level) if len(asked) == 1 else MessageRef(f"priority.{level}")
