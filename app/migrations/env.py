"""Runs the migrations on the connection that app/store/upgrade.py gives."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text
from sqlalchemy.types import TypeDecorator

from app.store.database import WRITES
from app.store.tables import Base

# Two releases that start together must not both create the tables.
ONE_AT_A_TIME = 820_117_001


def plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are stored as: a migration outlives them."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


connection = context.config.attributes["connection"].execution_options(**{WRITES: True})
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=plainly,
    transactional_ddl=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
    context.run_migrations()
