"""Taking calls without the database: facts, journal, checkpoints, the lifeline's file."""
