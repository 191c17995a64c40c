"""Cases as lists of the portal show them: number, subject, where it stands in one sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef
from app.domain.tickets.ticket import Source, Ticket
from app.domain.tickets.workflow_moves import state_of
from app.domain.workflow.workflow import WaitsFor
from app.web.pages.language import page_language


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list."""

    number: int
    subject: MessageRef | str
    customer: str  # its name
    state: MessageRef
    sentence: MessageRef
    waits_for_customer: bool
    is_closed: bool
    at: datetime  # when it came to that state


def case_lines(
    tickets: Iterable[Ticket], desk: Desk, names: Mapping[str, str]
) -> tuple[CaseLine, ...]:
    """Return tickets as lines."""
    return tuple(_line(each, desk, names) for each in tickets)


def subject_of(ticket: Ticket) -> MessageRef | str:
    """Return what a case is about; of a call without words that it was one."""
    if ticket.subject:
        return ticket.subject
    by = "call" if ticket.source is Source.CALL else "other"
    return MessageRef(f"portal_case.no_subject_{by}")


def _line(ticket: Ticket, desk: Desk, names: Mapping[str, str]) -> CaseLine:
    state, language = state_of(ticket, desk.workflow), page_language()
    return CaseLine(
        ticket.number,
        subject_of(ticket),
        names.get(ticket.customer or "", ""),
        state.name_in(language),
        state.sentence_in(language),
        state.waits_for is WaitsFor.CUSTOMER and ticket.closed is None,
        ticket.closed is not None,
        ticket.work.since or ticket.opened_at,
    )
