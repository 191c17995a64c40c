"""What is done with tickets: load, decide, apply, return."""
