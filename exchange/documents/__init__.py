"""Reads what the product answers: voice documents and replies to text messages. Plays nothing."""
