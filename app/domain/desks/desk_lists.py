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


def lacks_edits(base: Entries, entered: Entries, list_of_file: Entries) -> bool:
    """Whether a file lacks what pages have made of a list since its last file.

    What it changes beside that is its own: it may lack nothing that was added and bring back
    nothing that was taken away. Where nothing but the order was changed, it has that order.
    """
    added = [each for each in entered if each not in base]
    removed = [each for each in base if each not in entered]
    if any(each not in list_of_file for each in added):
        return True
    if any(each in list_of_file for each in removed):
        return True
    if added or removed or base == entered:
        return False
    return [e for e in list_of_file if e in entered] != [e for e in entered if e in list_of_file]


def entry_line(entry: Entry) -> str:
    """Write an entry for people."""
    match entry:
        case FirstLinePhone():
            return f"{entry.name} {entry.number} ({entry.language})"
        case AlarmContact():
            return " ".join(filter(None, (entry.role, entry.phone, entry.email)))
