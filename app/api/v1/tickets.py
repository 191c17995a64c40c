"""Tickets: listed, one by its number with what happened to it, and what may be done with it."""

from collections.abc import Callable
from typing import Final, ParamSpec
from uuid import uuid4

from apiflask import APIBlueprint
from pydantic import Field

from app import clock
from app.actions.tickets.call_customer import CallRefused, CallRequest, call_customer
from app.actions.tickets.move_ticket import (
    Acknowledge,
    Assign,
    Close,
    MakeMove,
    MoveRequest,
    Route,
    SetPriority,
    TicketChange,
    Undo,
    WriteComment,
    move_ticket,
)
from app.actions.tickets.open_ticket import (
    KeyReused,
    NotOpened,
    Opened,
    OpenRequest,
    open_asked_ticket,
)
from app.api.v1.access import access, auth, user_token, writers_only
from app.api.v1.language import LanguageQuery
from app.api.v1.models import (
    AssignRequest,
    CallCustomerRequest,
    CommentRequest,
    CommentResponse,
    Comments,
    IdempotencyHeaders,
    RouteRequest,
    ShortText,
    StateMoveRequest,
    StateMoveResponse,
    StateMoves,
    TicketCloseRequest,
    TicketEventResponse,
    TicketEvents,
    TicketMoveRequest,
    TicketOpenRequest,
    TicketPriorityRequest,
    TicketResponse,
    Tickets,
)
from app.api.v1.pagination import Page, Paging, Whole, page
from app.api.v1.refusals import NO_SUCH_TICKET, Fields, refuse, unsaid
from app.api.v1.responses import (
    comment_response,
    event_response,
    move_response,
    ticket_response,
)
from app.api.v1.services import api_services, time_zones_of
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.event_messages import problem_sentence
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.new_ticket_input import Invalid, Problem, TicketAsked
from app.domain.tickets.ticket import LARGEST_NUMBER, Assignee
from app.domain.tickets.workflow_moves import MoveAsked, moves_of, workflow_of
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Mover
from app.store.comments import comments_on
from app.store.desks import find_desk
from app.store.ticket_lists import (
    TicketFilter,
    find_ticket,
    list_tickets,
    rung_about,
    ticket_events,
)

tickets = APIBlueprint("tickets", __name__, tag="Tickets")

P = ParamSpec("P")

ONE_TICKET: Final = f"/tickets/<int(max={LARGEST_NUMBER}):number>"
REFUSED: Final = {
    Refusal.ALREADY_ACKNOWLEDGED: ref("api.already_acknowledged"),
    Refusal.ALREADY_CLOSED: ref("api.already_closed"),
    Refusal.NO_SUCH_MOVE: ref("api.no_such_move"),
    Refusal.NOT_THEIRS: ref("ticket_refusal.not_theirs"),
    Refusal.NEEDS_COMMENT: ref("ticket_refusal.needs_comment"),
    Refusal.NEEDS_REASON: ref("ticket_refusal.needs_reason"),
    Refusal.NEEDS_ESTIMATE: ref("ticket_refusal.needs_estimate"),
    Refusal.CHANGED_MEANWHILE: ref("ticket_refusal.changed_meanwhile"),
    Refusal.NOT_TO_BE_LINKED: ref("ticket_refusal.not_to_be_linked"),
    Refusal.NO_SUCH_GROUP: ref("ticket_refusal.no_such_group"),
    Refusal.TOO_LATE_TO_UNDO: ref("ticket_refusal.too_late_to_undo"),
    Refusal.NO_DATE: ref("ticket_refusal.no_date"),
    Refusal.NOT_AHEAD: ref("ticket_refusal.not_ahead"),
}
MOVE_RESPONSES: Final[dict[int, str]] = {
    403: "The token may only read",
    404: "Not found",
    409: "Somebody was first: `detail` is the ticket as it is",
}


OPEN_RESPONSES: Final[dict[int, str]] = {
    200: "The same request with the same key opened this ticket before",
    403: "The token may only read",
}
BY_AGENT: Final = frozenset({Mover.AGENT})
IN_CONTACT: Final = frozenset({"number", "name", "email"})


class TicketQuery(Paging):
    """Which tickets."""

    desk: ShortText | None = None
    call_sid: ShortText | None = None
    unacknowledged: bool | None = Field(
        default=None,
        description="Only urgent ones that nobody has acknowledged, or only the others. "
        "Urgent is what is critical or may wake the duty.",
    )
    status: Status | None = None
    closed: bool | None = Field(default=None, description="Only closed ones; or only the others.")
    not_notified: bool | None = Field(
        default=None,
        description="Only those about which somebody was not notified; or only the others.",
    )
    before: Whole | None = Field(
        default=None, ge=0, le=LARGEST_NUMBER, description="Only numbers below this one."
    )


@tickets.get("/tickets")
@tickets.auth_required(auth)
@tickets.input(TicketQuery, location="query", arg_name="wanted")
@tickets.output(Tickets)
def all_tickets(wanted: TicketQuery) -> Page:
    """List tickets, the newest first."""
    allowed = access().to(wanted.desk)
    with api_services().database.read() as connection:
        more = list_tickets(connection, _filter(wanted, allowed))
        found = more[: wanted.limit]
        rung = rung_about(connection, [ticket.number for ticket in found])
    zones = time_zones_of(ticket.desk for ticket in found)
    cursor = str(found[-1].number) if len(more) > wanted.limit else None
    return page(
        [ticket_response(each, rung[each.number], zones[each.desk]) for each in found],
        wanted.limit,
        cursor,
    )


@tickets.post("/tickets")
@tickets.auth_required(auth)
@writers_only
@tickets.input(IdempotencyHeaders, location="headers", arg_name="headers")
@tickets.input(TicketOpenRequest, arg_name="asked")
@tickets.output(TicketResponse, status_code=201)
@tickets.doc(responses=OPEN_RESPONSES)
def open_one(
    headers: IdempotencyHeaders, asked: TicketOpenRequest
) -> tuple[TicketResponse, int, dict[str, str]]:
    """Open a ticket without a call. The duty is called about a critical one until it is taken."""
    scope, key = f"token {user_token().id}", headers.idempotency_key
    request = OpenRequest(_asked(asked), scope, key, access().desks)
    answer = open_asked_ticket(api_services().database, request, clock.now())
    if not isinstance(answer, Opened):
        refuse(422, ref("api.invalid"), _why_not_opened(answer))
    address = f"{api_services().settings.public_url}/api/v1/tickets/{answer.number}"
    return the_ticket(answer.number), 201 if answer.is_new else 200, {"Location": address}


def _why_not_opened(answer: KeyReused | NotOpened) -> Fields:
    match answer:
        case KeyReused(number):
            reused = Invalid("Idempotency-Key", Problem.KEY_REUSED, str(number))
            return {"headers": _problem_texts((reused,))}
        case NotOpened(problems):
            return {"json": _problem_texts(problems)}


@tickets.get(ONE_TICKET)
@tickets.auth_required(auth)
@tickets.output(TicketResponse)
@tickets.doc(responses=[404])
def one_ticket(number: int) -> TicketResponse:
    """Give one ticket."""
    return the_ticket(number)


def the_ticket(number: int) -> TicketResponse:
    """Give one ticket that the token may see; 404 where it may not."""
    with api_services().database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        rung = rung_about(connection, [number])[number] if found else None
    if found is None or rung is None:
        refuse(404, NO_SUCH_TICKET)
    return ticket_response(found, rung, time_zones_of((found.desk,))[found.desk])


@tickets.get(f"{ONE_TICKET}/events")
@tickets.auth_required(auth)
@tickets.input(LanguageQuery, location="query", arg_name="asked")
@tickets.output(TicketEvents)
@tickets.doc(responses=[404])
def events_of(number: int, asked: LanguageQuery) -> list[TicketEventResponse]:
    """Tell what happened to a ticket, in order; also who was not told, and why."""
    services = api_services()
    with services.database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        events = ticket_events(connection, number) if found else ()
        live = find_desk(connection, found.desk) if found else None
    if found is None:
        refuse(404, NO_SUCH_TICKET)
    desk, zone = (live.desk, live.desk.time_zone) if live else (None, ZONE_OF_NOBODY)
    return [event_response(each, services.texts, asked.language, zone, desk) for each in events]


def _changing_route(
    what: str, request: type[TicketMoveRequest]
) -> Callable[[Callable[P, TicketResponse]], Callable[P, TicketResponse]]:
    """Make a function the route by which whoever may write changes a ticket in one way."""

    def routed(view: Callable[P, TicketResponse]) -> Callable[P, TicketResponse]:
        view = tickets.doc(responses=MOVE_RESPONSES)(view)
        view = tickets.output(TicketResponse)(view)
        view = writers_only(tickets.input(request, arg_name="asked")(view))
        view = tickets.auth_required(auth)(view)
        return tickets.post(f"{ONE_TICKET}/{what}")(view)

    return routed


@_changing_route("acknowledge", TicketMoveRequest)
def acknowledge(number: int, asked: TicketMoveRequest) -> TicketResponse:
    """Acknowledge a ticket, as key 1 on the telephone does: nobody is rung about it any more."""
    return _moved(number, Acknowledge(), asked)


@_changing_route("close", TicketCloseRequest)
def close(number: int, asked: TicketCloseRequest) -> TicketResponse:
    """Close a ticket. An open one is acknowledged by it too."""
    return _moved(number, Close(asked.comment.strip()), asked)


@tickets.get(f"{ONE_TICKET}/moves")
@tickets.auth_required(auth)
@tickets.input(LanguageQuery, location="query", arg_name="asked")
@tickets.output(StateMoves)
@tickets.doc(responses=[404])
def moves_from_here(number: int, asked: LanguageQuery) -> list[StateMoveResponse]:
    """List what the desk may do with a ticket now: the workflow's moves from its state."""
    services = api_services()
    with services.database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        live = find_desk(connection, found.desk) if found else None
    if found is None:
        refuse(404, NO_SUCH_TICKET)
    workflow = workflow_of(live.desk if live else None)
    possible = moves_of(found, workflow, BY_AGENT)
    return [move_response(each, workflow, services.texts, asked.language) for each in possible]


@_changing_route("moves", StateMoveRequest)
def make_move(number: int, asked: StateMoveRequest) -> TicketResponse:
    """Make a move of the desk's workflow, as an agent. The same move again changes nothing."""
    move = MoveAsked(asked.move, BY_AGENT, asked.comment, asked.note, asked.estimate_hours)
    return _moved(number, MakeMove(move), asked)


@_changing_route("comments", CommentRequest)
def write_comment(number: int, asked: CommentRequest) -> TicketResponse:
    """Write on a ticket: for the customer too, or for the desk alone."""
    return _moved(number, WriteComment(Comment(asked.body, Side.DESK, asked.visibility)), asked)


@tickets.get(f"{ONE_TICKET}/comments")
@tickets.auth_required(auth)
@tickets.output(Comments)
@tickets.doc(responses=[404])
def comments(number: int) -> list[CommentResponse]:
    """List what stands on a ticket, in order."""
    with api_services().database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        stored = comments_on(connection, number) if found else ()
    if found is None:
        refuse(404, NO_SUCH_TICKET)
    zone = time_zones_of((found.desk,))[found.desk]
    return [comment_response(each, zone) for each in stored]


@_changing_route("assign", AssignRequest)
def assign(number: int, asked: AssignRequest) -> TicketResponse:
    """Say who at the desk works on a ticket; null: nobody."""
    return _moved(number, Assign(Assignee(asked.to) if asked.to else None), asked)


@_changing_route("route", RouteRequest)
def route(number: int, asked: RouteRequest) -> TicketResponse:
    """Pass a ticket on to a group of the desk."""
    return _moved(number, Route(asked.group), asked)


@_changing_route("undo", TicketMoveRequest)
def undo(number: int, asked: TicketMoveRequest) -> TicketResponse:
    """Undo the last change, within ten seconds, where nothing has left the house."""
    return _moved(number, Undo(), asked)


@_changing_route("priority", TicketPriorityRequest)
def set_priority(number: int, asked: TicketPriorityRequest) -> TicketResponse:
    """Give a ticket another priority and its targets. The duty is rung about an urgent one."""
    return _moved(number, SetPriority(asked.priority), asked)


@_changing_route("call", CallCustomerRequest)
def call(number: int, asked: CallCustomerRequest) -> TicketResponse:
    """Call a ticket's customer: somebody at the desk is rung first, and presses 1."""
    services, key = api_services(), asked.key or uuid4().hex
    with services.database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        live = find_desk(connection, found.desk) if found else None
    roster = live.desk.roster if live else None
    request = CallRequest(
        number,
        actor_of_token(asked.by),
        PersonLink(roster, asked.person) if roster and asked.person else None,
        f"token {user_token().id}:{number}:{key}",
        access().desks,
        asked.confirmed,
        asked.telephone or "",
    )
    answer = call_customer(services.database, request, clock.now())
    if answer is None:
        refuse(404, NO_SUCH_TICKET)
    ticket = the_ticket(number)
    if isinstance(answer, CallRefused):
        refuse(409, answer.why, detail=ticket.model_dump(mode="json"))
    return ticket


def _asked(asked: TicketOpenRequest) -> TicketAsked:
    return TicketAsked(
        desk=asked.desk,
        priority=asked.priority,
        subject=asked.subject,
        by=actor_of_token(asked.by),
        customer=asked.customer or "",
        number=asked.contact.number,
        name=asked.contact.name,
        email=asked.contact.email,
        note=asked.note,
    )


def _problem_texts(problems: tuple[Invalid, ...]) -> dict[str, list[MessageRef]]:
    """Say what is wrong, field by field, as every other refusal of the API does."""
    found: dict[str, list[MessageRef]] = {}
    for each in problems:
        field = f"contact.{each.field}" if each.field in IN_CONTACT else each.field
        found.setdefault(field, []).append(unsaid(problem_sentence(each, "en")))
    return found


def _filter(wanted: TicketQuery, allowed: tuple[str, ...] | None) -> TicketFilter:
    return TicketFilter(
        desks=allowed,
        call_sid=wanted.call_sid,
        statuses=(wanted.status,) if wanted.status else None,
        closed=wanted.closed,
        unacknowledged=wanted.unacknowledged,
        not_notified=wanted.not_notified,
        below=wanted.before,
        limit=wanted.limit + 1,
    )


def _moved(number: int, change: TicketChange, asked: TicketMoveRequest) -> TicketResponse:
    key = f"token {user_token().id}:{number}:{asked.key}" if asked.key else None
    request = MoveRequest(
        number,
        change,
        actor_of_token(asked.by),
        asked.note.strip(),
        access().desks,
        version=asked.version,
        key=key,
    )
    outcome = move_ticket(api_services().database, request, clock.now())
    if outcome is None:
        refuse(404, NO_SUCH_TICKET)
    ticket = the_ticket(number)
    if isinstance(outcome, Refused):
        refuse(409, REFUSED[outcome.refusal], detail=ticket.model_dump(mode="json"))
    return ticket


def actor_of_token(by: str | None) -> Actor:
    """Whoever does something: as they are named, else as the token is."""
    token = user_token()
    name = (by or "").strip() or token.name
    return Actor(ActorKind.TOKEN, name, via=f"token {token.name}")
