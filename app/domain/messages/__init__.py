"""SMS that people write to our lines: what they ask for, and what they are answered. Pure."""
