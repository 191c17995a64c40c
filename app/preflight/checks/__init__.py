"""Pure checks: each takes the facts and yields what it found. Asks nobody, knows no clock."""
