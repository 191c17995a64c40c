"""Exports and erases what is stored about somebody who logs in, found by their mail address."""

from sqlalchemy import Connection

from app.actions.access.users import disable_user, subject_of, user_with_email
from app.actions.privacy.personal_data import Plain, plain_row
from app.domain.access.audit import AuditKind, Author, audit_event
from app.store import Database
from app.store.audit import add_audit_event
from app.store.personal_data_search import all_tables, lift_statement_timeout
from app.store.retention import overwrite_deleted_rows
from app.store.user_data import erase_user_rows, rows_of_user


def export_user(database: Database, email: str) -> dict[str, list[Plain]]:
    """Gather everything about a user from every table; UserRefused where there is none."""
    user = user_with_email(database, email)
    with database.read() as connection:
        lift_statement_timeout(connection)
        tables = {
            table.name: [plain_row(table, row) for row in rows_of_user(connection, table, user.id)]
            for table in all_tables()
        }
    return {name: rows for name, rows in tables.items() if rows}


def erase_user(database: Database, email: str, by: Author) -> dict[str, int]:
    """Disable a user and take them out of every table; return how many rows of each changed.

    UserRefused where there is none, or where nobody else can manage users.
    """
    user = user_with_email(database, email)
    disable_user(database, user.id, by)

    def erase(connection: Connection) -> dict[str, int]:
        overwrite_deleted_rows(connection)
        lift_statement_timeout(connection)
        done = erase_user_rows(connection, user.id, by.at)
        event = audit_event(AuditKind.USER_ERASED, by, subject_of(user), {}, {})
        add_audit_event(connection, event)
        return done

    return database.write(erase)
