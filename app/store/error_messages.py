"""What a database's driver says, as a text of ours for operators; its own words go to the log."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from app.domain.message_refs import MessageRef, ref

# A part of what SQLite, PostgreSQL or the driver says, and our text's key; the first that fits.
KEYS: Final = (
    ("file is not a database", "database.not_a_database"),
    ("disk image is malformed", "database.damaged"),
    ("unable to open database file", "database.cannot_open"),
    ("database is locked", "database.held"),
    ("another writer holds", "database.held"),
    ("every connection is taken", "database.all_taken"),
    ("readonly database", "database.read_only_file"),
    ("read-only transaction", "database.read_only"),
    ("disk is full", "database.disk_full"),
    ("No space left", "database.disk_full"),
    ("Connection refused", "database.nothing_answers"),
    ("No such file or directory", "database.nothing_answers"),
    ("not known", "database.unknown_host"),
    ("could not translate host name", "database.unknown_host"),
    ("failed to resolve host", "database.unknown_host"),
    ("timeout", "database.no_answer"),
    ("timed out", "database.no_answer"),
    ("No route to host", "database.unreachable"),
    ("Network is unreachable", "database.unreachable"),
    ("password authentication failed", "database.wrong_password"),
    ("no password supplied", "database.password_needed"),
    ("no pg_hba.conf entry", "database.not_let_in"),
    ("too many clients", "database.no_connection_left"),
    ("remaining connection slots", "database.no_connection_left"),
    ("shutting down", "database.going_down"),
    ("starting up", "database.coming_up"),
    ("server closed the connection", "database.connection_cut"),
    ("terminating connection", "database.connection_cut"),
    ("permission denied", "database.not_allowed"),
    ("SSL", "database.encryption"),
)  # fmt: skip


def error_message(error: Exception) -> MessageRef:
    """Say what is wrong with the database; without a text of ours, that its log knows."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = str(cause)
    if 'database "' in said and "does not exist" in said:
        return ref("database.no_such_database")
    if 'role "' in said and "does not exist" in said:
        return ref("database.no_such_user")
    if isinstance(cause, OSError):
        return ref("database.system_error", file=cause.filename or "", why=str(cause.strerror))
    found = next((ours for theirs, ours in KEYS if theirs in said), None)
    return ref(found) if found else ref("database.other", kind=type(cause).__name__)
