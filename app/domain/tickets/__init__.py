"""Tickets: opened and moved by pure functions, whatever door the request came in by."""
