"""Drafts the migration from the newest one to what app/store/tables says, to be read and mended."""

import sys
import tempfile

from alembic import command
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store import migrate, open_database
from app.store.upgrade import configuration


def main(message: str) -> int:
    """Write the draft and name its file; 1 when tables and migrations agree already."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate(url)
        database = open_database(url)
        try:
            with database.engine.connect() as connection:
                return draft(configuration(connection), message)
        finally:
            database.close()


def draft(config: Config, message: str) -> int:
    """Compare the migrated database with the tables and write down the difference."""
    newest = ScriptDirectory.from_config(config).get_current_head() or "0"
    drafts: list[MigrationScript] = []

    def drop_if_empty(_context: MigrationContext, _revision: object, found: list[object]) -> None:
        [script] = [part for part in found if isinstance(part, MigrationScript)]
        if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
            found.clear()
        else:
            drafts.append(script)

    command.revision(
        config,
        message,
        autogenerate=True,
        rev_id=f"{int(newest) + 1:04}",
        process_revision_directives=drop_if_empty,  # type: ignore[arg-type]
    )
    if not drafts:
        print("The migrations say what the tables say: nothing to draft.", file=sys.stderr)
    return 0 if drafts else 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('draft_migration.py "what changes"')
    sys.exit(main(sys.argv[1]))
