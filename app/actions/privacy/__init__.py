"""Personal data exported, erased and purged. How many days are kept is domain/desks/desk.py."""
