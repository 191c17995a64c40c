"""What the database tells of itself, and what stands in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.actions.health.gather import database_facts
from app.domain.message_refs import MessageRef, ref
from app.preflight.bounded import NoAnswer
from app.preflight.facts import DatabaseFacts
from app.store import Database, DatabaseUnavailable, open_database
from app.store.database import is_missing
from app.store.database_server import DatabaseServer, inspect_server
from app.store.desks import list_desks
from app.store.documents import UnreadableVersion
from app.store.error_messages import error_message
from app.store.figures import touch
from app.store.lifeline_pushes import load_lifeline_pushes
from app.store.number_verifications import last_answers
from app.store.sms_senders import load_opt_outs

VERIFIED_FOR: Final = timedelta(days=180)
UPGRADE: Final = ref("preflight.upgrade_do")


def ask_server(url: str, now: Callable[[], datetime]) -> DatabaseServer:
    """Ask the server about itself. Trouble where it is away."""
    with _opened(url) as database, database.read() as connection:
        return inspect_server(connection, now)


def ask_rows(url: str, now: Callable[[], datetime]) -> DatabaseFacts:
    """Read what the checks are about. Trouble where the tables are others."""
    with _opened(url) as database:
        at = now()
        with database.read() as connection:
            desks, system = list_desks(connection), database_facts(connection, at)
            verified, pushes = (
                last_answers(connection, at - VERIFIED_FOR),
                load_lifeline_pushes(connection),
            )
            opt_outs = load_opt_outs(connection)
        return DatabaseFacts(desks, system, verified, _refuses(database), opt_outs, pushes)


def _refuses(database: Database) -> MessageRef | None:
    """Write what stands there already; return why that is refused, if it is."""
    try:
        database.write(touch)
    except DatabaseUnavailable as refusal:
        return error_message(refusal)
    return None


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    """Open the database; Trouble in plain words whatever is wrong with it."""
    if is_missing(url):  # to open it would make it
        raise NoAnswer(ref("preflight.no_database"), UPGRADE)
    database = open_database(url)
    try:
        yield database
    except DatabaseUnavailable as away:
        raise _trouble(away) from away
    except DBAPIError as refused:
        raise _trouble(refused) from refused
    except UnreadableVersion as strange:
        why = ref("preflight.unreadable_document", name=str(strange))
        raise NoAnswer(why, ref("preflight.unreadable_document_do")) from strange
    finally:
        database.close()


def _trouble(error: Exception) -> NoAnswer:
    if any(words in str(error) for words in ("no such table", "no such column", "does not exist")):
        return NoAnswer(ref("preflight.other_tables"), UPGRADE)
    return NoAnswer(
        ref("preflight.health.database_away", cause=error_message(error)),
        ref("preflight.health_do.database_away"),
    )
