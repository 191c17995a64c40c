"""The documents of a desk: texts in; a Desk, a Roster and customers out, or every diagnostic.

The way in is reading.py. No file, clock or database is touched here.
"""
