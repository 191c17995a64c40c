"""Whether a database has the tables of this release: asked at every start, without Alembic.

Alembic takes half a second to load; what is asked here is one row and the names of our files.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from app.domain.message_refs import ref
from app.store.database import Database, DatabaseUnavailable, is_missing

VERSIONS: Final = Path(__file__).resolve().parent.parent / "migrations" / "versions"


class SchemaState(StrEnum):
    """How the tables of a database stand to this release."""

    CURRENT = "current"
    MISSING = "missing"  # none of ours, or no database at all
    BEHIND = "behind"  # an older release made them
    NEWER = "newer"  # a later release made them: an old web beside a new schema goes on
    AWAY = "away"  # the database cannot be asked


class SchemaNotReady(Exception):
    """A database that this release must not work on: nothing in it would be found.

    `url` is told, so it must be without its password.
    """

    def __init__(self, state: SchemaState, url: str) -> None:
        self.state = state
        self.messages = (
            ref(REFUSALS[state], url=url),
            ref("store.upgrade_first", command="vakt db upgrade"),
            *([ref("store.demo_tries_out")] if state is SchemaState.MISSING else []),
        )
        super().__init__(self.messages)


REFUSALS: Final = {
    SchemaState.MISSING: "store.no_database",
    SchemaState.BEHIND: "store.older_release",
}


def newest_schema_here() -> str:
    """Return the schema that this release brings a database to, by the names of our files."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def schema_state(url: str, database: Database) -> SchemaState:
    """Ask the database, making none where there is none."""
    if is_missing(url):
        return SchemaState.MISSING
    try:
        with database.read() as connection:
            return _state_of(_revision(connection))
    except DatabaseUnavailable:
        return SchemaState.AWAY


def require_schema(url: str, database: Database) -> None:
    """Raise SchemaNotReady for a database without our tables, or with those of an older release.

    One that is away is no reason to refuse: calls go on without it. Neither is one that a later
    release has upgraded: it may be on its way in beside us (docs/upgrade.md).
    """
    state = schema_state(url, database)
    if state in REFUSALS:
        raise SchemaNotReady(state, database.engine.url.render_as_string(hide_password=True))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _state_of(revision: str | None) -> SchemaState:
    newest = newest_schema_here()
    if revision is None:
        return SchemaState.MISSING
    if revision == newest:
        return SchemaState.CURRENT
    # Our revisions are four digits, in order: a later release's number is higher.
    return SchemaState.BEHIND if revision < newest else SchemaState.NEWER
