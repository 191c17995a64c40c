"""What the database tells of itself, and what stands in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.preflight.bounded import Trouble
from app.preflight.facts import Rows
from app.store import Database, DatabaseUnavailable, open_database
from app.store.database import is_missing
from app.store.desks import list_desks
from app.store.documents import UnreadableVersion
from app.store.figures import touch
from app.store.heartbeats import last_beat
from app.store.outbox import oldest_due_of
from app.store.plain_words import in_plain_words
from app.store.pushes import load_pushes
from app.store.server import Server, look_at_server
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind
from app.store.tried import last_answers

TRIED_FOR: Final = timedelta(days=180)
UPGRADE: Final = "vakt db upgrade"


def ask_server(url: str, now: Callable[[], datetime]) -> Server:
    """Ask the server about itself. Trouble where it is away."""
    with _opened(url) as database, database.read() as connection:
        return look_at_server(connection, now)


def ask_rows(url: str, now: Callable[[], datetime]) -> Rows:
    """Read what the checks are about. Trouble where the tables are others."""
    with _opened(url) as database:
        at = now()
        with database.read() as connection:
            desks, beat = list_desks(connection), last_beat(connection)
            due = oldest_due_of(connection, at)
            due.pop(JobKind.RECORDING_DELETE, None)  # late, it keeps nobody waiting
            tried, pushes = last_answers(connection, at - TRIED_FOR), load_pushes(connection)
            opt_outs = load_opt_outs(connection)
        oldest = min(due.values(), default=None)
        return Rows(desks, beat, oldest, tried, _refuses(database), opt_outs, pushes)


def _refuses(database: Database) -> str:
    """Write what stands there already; return why that is refused, if it is."""
    try:
        database.write(touch)
    except DatabaseUnavailable as refusal:
        return in_plain_words(refusal)
    return ""


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    """Open the database; Trouble in plain words whatever is wrong with it."""
    if is_missing(url):  # to open it would make it
        raise Trouble("there is no database yet", UPGRADE)
    database = open_database(url)
    try:
        yield database
    except DatabaseUnavailable as away:
        raise _trouble(away) from away
    except DBAPIError as refused:
        raise _trouble(refused) from refused
    except UnreadableVersion as strange:
        why = f"a stored document cannot be read by this release: {strange}"
        raise Trouble(why, "Import the desk anew: vakt desk import PATH") from strange
    finally:
        database.close()


def _trouble(error: Exception) -> Trouble:
    if any(words in str(error) for words in ("no such table", "no such column", "does not exist")):
        return Trouble("the database has not the tables of this release", UPGRADE)
    return Trouble(
        f"the database is away: {in_plain_words(error)}",
        "Is it up, and may this machine reach it? Look at DATABASE_URL",
    )
