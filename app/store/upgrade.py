"""Brings a database to the newest schema. What the schema is stands in tables and migrations."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.store.database import open_database


def migrate(url: str) -> None:
    """Migrate the database to the newest schema, creating it where there is none."""
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            command.upgrade(configuration(connection), "head")
    finally:
        database.close()


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", "app:migrations")
    config.attributes["connection"] = connection
    return config
