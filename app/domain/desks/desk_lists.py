"""The lists of a desk that pages change as a whole: the first line's telephones, the contacts."""

from enum import StrEnum

from app.domain.desks.desk import AlarmContact, Desk, FirstLinePhone

Entry = FirstLinePhone | AlarmContact
Entries = tuple[Entry, ...]


class DeskList(StrEnum):
    """Which list."""

    FIRST_LINE = "first_line"
    CONTACTS = "contacts"


def entries_of(desk: Desk, which: DeskList) -> Entries:
    """Return a desk's list."""
    return desk.first_line.phones if which is DeskList.FIRST_LINE else desk.contacts


def entry_line(entry: Entry) -> str:
    """Write an entry for people."""
    match entry:
        case FirstLinePhone():
            return f"{entry.name} {entry.number}"
        case AlarmContact():
            return " ".join(filter(None, (entry.role, entry.phone, entry.email)))
