"""What is to be seen of all desks at this moment, read once for everybody who looks."""
