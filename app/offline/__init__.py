"""Taking calls without the database: facts, journal, checkpoints."""
