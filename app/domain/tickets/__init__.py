"""Tickets: opened and moved by pure functions, however the request came in."""
