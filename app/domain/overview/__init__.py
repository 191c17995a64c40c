"""What is to be seen of every desk at a moment: who answers, until when, and what is wrong."""
