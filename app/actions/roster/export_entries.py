"""A roster.toml for an export: the document as it was imported, with the entries in force now."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.config.entry_writing import replace_entries
from app.domain.roster.entries import dated_of
from app.domain.roster.entries_import import import_entries
from app.store.roster_entries import every_entry
from app.store.roster_plans import load_document


def roster_text(connection: Connection, roster: str, text: str) -> str:
    """Return the live text, just as it is while its entries are those in force."""
    document = load_document(connection, roster)
    if document is None:
        return text
    stored, written = every_entry(connection, roster), dated_of(document)
    changes = import_entries(written, written, stored)
    if not (changes.add or changes.withdraw or changes.left_withdrawn or changes.not_in_file):
        return text
    in_force = (each.dated for each in stored if each.withdrawal is None)
    return replace_entries(text, in_force, ZoneInfo(document.time_zone))
