"""`/tickets/bulk`: the same done with several tickets: chosen, previewed, done, told."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.bulk import (
    BY_AGENT,
    MOST_AT_ONCE,
    BulkLine,
    BulkRequest,
    Seen,
    common_moves,
    do_bulk,
    load_lines,
    may_be_undone,
    preview_bulk,
)
from app.actions.tickets.move_ticket import (
    Assign,
    MakeMove,
    Route,
    SetPriority,
    TicketChange,
    Undo,
)
from app.actions.tickets.queue import desks_of, groups_of
from app.domain.desks.desk import Desk, Priority
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.queue_query import read_query_text
from app.domain.tickets.ticket import LONGEST_COMMENT, LONGEST_NOTE, Assignee
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Requirement, StateMove
from app.store.desks import list_desks
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.form_keys import sent_key
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.queue_bulk_words import outcome_words, refusal_words
from app.web.pages.queue_page import PERMISSION
from app.web.pages.queue_part import ADDRESS, zone_of
from app.web.pages.queue_words import level_name, subject_words
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

queue_bulk_page = Blueprint("queue_bulk_page", __name__, url_prefix=f"{ADDRESS}/bulk")

TAKE, ROUTE, PRIORITY, MOVE = "take", "route", "priority", "move:"


class Bulk(BaseModel):
    """What shall be done with all of them, and what is said with it."""

    what: str
    group: str = ""
    priority: str = ""
    reason: str = Limits("", max_length=LONGEST_NOTE)
    comment: str = Limits("", max_length=LONGEST_COMMENT)


BULK: Final = Form(
    "queue_bulk",
    Bulk,
    (
        Field("what", Kind.RADIOS),
        Field("group", Kind.SELECT),
        Field("priority", Kind.SELECT),
        Field("reason", has_hint=True),
        Field("comment", Kind.TEXTAREA, has_hint=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tickets that were ticked, as they are now, and where the user came from."""

    lines: tuple[BulkLine, ...]
    desks: tuple[Desk, ...]
    back: str

    @property
    def own(self) -> tuple[BulkLine, ...]:
        """Those that there are, for this user."""
        return tuple(each for each in self.lines if each.ticket)

    @property
    def moves(self) -> tuple[StateMove, ...]:
        """What the workflow lets the desk do with every one of them."""
        return common_moves(self.own)


@queue_bulk_page.get("")
@needs(PERMISSION)
def choose() -> Response:
    """Ask what shall be done with the ticked tickets."""
    chosen = _chosen(request.args.getlist("ticket"), request.args.get("from", ""))
    return _ask(chosen, BULK.blank(_options(chosen)))


@queue_bulk_page.post("/preview")
@needs(PERMISSION)
def preview() -> Response:
    """Show what would be done with each, and what would be refused."""
    chosen = _sent()
    form = BULK.read(request.form, _options(chosen))
    change = _change(form, chosen)
    if form.value is None or change is None:
        return _ask(chosen, form, 422)
    asked = _request(chosen.lines, chosen, change, form.value.reason)
    with current_services().database.read() as connection:
        lines = preview_bulk(connection, asked, clock.now())
    return page(
        "queue_bulk_preview.html",
        "queue_bulk.preview",
        time_zone=zone_of(chosen.desks),
        done=[each for each in lines if each.will_be_done],
        refused=[each for each in lines if not each.will_be_done],
        sent=form.value.model_dump(),
        key=uuid4().hex,
        **_shown(chosen),
    )


@queue_bulk_page.post("")
@needs(PERMISSION)
def do() -> Response:
    """Do it with each, and tell what was done and what was refused."""
    chosen = _sent()
    form = BULK.read(request.form, _options(chosen, is_done=True))
    change = _change(form, chosen, is_done=True)
    if form.value is None or change is None:
        return _ask(chosen, form, 422)
    return _report(chosen, _request(chosen.lines, chosen, change, form.value.reason, _key()))


@queue_bulk_page.post("/undo")
@needs(PERMISSION)
def undo() -> Response:
    """Take back what was done a few seconds ago."""
    chosen = _sent()
    return _report(chosen, _request(chosen.lines, chosen, Undo()))


def _sent() -> Chosen:
    return _chosen(request.form.getlist("ticket"), request.form.get("from", ""))


def _key() -> str:
    return f"bulk {current_user().id}:{sent_key() or uuid4().hex}"


def _chosen(sent: list[str], back: str) -> Chosen:
    read = {each.number: each for text in sent[:MOST_AT_ONCE] if (each := Seen.read(text))}
    with current_services().database.read() as connection:
        desks = desks_of(current_user(), list_desks(connection))
        lines = load_lines(connection, tuple(read.values()), [each.id for each in desks])
    return Chosen(lines, desks, read_query_text(back).write())


def _request(
    lines: tuple[BulkLine, ...],
    chosen: Chosen,
    change: TicketChange,
    note: str = "",
    key: str = "",
) -> BulkRequest:
    seen = tuple(each.seen for each in lines)
    desks = tuple(each.id for each in chosen.desks)
    return BulkRequest(seen, change, current_user().actor, desks, note, key)


def _change(
    form: FilledForm[Bulk], chosen: Chosen, *, is_done: bool = False
) -> TicketChange | None:
    """Return what is asked for; None where something is missing, which the form then says."""
    asked = form.value
    if asked is None:
        return None
    if asked.what.startswith(MOVE):
        return _move(form, asked, chosen, is_done=is_done)
    if asked.comment:
        form.refuse(ref("queue_bulk.comment_unused"), "comment")
        return None
    if asked.what == TAKE:
        user = current_user()
        return Assign(Assignee(user.name, str(user.id)))
    if asked.what == ROUTE:
        if not asked.group:
            form.refuse(ref("queue_bulk.no_group"), "group")
        return Route(asked.group) if asked.group else None
    if not asked.priority:
        form.refuse(ref("queue_bulk.no_priority"), "priority")
    if not asked.reason:
        form.refuse(ref("ticket_refusal.needs_reason"), "reason")
    is_whole = asked.priority and asked.reason
    return SetPriority(Priority(asked.priority)) if is_whole else None


def _move(
    form: FilledForm[Bulk], asked: Bulk, chosen: Chosen, *, is_done: bool
) -> TicketChange | None:
    """What is done was looked at before: what does not fit by now is refused for each."""
    move_id = asked.what.removeprefix(MOVE)
    move = next((each for each in chosen.moves if each.id == move_id), None)
    requires = move.requires if move and not is_done else ()
    if Requirement.COMMENT in requires and not asked.comment.strip():
        form.refuse(ref("ticket_refusal.needs_comment"), "comment")
        return None
    if Requirement.REASON in requires and not asked.reason:
        form.refuse(ref("ticket_refusal.needs_reason"), "reason")
        return None
    return MakeMove(MoveAsked(move_id, BY_AGENT, asked.comment.strip(), asked.reason))


def _options(chosen: Chosen, *, is_done: bool = False) -> dict[str, list[Option]]:
    """What can be chosen; what was looked at before can, whatever is possible now."""
    used = {each.ticket.desk for each in chosen.own if each.ticket}
    desks = [each for each in chosen.desks if each.id in used]
    groups = groups_of(desks)
    what = [Option(TAKE, ref("queue_bulk.take"))]
    what += [Option(ROUTE, ref("queue_bulk.route"))] if groups else []
    what += [Option(PRIORITY, ref("queue_bulk.set_priority"))]
    what += [_offered(each) for each in chosen.moves]
    sent = request.form.get("what", "")
    if is_done and sent.startswith(MOVE) and sent not in (each.value for each in what):
        what.append(Option(sent[: len(MOVE) + 64], sent))
    return {
        "what": what,
        "group": [Option(each.id, each.name) for each in groups],
        "priority": [
            Option(
                each,
                level_name(desks[0], each) if len(desks) == 1 else MessageRef(f"priority.{each}"),
            )
            for each in Priority
        ],
    }


def _offered(move: StateMove) -> Option:
    name = move.name_in(page_language())
    if Requirement.COMMENT in move.requires:
        return Option(f"{MOVE}{move.id}", ref("queue_bulk.with_comment", move=name))
    if Requirement.REASON in move.requires:
        return Option(f"{MOVE}{move.id}", ref("queue_bulk.with_reason", move=name))
    return Option(f"{MOVE}{move.id}", name)


def _ask(chosen: Chosen, form: FilledForm[Bulk], status: int = 200) -> Response:
    return page(
        "queue_bulk.html",
        ref("queue_bulk.title", count=len(chosen.own)),
        status=status,
        time_zone=zone_of(chosen.desks),
        form=form,
        **_shown(chosen),
    )


def _report(chosen: Chosen, asked: BulkRequest) -> Response:
    lines = do_bulk(current_services().database, asked, clock.now())
    done = [each for each in lines if each.will_be_done]
    return page(
        "queue_bulk_done.html",
        "queue_bulk.undone" if isinstance(asked.change, Undo) else "queue_bulk.done",
        time_zone=zone_of(chosen.desks),
        done=done,
        refused=[each for each in lines if not each.will_be_done],
        may_undo=bool(done) and may_be_undone(asked),
        **_shown(chosen),
    )


def _shown(chosen: Chosen) -> dict[str, Any]:
    """What every page of these shows."""
    return {
        "chosen": chosen.own,
        "back": chosen.back,
        "address": ADDRESS,
        "subject_words": subject_words,
        "outcome_words": outcome_words,
        "refusal_words": refusal_words,
    }
