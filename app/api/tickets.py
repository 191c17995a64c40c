"""Tickets: listed, and one by its number."""

from apiflask import APIBlueprint, abort
from pydantic import Field

from app.api.access import access, auth
from app.api.house import house
from app.api.models import ShortText, TicketOut, Tickets
from app.api.pages import LARGEST_NUMBER, Page, Paging, Whole, page
from app.api.wording import ticket_out
from app.api.zones import zones_of
from app.store.ticket_lists import find_ticket, legs_about, list_tickets

tickets = APIBlueprint("tickets", __name__, tag="Tickets")


class TicketsWanted(Paging):
    """Which tickets."""

    desk: ShortText | None = None
    call_sid: ShortText | None = None
    unanswered: bool | None = Field(
        default=None, description="Only critical ones that nobody has taken; or only the others."
    )
    before: Whole | None = Field(
        default=None, ge=0, le=LARGEST_NUMBER, description="Only numbers below this one."
    )


@tickets.get("/tickets")
@tickets.auth_required(auth)
@tickets.input(TicketsWanted, location="query", arg_name="wanted")
@tickets.output(Tickets)
def all_tickets(wanted: TicketsWanted) -> Page:
    """List tickets, the newest first."""
    allowed = access().to(wanted.desk)
    with house().database.read() as connection:
        more = list_tickets(
            connection,
            allowed,
            wanted.call_sid,
            wanted.before,
            limit=wanted.limit + 1,
            unanswered=wanted.unanswered,
        )
        found = more[: wanted.limit]
        legs = legs_about(connection, [ticket.number for ticket in found])
    zones = zones_of(ticket.desk for ticket in found)
    cursor = str(found[-1].number) if len(more) > wanted.limit else None
    return page([ticket_out(each, legs, zones[each.desk]) for each in found], wanted.limit, cursor)


@tickets.get("/tickets/<int(max=9223372036854775807):number>")
@tickets.auth_required(auth)
@tickets.output(TicketOut)
@tickets.doc(responses=[404])
def one_ticket(number: int) -> TicketOut:
    """Give one ticket."""
    with house().database.read() as connection:
        found = find_ticket(connection, number, access().desks)
        legs = legs_about(connection, [number])
    if found is None:
        abort(404, "There is no such ticket.")
    return ticket_out(found, legs, zones_of((found.desk,))[found.desk])
