"""Brings a database to the newest schema. What the schema is stands in tables and migrations."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from app.store.database import open_database

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


NEWEST: Final = "head"


def migrate(url: str, to: str = NEWEST) -> None:
    """Migrate the database up to a schema, the newest by default; made where there is none."""
    from alembic import command  # half a second that nobody else needs

    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            command.upgrade(configuration(connection), to)
    finally:
        database.close()


def configuration(connection: Connection) -> "Config":
    """Return Alembic's configuration for an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "app:migrations")
    config.attributes["connection"] = connection
    return config


def schema_of(connection: Connection) -> str | None:
    """Return which schema a database has; None where it has none of ours."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def is_known(schema: str) -> bool:
    """Tell whether this release knows a schema: one from a later release it does not."""
    return schema in {each.revision for each in _scripts().walk_revisions()}


def newest_schema() -> str:
    """Return the schema that this release brings a database to."""
    return _scripts().get_current_head() or ""


def _scripts() -> "ScriptDirectory":
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "app:migrations")
    return ScriptDirectory.from_config(config)
