"""How tickets belong together: what may be linked, merged, split off and copied. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor
from app.domain.desks.desk import Desk
from app.domain.tickets.events import TicketEvent, TicketEventKind, event_by
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.opening import NewTicket
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.ticket import LONGEST_SUBJECT, Source, Ticket, WakesDuty
from app.domain.tickets.workflow_moves import Said, close, closing_needs_comment
from app.domain.workflow.status import UNSOLVED, Status

MOST_LINKS: Final = 200  # of one ticket
ALIKE_WITHIN: Final = timedelta(days=7)
ALIKE_WORDS: Final = 0.5  # of the words of both subjects that stand in each


class LinkKind(StrEnum):
    """What a ticket is to another one."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate_of"  # merged into it, and closed
    CHILD_OF = "child_of"
    CLONE_OF = "clone_of"
    SPLIT_FROM = "split_from"
    FOLLOWS = "follows"  # what was new about a closed one


# What the other one is, seen from there.
INVERSE: Final[Mapping[LinkKind, str]] = {
    LinkKind.RELATED: "related",
    LinkKind.DUPLICATE_OF: "has_duplicate",
    LinkKind.CHILD_OF: "parent_of",
    LinkKind.CLONE_OF: "has_clone",
    LinkKind.SPLIT_FROM: "has_split",
    LinkKind.FOLLOWS: "followed_by",
}
BY_HAND: Final = (LinkKind.RELATED, LinkKind.CHILD_OF, LinkKind.FOLLOWS)


@dataclass(frozen=True, slots=True)
class TicketLink:
    """`ticket` is `kind` of `other`."""

    ticket: int
    kind: LinkKind
    other: int

    def seen_from(self, number: int) -> tuple[str, int]:
        """Return what the other one is, and its number, seen from one of the two."""
        if number == self.ticket:
            return str(self.kind), self.other
        return INVERSE[self.kind], self.ticket


def link(
    ticket: Ticket, other: Ticket, kind: LinkKind, known: Iterable[TicketLink]
) -> TicketLink | Unchanged | Refused:
    """Say that a ticket is something of another one of the same desk.

    `known` are the links of both, and of all that they are children of.
    """
    if ticket.number == other.number or ticket.desk != other.desk:
        return Refused(Refusal.NOT_TO_BE_LINKED, "", None)
    known = tuple(known)
    wanted = TicketLink(ticket.number, kind, other.number)
    turned = TicketLink(other.number, kind, ticket.number)
    if wanted in known or (kind is LinkKind.RELATED and turned in known):
        return Unchanged()
    if kind is LinkKind.CHILD_OF and ticket.number in _above(other.number, known):
        return Refused(Refusal.NOT_TO_BE_LINKED, "", None)  # its own grandparent
    if any(_count(each.number, known) >= MOST_LINKS for each in (ticket, other)):
        return Refused(Refusal.NOT_TO_BE_LINKED, "", None)
    return wanted


def _count(number: int, known: Iterable[TicketLink]) -> int:
    return sum(number in (each.ticket, each.other) for each in known)


def linked(made: TicketLink, by: Actor, now: datetime) -> tuple[TicketEvent, TicketEvent]:
    """Return the event of each of two tickets that were linked."""
    return (
        event_by(TicketEventKind.LINKED, by, now, link=str(made.kind), other=made.other),
        event_by(TicketEventKind.LINKED, by, now, link=INVERSE[made.kind], other=made.ticket),
    )


@dataclass(frozen=True, slots=True)
class MergeAsked:
    """Into which ticket, and what is said with it: to the customer where they must be told
    something, else to the desk.
    """

    into: Ticket
    words: str = ""


def merge(
    ticket: Ticket, asked: MergeAsked, desk: Desk | None, by: Actor, now: datetime
) -> Outcome | Unchanged | Refused:
    """Close a ticket as a duplicate of another one that is open; its words stay on it."""
    into, words = asked.into, asked.words
    if ticket.number == into.number or ticket.desk != into.desk:
        return Refused(Refusal.NOT_TO_BE_LINKED, "", None)
    if into.status is Status.CLOSED:
        return Refused(Refusal.ALREADY_CLOSED, into.closed_by or "", into.closed_at)
    is_public = closing_needs_comment(ticket, desk)
    said = Said(comment=words) if is_public else Said(reason=words)
    return close(ticket, desk, by, now, said)


def copied(ticket: Ticket, by: Actor, subject: str = "") -> NewTicket:
    """Return what is asked for when a ticket is copied: who and what, and nothing of its time."""
    return NewTicket(
        Source.STAFF,
        ticket.priority,
        ticket.contact,
        subject or ticket.subject,
        ticket.customer,
        ticket.agreement,
        language=ticket.language,
        wakes_duty=WakesDuty.NEVER,  # whoever copies it has it in hand
        by=by,
    )


def shortened_subject(words: str) -> str:
    """Return the first line of what somebody wrote, as the subject of a ticket of its own."""
    line = next((each for each in words.splitlines() if each.strip()), "")
    line = " ".join(line.split())
    if len(line) <= LONGEST_SUBJECT:
        return line
    return f"{line[: LONGEST_SUBJECT - 1].rsplit(' ', 1)[0]}…"


def looks_alike(ticket: Ticket, other: Ticket) -> bool:
    """Tell whether two tickets are likely to be about the same, so that merging is offered.

    Of the same customer or person, unsolved, within a week; with alike subjects, or without any
    from the same telephone.
    """
    is_late = abs(ticket.opened_at - other.opened_at) > ALIKE_WITHIN
    if ticket.number == other.number or is_late or other.status not in UNSOLVED:
        return False
    same_number = bool(ticket.contact.number.digits) and (
        ticket.contact.number == other.contact.number
    )
    same_customer = ticket.customer is not None and ticket.customer == other.customer
    ours, theirs = _words(ticket.subject), _words(other.subject)
    if not ours or not theirs:
        return same_number
    shared = len(ours & theirs) / len(ours | theirs)
    return (same_number or same_customer) and shared >= ALIKE_WORDS


def _words(subject: str) -> frozenset[str]:
    return frozenset(word for word in subject.casefold().split() if len(word) > 2)


def _above(number: int, known: Iterable[TicketLink]) -> frozenset[int]:
    """Return a ticket and all that it is a child of, near and far."""
    found, parents = {number}, [each for each in known if each.kind is LinkKind.CHILD_OF]
    while more := {each.other for each in parents if each.ticket in found} - found:
        found |= more
    return frozenset(found)
