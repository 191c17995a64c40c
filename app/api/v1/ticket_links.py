"""Tickets that belong together: linked, merged, copied."""

from typing import Final

from apiflask import APIBlueprint

from app import clock
from app.actions.tickets.link_tickets import (
    CopyRequest,
    LinkAnswer,
    LinkRequest,
    MergeRequest,
    copy_ticket,
    link_tickets,
    merge_tickets,
)
from app.api.v1.access import access, auth, user_token, writers_only
from app.api.v1.models import (
    CopyRequestBody,
    LinkRequestBody,
    LinkResponse,
    Links,
    MergeRequestBody,
)
from app.api.v1.refusals import NO_SUCH_TICKET, refuse
from app.api.v1.services import api_services
from app.api.v1.tickets import MOVE_RESPONSES, ONE_TICKET, REFUSED, actor_of_token
from app.domain.tickets.links import LinkKind
from app.domain.tickets.moves import Refused
from app.store.ticket_links import links_of
from app.store.ticket_lists import find_ticket

ticket_links = APIBlueprint("ticket_links", __name__, tag="Tickets")

LINKS: Final = f"{ONE_TICKET}/links"


@ticket_links.get(LINKS)
@ticket_links.auth_required(auth)
@ticket_links.output(Links)
@ticket_links.doc(responses=[404])
def links(number: int) -> list[LinkResponse]:
    """List the tickets that belong to a ticket, and what each is to it."""
    with api_services().database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        stored = links_of(connection, (number,)) if found else ()
    if found is None:
        refuse(404, NO_SUCH_TICKET)
    seen = (each.seen_from(number) for each in stored)
    return [LinkResponse(kind=kind, other=other) for kind, other in seen]


@ticket_links.post(LINKS)
@ticket_links.auth_required(auth)
@writers_only
@ticket_links.input(LinkRequestBody, arg_name="asked")
@ticket_links.output(Links)
@ticket_links.doc(responses=MOVE_RESPONSES)
def link(number: int, asked: LinkRequestBody) -> list[LinkResponse]:
    """Link a ticket with another one of the same desk."""
    by = actor_of_token(asked.by)
    wanted = LinkRequest(number, LinkKind(asked.kind), asked.other, by, access().desks)
    _answer(link_tickets(api_services().database, wanted, clock.now()))
    return links(number)


@ticket_links.post(f"{ONE_TICKET}/merge")
@ticket_links.auth_required(auth)
@writers_only
@ticket_links.input(MergeRequestBody, arg_name="asked")
@ticket_links.output(Links)
@ticket_links.doc(responses=MOVE_RESPONSES)
def merge(number: int, asked: MergeRequestBody) -> list[LinkResponse]:
    """Close a ticket as a duplicate of another one."""
    by = actor_of_token(asked.by)
    words = asked.words.strip()
    wanted = MergeRequest(number, asked.into, by, words, asked.version, access().desks)
    _answer(merge_tickets(api_services().database, wanted, clock.now()))
    return links(number)


@ticket_links.post(f"{ONE_TICKET}/copy")
@ticket_links.auth_required(auth)
@writers_only
@ticket_links.input(CopyRequestBody, arg_name="asked")
@ticket_links.output(LinkResponse)
@ticket_links.doc(responses=MOVE_RESPONSES)
def copy(number: int, asked: CopyRequestBody) -> LinkResponse:
    """Open a linked copy of a ticket; its times begin anew."""
    wanted = CopyRequest(
        number,
        LinkKind(asked.kind),
        actor_of_token(asked.by),
        f"copy:{number}:token:{user_token().id}:{asked.key}",
        asked.subject,
        asked.words,
        access().desks,
    )
    opened = copy_ticket(api_services().database, wanted, clock.now())
    if opened is None:
        refuse(404, NO_SUCH_TICKET)
    return LinkResponse(kind=str(asked.kind), other=opened.number)


def _answer(answer: LinkAnswer) -> None:
    if answer is None:
        refuse(404, NO_SUCH_TICKET)
    if isinstance(answer, Refused):
        refuse(409, REFUSED[answer.refusal])
