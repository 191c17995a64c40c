"""The REST API and its description."""
