"""A call in progress: who is on the line, its time, and the office that all lines share."""
