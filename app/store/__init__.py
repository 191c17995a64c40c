"""The rows: SQLAlchemy lives here and nowhere else."""
