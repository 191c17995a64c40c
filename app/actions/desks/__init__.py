"""Desks imported, numbers blocked and verified. What a desk document may say is domain/config."""
