"""The rules. Pure: no clock, no database, no web, no telephone, no files."""
