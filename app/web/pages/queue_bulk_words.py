"""What is done with a ticket in a bulk change, and why something is not, as sentences."""

from typing import Final

from app.actions.tickets.bulk import BulkLine
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import AddComment, Outcome
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import state_of
from app.web.pages.queue_words import level_name, state_name

WITH_NAME: Final = (Refusal.CHANGED_MEANWHILE, Refusal.ALREADY_CLOSED)
WITHOUT: Final = (*WITH_NAME, Refusal.NO_SUCH_MOVE)


def outcome_words(line: BulkLine) -> list[MessageRef]:
    """Tell what changes of a ticket, and what follows."""
    before, outcome, desk = line.ticket, line.result, line.desk
    if not isinstance(outcome, Outcome) or before is None or desk is None:
        return []
    after = outcome.ticket
    told = [*_moved(before, after, desk), *_passed_on(before, after, desk)]
    if any(isinstance(each, AddComment) for each in outcome.effects):
        told.append(ref("queue_bulk.customer_reads"))
    if before.is_unacknowledged and not after.is_unacknowledged:
        told.append(ref("queue_bulk.nobody_rung"))
    if after.is_unacknowledged and not before.is_unacknowledged:
        told.append(ref("queue_bulk.duty_rung"))
    return told or [ref("queue_bulk.as_before")]


def refusal_words(line: BulkLine) -> MessageRef:
    """Tell why nothing is done with a ticket."""
    result = line.result
    if isinstance(result, Unchanged):
        return ref("queue_bulk.unchanged")
    if not isinstance(result, Refused):
        return ref("queue_bulk.no_ticket")
    if result.refusal in WITH_NAME and result.by and result.at:
        return ref(f"queue_bulk.{result.refusal}", who=result.by, at=result.at)
    if result.refusal in WITHOUT:
        return ref(f"queue_bulk.{result.refusal}_by_nobody")
    return ref(f"ticket_refusal.{result.refusal}")


def _moved(before: Ticket, after: Ticket, desk: Desk) -> list[MessageRef]:
    was, now = (state_of(each, desk.workflow) for each in (before, after))
    told = []
    if was.id != now.id:
        told.append(ref("queue_bulk.state_becomes", was=state_name(was), now=state_name(now)))
    if before.priority is not after.priority:
        levels = {
            "was": level_name(desk, before.priority),
            "now": level_name(desk, after.priority),
        }
        told.append(ref("queue_bulk.priority_becomes", **levels))
    return told


def _passed_on(before: Ticket, after: Ticket, desk: Desk) -> list[MessageRef]:
    told = []
    if before.work.group != after.work.group:
        names = {each.id: each.name for each in desk.groups}
        group = names.get(after.work.group, after.work.group) or MessageRef("queue_bulk.no_one")
        told.append(ref("queue_bulk.goes_to", group=group))
    was, now = before.work.assignee, after.work.assignee
    if was != now:
        nobody = MessageRef("queue_bulk.no_one")
        who = {"was": was.name if was else nobody, "now": now.name if now else nobody}
        told.append(ref("queue_bulk.assigned", **who))
    return told
