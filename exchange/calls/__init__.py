"""A call in progress: who is on the line, its time, and the network that all lines share."""
