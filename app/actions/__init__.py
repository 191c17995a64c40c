"""The verbs: load, decide, apply, return."""
