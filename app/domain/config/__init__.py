"""The documents of a desk: texts in; a Desk, a Roster and customers out, or every diagnostic.

The way in is folder_reader.py. No file, clock or database is touched here.
"""
