"""How a ticket to work on is drawn. Its forms are ticket_forms.py.

The routes are ticket_page.py, ticket_links_page.py, ticket_targets_page.py and ticket_call_page.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from flask import abort, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.calls.transcripts import transcript_context, transcript_of
from app.actions.tickets.call_customer import CallRefused, ShownCustomerCall, shown_customer_call
from app.actions.tickets.case import Case, load_case
from app.actions.tickets.writing import writers_beside
from app.domain.message_refs import MessageRef, ref
from app.domain.numbers import mask
from app.domain.simulate.transcript import transcript_lines
from app.domain.texts.written_moments import spaced
from app.domain.tickets.event_messages import event_message
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.workflow_moves import moves_of, state_of
from app.domain.workflow.workflow import StateMove
from app.store.call_lists import StoredCall
from app.store.comments import StoredComment
from app.web.pages.language import page_language
from app.web.pages.queue_words import subject_words
from app.web.pages.render import page
from app.web.pages.ticket_forms import (
    BY_AGENT,
    AnyForm,
    agreed_date,
    level_name,
    merge_words,
    shown_forms,
)
from app.web.pages.ticket_target_forms import shown_targets
from app.web.pages.ticket_writers_part import WritersPart
from app.web.services import current_services
from app.web.session import current_user

DONE: Final = (
    "reply",
    "note",
    "moved",
    "assigned",
    "routed",
    "priority",
    "undone",
    "taken",
    "linked",
    "merged",
    "copied",
    "held",
    "released",
    "workaround",
    "no_workaround",
    "date_agreed",
    "date_withdrawn",
    "called",
)


def case_or_404(number: int) -> Case:
    """Return a ticket for whoever may work on it; for all others there is none."""
    with current_services().database.read() as connection:
        case = load_case(connection, number, current_user())
    if case is None:
        abort(404)
    return case


def why(refused: Refused) -> MessageRef:
    """Say why something was not done, and who was first."""
    match refused.refusal:
        case Refusal.CHANGED_MEANWHILE if refused.at:
            return ref("ticket_page.changed_meanwhile", who=refused.by, at=refused.at)
        case Refusal.ALREADY_CLOSED if refused.at:
            return ref("ticket_page.already_closed", who=refused.by, at=refused.at)
        case Refusal.ALREADY_ACKNOWLEDGED if refused.at:
            return ref("ticket_page.already_taken", who=refused.by, at=refused.at)
        case Refusal.NO_SUCH_MOVE | Refusal.ALREADY_CLOSED | Refusal.ALREADY_ACKNOWLEDGED:
            return ref("ticket_page.no_such_move")
        case _:
            return MessageRef(f"ticket_refusal.{refused.refusal}")


def _silent_moves(case: Case) -> tuple[StateMove, ...]:
    """Return the moves for which nothing must be said: a button each."""
    possible = moves_of(case.ticket, case.desk.workflow, BY_AGENT)
    return tuple(each for each in possible if not each.requires)


def show(
    case: Case,
    sent: AnyForm | None = None,
    status: int = 200,
    *,
    call_refused: CallRefused | None = None,
) -> Response:
    """Draw the ticket; `sent` is the form that could not be taken, with what was typed."""
    ticket, language, now = case.ticket, page_language(), clock.now()
    done, forms = request.args.get("done", ""), shown_forms(case, sent)
    return page(
        "ticket.html",
        _title(case),
        status=status,
        time_zone=case.desk.time_zone,
        case=case,
        ticket=ticket,
        desk=case.desk,
        state_name=state_of(ticket, case.desk.workflow).name_in(language),
        level=level_name(case, ticket.priority),
        group=next((each.name for each in case.desk.groups if each.id == ticket.work.group), ""),
        customer_name=case.desk.customer_name(case.customer) if case.customer else "",
        receiver=_receiver(case),
        targets=shown_targets(case, now),
        writers=_writers(ticket.number, now),
        customer_call=_customer_call(case, now),
        call_refused=call_refused,
        call_on=request.form.get("on", ""),
        now=now,
        entries=[_entry(each, case, language) for each in case.entries()],
        calls=[(call, _transcript(call, case, language)) for call in case.calls],
        sent=sent,
        silent=[(each.id, each.name_in(language)) for each in _silent_moves(case)],
        key=uuid4().hex,
        done=done if done in DONE else "",
        may_undo=case.may_undo(current_user(), now),
        me=str(current_user().id),
        spaced=spaced,
        links=[each.seen_from(ticket.number) for each in case.links],
        answers=case.desk.answers,
        forms=forms,
        merge_words=merge_words(case, forms["merge"]),
        agreed_date=agreed_date(case, forms["agree"]),
    )


def _customer_call(case: Case, now: datetime) -> ShownCustomerCall:
    with current_services().database.read() as connection:
        return shown_customer_call(connection, case.ticket, case.live, current_user().person, now)


def _writers(number: int, now: datetime) -> WritersPart:
    found = writers_beside(current_services().database, number, current_user(), now)
    return WritersPart(number, found[1] if found else ())


def _title(case: Case) -> MessageRef:
    # A title stays in the browser's history, where nothing of ours is ever deleted.
    subject = subject_words(case.ticket, mask)
    return ref("ticket_page.title", number=case.ticket.number, subject=subject)


def _receiver(case: Case) -> str:
    """Return who reads the reply, as the button names them; "" where nobody is known."""
    contact = case.ticket.contact
    return contact.name or (case.customer.name if case.customer else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said or done, as it is drawn."""

    at: datetime
    comment: StoredComment | None = None
    event: MessageRef | None = None


def _entry(each: TicketEvent | StoredComment, case: Case, language: str) -> Entry:
    """Return what was said or done, as it is drawn."""
    if isinstance(each, TicketEvent):
        told = event_message(each.kind, each.who, each.facts, language, case.desk)
        return Entry(each.at, event=MessageRef(told.key, told.values))
    return Entry(each.at, comment=each)


def _transcript(call: StoredCall, case: Case, language: str) -> list[str]:
    renderer = transcript_context(call, case.live, current_services().texts, language)
    return transcript_lines(transcript_of(call), renderer)
