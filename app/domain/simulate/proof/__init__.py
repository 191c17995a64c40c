"""The proof before the night: a year of calls simulated ahead, and which of them reach nobody."""
