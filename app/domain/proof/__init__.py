"""The proof before the night: a year of calls walked ahead, and which of them reach nobody."""
