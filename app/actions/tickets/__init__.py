"""Tickets opened and moved by the desk. What may be done with one is domain/tickets/moves.py."""
