"""What is done, by noun: load, decide, apply, return. No rules (domain), no statements (store)."""
