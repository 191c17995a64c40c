"""Brings a database to the newest schema. What the schema is stands in tables and migrations."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.store.database import open_database

if TYPE_CHECKING:
    from alembic.config import Config


def migrate(url: str) -> None:
    """Migrate the database to the newest schema, creating it where there is none."""
    from alembic import command  # half a second that nobody else needs

    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            command.upgrade(configuration(connection), "head")
    finally:
        database.close()


def configuration(connection: Connection) -> "Config":
    """Return Alembic's configuration for an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "app:migrations")
    config.attributes["connection"] = connection
    return config
