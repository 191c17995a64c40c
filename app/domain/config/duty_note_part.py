"""What the duty must know beside the ticket: groups of customers, and notes about them."""

from collections.abc import Collection
from typing import Final

from app.domain.config.table_reader import TableReader
from app.domain.config.translations_part import spoken_words
from app.domain.desks.desk import DutyNote, Owner, Priority
from app.domain.message_refs import ref

LONGEST_OWNER_NAME: Final = 40  # it stands beside the customer's name in an SMS


def owners(top: TableReader) -> tuple[Owner, ...]:
    """Read the groups that customers belong to: who owns or pays for several of them."""
    return tuple(_owner(part, owner_id) for owner_id, part in top.named_tables("owners"))


def _owner(part: TableReader, owner_id: str) -> Owner:
    name = part.text("name")
    if len(name) > LONGEST_OWNER_NAME:
        part.error(
            "name", ref("diagnostic.name_too_long.name", most=LONGEST_OWNER_NAME, count=len(name))
        )
    part.close()
    return Owner(owner_id, name)


def duty_notes(
    top: TableReader,
    languages: tuple[str, ...],
    agreement_ids: Collection[str],
    owner_ids: Collection[str],
) -> tuple[DutyNote, ...]:
    """Read what the duty is told beside a ticket; of several that fit the first one counts."""
    found: dict[tuple[str, str, str, Priority | None], DutyNote] = {}
    for part in top.list_of_tables("duty_notes"):
        customer, agreement = part.text("customer", ""), part.text("agreement", "")
        owner = part.text("owner", "")
        if agreement:
            part.known("agreement", agreement, agreement_ids, "agreement")
        if owner:
            part.known("owner", owner, owner_ids, "owner")
        priority = part.choice("priority", Priority) if part.has("priority") else None
        note = spoken_words(part, "note", languages)
        part.close()
        about = (customer, agreement, owner, priority)
        if about in found:
            part.document.warn(part.path, ref("diagnostic.note_twice"))
        found.setdefault(about, DutyNote(note, customer, agreement, owner, priority))
    return tuple(found.values())
