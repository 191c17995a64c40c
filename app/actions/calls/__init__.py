"""Turns of calls taken, stored and imported. What a call does is domain/calls."""
