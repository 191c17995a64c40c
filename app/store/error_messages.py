"""What a database's driver says, in words for whoever runs the service; its own go to the log."""

from typing import Final

from sqlalchemy.exc import DBAPIError

# A part of what SQLite, PostgreSQL or the driver says, and what we say; the first that fits.
WORDS: Final = (
    ("file is not a database", "the file is not a database"),
    ("disk image is malformed", "the database's file is damaged: restore a backup"),
    ("unable to open database file", "its file cannot be opened: does the folder exist, and may"
     " this user write there?"),
    ("database is locked", "another process holds it; try again"),
    ("another writer holds", "another process holds it; try again"),
    ("every connection is taken", "every connection is taken; try again"),
    ("readonly database", "this user may only read it"),
    ("read-only transaction", "it may only be read: it is a standby, or has been told so"),
    ("disk is full", "the disk is full"),
    ("No space left", "the disk is full"),
    ("Connection refused", "nothing answers at its address: PostgreSQL is perhaps not up"),
    ("No such file or directory", "nothing answers at its address: PostgreSQL is perhaps not up"),
    ("not known", "its host name is not known here"),
    ("could not translate host name", "its host name is not known here"),
    ("failed to resolve host", "its host name is not known here"),
    ("timeout", "it does not answer in time"),
    ("timed out", "it does not answer in time"),
    ("No route to host", "its address cannot be reached from here"),
    ("Network is unreachable", "its address cannot be reached from here"),
    ("password authentication failed", "it refuses the user or the password"),
    ("no password supplied", "it asks for a password"),
    ("no pg_hba.conf entry", "it lets nobody in from this machine with this user"),
    ("too many clients", "it has no connection left"),
    ("remaining connection slots", "it has no connection left"),
    ("shutting down", "it is going down"),
    ("starting up", "it is coming up; try again"),
    ("server closed the connection", "it has cut the connection"),
    ("terminating connection", "it has cut the connection"),
    ("permission denied", "this user may not do that there"),
    ("SSL", "the encrypted connection fails: look at sslmode in DATABASE_URL"),
)  # fmt: skip


def error_message(error: Exception) -> str:
    """Say what is wrong with the database; without words of ours, that its log knows."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = str(cause)
    if 'database "' in said and "does not exist" in said:
        return "the server has no database of that name"
    if 'role "' in said and "does not exist" in said:
        return "the server has no user of that name"
    if isinstance(cause, OSError):
        return f"{cause.filename}: {cause.strerror}" if cause.filename else str(cause.strerror)
    found = next((ours for theirs, ours in WORDS if theirs in said), None)
    return found or f"it refuses, and its own log says why ({type(cause).__name__})"
