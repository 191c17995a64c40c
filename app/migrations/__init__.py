"""The history of the schema, for Alembic. app/store/upgrade.py runs it."""
