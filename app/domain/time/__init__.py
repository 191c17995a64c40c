"""Time calculated: opening hours, holidays, business time. Wall time becomes instants here only."""
