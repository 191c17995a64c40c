"""What is left of a call after erasure. After how many days is domain/desks/desk.py."""
