"""The rows: tables, and the only statements that read and write them."""

from app.store.database import Database, DatabaseUnavailable, open_database
from app.store.upgrade import migrate

__all__ = ["Database", "DatabaseUnavailable", "migrate", "open_database"]
